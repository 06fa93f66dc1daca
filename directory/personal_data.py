"""What pages, applications, vetting and requests keep of people (portal/privacy/register.py)."""

from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.urls import reverse

from directory.answers import Answer
from directory.impersonal_columns import IMPERSONAL
from directory.models import MerchantManager, MerchantPage
from directory.people.models import AccessRequest, Invitation, Role
from directory.vetting import acts, personal_holdings  # noqa: F401 - declares its own
from directory.vetting.emptying import empty_applications
from directory.vetting.kinds import Step
from directory.vetting.models import Application, Check, JournalEntry
from portal.privacy import obstacles, traces
from portal.privacy import person as people
from portal.privacy.obstacles import Obstacle
from portal.privacy.person import ERASED, Person
from portal.privacy.register import Basis, Fate, Holding, Whose, deleted, hold, impersonal, rows_of

REGION = "la Région"
PUBLIC = "tout le monde"


def _called(person: Person) -> Iterator[tuple[str, str]]:
    if person.user:
        for application in Application.objects.filter(applicant=person.user):
            yield "", str(application.declared.get("phone") or "")


def _erase_applications(person: Person) -> int:
    """Withdraw what waits; drafts go, what was decided stays as a decision."""
    own = Application.objects.filter(applicant=person.user) if person.user else Application.objects.none()
    count = own.count()
    own.filter(state=Step.DRAFT).delete()
    for application in own.filter(state__in=(Step.SUBMITTED, Step.INCOMPLETE)):
        acts.withdraw(application)
    for application in own:
        application.reasons = person.scrubbed(application.reasons)
        application.save(update_fields=["reasons"])
    empty_applications(own)
    return count


def _erase_requests(person: Person) -> int:
    names = [*person.names, *person.emails]
    answered = AccessRequest.objects.filter(answerer__in=names).update(answerer=ERASED) if person.user else 0
    own = AccessRequest.objects.filter(requester=person.user).delete()[0] if person.user else 0
    others = traces.scrub(AccessRequest.objects.all(), person, "text")
    return answered + own + others


def _invitations(person: Person) -> QuerySet:
    own = Q(address__in=person.emails) | (Q(inviter=person.user) if person.user else Q())
    return Invitation.objects.annotate(address=Lower("email")).filter(own)


def _scrub_answers(person: Person) -> int:
    return traces.scrub(Answer.objects.all(), person, "comment")


def _kept_alone(person: Person) -> Iterator[Obstacle]:
    """Yield the pages online that nobody else is responsible for."""
    if person.user is None:
        return
    others = MerchantManager.objects.filter(role=Role.OWNER).exclude(user=person.user).values("merchant")
    for page in MerchantPage.objects.managed_by(person.user).filter(live=True).exclude(pk__in=others).order_by("title"):
        yield Obstacle(
            f"Personne d’autre n’est responsable de « {page.title} » : invitez quelqu’un qui prend la suite, ou "
            "demandez à la Région de retirer la fiche.",
            reverse("people:list", args=[page.pk]),
            f"Les personnes qui tiennent « {page.title} »",
        )


hold(
    Holding(
        name="fiches",
        does="tenez la fiche d’un commerce",
        what="ce que dit la fiche : nom, adresse, téléphone, e-mail, site, horaires, histoire, SIRET ; ses photos",
        whose=(Whose.MERCHANTS,),
        why="annuaire public des commerces de la région",
        basis=Basis.MISSION,
        seen_by=PUBLIC,
        kept="tant que le commerce est dans l’annuaire",
        columns={
            "directory_merchantpage": "siret street postal_code latitude longitude phone email website opening_hours "
            "story",
            "wagtailcore_page": "title draft_title slug url_path seo_title search_description",
            "wagtailsearch_indexentry": "title title_text body body_text autocomplete",
        },
        fate=Fate.KEPT,
        fate_told="La fiche publique d’un commerce : elle n’est pas votre compte. Demandez à la Région de la retirer",
        queries=lambda person: [MerchantPage.objects.managed_by(person.user)] if person.user else [],
    )
)
hold(
    Holding(
        name="accès aux fiches",
        does="tenez la fiche d’un commerce",
        what="quel compte tient quelle fiche, son rôle, depuis quand ; d’un mandat, l’organisme et le dernier jour",
        whose=(Whose.MERCHANTS,),
        why="réserver une fiche à qui la tient",
        basis=Basis.MISSION,
        seen_by="les autres personnes qui tiennent la fiche, la Région",
        kept="tant que vous tenez la fiche",
        columns={"directory_merchantmanager": "user_id since role agency until digest_on"},
        fate=Fate.DELETED,
        fate_told="Votre accès aux fiches que vous tenez",
        queries=rows_of(MerchantManager, "user"),
        erase=deleted(rows_of(MerchantManager, "user")),
    )
)
hold(
    Holding(
        name="candidatures",
        does="inscrivez votre commerce",
        what="SIRET, ce que vous avez déclaré, ce que le registre public en dit, ce qui fait relire votre dossier, la "
        "décision et ses motifs",
        whose=(Whose.MERCHANTS,),
        why="vérifier qui entre dans l’annuaire, et répondre aux recours",
        basis=Basis.MISSION,
        seen_by=REGION,
        kept="six mois si vous ne l’envoyez pas ; un an après un refus ou un retrait, puis la décision seule",
        columns={
            "directory_application": "siret declared found signals reasons applicant_id decided_by_id decider "
            "started_at changed_at submitted_at terms_accepted_at decided_at",
        },
        fate=Fate.EMPTIED,
        fate_told="Vos dossiers d’inscription : un dossier ouvert est retiré, d’un dossier décidé reste la décision",
        purges=("draft applications", "decided applications"),
        queries=rows_of(Application, "applicant"),
        erase=_erase_applications,
        watched=("directory_application.declared",),
    )
)
hold(
    Holding(
        name="vérifications",
        does="êtes vérifié par la Région",
        what="ce qui a été vérifié, quand, par qui, avec quelle décision signée et quelle note interne",
        whose=(Whose.MERCHANTS, Whose.STAFF),
        why="prouver pourquoi un commerce est en ligne, et qui a décidé (CRPA, art. L212-1)",
        basis=Basis.LAW,
        seen_by=REGION,
        kept="tant que le commerce est dans l’annuaire",
        columns={
            "directory_vetting": "decider reasons decided_by_id decided_at",
            "directory_check": "siret note by_id day made_at",
        },
        fate=Fate.EMPTIED,
        fate_told="Les décisions de la Région sur un commerce restent ; votre nom en part, sauf comme signataire",
        queries=rows_of(Check, "by"),
        erase=lambda person: traces.scrub(Check.objects.all(), person, "note"),
    )
)
hold(
    Holding(
        name="journal des décisions",
        does="déposez un dossier, ou décidez pour la Région",
        what="l’acte, son moment, ses motifs, le numéro du compte qui l’a fait",
        whose=(Whose.MERCHANTS, Whose.STAFF),
        why="prouver chaque décision ; nul ne peut le réécrire",
        basis=Basis.LAW,
        seen_by=REGION,
        kept="aussi longtemps que les archives publiques le demandent",
        columns={"directory_journalentry": "actor_id on_behalf_of reasons facts moment"},
        fate=Fate.KEPT,
        fate_told="Le journal des décisions de la Région : il n’y a qu’un numéro de compte, qui ne mène plus à rien",
        queries=rows_of(JournalEntry, "actor"),
        watched=("directory_journalentry.reasons",),
    )
)
hold(
    Holding(
        name="demandes d’accès",
        does="demandez à tenir la page d’un commerce",
        what="votre demande, votre explication, la réponse et qui l’a signée",
        whose=(Whose.MERCHANTS,),
        why="donner la page à qui tient le commerce",
        basis=Basis.MISSION,
        seen_by="les personnes qui tiennent la fiche, la Région",
        kept="un an après la réponse",
        columns={"directory_accessrequest": "requester_id text asked_at answered_at answerer"},
        fate=Fate.DELETED,
        fate_told="Vos demandes d’accès à une page",
        purges=("access requests",),
        queries=rows_of(AccessRequest, "requester"),
        erase=_erase_requests,
        watched=("directory_accessrequest.text",),
    )
)
hold(
    Holding(
        name="invitations",
        does="êtes invité à tenir une page",
        what="votre adresse e-mail, qui vous invite",
        whose=(Whose.MERCHANTS,),
        why="vous donner l’accès",
        basis=Basis.MISSION,
        seen_by="les responsables de la fiche",
        kept="une semaine",
        columns={"directory_invitation": "email inviter_id made_at expires_at agency until"},
        fate=Fate.DELETED,
        fate_told="Les invitations à votre adresse, et celles que vous avez envoyées",
        purges=("invitations",),
        queries=lambda person: [_invitations(person)],
        erase=lambda person: _invitations(person).delete()[0],
    )
)
hold(
    Holding(
        name="réponses de la rédaction",
        does="envoyez une fiche à relire",
        what="la réponse de la rédaction à votre fiche",
        whose=(Whose.MERCHANTS,),
        why="vous dire quoi corriger",
        basis=Basis.MISSION,
        seen_by="les personnes qui tiennent la fiche, la Région",
        kept="tant que la fiche existe",
        columns={"directory_answer": "comment goes_live_at given_at"},
        fate=Fate.EMPTIED,
        fate_told="Votre nom dans les réponses de la rédaction",
        queries=lambda person: [traces.naming(Answer.objects.all(), person, "comment")],
        erase=_scrub_answers,
    )
)
hold(
    Holding(
        name="fréquentation",
        does="tenez la fiche d’un commerce",
        what="combien de fois par semaine la fiche est vue, montrée, appelée ; rien de qui la regarde",
        whose=(Whose.MERCHANTS,),
        why="vous dire ce que votre fiche vous apporte",
        basis=Basis.MISSION,
        seen_by="les personnes qui tiennent la fiche",
        kept="deux ans",
        columns={"directory_audienceweek": "week"},
        fate=Fate.KEPT,
        fate_told="Les sommes par semaine de la fiche que vous teniez : elles ne disent rien de vous",
        purges=("audience",),
    )
)
hold(
    Holding(
        name="registre public",
        does="êtes inscrit au répertoire Sirene",
        what="enseigne et adresse des établissements de la région, publiées par l’Insee ; rien de ce qu’il masque",
        whose=(Whose.MERCHANTS,),
        why="proposer une fiche à qui s’inscrit pendant une panne du registre",
        basis=Basis.MISSION,
        seen_by=REGION,
        kept="jusqu’au chargement suivant",
        columns={"directory_stockestablishment": "siret trade_name address postal_code loaded_at"},
        fate=Fate.KEPT,
        fate_told="La copie du répertoire public Sirene : demandez à l’Insee de ne plus diffuser votre établissement",
    )
)

impersonal(IMPERSONAL)
people.TELLERS.append(_called)
obstacles.FINDERS.append(_kept_alone)
