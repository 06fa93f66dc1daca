"""People who log in, the pictures of the media library, and e-mails that wait."""

from contextlib import suppress
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from wagtail.images.models import AbstractImage, AbstractRendition, SourceImageIOError
from wagtail.images.models import Image as DefaultImage

from portal import picture_sizes


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        """Store and return a new user; without a password she must ask for a reset link."""
        user = self.model(email=email.strip(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A shopper, a merchant or a member of staff; the e-mail address is the login."""

    email = models.EmailField("adresse e-mail", unique=True)
    first_name = models.CharField("prénom", max_length=80, blank=True)
    last_name = models.CharField("nom", max_length=80, blank=True)
    is_staff = models.BooleanField("équipe", default=False, help_text="Peut ouvrir la gestion de la boutique.")
    is_active = models.BooleanField("actif", default=True, help_text="Décochez au lieu de supprimer un compte.")
    date_joined = models.DateTimeField("inscription", default=timezone.now)

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


class Picture(AbstractImage):
    """A picture of the media library; its description is its alternative text."""

    credit = models.CharField("crédit", max_length=120, blank=True, help_text="Auteur et licence, sous l’image.")

    admin_form_fields = (*DefaultImage.admin_form_fields, "credit")

    class Meta(AbstractImage.Meta):
        verbose_name = "image"

    def save(self, *args, **kwargs) -> None:
        """Store the picture, and make the sizes that pages show: no visitor waits for them."""
        super().save(*args, **kwargs)
        self.make_renditions()

    def make_renditions(self) -> None:
        """Make the sizes that are missing; none when the file is lost."""
        with suppress(SourceImageIOError):
            self.get_renditions(*picture_sizes.ALL)


class Rendition(AbstractRendition):
    """One size of a picture, made once."""

    image = models.ForeignKey(Picture, models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="one_rendition_a_filter")
        ]


class QueuedMailQuerySet(models.QuerySet):
    def due(self) -> "QueuedMailQuerySet":
        """Those to send now, the oldest first."""
        return self.filter(due_at__lte=timezone.now()).order_by("due_at", "pk")


class QueuedMail(models.Model):
    """An e-mail that waits for the worker (portal/mail.py); deleted once sent.

    content: the arguments of EmailMultiAlternatives.
    """

    content = models.JSONField(encoder=DjangoJSONEncoder)
    made_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(default=timezone.now, db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    objects = QueuedMailQuerySet.as_manager()


class DutyReport(models.Model):
    """When a duty of the worker (portal/background.py) last went well and last failed, by the database's clock.

    error: the kind of the last failure, in Python's words.
    """

    duty = models.CharField(max_length=40, unique=True)
    done_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=80, blank=True)
