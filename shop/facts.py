"""What must be told of a product that is not food before it is sold at a distance, and where its waste is paid for.

Regulation (EU) 2023/988, article 19: who made it and how to reach them, who answers for it in the Union where that is
outside, a picture, what identifies it, its warnings in French. C. env., articles L541-10-9 and L541-10-13: the unique
identifier of its producer in its EPR stream. Food, medicines, living plants and animals, and antiques are outside.
"""

from collections.abc import Mapping
from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Substr
from django.db.models.lookups import Exact

from directory.models import MerchantPage

IDU = r"FR\d{6}_\d{2}[A-Z0-9]{4}"  # ADEME's register: producer, stream, and four characters of their own


class Exemption(models.TextChoices):
    """What article 2 leaves out, beyond food, of which ProductDetails knows."""

    LIVING = "vivant", "Une plante, des fleurs ou un animal vivants"
    ANTIQUE = "ancien", "Une antiquité ou une œuvre d’art"
    SERVICE = "service", "Un service ou un bon d’achat"
    MEDICINE = "medicament", "Un médicament"


class Stream(models.TextChoices):
    """EPR streams that shoppers' goods fall under: their numbers are those of C. env., article L541-10-1."""

    NONE = "00", "Aucune filière"
    PACKAGING = "01", "Emballages ménagers"
    PRINT = "03", "Papiers imprimés"
    ELECTRIC = "05", "Équipements électriques et électroniques"
    BATTERIES = "06", "Piles et accumulateurs"
    CHEMICALS = "07", "Produits chimiques : peintures, colles, solvants"
    FURNITURE = "10", "Meubles et décoration textile"
    TEXTILES = "11", "Vêtements, linge de maison et chaussures"
    TOYS = "12", "Jouets"
    SPORT = "13", "Articles de sport et de loisirs"
    GARDEN = "14", "Articles de bricolage et de jardin"
    TYRES = "16", "Pneus"


# What most articles of a category fall under; of the others, their merchants are asked.
STREAMS = {
    Stream.TEXTILES: "vetements-femme vetements-homme vetements-enfant lingerie chaussures linge-maison textile-soie",
    Stream.FURNITURE: "meubles-literie ebeniste-bois tapissier",
    Stream.ELECTRIC: "electromenager reparation-numerique",
    Stream.TOYS: "jouets-jeux",
    Stream.SPORT: "sport-montagne cycles",
    Stream.GARDEN: "bricolage-quincaillerie jardinerie-pepiniere",
    Stream.PRINT: "presse-tabac papeterie imprimerie-copie",
    Stream.PACKAGING: "savonnerie-cosmetique parfumerie institut-beaute",
    Stream.NONE: "librairie ceramiste-potier coutelier verrier-bijoux bijouterie maroquinerie friperie galerie-art "
    "antiquites-brocante luthier-instruments fleuriste",
}
EXEMPTIONS = {
    Exemption.LIVING: "fleuriste jardinerie-pepiniere maraicher plantes-aromatiques",
    Exemption.ANTIQUE: "antiquites-brocante galerie-art",
}
NAMES = (
    "exemption", "maker_is_seller", "maker_name", "maker_address", "maker_contact", "maker_is_abroad",
    "responsible_name", "responsible_address", "responsible_contact", "identifier", "warnings", "no_warnings",
    "epr_stream", "epr_idu",
)  # fmt: skip
ANSWERS = ("maker_is_seller", "maker_is_abroad", "no_warnings")
MAKER = ("maker_name", "maker_address", "maker_contact")
RESPONSIBLE = ("responsible_name", "responsible_address", "responsible_contact")


class SafetyFacts(models.Model):
    """These facts of an article. has_picture, is_recalled: written by the database alone, whoever writes what.

    facts_due_on: the last day on which an article that was on sale before they were asked may do without; None: over.
    """

    exemption = models.CharField(
        "hors de la sécurité générale des produits",
        max_length=10,
        choices=[("", "Non, c’est un objet ou un produit comme les autres"), *Exemption.choices],
        blank=True,
        default="",
        db_default="",
    )
    maker_is_seller = models.BooleanField("je le fabrique moi-même", default=False, db_default=False)
    maker_name = models.CharField("fabricant", max_length=120, blank=True, default="", db_default="")
    maker_address = models.CharField("son adresse postale", max_length=200, blank=True, default="", db_default="")
    maker_contact = models.CharField(
        "son adresse électronique", max_length=200, blank=True, default="", db_default="",
        help_text="Un e-mail ou un site internet.",
    )  # fmt: skip
    maker_is_abroad = models.BooleanField(
        "ce fabricant est hors de l’Union européenne", default=False, db_default=False
    )
    responsible_name = models.CharField(
        "personne responsable dans l’Union", max_length=120, blank=True, default="", db_default="",
        help_text="L’importateur ou le mandataire, dont l’étiquette porte le nom.",
    )  # fmt: skip
    responsible_address = models.CharField("son adresse postale", max_length=200, blank=True, default="", db_default="")
    responsible_contact = models.CharField(
        "son adresse électronique", max_length=200, blank=True, default="", db_default=""
    )
    identifier = models.CharField(
        "modèle, type ou lot", max_length=80, blank=True, default="", db_default="",
        help_text="Ce qui l’identifie sur l’étiquette : référence, taille, numéro de lot, code-barres.",
    )  # fmt: skip
    warnings = models.TextField(
        "avertissements et consignes de sécurité", max_length=1000, blank=True, default="", db_default="",
        help_text="En français, comme sur l’étiquette ou la notice : âge, dangers, précautions.",
    )  # fmt: skip
    no_warnings = models.BooleanField(
        "aucun avertissement n’est exigé pour cet article", default=False, db_default=False
    )
    epr_stream = models.CharField(
        "filière de recyclage (REP)",
        max_length=2,
        choices=[("", "À dire"), *Stream.choices],
        blank=True,
        default="",
        db_default="",
    )
    epr_idu = models.CharField(
        "identifiant unique (IDU)", max_length=15, blank=True, default="", db_default="",
        validators=[RegexValidator(
            rf"\A{IDU}\Z", "Un identifiant unique s’écrit comme FR123456_12ABCD : il est sur les factures du fabricant."
        )],
        help_text="Celui du fabricant, ou le vôtre si vous mettez l’article sur le marché.",
    )  # fmt: skip
    has_picture = models.BooleanField(db_default=False, editable=False)
    is_recalled = models.BooleanField(db_default=False, editable=False)
    facts_due_on = models.DateField("à compléter avant le", null=True, blank=True, editable=False)

    class Meta:
        abstract = True


Q = models.Q
# What may_be_sold asks of what is no food: worked out by the database (shop/migrations/0017_seller_facts.py).
TOLD = ~Q(exemption="") | (
    Q(has_picture=True)
    & ~Q(identifier="")
    & (Q(maker_is_seller=True) | ~Q(maker_name="") & ~Q(maker_address="") & ~Q(maker_contact=""))
    & (
        Q(maker_is_seller=True)
        | Q(maker_is_abroad=False)
        | ~Q(responsible_name="") & ~Q(responsible_address="") & ~Q(responsible_contact="")
    )
    & (~Q(warnings="") | Q(no_warnings=True))
    & (Q(epr_stream=Stream.NONE) | ~Q(epr_stream="") & ~Q(epr_idu=""))
)
CONSTRAINTS = [
    models.CheckConstraint(
        condition=Q(epr_idu="")
        | Q(epr_idu__regex=rf"^{IDU}$") & Q(Exact(Substr(models.F("epr_idu"), 10, 2), models.F("epr_stream"))),
        name="an_idu_is_of_its_stream",
    ),
    models.CheckConstraint(condition=Q(warnings="") | Q(no_warnings=False), name="warnings_or_none"),
]
ASKED = {
    "has_picture": "une photo",
    "identifier": "le modèle, le type ou le lot",
    "maker_name": "le nom du fabricant",
    "maker_address": "l’adresse du fabricant",
    "maker_contact": "l’e-mail ou le site du fabricant",
    "responsible_name": "la personne responsable dans l’Union européenne",
    "responsible_address": "l’adresse de la personne responsable",
    "responsible_contact": "l’e-mail ou le site de la personne responsable",
    "warnings": "les avertissements, ou qu’aucun n’est exigé",
    "epr_stream": "la filière de recyclage, ou aucune",
    "epr_idu": "l’identifiant unique (IDU) de cette filière",
}


def lacking(said: Mapping[str, Any]) -> list[str]:
    """Return which of these facts are missing of an article that is no food, as TOLD reads them: keys of ASKED."""
    if said.get("exemption"):
        return []
    wanted = ["has_picture", "identifier"]
    if not said.get("maker_is_seller"):
        wanted += [*MAKER, *(RESPONSIBLE if said.get("maker_is_abroad") else ())]
    if not said.get("no_warnings"):
        wanted.append("warnings")
    if said.get("epr_stream") != Stream.NONE:
        wanted += ["epr_stream", *(["epr_idu"] if said.get("epr_stream") else [])]
    return [name for name in wanted if not said.get(name)]


def stream_of(idu: str) -> str:
    """Return the stream that a unique identifier is of."""
    return idu[9:11]


def usual_stream(category: str) -> str:
    """Return the EPR stream of most articles of a category, "" where its merchants have to say."""
    return next((stream.value for stream, slugs in STREAMS.items() if category in slugs.split()), "")


def usual_exemption(category: str) -> str:
    return next((code.value for code, slugs in EXEMPTIONS.items() if category in slugs.split()), "")


def told(details: SafetyFacts, merchant: MerchantPage, seller: str, address: str) -> list[dict[str, str]]:
    """Return what a product's page tells of these facts, {label, value} each. seller: the seller's legal name."""
    facts = [("Modèle, type ou lot", details.identifier)]
    if details.maker_is_seller:
        facts.append(("Fabricant", ", ".join(filter(None, [seller, address, merchant.email or merchant.phone]))))
    else:
        facts.append(("Fabricant", _joined(details, MAKER)))
        facts.append(("Responsable dans l’Union européenne", _joined(details, RESPONSIBLE)))
    facts.append(("Avertissements", details.warnings or ("Aucun n’est exigé." if details.no_warnings else "")))
    if details.epr_idu:
        stream = Stream(details.epr_stream).label
        facts.append(("Identifiant unique REP", f"{details.epr_idu} ({stream.partition(' :')[0].lower()})"))
    return [{"label": label, "value": value} for label, value in facts if value]


def _joined(details: SafetyFacts, names: tuple[str, ...]) -> str:
    return ", ".join(filter(None, (getattr(details, name) for name in names)))
