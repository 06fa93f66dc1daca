"""schema.org data of products: what is sold, at what price, by whom, and whether there is any left."""

from typing import Any

from directory.jsonld import reference
from portal.jsonld import absolute, without_empty
from shop.products import description_in_one_line, image_of, merchant_of, stock_of
from shop.reviews.shown import summary

IN_STOCK, SOLD_OUT = "https://schema.org/InStock", "https://schema.org/OutOfStock"
AT_THE_SHOP = "https://schema.org/InStoreOnly"  # its merchant does not sell online yet


def product(product: Any) -> dict:
    """Return the Product of one of ``shop.products.displayed()``, with its Offer; no further query.

    Only what is stored is claimed: the seller is no brand, a second-hand shop's goods are not new, and French law, not
    the portal, says what may be returned.
    """
    stockrecord = stock_of(product)
    seller = reference(merchant_of(stockrecord))
    address = absolute(product.get_absolute_url())
    image = image_of(product, 640)
    until = product.details.promotion_until
    return without_empty(
        {
            "@type": "Product",
            "@id": f"{address}#produit",
            "name": product.title,
            "url": address,
            "image": image and absolute(image),
            "description": description_in_one_line(product.description),
            "sku": stockrecord.partner_sku,
            "offers": {
                "@type": "Offer",
                "url": address,
                "price": f"{stockrecord.price:.2f}",
                **({"priceValidUntil": f"{until:%Y-%m-%d}"} if until else {}),
                "priceCurrency": stockrecord.price_currency,
                **_by_weight(product.details),
                "availability": availability_of(stockrecord),
                "availableDeliveryMethod": "https://schema.org/OnSitePickup",
                "shippingDetails": {
                    "@type": "OfferShippingDetails",
                    "doesNotShip": "https://schema.org/True",
                    "shippingDestination": {"@type": "DefinedRegion", "addressCountry": "FR"},
                },
                "seller": seller,
            },
        }
    )


def aggregate_rating(merchant: int) -> dict:
    """Return what the reviews of a merchant come to, as its page tells it; {} while they are too few for an average."""
    told = summary(merchant)
    if told.average is None:
        return {}
    rating = {"ratingValue": str(told.average), "reviewCount": told.count, "bestRating": "5", "worstRating": "1"}
    return {"aggregateRating": {"@type": "AggregateRating", **rating}}


def _by_weight(details: Any) -> dict:
    """Return what a kilo costs of what is sold by weight, {} of anything else."""
    if details.price_per_kilo is None:
        return {}
    kilo = {
        "@type": "UnitPriceSpecification",
        "price": f"{details.price_per_kilo:.2f}",
        "priceCurrency": "EUR",
        "referenceQuantity": {"@type": "QuantitativeValue", "value": "1", "unitCode": "KGM"},
    }
    return {"priceSpecification": kilo}


def availability_of(stockrecord: Any) -> str:
    if stockrecord.net_stock_level <= 0:
        return SOLD_OUT
    return IN_STOCK if stockrecord.partner.storefront.sells else AT_THE_SHOP
