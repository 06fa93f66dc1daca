"""The words of vetting: states of a merchant and of an application, kinds of checks, their results and sources."""

from django.db.models import TextChoices

FICTIONAL = "synthetic-v1"  # MerchantPage.Source.SYNTHETIC, which stands in a module that imports this one


class State(TextChoices):
    """What the Region has decided of a merchant. Before: « à vérifier »."""

    PENDING = "pending", "à vérifier"
    VERIFIED = "verified", "vérifié"
    HIDDEN = "hidden", "masqué"
    SUSPENDED = "suspended", "suspendu"
    CLOSED = "closed", "clos"


SET_ASIDE = (State.HIDDEN, State.SUSPENDED, State.CLOSED)  # by a decision (directory/vetting/sanctions/)


class Step(TextChoices):
    """Where an application stands."""

    DRAFT = "draft", "brouillon"
    SUBMITTED = "submitted", "déposé"
    INCOMPLETE = "incomplete", "à compléter"
    ACCEPTED = "accepted", "accepté"
    REFUSED = "refused", "refusé"
    WITHDRAWN = "withdrawn", "retiré"


OPEN_STEPS = (Step.DRAFT, Step.SUBMITTED, Step.INCOMPLETE)
NEXT_STEPS = (
    (Step.DRAFT, Step.SUBMITTED),
    (Step.DRAFT, Step.WITHDRAWN),
    (Step.SUBMITTED, Step.INCOMPLETE),
    (Step.INCOMPLETE, Step.SUBMITTED),
    *((before, after) for before in OPEN_STEPS[1:] for after in (Step.ACCEPTED, Step.REFUSED, Step.WITHDRAWN)),
)


class Kind(TextChoices):
    """What is checked of a merchant. The label is read by everybody: nothing private is in it."""

    REGISTER = "register_active", "Entreprise et établissement actifs au registre"
    REGION = "in_region", "Établissement situé dans la région"
    ACTIVITY = "real_activity", "Activité réelle sur place"
    IDENTITY = "identity", "Identité de la personne responsable"
    TERMS = "terms", "Engagement de n’offrir que des produits et services conformes au droit de l’Union"
    CONTACT = "contact_code", "Téléphone ou adresse joints par un code"
    WEBSITE = "website", "Site internet au nom de l’entreprise"
    DOCUMENTS = "documents", "Pièces de l’activité"
    PROCEEDINGS = "proceedings", "Ni liquidation ni radiation publiée"


# Without these nobody is published (règlement (UE) 2022/2065, article 30) nor called « Local vérifié ».
REQUIRED = (Kind.REGISTER, Kind.REGION, Kind.ACTIVITY, Kind.IDENTITY, Kind.TERMS)
MONTHS = {  # of which a passed check is in force
    Kind.REGISTER: 3,
    Kind.REGION: 12,
    Kind.ACTIVITY: 24,
    Kind.IDENTITY: 36,
    Kind.TERMS: 36,
    Kind.CONTACT: 24,
    Kind.WEBSITE: 12,
    Kind.DOCUMENTS: 12,
    Kind.PROCEEDINGS: 3,
}


class Result(TextChoices):
    PASSED = "passed", "conforme"
    FAILED = "failed", "non conforme"
    UNCLEAR = "unclear", "à éclaircir"


class Means(TextChoices):
    """How it was checked. Read by everybody."""

    REGISTER = "register", "Annuaire des entreprises (API Recherche d’entreprises)"
    STOCK = "stock", "Fichier Sirene des établissements"
    BODACC = "bodacc", "Bulletin officiel des annonces civiles et commerciales"
    VISIT = "visit", "Visite sur place"
    VIDEO = "video", "Visite par vidéo"
    DOCUMENT = "document", "Pièce présentée à la Région"
    STATE_IDENTITY = "state_identity", "FranceConnect ou ProConnect"
    CALL = "call", "Rappel à un numéro trouvé par ailleurs"
    LETTER = "letter", "Code reçu par courrier à l’adresse"
    PHONE = "phone", "Code reçu par téléphone"
    WEB = "web", "Mentions légales du site"
    SIGNED = "signed", "Signé en ligne par la personne responsable"
    FICTION = "fiction", "Fictif, pour la démonstration"
