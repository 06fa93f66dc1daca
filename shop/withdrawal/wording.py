"""What buyers read of withdrawals, pages and e-mails alike."""

from datetime import date, datetime

from django.utils.timezone import localtime

from portal.dates import date_format

NOT_ORDERED = "Rien n’est commandé tant que vous n’avez pas confirmé par le lien de l’e-mail : il n’y a rien à rendre."
NOT_READY = "Pas encore préparée : tout peut être retiré de la commande, sans rien payer."
READY = "Préparée, pas encore remise : ce à quoi vous renoncez est retiré de la commande, sans rien payer."
OPEN = "Vous pouvez y renoncer jusqu’au {day} inclus."
OVER = (
    "Le délai de rétractation est passé depuis le {day}. Un défaut, une panne ? La garantie légale dure deux ans : "
    "appelez le commerçant."
)
CANCELLED = "Cette commande est annulée : il n’y a rien à rendre."
ALL_GIVEN_UP = "Vous y avez déjà renoncé."


def whole_day(day: date) -> str:
    """Return "mardi 15 décembre 2026"."""
    return date_format(day, "l j F Y")


def to_the_second(moment: datetime) -> str:
    """Return a moment as an acknowledgement has to tell it: "lundi 30 novembre 2026 à 18 h 05 min 12 s"."""
    local = localtime(moment)
    return f"{whole_day(local)} à {local.hour} h {local:%M} min {local:%S} s"
