"""What accounts, sessions, e-mails, jobs and the office keep of people (portal/privacy/register.py)."""

from collections.abc import Iterator

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.db.models.functions import Lower
from wagtail.models import Comment, CommentReply, ModelLogEntry, PageLogEntry, TaskState, UploadedFile
from wagtail.users.models import UserProfile

from portal.impersonal_columns import IMPERSONAL
from portal.models import Consultation, KeptUpload, PersonalDataCopy, Picture, QueuedMail, User
from portal.privacy import sessions, traces
from portal.privacy.person import Person
from portal.privacy.register import Basis, Fate, Holding, Whose, deleted, hold, impersonal, rows_of, unused

EVERYBODY = (Whose.SHOPPERS, Whose.MERCHANTS, Whose.STAFF)
OFFICE = "l’administration du site"
NOBODY = "personne"


def _account(person: Person) -> Iterator[QuerySet]:
    if person.user:
        yield User.objects.filter(pk=person.user.pk)
        yield EmailAddress.objects.filter(user=person.user)


def _delete_account(person: Person) -> int:
    """Delete the account; what hangs on it goes, or stays without it, as each foreign key says."""
    if person.user is None:
        return 0
    avatars = UserProfile.objects.filter(user=person.user).exclude(avatar="")
    for name in avatars.values_list("avatar", flat=True):
        default_storage.delete(name)
    for entries in (ModelLogEntry.objects, PageLogEntry.objects):  # keys that no constraint follows
        entries.filter(user_id=person.user_id).update(user=None)
    return person.user.delete()[0]


def _mails(person: Person) -> QuerySet:
    return traces.naming(QueuedMail.objects.all(), person, "content")


def _delete_mails(person: Person) -> int:
    """Delete the e-mails to the person that wait; those to others keep what they need until they have left."""
    waiting = [mail.pk for mail in _mails(person) if person.is_named_in(" ".join(mail.content["to"]))]
    return QueuedMail.objects.filter(pk__in=waiting).delete()[0]


def _office(person: Person) -> Iterator[QuerySet]:
    if person.user:
        yield UserProfile.objects.filter(user=person.user)


def _history(person: Person) -> Iterator[QuerySet]:
    if person.user:
        for model in (PageLogEntry, ModelLogEntry, Comment, CommentReply):
            yield model._default_manager.filter(user=person.user)
        yield Picture.objects.filter(uploaded_by_user=person.user)


def _scrub_history(person: Person) -> int:
    if person.user:
        for file in UploadedFile.objects.filter(uploaded_by_user=person.user):
            file.file.delete(save=False)
            file.delete()
    return (
        traces.scrub(ModelLogEntry.objects.all(), person, "label", "data")
        + traces.scrub(PageLogEntry.objects.all(), person, "label", "data")
        + traces.scrub(TaskState.objects.all(), person, "comment")
    )


def _copies(person: Person) -> QuerySet:
    return PersonalDataCopy.objects.annotate(address=Lower("email")).filter(address__in=person.emails)


hold(
    Holding(
        name="comptes",
        does="ouvrez un compte",
        what="adresse e-mail, prénom, nom, empreinte du mot de passe, inscription et dernière connexion",
        whose=EVERYBODY,
        why="vous reconnaître, retrouver vos commandes ou votre commerce",
        basis=Basis.CONTRACT,
        seen_by=OFFICE,
        kept="tant que le compte sert ; trois ans sans connexion ni commande, après un e-mail d’avertissement",
        columns={
            "portal_user": "email first_name last_name password last_login date_joined warned_at",
            "account_emailaddress": "email user_id",
            "account_emailconfirmation": "created sent key",
            "portal_user_groups": "user_id",
            "portal_user_user_permissions": "user_id",
        },
        fate=Fate.DELETED,
        fate_told="Votre compte, ses adresses e-mail et son mot de passe",
        purges=("unconfirmed accounts", "unused accounts"),
        queries=_account,
        secret=("password",),
        erase=_delete_account,
        erased_last=True,
    )
)
hold(
    Holding(
        name="double-authentification",
        does="protégez votre compte par un second facteur",
        what="secret de l’application de codes, clés d’accès, codes de secours, dernière utilisation",
        whose=EVERYBODY,
        why="protéger les comptes qui voient les données d’autrui",
        basis=Basis.LAW,
        seen_by=NOBODY,
        kept="tant que vous ne la retirez pas",
        columns={"mfa_authenticator": "type data user_id created_at last_used_at"},
        fate=Fate.DELETED,
        fate_told="Votre double authentification",
        queries=rows_of(Authenticator, "user"),
        secret=("data",),
        erase=deleted(rows_of(Authenticator, "user")),
    )
)
hold(
    Holding(
        name="sessions",
        does="vous connectez, ou commandez sans compte",
        what="ce que vous êtes en train de faire : connexion, genre d’appareil, coordonnées tapées dans un formulaire",
        whose=(*EVERYBODY, Whose.VISITORS),
        why="ne pas vous faire tout retaper",
        basis=Basis.CONTRACT,
        seen_by=NOBODY,
        kept="jusqu’à la fin de la session",
        columns={
            "django_session": "session_key session_data expire_date",
            "portal_accountsession": "session_id user_id device opened_at",
        },
        fate=Fate.DELETED,
        fate_told="Vos sessions ouvertes, sur tous vos appareils",
        purges=("sessions",),
        erase=sessions.end,
    )
)
hold(
    Holding(
        name="e-mails",
        does="recevez un e-mail de nous",
        what="l’e-mail qui attend de partir",
        whose=(*EVERYBODY, Whose.VISITORS),
        why="vous écrire même quand le serveur d’e-mails est en panne",
        basis=Basis.CONTRACT,
        seen_by=NOBODY,
        kept="effacé dès l’envoi ; une semaine au plus",
        columns={"portal_queuedmail": "content made_at handed_at"},
        fate=Fate.DELETED,
        fate_told="Les e-mails qui attendent de vous être envoyés",
        purges=("e-mails", "jobs"),
        queries=lambda person: [_mails(person)],
        erase=_delete_mails,
    )
)
hold(
    Holding(
        name="photos à renvoyer",
        does="envoyez une photo avec un formulaire à corriger",
        what="la photo, le temps de corriger",
        whose=(Whose.MERCHANTS,),
        why="ne pas vous faire renvoyer la photo",
        basis=Basis.MISSION,
        seen_by=NOBODY,
        kept="une heure",
        columns={"portal_keptupload": "name content_type content kept_at sender_id"},
        fate=Fate.DELETED,
        fate_told="Les photos d’un formulaire pas encore enregistré",
        purges=("uploads",),
        queries=rows_of(KeptUpload, "sender"),
        secret=("content",),
        erase=deleted(rows_of(KeptUpload, "sender")),
    )
)
hold(
    Holding(
        name="compteurs",
        does="essayez plusieurs fois de suite",
        what="un nombre d’essais, sous une empreinte chiffrée de l’adresse",
        whose=(*EVERYBODY, Whose.VISITORS),
        why="arrêter qui essaie des mots de passe ou inonde un formulaire",
        basis=Basis.LAW,
        seen_by=NOBODY,
        kept="un jour au plus",
        columns={"portal_ratecount": "name who started_at", "portal_cache": "cache_key value expires"},
        fate=Fate.KEPT_A_WHILE,
        fate_told="Les compteurs d’essais, sous une empreinte qui ne dit pas votre adresse",
        purges=("counters",),
    )
)
hold(
    Holding(
        name="réglages de l’administration",
        does="travaillez dans l’administration",
        what="photo de profil, préférences d’affichage, saisies en cours, clés d’accès aux programmes",
        whose=(Whose.STAFF,),
        why="vous rendre l’écran comme vous l’avez laissé",
        basis=Basis.MISSION,
        seen_by=OFFICE,
        kept="tant que le compte existe",
        columns={
            "wagtailusers_userprofile": "user_id avatar preferred_language current_time_zone dismissibles theme "
            "density contrast",
            "wagtailadmin_editingsession": "user_id object_id last_seen_at",
            "wagtailadmin_formstate": "user_id data object_id parent_object_id last_updated_at",
            "wagtailcore_apitoken": "user_id name key_hash prefix created revoked_at last_used_at",
            "wagtailcore_pagesubscription": "user_id",
        },
        fate=Fate.DELETED,
        fate_told="Vos réglages de l’administration",
        queries=_office,
        erase=lambda person: (
            UserProfile.objects.filter(user=person.user).count() if person.user else 0
        ),  # with the account
    )
)
hold(
    Holding(
        name="historique de l’administration",
        does="modifiez une page ou une fiche",
        what="qui a modifié, relu, commenté ou envoyé quoi, et quand",
        whose=(Whose.STAFF, Whose.MERCHANTS),
        why="comprendre et défaire une modification",
        basis=Basis.MISSION,
        seen_by=OFFICE,
        kept="deux ans ; ce qui est en ligne garde sa dernière version",
        columns={
            "wagtailcore_modellogentry": "label data user_id timestamp",
            "wagtailcore_pagelogentry": "label data user_id timestamp",
            "wagtailcore_revision": "user_id content object_str created_at",
            "wagtailcore_comment": "text user_id resolved_by_id created_at updated_at resolved_at",
            "wagtailcore_commentreply": "text user_id created_at updated_at",
            "wagtailcore_taskstate": "comment finished_by_id started_at finished_at",
            "wagtailcore_workflowstate": "requested_by_id created_at",
            "wagtailcore_page": "owner_id locked_by_id locked_at",
            "portal_picture": "uploaded_by_user_id",
            "wagtaildocs_document": "uploaded_by_user_id",
            "wagtailcore_uploadedfile": "uploaded_by_user_id file",
        },
        fate=Fate.EMPTIED,
        fate_told="Votre nom dans l’historique des pages : ce qui a été fait reste, sans dire par qui",
        purges=("revisions", "page history", "office history"),
        queries=_history,
        erase=_scrub_history,
    )
)
hold(
    Holding(
        name="consultations",
        does="ouvrez les données d’une autre personne, dans l’administration",
        what="qui a ouvert quelle page, et quand",
        whose=(Whose.STAFF,),
        why="savoir qui a vu les données de qui",
        basis=Basis.LAW,
        seen_by="les administratrices et administrateurs",
        kept="un an",
        columns={"portal_consultation": "by_id at path holdings"},
        fate=Fate.KEPT_A_WHILE,
        fate_told="Les pages que vous avez ouvertes dans l’administration, sans votre nom",
        purges=("consultations",),
        queries=rows_of(Consultation, "by"),
    )
)
hold(Holding(
    name="copies",
    does="téléchargez vos données",
    what="votre adresse et le fichier, le temps que vous le preniez",
    whose=(*EVERYBODY, Whose.VISITORS),
    why="vous remettre vos données",
    basis=Basis.LAW,
    seen_by=NOBODY,
    kept="une semaine",
    columns={"portal_personaldatacopy": "user_id email asked_at made_at content"},
    fate=Fate.DELETED,
    fate_told="Les copies de vos données que vous avez demandées",
    purges=("copies",),
    queries=lambda person: [_copies(person)],
    secret=("content",),
    erase=lambda person: _copies(person).delete()[0],
))  # fmt: skip

impersonal(IMPERSONAL)
unused("l’administration prend les images de portal.Picture", "wagtailimages_image wagtailimages_rendition")
unused("aucun contenu d’un autre site", "wagtailembeds_embed")
unused("les pages sont celles de Wagtail", "django_flatpage django_flatpage_sites")
