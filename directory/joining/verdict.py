"""What the register's answer means for who wants to join: whether they may go on, and what they read.

A closed establishment, or one elsewhere, has no page here. Whatever else is odd is for people to decide: the code of an
activity, a new company or a head office abroad raise a question, and refuse nobody.
"""

from dataclasses import dataclass

from directory.hours import written_date
from directory.siret import grouped
from directory.vetting.located import town_of
from directory.vetting.register import FOUND, NOT_FOUND, Answer, Establishment
from portal.grammar import at

CORRECTION = "Si le registre se trompe, faites-le corriger sur formalites.entreprises.gouv.fr, puis revenez."


@dataclass(frozen=True)
class Verdict:
    """may_go_on: False where this SIRET has no page here. must_confirm: whether they are asked to read it again first.

    text: what they read, in French; "" where all is well.
    """

    may_go_on: bool
    must_confirm: bool = False
    text: str = ""


def verdict(siret: str, answer: Answer) -> Verdict:
    if answer.status == NOT_FOUND:
        return Verdict(
            True,
            must_confirm=True,
            text=f"Le registre ne connaît pas le {grouped(siret)}. Relisez-le : un chiffre est peut-être faux. "
            "Une entreprise toute neuve n’y est qu’après quelques jours.",
        )
    if answer.status != FOUND or answer.establishment is None:
        return Verdict(
            True,
            text="Le registre des entreprises ne répond pas en ce moment. Continuez : nous l’interrogerons de nouveau, "
            "et votre dossier n’attend pas.",
        )
    return _of(answer.establishment)


def _of(establishment: Establishment) -> Verdict:
    if not establishment.unit_is_active:
        return Verdict(False, text=f"D’après le registre, cette entreprise a cessé son activité. {CORRECTION}")
    if not establishment.is_active:
        since = f" depuis le {written_date(establishment.closed_on)}" if establishment.closed_on else ""
        text = f"D’après le registre, cet établissement est fermé{since}."
        if establishment.open_head_office:
            other = grouped(establishment.open_head_office)
            return Verdict(False, text=f"{text} Avez-vous déménagé ? Votre siège actuel a le SIRET {other}.")
        return Verdict(False, text=f"{text} {CORRECTION}")
    if town_of(establishment.insee_code) is None:
        where = f" {at(establishment.town_name.title())}" if establishment.town_name else ""
        return Verdict(
            False,
            text=f"D’après le registre, cet établissement se trouve{where}, hors de la région. Si vous tenez aussi un "
            "commerce dans la région, donnez le SIRET de celui-là : chaque adresse a le sien.",
        )
    return Verdict(True)
