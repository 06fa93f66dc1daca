"""People who log in, the pictures of the media library, e-mails that wait, and how often something was asked for."""

import re
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.files.base import ContentFile
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils import timezone
from wagtail.images.models import AbstractImage, AbstractRendition, Filter, ImageQuerySet, SourceImageIOError
from wagtail.images.models import Image as DefaultImage

from portal import database_clock, jobs, picture_sizes
from portal.picture_fields import LibraryFile
from portal.picture_names import within
from portal.tagged import Tagged
from portal.watch import Note, watched


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Store and return a new user; without a password they must ask for a reset link."""
        user = self.model(email=email.strip(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A shopper, a merchant or a member of staff; the e-mail address is the login."""

    email = models.EmailField("adresse e-mail", unique=True)
    first_name = models.CharField("prénom", max_length=80, blank=True)
    last_name = models.CharField("nom", max_length=80, blank=True)
    is_staff = models.BooleanField("équipe", default=False, help_text="Peut ouvrir la gestion de la boutique.")
    is_active = models.BooleanField("actif", default=True, help_text="Décochez au lieu de supprimer un compte.")
    date_joined = models.DateTimeField("inscription", default=timezone.now)
    # When it was told that nobody uses it and that it will be erased (portal/privacy/unused.py); emptied by a login.
    warned_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = UserManager()

    EMAIL_FIELD = USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "utilisateur"
        verbose_name_plural = "utilisateurs"
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_whatever_its_case",
                violation_error_message="Un compte existe déjà avec cette adresse e-mail.",
            )
        ]

    def get_full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self) -> str:
        return self.first_name or self.email


class PictureQuerySet(Tagged, ImageQuerySet):
    row_kind = "picture"


class Picture(AbstractImage):
    """A picture of the media library; its description is its alternative text.

    sizes_due_at: when the worker makes the sizes that pages show, by the database's clock; None once they are made.
    """

    credit = models.CharField("crédit", max_length=120, blank=True, help_text="Auteur et licence, sous l’image.")
    sizes_due_at = models.DateTimeField(null=True, editable=False, db_index=True, db_default=Now())

    admin_form_fields = (*DefaultImage.admin_form_fields, "credit")

    class Meta(AbstractImage.Meta):
        verbose_name = "image"
        triggers = watched(Note("select 'picture:' || id from changed", on=("update", "delete")))

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the picture; another file or centre of interest wants sizes of its own, which the worker makes."""
        is_due = kwargs.get("update_fields") is None
        if is_due:
            self.sizes_due_at = database_clock.now()
        super().save(*args, **kwargs)
        if is_due:
            jobs.wake("size_pictures", jobs.PICTURES)

    def make_renditions(self) -> None:
        """Make the sizes that are missing. Raises SourceImageIOError when the file is lost or cannot be read."""
        super().get_renditions(*picture_sizes.ALL)

    def generate_rendition_file(self, filter: Filter, **source: Any) -> Any:
        """As Wagtail does, but whatever a file does to its decoder is one error, and no temporary file stays open."""
        try:
            with super().generate_rendition_file(filter, **source) as file:
                file.seek(0)
                return ContentFile(file.read(), file.name)
        except Exception as error:
            raise SourceImageIOError(str(error)) from error

    def get_rendition(self, filter: Filter | str) -> "Rendition":
        """Return one size, or what stands for it until the worker has made it: no request makes any."""
        return self.get_renditions(filter)[filter.spec if isinstance(filter, Filter) else filter]

    def get_renditions(self, *filters: Filter | str) -> dict[str, "Rendition"]:
        asked = [filter if isinstance(filter, Filter) else Filter(spec=filter) for filter in filters]
        made = self.find_existing_renditions(*asked)
        return {filter.spec: made.get(filter) or self._in_place_of(filter.spec) for filter in asked}

    def _in_place_of(self, spec: str) -> "Rendition":
        """Return the picture as it is stored, to be drawn within the size that is asked for."""
        sides = [int(side) for side in re.findall(r"\d+", spec.partition("|")[0])]
        width, height = within((self.width, self.height), max(sides)) if sides else (self.width, self.height)
        return Rendition(image=self, filter_spec=spec, file=self.file.name, width=width, height=height)


Picture._meta.get_field("file").attr_class = LibraryFile  # a field of its own would be written after width and height


class Rendition(AbstractRendition):
    """One size of a picture, made once."""

    image = models.ForeignKey(Picture, models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="one_rendition_a_filter")
        ]
        triggers = watched(Note("select 'picture:' || image_id from changed"))


class QueuedMail(models.Model):
    """An e-mail that waits for its job, `send_mail` (portal/mail.py); deleted once sent.

    content: the arguments of EmailMultiAlternatives. made_at: by the database's clock, whichever process wrote it.
    handed_at: since when it has been in the hands of the mail server; a process that is killed leaves it there.
    """

    content = models.JSONField(encoder=DjangoJSONEncoder)
    made_at = models.DateTimeField(db_default=Now())
    handed_at = models.DateTimeField(null=True)


class JobReport(models.Model):
    """When a kind of job (portal/jobs.py) last went well and last failed, by the database's clock.

    job: its name, or "search" for the feed of the search. failure: why it last failed, without anybody's name.
    """

    job = models.CharField(max_length=40, unique=True)
    known_since = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=200, blank=True)


class JobFailure(models.Model):
    """Why one job, which procrastinate keeps without the reason, failed for good."""

    job_id = models.BigIntegerField(primary_key=True)
    failure = models.CharField(max_length=200)


class DatabaseMark(models.Model):
    """One row that nobody reads: the transaction that wrote it tells tables put back from tables that went on.

    See portal/database_history.py.
    """


class KeptUpload(models.Model):
    """A file of a form that came back with a fault (portal/kept_uploads.py); kept for an hour, never served.

    content: the bytes as they were sent.
    """

    sender = models.ForeignKey(User, models.CASCADE, related_name="+")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=255)
    content = models.BinaryField()
    kept_at = models.DateTimeField(db_default=Now(), db_index=True)


class AccountSession(models.Model):
    """One session that is open in an account's name (portal/open_sessions.py); it goes with the session.

    device: two words, "Chrome, Android".
    """

    session = models.OneToOneField("sessions.Session", models.CASCADE)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    device = models.CharField("appareil", max_length=60)
    opened_at = models.DateTimeField("ouverte le", db_default=Now())

    wagtail_reference_index_ignore = True


class RateCount(models.Model):
    """How often somebody did something since the period began (portal/rate_limits.py). who: a keyed hash."""

    name = models.CharField(max_length=40)
    who = models.CharField(max_length=64)
    started_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "who"], name="one_count_a_person")]


class ChangeReader(models.Model):
    """Up to where somebody follows the log of changes, across restarts (portal/changes.py). position: a Position."""

    name = models.CharField(max_length=20, primary_key=True)
    position = models.TextField()


# Its own module says what they are for; Django finds models in this one.
from portal.privacy.models import Consultation, ErasureRecord, PersonalDataCopy, PurgeReport  # noqa: E402

__all__ = [
    "AccountSession", "ChangeReader", "Consultation", "DatabaseMark", "ErasureRecord", "JobFailure", "JobReport",
    "KeptUpload", "PersonalDataCopy", "Picture", "PurgeReport", "QueuedMail", "RateCount", "Rendition", "User",
]  # fmt: skip
