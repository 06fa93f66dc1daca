"""What a merchant says of how they deliver: their rounds, their parcels."""

from datetime import time
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from directory.models import Town
from portal.concurrent_edits import Part
from portal.concurrent_form import ConcurrentEditsMixin
from portal.numbers import FrenchDecimalField, FrenchIntegerField
from portal.slugs import slug_of
from shop.collection.rules import MOST_PLACES, Weekday
from shop.delivery.around import towns_around
from shop.delivery.models import MOST_EUROS, MOST_TOWNS, DeliveryMethod, Kind
from shop.storefronts import Storefront

RADII = (3, 5, 8, 10, 15, 20, 30)  # kilometres
LEADS = {0: "aucun", 2: "2 heures", 4: "4 heures", 12: "12 heures", 24: "un jour", 48: "deux jours"}
BOOKSHOP, LEAST_FOR_BOOKS = "librairie", 3  # euros (loi nº 2021-1901, arrêté du 4 avril 2023)
ADDS = "ajouter"  # the name of the button that shows more towns, ticked, and saves nothing


class _MoneyForm(ConcurrentEditsMixin, forms.Form):
    """What every way of delivering has. An instance without a row writes all of it, others what was touched."""

    kind = ""

    fee = FrenchDecimalField(
        label="Prix de la livraison, en euros TTC",
        min_value=0,
        max_value=MOST_EUROS,
        max_digits=6,
        decimal_places=2,
        fixed=True,
        help_text="0 si vous livrez gratuitement. Le client vous le paie avec ses achats.",
    )
    free_from = FrenchDecimalField(
        label="Livraison offerte dès, en euros d’achats",
        required=False,
        min_value=Decimal("0.01"),
        max_value=MOST_EUROS,
        max_digits=6,
        decimal_places=2,
        fixed=True,
        help_text="Vide : jamais offerte.",
    )
    minimum = FrenchDecimalField(
        label="Commande minimum pour être livré, en euros",
        required=False,
        min_value=0,
        max_value=MOST_EUROS,
        max_digits=6,
        decimal_places=2,
        fixed=True,
        help_text="Vide : aucun minimum.",
    )

    def __init__(self, storefront: Storefront, stored: DeliveryMethod | None, data: Any = None) -> None:
        """stored: the row, locked by whoever saves; None: none yet."""
        self.storefront, self.stored = storefront, stored
        self.edits = f"delivery:{storefront.merchant_id}:{self.kind}" if stored else ""
        initial = {name: getattr(stored, name) for name in self.base_fields if hasattr(stored, name)} if stored else {}
        super().__init__(data, initial=self.defaults() | initial, prefix=self.prefix)

    def defaults(self) -> dict[str, Any]:
        """Return what is proposed to who has not answered yet."""
        return {}

    def clean_minimum(self) -> Decimal:
        return self.cleaned_data["minimum"] or Decimal(0)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("free_from") and said["free_from"] <= said.get("minimum", 0):
            self.add_error("free_from", "Écrivez un montant plus grand que la commande minimum, ou rien.")
        if self.storefront.merchant.category.slug == BOOKSHOP:
            if said.get("fee") is not None and said["fee"] < LEAST_FOR_BOOKS:
                self.add_error("fee", "La loi veut au moins 3 € pour livrer des livres neufs (loi nº 2021-1901).")
            if said.get("free_from"):
                self.add_error("free_from", "La loi interdit de livrer gratuitement des livres neufs : laissez vide.")
        return said

    def save(self) -> DeliveryMethod:
        """Store it."""
        method = self.stored or DeliveryMethod(storefront=self.storefront, kind=self.kind)
        columns = {field.name for field in DeliveryMethod._meta.get_fields()}
        names = sorted(columns & (self.touched if self.stored else set(self.fields)))
        for name in names:
            setattr(method, name, self.cleaned_data[name])
        method.save(update_fields=names if self.stored else None)
        return method


class RoundForm(_MoneyForm):
    """Where, when and for how much a merchant delivers."""

    kind = Kind.ROUND

    radius = forms.TypedChoiceField(
        label="Ajouter ma commune et celles à moins de",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "choisir une distance"), *((kilometres, f"{kilometres} km") for kilometres in RADII)],
        help_text="À vol d’oiseau. Vous pourrez décocher celles où vous n’allez pas.",
    )
    other = forms.CharField(label="Ajouter une commune par son nom", required=False, max_length=80)
    towns = forms.MultipleChoiceField(
        label="Communes livrées",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins une commune, ou choisissez une distance."},
    )
    weekdays = forms.MultipleChoiceField(
        label="Jours de livraison",
        choices=Weekday.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins un jour de livraison."},
    )
    starts = forms.TimeField(
        label="La tournée commence à",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "Écrivez une heure, par exemple 14:00."},
    )
    ends = forms.TimeField(
        label="et finit à",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="Le client attend entre ces deux heures.",
        error_messages={"invalid": "Écrivez une heure, par exemple 18:00."},
    )
    lead_hours = forms.TypedChoiceField(
        label="Délai entre la commande et le début de la tournée", coerce=int, choices=list(LEADS.items())
    )
    day_before = forms.TimeField(
        label="Faut-il commander la veille ? Jusqu’à quelle heure ?",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="Vide : on peut commander pour le jour même.",
        error_messages={"invalid": "Écrivez une heure, par exemple 17:00, ou rien."},
    )
    places = FrenchIntegerField(label="Commandes par tournée, au plus", min_value=1, max_value=MOST_PLACES)
    told = forms.CharField(
        label="Ce que le client doit savoir",
        required=False,
        max_length=200,
        help_text="Par exemple : je sonne et je vous appelle à l’arrivée.",
    )

    field_order = ("radius", "other", "towns", "weekdays", "starts", "ends", "lead_hours", "day_before", "places")

    def __init__(self, storefront: Storefront, stored: DeliveryMethod | None, data: QueryDict | None = None) -> None:
        self.fault = ""
        ticked = set(stored.towns) if stored else set()
        if data is not None:
            ticked |= set(data.getlist("towns"))
            data, ticked = self._with_more(storefront, data, ticked)
        super().__init__(storefront, stored, data)
        self.fields["towns"].choices = _named(ticked)  # type: ignore[attr-defined]

    def defaults(self) -> dict[str, Any]:
        return {"starts": time(14), "ends": time(18), "lead_hours": 4, "places": 12}

    def forget_faults(self) -> None:
        """Judge nothing yet but the name of the town to add: the button pressed saves nothing."""
        for name in set(self.errors) - {"other"}:
            del self.errors[name]

    def parts(self) -> dict[str, Part]:
        """Leave out what only adds towns to the list."""
        return {name: part for name, part in super().parts().items() if name not in ("radius", "other")}

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if self.fault:
            self.add_error("other", self.fault)
        if said.get("starts") and said.get("ends") and said["ends"] <= said["starts"]:
            self.add_error("ends", "La tournée doit finir après avoir commencé, le même jour.")
        if len(said.get("towns", ())) > MOST_TOWNS:
            self.add_error("towns", f"Pas plus de {MOST_TOWNS} communes.")
        return said

    def _with_more(self, storefront: Storefront, data: QueryDict, known: set[str]) -> tuple[QueryDict, set[str]]:
        """Return what was sent with the towns that it asks to add ticked, and all towns of the list."""
        data = data.copy()
        more: set[str] = set()
        radius = data.get("radius", "")
        if radius in {str(kilometres) for kilometres in RADII}:
            more |= towns_around(storefront.merchant.point, storefront.merchant.town, int(radius))
            data["radius"] = ""
        if name := data.get("other", "").strip():
            try:
                more |= {_town_called(name, storefront.merchant.point)}
                data["other"] = ""
            except ValidationError as error:
                self.fault = str(error.message)
        if more:
            data.setlist("towns", sorted({*data.getlist("towns"), *more}))
        return data, known | more


class ParcelForm(_MoneyForm):
    """For how much, and how, a merchant sends parcels."""

    kind = Kind.PARCEL
    prefix = "colis"  # the other form of the page has fields of the same names

    told = forms.CharField(
        label="Délai, transporteur et paiement",
        max_length=200,
        help_text="Par exemple : envoi sous trois jours ouvrés en Colissimo, payé par virement avant l’envoi.",
        error_messages={"required": "Dites en combien de temps part le colis, et comment le client vous paie avant."},
    )


def _town_called(name: str, point: tuple[float, float]) -> str:
    """Return the INSEE code of the nearest town of that name. Raise ValidationError where there is none."""
    alike = Town.objects.filter(parent=None, slug__startswith=slug_of(name)).nearest(point)
    wanted = slug_of(name)
    found = next((town for town in alike if slug_of(town.name) == wanted), None)
    if found is None:
        raise ValidationError(f"Aucune commune de la région ne s’appelle « {name} » : vérifiez l’orthographe.")
    return found.insee_code


def _named(codes: set[str]) -> list[tuple[str, str]]:
    """Return the choices of these towns, by name; a code that names no town is left out."""
    towns = Town.objects.filter(insee_code__in=codes, parent=None).order_by("name")
    return [(town.insee_code, f"{town.name} ({town.postal_codes[0]})") for town in towns]
