"""What purchases, baskets and shops keep of people (portal/privacy/register.py)."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Lower
from oscar.core.loading import get_model

from portal import database_clock
from portal.dates import date_format
from portal.privacy import person as people
from portal.privacy import traces
from portal.privacy.person import Person
from portal.privacy.register import Basis, Fate, Holding, Whose, deleted, hold, impersonal, rows_of, unused
from shop import order_history, pseudonyms, wording
from shop.impersonal_columns import IMPERSONAL
from shop.models import (
    Enquiry,
    MerchantArchive,
    Message,
    OrderEvent,
    Purchase,
    PurchaseQuerySet,
    Recall,
    RecallLetter,
    ReceiptMandate,
    Review,
    ReviewOptOut,
    TermsAcceptance,
    TermsVersion,
    Withdrawal,
)
from shop.reviews.asking import mailbox_key

Basket = get_model("basket", "Basket")
BasketLine = get_model("basket", "Line")


def purchases_of(person: Person) -> PurchaseQuerySet:
    """Return all purchases of a person: with the account, or as a guest with a proved address."""
    as_guest = Purchase.objects.annotate(address=Lower("email")).filter(user=None, address__in=person.emails)
    numbers = set(as_guest.values_list("pk", flat=True))
    if person.user:
        numbers |= set(Purchase.objects.filter(user=person.user).values_list("pk", flat=True))
    return Purchase.objects.filter(pk__in=numbers)


def _called(person: Person) -> Iterator[tuple[str, str]]:
    yield from purchases_of(person).values_list("name", "phone").distinct()
    for name in withdrawals_of(person).values_list("name", flat=True):
        yield name, ""


def withdrawals_of(person: Person) -> QuerySet:
    """Return what was given up with a proved address, whoever had ordered it."""
    return Withdrawal.objects.annotate(address=Lower("email")).filter(address__in=person.emails)


def _erase_purchases(person: Person) -> int:
    """Pseudonymise what the law lets go of; of the rest, keep the name and address alone until it does."""
    own = purchases_of(person)
    ours = list(own.values_list("pk", flat=True))
    count = pseudonyms.pseudonymise(pseudonyms.erasable(own))
    rest = Purchase.objects.filter(pk__in=ours, pseudonymised_at=None)
    pseudonyms.over(rest).update(
        phone="", phone_key="", note="", visitor_key="", **dict.fromkeys(pseudonyms.ADDRESS, "")
    )
    orders = get_model("order", "Order").objects.filter(merchant_order__purchase__in=ours)
    orders.update(user=None, guest_email="")
    traces.scrub(get_model("order", "OrderNote").objects.filter(order__in=orders), person, "message")
    kept = list(rest.values_list("pk", flat=True))
    rest.update(user=None)
    pseudonyms.empty_withdrawals(withdrawals_of(person).exclude(merchant_order__purchase__in=kept))
    return count


def _letters_to(person: Person) -> Iterator[dict[str, Any]]:
    found = RecallLetter.objects.filter(purchase__in=purchases_of(person)).order_by("pk")
    for letter in found.select_related("recall", "purchase"):
        order, article = letter.purchase.number, letter.recall.title
        yield {"commande": order, "article": article, "unités": letter.units, "écrit le": letter.sent_at}


def _leave_recalls(person: Person) -> int:
    if person.user is None:
        return 0
    asked = Recall.objects.filter(asked_by=person.user).update(asked_by=None)
    return asked + Recall.objects.filter(decided_by=person.user).update(decided_by=None)


def _stays_until(person: Person) -> Iterator[str]:
    own = purchases_of(person)
    for purchase in own.exclude(pk__in=pseudonyms.erasable(own).values("pk")).order_by("pk"):
        until = pseudonyms.kept_until(purchase)
        if until is None:
            yield f"Commande {purchase.number} : vos coordonnées, jusqu’à ce qu’elle soit finie."
        else:
            yield f"Commande {purchase.number} : votre nom et votre e-mail, jusqu’au {date_format(until, 'j F Y')}."


def _export_purchases(person: Person) -> Iterator[dict[str, Any]]:
    for purchase in purchases_of(person).with_tickets().order_by("pk"):
        yield {
            "numéro": purchase.number,
            "nom": purchase.name,
            "adresse e-mail": purchase.email,
            "téléphone": purchase.phone,
            "mot pour les commerçants": purchase.note,
            "adresse de livraison": purchase.delivery_address,
            "passée le": purchase.placed_at,
            "confirmée le": purchase.confirmed_at,
            "commandes": [_exported(part) for part in purchase.merchant_orders.all()],
        }


def _exported(part: Any) -> dict[str, Any]:
    return {
        "numéro": part.order.number,
        "commerce": part.storefront.merchant.title,
        "état": wording.state_of(part, database_clock.now()).name,
        "code": part.collection_code,
        "mode": part.get_delivery_display() or "Retrait",
        "retrait ou livraison convenus": part.collect_from,
        "livraison": part.order.shipping_incl_tax,
        "total": part.order.total_incl_tax,
        "articles": [
            {"article": line.title, "quantité": line.quantity, "total": line.line_price_incl_tax, "TVA": line.tax_code}
            for line in part.order.lines.all()
        ],
        "remplacements proposés": [
            {
                "le": asked.asked_at,
                "article": str(asked),
                "unités qui manquent": asked.missing,
                "prix": asked.unit_price * asked.quantity,
                "pourquoi": asked.get_reason_display(),
                "précision": asked.words,
                "réponse": asked.get_state_display(),
            }
            for asked in part.substitutions.all()
        ],
        "rétractations": [
            {
                "numéro": withdrawal.number,
                "le": withdrawal.at,
                "nom": withdrawal.name,
                "adresse e-mail": withdrawal.email,
                "articles": [f"{units} × {line.title}" for units, line in withdrawal.units()],
                "à rembourser": withdrawal.refund,
                "état": withdrawal.get_state_display(),
            }
            for withdrawal in part.withdrawals.prefetch_related("lines__line")
        ],
        "historique": [
            {
                "le": event.at,
                "quoi": order_history.what(part, event),
                "qui": event.get_actor_display(),
                "précision": event.words,
            }
            for event in part.events.all()
        ],
    }


def _enquiries(person: Person) -> QuerySet:
    return Enquiry.objects.annotate(address=Lower("email")).filter(address__in=person.emails)


def _baskets(person: Person) -> Iterator[QuerySet]:
    if person.user:
        yield Basket.objects.filter(owner=person.user)
        yield BasketLine.objects.filter(basket__owner=person.user)


def _messages(person: Person) -> Iterator[QuerySet]:
    mine = Message.objects.filter(author=Message.Author.BUYER, merchant_order__purchase__in=purchases_of(person))
    numbers = set(mine.values_list("pk", flat=True))
    if person.user:
        numbers |= set(Message.objects.filter(by=person.user).values_list("pk", flat=True))
    yield Message.objects.filter(pk__in=numbers)


def _reviews(person: Person) -> QuerySet:
    return Review.objects.filter(merchant_order__purchase__in=purchases_of(person))


def _export_reviews(person: Person) -> Iterator[dict[str, Any]]:
    for review in _reviews(person).select_related("merchant_order__storefront__merchant").order_by("pk"):
        yield {
            "commerce": review.merchant_order.storefront.merchant.title,
            "prénom": review.first_name,
            "note": review.mark,
            "avis": review.text,
            "écrit le": review.written_at,
            "état": review.get_state_display(),
            "motif": review.told_reason,
            "réponse du commerçant": review.reply,
        }
    for review in Review.objects.filter(replied_by=person.user).order_by("pk") if person.user else ():
        yield {"votre réponse à un avis": review.reply, "le": review.replied_at}
    for row in ReviewOptOut.objects.filter(key__in=[mailbox_key(email) for email in person.emails]):
        yield {"ne plus demander d’avis à votre adresse, depuis le": row.at}


def _erase_reviews(person: Person) -> int:
    """Leave of a review its mark alone; of replies and decisions, who gave them."""
    own = list(_reviews(person).values_list("pk", flat=True))
    waiting = Review.objects.filter(pk__in=own).exclude(state=Review.State.PUBLISHED)
    count: int = waiting.delete()[0]
    count += Review.objects.filter(pk__in=own).update(text="", first_name="")
    if person.user:
        count += Review.objects.filter(replied_by=person.user).update(replied_by=None)
        count += Review.objects.filter(decided_by=person.user).update(decided_by=None)
    return count


def _leave_terms(person: Person) -> int:
    if not person.user:
        return 0
    accepted = TermsAcceptance.objects.filter(by=person.user).update(by=None)
    return accepted + ReceiptMandate.objects.filter(given_by=person.user).update(given_by=None)


def _leave_versions(person: Person) -> int:
    return TermsVersion.objects.filter(published_by=person.user).update(published_by=None) if person.user else 0


# Before the purchases, by which their rows are found.
hold(
    Holding(
        name="avis",
        does="donnez votre avis sur un commerce, ou y répondez",
        what="prénom ou surnom, note, texte, réponse ; une empreinte de l’adresse qui n’en veut plus la demande",
        whose=(Whose.SHOPPERS, Whose.MERCHANTS),
        why="aider les autres à choisir ; prouver que l’avis vient d’un client (C. conso., art. L111-7-2)",
        basis=Basis.CONTRACT,
        seen_by="tout le monde, une fois l’avis relu",
        kept="trois ans ; le prénom en part avec votre nom dans la commande",
        columns={
            "shop_review": "text first_name written_at words decided_at decided_by_id published_at reply replied_at "
            "replied_by_id",
            "shop_reviewoptout": "key at",
        },
        fate=Fate.EMPTIED,
        fate_told="Vos avis publiés : votre prénom et votre texte s’effacent, la note reste sans rien qui vous désigne",
        purges=("reviews",),
        export=_export_reviews,
        erase=_erase_reviews,
    )
)
hold(
    Holding(
        name="demandes sans achat",
        does="demandez à un commerce de mettre de côté ou de vous rappeler",
        what="nom, e-mail, téléphone, ce que vous demandez et quand, la réponse",
        whose=(Whose.VISITORS, Whose.SHOPPERS),
        why="transmettre votre demande au commerce, et vous sa réponse",
        basis=Basis.CONTRACT,
        seen_by="le commerce, une fois votre adresse confirmée ; notre équipe n’en voit que le nombre",
        kept="soixante jours ; une semaine sans votre accord",
        columns={"shop_enquiry": "name email email_key phone phone_key wanted when made_at confirmed_at reply"},
        fate=Fate.DELETED,
        fate_told="Vos demandes à des commerces",
        purges=("unconfirmed enquiries", "enquiries"),
        queries=lambda person: [_enquiries(person)],
        secret=("email_key", "phone_key"),
        erase=lambda person: _enquiries(person).delete()[0],
    )
)
hold(
    Holding(
        name="messages sur les commandes",
        does="écrivez à un commerçant, ou lui répondez",
        what="le message, sa date, le compte s’il y en a un",
        whose=(Whose.SHOPPERS, Whose.MERCHANTS),
        why="se parler d’une commande sans se donner d’adresse",
        basis=Basis.CONTRACT,
        seen_by="l’acheteur et le commerçant ; notre équipe si l’un des deux signale l’échange",
        kept="un an",
        columns={"shop_message": "text by_id at"},
        fate=Fate.DELETED,
        fate_told="Vos messages sur des commandes",
        purges=("messages",),
        queries=_messages,
        erase=lambda person: sum(rows.delete()[0] for rows in _messages(person)),
    )
)
hold(
    Holding(
        name="commandes",
        does="commandez",
        what="nom, e-mail, téléphone, adresse de livraison, mot aux commerçants, articles, dates, ce que vous rendez",
        whose=(Whose.SHOPPERS,),
        why="préparer et remettre ou livrer la commande ; garantie de conformité deux ans (C. conso., art. L217-3) ; "
        "pièces comptables dix ans (C. com., art. L123-22), sans votre nom",
        basis=Basis.CONTRACT,
        seen_by="chaque commerçant, pour sa part seulement",
        kept="vos coordonnées : deux ans après la remise, un mois après une annulation ; le reste dix ans, sans vous "
        "nommer",
        columns={
            "shop_purchase": "name email phone note delivery_street delivery_postal_code delivery_town delivery_insee "
            "email_key phone_key visitor_key user_id placed_at confirm_by "
            "confirmed_at adult_declared_at",
            "shop_withdrawal": "name email at",
            "order_order": "user_id guest_email date_placed",
            "order_ordernote": "user_id message date_created date_updated",
        },
        fate=Fate.KEPT_A_WHILE,
        fate_told="Vos commandes : celles qui sont en cours gardent vos coordonnées jusqu’à leur fin, celles que vous "
        "avez reçues gardent votre nom et votre e-mail deux ans, pour la garantie ; les autres n’en gardent rien",
        purges=("unconfirmed purchases", "handed over purchases", "cancelled purchases", "accounts"),
        queries=lambda person: [purchases_of(person), withdrawals_of(person)],
        export=_export_purchases,
        erase=_erase_purchases,
        stays_until=_stays_until,
        watched=("shop_purchase.email",),
    )
)
hold(
    Holding(
        name="historique des commandes",
        does="commandez, ou préparez une commande",
        what="qui a préparé, remis, annulé, et pourquoi",
        whose=(Whose.SHOPPERS, Whose.MERCHANTS),
        why="prouver ce qui s’est passé ; nul ne peut le réécrire",
        basis=Basis.CONTRACT,
        seen_by="l’acheteur et le commerçant de la commande",
        kept="aussi longtemps que la commande",
        columns={"shop_orderevent": "by_id words at", "shop_substitution": "words"},
        fate=Fate.KEPT,
        fate_told="L’historique des commandes : il dit « l’acheteur » ou « le commerçant », sans nom",
        purges=("accounts",),
        queries=rows_of(OrderEvent, "by"),
    )
)
hold(
    Holding(
        name="fichiers d’articles",
        does="importez vos articles d’un fichier",
        what="le nom du fichier et les articles qu’il dit",
        whose=(Whose.MERCHANTS,),
        why="vous montrer ce qu’il changera, et revenir en arrière",
        basis=Basis.CONTRACT,
        seen_by="ceux qui tiennent la fiche du commerce",
        kept="sept jours",
        columns={"shop_productimport": "file_name"},
        fate=Fate.KEPT_A_WHILE,
        fate_told="Les fichiers d’articles importés : ils sont au commerce, et s’effacent après sept jours",
        purges=("product imports",),
    )
)
hold(
    Holding(
        name="paniers",
        does="mettez un article au panier",
        what="les articles, sans autre nom que votre compte",
        whose=(Whose.SHOPPERS, Whose.VISITORS),
        why="retrouver votre panier",
        basis=Basis.CONTRACT,
        seen_by="personne",
        kept="deux semaines sans compte, six mois avec un compte",
        columns={
            "basket_basket": "owner_id date_created date_merged date_submitted",
            "basket_line": "date_created date_updated",
        },
        fate=Fate.DELETED,
        fate_told="Vos paniers",
        purges=("guest baskets", "account baskets", "ordered baskets"),
        queries=_baskets,
        erase=deleted(rows_of(Basket, "owner")),
    )
)
hold(
    Holding(
        name="conditions acceptées",
        does="ouvrez une boutique",
        what="quelle version des conditions a été acceptée, quel mandat donné pour les reçus, quand, par quel compte",
        whose=(Whose.MERCHANTS,),
        why="prouver l’accord (règlement (UE) 2019/1150)",
        basis=Basis.CONTRACT,
        seen_by="la Région",
        kept="tant que la boutique existe ; le compte en part quand il est effacé",
        columns={
            "shop_termsacceptance": "by_id at",
            "shop_receiptmandate": "given_by_id given_at ended_at",
            "partner_partner_users": "user_id",
        },
        fate=Fate.EMPTIED,
        fate_told="Votre nom sous les conditions acceptées : l’accord de la boutique reste",
        queries=lambda person: [
            *rows_of(TermsAcceptance, "by")(person),
            *rows_of(ReceiptMandate, "given_by")(person),
        ],
        erase=_leave_terms,
    )
)
hold(
    Holding(
        name="versions des conditions",
        does="publiez une version des conditions",
        what="qui l’a publiée",
        whose=(Whose.STAFF,),
        why="savoir qui a publié ce qui engage (règlement (UE) 2019/1150, art. 3)",
        basis=Basis.LAW,
        seen_by="l’équipe du portail",
        kept="tant que vous avez un compte",
        columns={"shop_termsversion": "published_by_id"},
        fate=Fate.EMPTIED,
        fate_told="Votre nom dans une version des conditions",
        queries=rows_of(TermsVersion, "published_by"),
        erase=_leave_versions,
    )
)
hold(
    Holding(
        name="médiateurs",
        does="êtes le médiateur d’une boutique",
        what="nom, adresse et site du médiateur de la consommation",
        whose=(Whose.MERCHANTS,),
        why="dire aux clients à qui s’adresser (C. conso., art. L616-1)",
        basis=Basis.LAW,
        seen_by="tout le monde",
        kept="tant que la boutique le nomme",
        columns={"shop_storefront": "mediator_address mediator_name mediator_site"},
        fate=Fate.KEPT,
        fate_told="Le médiateur que nomme une boutique",
    )
)
hold(
    Holding(
        name="vendeurs et fabricants",
        does="vendez, fabriquez ou importez ce qui se vend ici",
        what="raison sociale et forme du vendeur ; nom et adresses du fabricant et de la personne responsable",
        whose=(Whose.MERCHANTS,),
        why="dire aux clients qui vend et qui fabrique (règlements (UE) 2022/2065, art. 30, et 2023/988, art. 19)",
        basis=Basis.LAW,
        seen_by="tout le monde",
        kept="tant que la boutique ou l’article est sur le portail",
        columns={
            "shop_storefront": "legal_name",
            "shop_productdetails": "maker_address maker_contact maker_name responsible_address responsible_contact "
            "responsible_name",
        },
        fate=Fate.KEPT,
        fate_told="Le vendeur d’une boutique et le fabricant d’un article",
    )
)
hold(
    Holding(
        name="rappels",
        does="demandez ou décidez le rappel d’un article",
        what="qui l’a demandé, qui l’a décidé, quel commerce le vendait",
        whose=(Whose.MERCHANTS, Whose.STAFF),
        why="prévenir les acheteurs (règlements (UE) 2022/2065, art. 32, et 2023/988, art. 22)",
        basis=Basis.LAW,
        seen_by="l’équipe du portail ; l’avis, avec le nom du commerce, tout le monde",
        kept="l’avis toujours ; votre nom, tant que vous avez un compte",
        columns={"shop_recall": "asked_by_id decided_by_id seller"},
        fate=Fate.EMPTIED,
        fate_told="Votre nom dans un rappel",
        queries=lambda person: [*rows_of(Recall, "asked_by")(person), *rows_of(Recall, "decided_by")(person)],
        erase=_leave_recalls,
    )
)
hold(
    Holding(
        name="lettres de rappel",
        does="avez acheté un article rappelé",
        what="la commande, combien, et quand nous vous avons écrit",
        whose=(Whose.SHOPPERS,),
        why="vous prévenir (règlement (UE) 2022/2065, art. 32)",
        basis=Basis.LAW,
        seen_by="l’équipe du portail",
        kept="deux ans après le rappel",
        columns={"shop_recallletter": "sent_at unreached_at"},
        fate=Fate.KEPT_A_WHILE,
        fate_told="Qu’un article rappelé était dans votre commande, sans votre nom",
        purges=("recall letters",),
        export=_letters_to,
    )
)
hold(
    Holding(
        name="archives de commerces",
        does="emportez tout ce que votre commerce a ici",
        what="le fichier, avec les commandes de vos clients, le temps que vous le preniez",
        whose=(Whose.MERCHANTS, Whose.SHOPPERS),
        why="vous le remettre (règlement (UE) 2019/1150, art. 9)",
        basis=Basis.LAW,
        seen_by="la personne qui l’a demandé",
        kept="une semaine",
        columns={"shop_merchantarchive": "asked_by_id asked_at made_at content"},
        fate=Fate.DELETED,
        fate_told="Les fichiers que vous avez demandés pour votre commerce",
        purges=("merchant archives",),
        queries=rows_of(MerchantArchive, "asked_by"),
        secret=("content",),
        erase=deleted(rows_of(MerchantArchive, "asked_by")),
    )
)
impersonal(IMPERSONAL)
unused("les articles sont retirés en boutique", "address_useraddress order_billingaddress order_shippingaddress")
unused("aucun profil de visiteur n’est tenu (shop/forks/analytics)", "analytics_userproductview analytics_userrecord "
       "analytics_usersearch analytics_productrecord")  # fmt: skip
unused("nos e-mails passent par portal/mail.py", "communication_email communication_notification")
unused("les alertes sont celles de search/alerts", "customer_productalert")
unused("le paiement se fait en boutique", "payment_bankcard")
unused("aucune liste d’envies", "wishlists_line wishlists_wishlist wishlists_wishlistsharedemail")
unused("les avis sont ceux de shop/reviews", "reviews_productreview reviews_vote")
unused("ni offre ni bon d’achat", "offer_benefit offer_condition offer_conditionaloffer "
       "offer_conditionaloffer_combinations offer_range offer_range_classes offer_range_excluded_categories "
       "offer_range_excluded_products offer_range_included_categories offer_rangeproduct offer_rangeproductfileupload "
       "voucher_voucher voucher_voucher_offers voucher_voucherapplication voucher_voucherset basket_basket_vouchers "
       "order_orderdiscount order_orderlinediscount")  # fmt: skip
unused("les livraisons sont celles de shop/delivery", "partner_partneraddress shipping_orderanditemcharges "
       "shipping_orderanditemcharges_countries shipping_weightband shipping_weightbased "
       "shipping_weightbased_countries order_shippingevent order_shippingeventquantity")  # fmt: skip

people.TELLERS.append(_called)
