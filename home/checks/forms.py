"""The forms in which editors write the front page, stories and campaigns."""

from django import forms
from wagtail.blocks import StreamBlockValidationError

from directory.review_task import APPROVE
from home.checks.alternatives import fault_of
from home.checks.publishing import publish_errors
from home.links_to_pages import with_pages
from portal.page_form import PortalPageForm

PUBLISHING = ("action-publish", "action-submit")


class CheckedPageForm(PortalPageForm):
    """A draft may hold any fault; a page that is published, scheduled or sent for review, none.

    All faults are told at once, each at its field, those of a block at the block.
    """

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("body"):
            cleaned["body"] = with_pages(cleaned["body"])
        approves = self.data.get("workflow-action-name") == APPROVE
        if approves or any(action in self.data for action in PUBLISHING):
            self._check_body()
            picture = cleaned.get("picture")
            if picture and (fault := fault_of(picture.description, picture)):
                self.add_error("picture", f"{fault} Modifiez l’image et sa description.")
        return cleaned

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
