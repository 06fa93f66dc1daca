"""The forms in which editors write the front page, stories and campaigns."""

from django import forms
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.blocks import StreamBlockValidationError

from home.checks.alternatives import fault_of
from home.checks.publishing import publish_errors
from portal.addresses import is_reserved

PUBLISHING = ("action-publish", "action-submit")
TAKEN = "Cette adresse est déjà celle d’une page du portail : choisissez-en une autre, dans l’onglet Promouvoir."


class CheckedPageForm(WagtailAdminPageForm):
    """A draft may hold any fault; a page that is published, scheduled or sent for review, none.

    All faults are told at once, each at its field, those of a block at the block.
    """

    def clean(self) -> dict:
        cleaned = super().clean()
        if any(action in self.data for action in PUBLISHING):
            self._check_address(cleaned)
            self._check_body()
            picture = cleaned.get("picture")
            if picture and (fault := fault_of(picture.description, picture)):
                self.add_error("picture", f"{fault} Modifiez l’image et sa description.")
        return cleaned

    def _check_address(self, cleaned: dict) -> None:
        if "slug" in cleaned and self.parent_page and is_reserved(self.parent_page.url_path, cleaned["slug"]):
            self.add_error("slug", TAKEN)

    def _check_body(self) -> None:
        """Add what is to be mended in the blocks, also in those that are not whole yet."""
        if "body" not in self.fields:
            return
        body = self.fields["body"].widget.value_from_datadict(self.data, self.files, self.add_prefix("body"))
        faults = publish_errors(body)
        if not faults:
            return
        told = self.errors.get("body")
        first = told.as_data()[0] if told else None
        blocks = dict(first.block_errors) if isinstance(first, StreamBlockValidationError) else {}
        whole = list(first.non_block_errors) if isinstance(first, StreamBlockValidationError) else []
        for number, sentences in faults.items():
            if number in blocks:
                whole += sentences  # the block tells already what it lacks
            else:
                blocks[number] = forms.ValidationError(sentences)
        if told:
            del self.errors["body"]
        self.add_error("body", StreamBlockValidationError(block_errors=blocks, non_block_errors=whole))
