from django.apps import AppConfig


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
