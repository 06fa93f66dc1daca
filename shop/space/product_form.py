"""The form of a product in the merchant's space."""

from typing import Any

from django import forms
from django.conf import settings
from django.db import transaction
from oscar.core.loading import get_model
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from directory.models import MerchantPage
from directory.space.changes import name_of
from portal.concurrent_edits import LastChange
from portal.concurrent_form import ConcurrentEditsMixin
from portal.kept_uploads import KeptUploadsMixin
from portal.numbers import FrenchDecimalField, FrenchIntegerField
from portal.picture_fields import HELP, PictureFormField
from portal.slugs import slug_of
from shop import alcohol, facts
from shop.collection.rules import LONGEST_WAIT
from shop.food import usual_answer
from shop.models import ProductDetails, Storefront, asked_of, look_over
from shop.orders import ordered_since
from shop.products import create_product, picture_of, stock_of, usual_facts
from shop.vat import CENT
from shop.weighing.amounts import piece_price
from shop.withdrawal import exceptions

ProductImage = get_model("catalogue", "ProductImage")
StockRecord = get_model("partner", "StockRecord")

DETAILS = (
    "unit", "measure", "quantity", "price_per_kilo", "vat_rate", "label", "withdrawal_exception", "is_food",
    "is_alcohol", "allergens_known", "allergens", "traces", "lead_hours", "only_on", *facts.NAMES,
)  # fmt: skip
NO_ALLERGENS = {"allergens_known": False, "allergens": [], "traces": []}


class ProductForm(KeptUploadsMixin, ConcurrentEditsMixin, forms.ModelForm):
    """One article: what it is, its price and stock, and what the law wants told of it.

    The stock is the number for sale, without what is ordered and not collected yet. Bind the form to a product whose
    rows are locked (``lock_product``): orders come in while it is open.
    """

    title = forms.CharField(
        label="Nom",
        max_length=255,
        help_text=f"Comme sur l’étiquette : {settings.REGION.example.product}.",
        widget=forms.TextInput({"autocomplete": "off"}),  # a browser would propose the merchant's own name
    )
    description = forms.CharField(
        label="Description",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Ce que c’est, d’où cela vient, comment le garder.",
    )
    price = FrenchDecimalField(
        label="Prix TTC, en euros", min_value=CENT, max_digits=8, decimal_places=2, fixed=True,
        help_text="Vendu au poids : laissez vide, il est tiré du prix du kilo.",
    )  # fmt: skip
    stock = FrenchIntegerField(
        label="Combien en avez-vous à vendre ici ?", min_value=0, max_value=100_000, help_text="0 : épuisé."
    )
    is_public = forms.BooleanField(label="En vente", required=False, initial=True)
    image = PictureFormField(label="Photo", required=False, help_text=HELP)

    is_food = forms.TypedChoiceField(
        label="Cet article se mange ou se boit ?",
        choices=[(True, "Oui"), (False, "Non")],
        coerce=lambda answer: answer == "True",
        widget=forms.RadioSelect,
        error_messages={"required": "Dites si cet article se mange ou se boit : la loi demande alors ses allergènes."},
    )

    lead_hours = FrenchIntegerField(
        label="Sur commande : combien d’heures à l’avance ?",
        min_value=0,
        max_value=LONGEST_WAIT,
        required=False,
        initial=0,
        help_text="Par exemple 48. Vide ou 0 : il est prêt aussi vite que le reste.",
    )

    is_alcohol = forms.TypedChoiceField(
        label="C’est une boisson de plus de 1,2 % d’alcool ?",
        choices=[(True, "Oui"), (False, "Non")],
        coerce=lambda answer: answer == "True",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        help_text="Vin, bière, cidre, liqueur… Un dessert au rhum n’est pas une boisson.",
    )

    class Meta:
        model = ProductDetails
        fields = DETAILS
        field_classes = {"quantity": FrenchDecimalField, "price_per_kilo": FrenchDecimalField}

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        merchant: MerchantPage,
        sender: Any,
        product: Any = None,
        like: Any = None,
    ) -> None:
        """like: an article whose answers a new one begins with, but for its stock and picture."""
        self.merchant, self.sender, self.product = merchant, sender, product
        self.edits = f"product:{product.pk}" if product else ""
        self.question = ""  # what the template asks, with a box to tick, when the name contradicts the answers
        super().__init__(data, files, instance=product.details if product else None)
        if data and (data.get("price_per_kilo") or "").strip():
            self.fields["price"].required = False  # it follows from that of the kilo
        if product is None and like is not None:
            self.initial = {
                **forms.model_to_dict(like.details, fields=self.Meta.fields),
                "title": f"{like.title} (copie)",
                "description": like.description,
                "price": stock_of(like).price,
            }
        elif product is None:
            category = merchant.category
            self.initial["is_food"] = usual_answer(category.slug, (category.parent or category).slug)
            self.initial["withdrawal_exception"] = exceptions.suggested(category.slug, "")
            self.initial.update(usual_facts(category.slug, self.initial["is_food"]))
            self.initial["is_alcohol"] = None if category.slug in alcohol.TRADES else False
        else:
            stockrecord = stock_of(product)
            self.initial = {
                **self.initial,
                "title": product.title,
                "description": product.description,
                "price": stockrecord.price,
                "stock": stockrecord.net_stock_level,
                "is_public": product.is_public,
            }

    def safety_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in facts.NAMES]

    def clean_epr_idu(self) -> str:
        return self.cleaned_data["epr_idu"].upper()

    def clean_lead_hours(self) -> int:
        return self.cleaned_data["lead_hours"] or 0

    def clean(self) -> dict:
        """Ask for what the law wants told before a sale, and ask once about answers that the name contradicts."""
        super().clean()
        said = self.cleaned_data
        self._check_weight(said)
        if said.get("warnings") and said.get("no_warnings"):
            self.add_error("no_warnings", "Vous avez écrit des avertissements : décochez cette case, ou effacez-les.")
        self._check_idu(said)
        if said.get("is_food") is False:
            said.update(NO_ALLERGENS | {"is_alcohol": False})
        if said.get("is_public"):
            self._check_alcohol(said)
            self._check_facts(said)
            if said.get("is_food") and not said.get("allergens_known"):
                self.add_error(
                    "allergens_known",
                    "Parcourez la liste, puis cochez cette case : la loi la demande avant la vente. "
                    "Pour finir plus tard, décochez « En vente ».",
                )
            elif "title" in said and "is_food" in said:
                self._ask(said)
        return said

    def _check_weight(self, said: dict) -> None:
        """Ask for what one piece weighs of what is sold by weight; its price follows."""
        per_kilo, quantity = said.get("price_per_kilo"), said.get("quantity")
        if per_kilo is None or quantity is None:
            return
        if said.get("measure") not in (None, ProductDetails.Measure.KILOGRAM):
            self.add_error("measure", "Ce qui se vend au poids se ramène au kilo : choisissez « le kilo ».")
        price = piece_price(per_kilo, quantity)
        if price < CENT:
            self.add_error("quantity", "À ce poids, une pièce coûterait moins d’un centime : écrivez-le en kilos.")
        said["price"] = price

    def _check_idu(self, said: dict) -> None:
        idu, stream = said.get("epr_idu"), said.get("epr_stream")
        if idu and stream is not None and (own := facts.stream_of(idu)) != stream:
            self.add_error(
                "epr_idu",
                f"Cet identifiant est celui de la filière {own} : choisissez-la, ou prenez l’identifiant de "
                "celle que vous avez choisie.",
            )

    def _check_facts(self, said: dict) -> None:
        """Ask for what the law wants told of a product that is no food; who still has time is not stopped."""
        if said.get("is_food") is not False or self.instance.facts_due_on is not None:
            return
        has_picture = bool(said.get("image") or (self.product and picture_of(self.product)))
        for name in facts.lacking(said | {"has_picture": has_picture}):
            field = "image" if name == "has_picture" else name
            if field not in self.errors:
                self.add_error(
                    field,
                    f"Il manque {facts.ASKED[name]} : la loi le demande avant la vente à distance. Pour finir plus "
                    "tard, décochez « En vente ».",
                )

    def _check_alcohol(self, said: dict) -> None:
        """Ask for what the law wants before a drink with alcohol is sold: that it be said, and the shop's licence."""
        if said.get("is_food") and said.get("is_alcohol") is None:
            self.add_error("is_alcohol", "Dites si c’est une boisson alcoolisée : la loi ne la vend qu’aux majeurs.")
        elif said.get("is_alcohol") and not Storefront.objects.filter(merchant=self.merchant).exclude(
            alcohol_licence=""
        ):
            self.add_error(
                "is_alcohol",
                "Déclarez d’abord votre licence dans « Ma boutique » : sans elle, l’alcool ne se vend pas. Pour finir "
                "plus tard, décochez « En vente ».",
            )

    def _ask(self, said: dict) -> None:
        asked = asked_of(
            said["title"],
            said.get("description", ""),
            said["is_food"],
            said.get("allergens", []),
            said.get("is_alcohol"),
        )
        if asked and asked not in (self.data.get("confirm"), self.instance.confirmed):
            self.question = asked
            self.add_error("allergens" if said["is_food"] else "is_food", asked)
        said["confirmed"] = asked

    def stored_value(self, name: str) -> Any:
        return picture_of(self.product) if name == "image" else super().stored_value(name)

    def stored_in_words(self, name: str) -> str:
        if name == "image":
            return "une autre photo" if picture_of(self.product) else ""
        return super().stored_in_words(name)

    def last_change(self, name: str) -> LastChange:
        entry = last_entry(self.product, name)
        if entry and (not self.shown_at or entry.timestamp >= self.shown_at):  # else orders changed the stock since
            return LastChange(entry.timestamp, name_of(entry.user, self.merchant, self.sender))
        return LastChange()

    def conflict_text(self, name: str, shown: Any) -> str:
        text = super().conflict_text(name, shown)
        if name != "stock":
            return text
        left = self.initial["stock"]
        ordered = ordered_since(self.product, self.shown_at) if self.shown_at else 0
        if ordered and shown == str(left + ordered):
            were = "a été commandé" if ordered == 1 else "ont été commandés"
            text = f"{ordered} {were} depuis que vous avez ouvert cette page\u00a0: il en reste {left} à vendre."
        waiting = stock_of(self.product).num_allocated or 0
        return f"{text} Le nombre que vous écrivez ne compte pas ce qui est commandé et reste à remettre ({waiting})."

    @transaction.atomic
    def save_product(self, storefront: Storefront) -> Any:
        """Store what was typed of the article at this merchant's, and return it."""
        said = self.cleaned_data
        if self.product is None:
            self.product = create_product(
                storefront,
                title=said["title"],
                price=said["price"],
                stock=said["stock"],
                unit=said["unit"],
                measure=said["measure"],
                quantity=said["quantity"],
                price_per_kilo=said["price_per_kilo"],
                category=self.merchant.category,
                withdrawal_exception=self._withdrawal_exception(),
            )
            said["withdrawal_exception"] = self.product.details.withdrawal_exception
        touched = {name: said[name] for name in self.touched}
        if not touched:
            self._save_answers({}, said)
            return self.product
        if "title" in touched:
            self.product.title, self.product.slug = said["title"], slug_of(said["title"])
        for name in {"description", "is_public"} & touched.keys():
            setattr(self.product, name, said[name])
        self.product.save()
        self._save_answers({name: touched[name] for name in DETAILS if name in touched}, said)
        self._save_stock(touched)
        if touched.get("image"):
            self.product.images.all().delete()
            ProductImage.objects.create(product=self.product, original=touched["image"])
        self.forget_uploads()
        log(self.product, "wagtail.edit", user=self.sender, data={"fields": sorted(touched)})
        return self.product

    def _withdrawal_exception(self) -> str:
        """Return the exception of a new article: what its merchant chose; left as proposed, what its name says."""
        chosen: str = self.cleaned_data["withdrawal_exception"]
        if chosen != self.initial["withdrawal_exception"]:
            return chosen
        return exceptions.suggested(self.merchant.category.slug, self.cleaned_data["title"])

    def _save_answers(self, details: dict, said: dict) -> None:
        """Store these details, what goes with them, and the question that the merchant answered."""
        if said["is_food"] is False:
            details = details | NO_ALLERGENS | {"is_alcohol": False}
        if "confirmed" in said:
            details = details | {"confirmed": said["confirmed"]}
        if details:
            ProductDetails.objects.filter(product=self.product).update(**details)
        look_over(self.product)

    def _save_stock(self, touched: dict) -> None:
        stockrecord = StockRecord.objects.select_for_update(no_key=True).get(product=self.product)
        if "price" in touched:
            stockrecord.price = touched["price"]
        if "stock" in touched:
            stockrecord.num_in_stock = touched["stock"] + (stockrecord.num_allocated or 0)
        if {"price", "stock"} & touched.keys():
            stockrecord.save(update_fields=["price", "num_in_stock", "date_updated"])


def last_entry(product: Any, field: str) -> ModelLogEntry | None:
    """Return the last note of a merchant's change of one field of a product."""
    entries = ModelLogEntry.objects.for_instance(product).filter(data__fields__contains=[field])
    return entries.select_related("user").order_by("-timestamp", "-pk").first()
