"""The words of sanctions: measures, stages, rules that may be broken, grounds of urgency, terms in days and months."""

from django.db.models import TextChoices

from directory.vetting.kinds import State


class Measure(TextChoices):
    WARNING = "warning", "avertissement"
    HIDING = "hiding", "masquage de la fiche"
    SUSPENSION = "suspension", "suspension du commerce"
    END = "end", "fin du contrat"


# What the vetting of a merchant says while a measure is in effect, the gravest first.
EFFECTS = {Measure.END: State.CLOSED, Measure.SUSPENSION: State.SUSPENDED, Measure.HIDING: State.HIDDEN}
TEMPORARY = (Measure.HIDING, Measure.SUSPENSION)


class Stage(TextChoices):
    """Where a procedure stands."""

    HEARING = "hearing", "observations attendues"
    IN_FORCE = "in_force", "en vigueur"
    DROPPED = "dropped", "sans suite"
    LIFTED = "lifted", "levée"
    ENDED = "ended", "arrivée à son terme"


class Rule(TextChoices):
    """The clause or the law that was broken, as the decision cites it."""

    LOCAL = "local", "Conditions d’utilisation, « Vendre » : avoir un établissement réel dans la région"
    TRUE = "true", "Conditions d’utilisation, « Vendre » : répondre de sa fiche, de ses prix et de ses stocks"
    LAWFUL = "lawful", "Conditions d’utilisation, « Vendre » : n’offrir que ce qui est conforme au droit de l’Union"
    CONTENT = "content", "Conditions d’utilisation, « La modération » : ne rien publier de manifestement illicite"
    ORDERS = "orders", "Conditions des commerçants, article 4 : préparer ou refuser chaque commande"
    RIGHTS = "rights", "Conditions des commerçants, article 6 : respecter les droits du client"
    PRIVACY = "privacy", "Conditions des commerçants, article 7 : les données des clients ne servent qu’à la commande"
    TRADER = "trader", "Règlement (UE) 2022/2065, article 30 : des informations complètes et exactes sur le vendeur"


class Urgency(TextChoices):
    """Why there is no hearing before, or no notice of thirty days (règlement (UE) 2019/1150, article 4)."""

    DANGER = "danger", "danger pour des personnes"
    FRAUD = "fraud", "fraude manifeste"
    ORDER = "order", "ordre d’une autorité ou obligation légale"
    LIQUIDATION = "liquidation", "liquidation ou radiation"
    REPEATED = "repeated", "manquements répétés, après une suspension"


# Repeated breaches spare the notice of an end, never the hearing.
WITHOUT_HEARING = tuple(ground for ground in Urgency if ground != Urgency.REPEATED)

HEARING_DAYS = 15  # to answer in, at least
NOTICE_DAYS = 30  # before an end
LONGEST_DAYS = 92  # of a hiding or a suspension
LONGEST_URGENT_DAYS = 15  # of one without hearing
APPEAL_MONTHS = 6  # règlement (UE) 2022/2065, article 20


class Outcome(TextChoices):
    """What became of an appeal."""

    UPHELD = "upheld", "décision maintenue"
    OVERTURNED = "overturned", "décision annulée"
