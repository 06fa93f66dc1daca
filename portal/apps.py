from django.apps import AppConfig
from django.forms import Field

# Django's words for it are those of Wagtail's office on every page, « Champ requis ». Set before any form is imported:
# fields take their words when they are made.
Field.default_error_messages["required"] = "Remplissez ce champ."


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        from wagtail.admin.forms.account import AvatarPreferencesForm

        from portal import checks, lookups, staff  # noqa: F401 - checks, the lookup ``among``, what is noted at a login
        from portal.clean_forms import clean_every_text_field
        from portal.picture_fields import HELP, PictureFormField
        from portal.spreadsheets import guard_wagtail

        AvatarPreferencesForm.base_fields["avatar"] = PictureFormField(
            label="Photo de profil", required=False, help_text=HELP
        )
        clean_every_text_field()
        guard_wagtail()
