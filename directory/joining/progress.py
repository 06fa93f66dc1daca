"""Where an application stands, in words for who sent it."""

from dataclasses import dataclass

from directory.hours import written_date
from directory.joining import applications
from directory.vetting.kinds import Step
from directory.vetting.models import Application
from directory.vetting.register import NOT_FOUND, UNAVAILABLE


@dataclass(frozen=True)
class Progress:
    """kind: as components/notice.html takes it. next_step: name of the address where to go on, or ""."""

    kind: str
    title: str
    text: str
    next_step: str = ""
    remarks: tuple[str, ...] = ()


def progress(application: Application) -> Progress:
    remarks = _remarks(application) if application.is_open else ()
    due = written_date(application.due_on) if application.due_on else ""
    match application.state:
        case Step.DRAFT:
            screen = "joining:opening" if applications.is_complete(application) else "joining:shop"
            return Progress(
                "", "Brouillon", "Votre dossier est enregistré. Il n’est pas encore envoyé.", screen, remarks
            )
        case Step.SUBMITTED:
            text = f"Une personne de la Région le lit. Vous aurez sa réponse par e-mail, au plus tard le {due}."
            return Progress("ok", "Dossier déposé", text, "", remarks)
        case Step.INCOMPLETE:
            text = "La Région attend un complément de votre part. Le délai reprend quand vous le lui envoyez."
            return Progress("error", "Dossier à compléter", text, "joining:shop", remarks)
        case Step.ACCEPTED:
            return Progress("ok", "Dossier accepté", "Bienvenue. Votre commerce a sa page, et vous la tenez.")
        case Step.REFUSED:
            text = "Vous pouvez écrire à la Région pour faire revoir cette décision, ou déposer un autre dossier."
            return Progress("error", "Dossier refusé", text)
    return Progress("", "Dossier retiré", "Vous l’avez retiré. Vous pouvez en commencer un autre quand vous voulez.")


def _remarks(application: Application) -> tuple[str, ...]:
    """Return what the register said that calls for a look."""
    found = application.found
    if application.register_status == UNAVAILABLE:
        return ("Le registre des entreprises n’a pas encore répondu : nous l’interrogeons de nouveau.",)
    if application.register_status == NOT_FOUND:
        return ("Le registre ne connaît pas encore ce SIRET : une personne de la Région le vérifiera avec vous.",)
    if found and not (found["is_active"] and found["unit_is_active"]):
        return ("D’après le registre, cet établissement est fermé. Si c’est une erreur, dites-le-nous.",)
    if found and not found["is_diffusible"]:
        return (
            "Votre entreprise a demandé à ne pas figurer dans l’annuaire public. Votre page ne dira que ce que vous "
            "aurez écrit vous-même.",
        )
    return ()
