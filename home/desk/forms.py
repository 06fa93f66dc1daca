"""The forms in which editors write stories and campaigns."""

from django import forms
from wagtail.admin.forms import WagtailAdminPageForm

from home.desk.checks import must_mend

PUBLISHING = ("action-publish", "action-submit")


class CheckedPageForm(WagtailAdminPageForm):
    """A draft may hold any fault; a page that is published, scheduled or sent for review, none."""

    def clean(self) -> dict:
        cleaned = super().clean()
        if any(action in self.data for action in PUBLISHING):
            if cleaned.get("body") and (faults := must_mend(cleaned["body"])):
                self.add_error("body", forms.ValidationError(faults))
            picture = cleaned.get("picture")
            if picture and not picture.description:
                self.add_error("picture", "Cette image n’est pas décrite. Modifiez-la et remplissez sa description.")
        return cleaned
