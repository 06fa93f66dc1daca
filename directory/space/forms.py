"""The form of a merchant's page in the merchant's space."""

from django import forms
from django.http import QueryDict

from directory.models import MerchantPage
from directory.space.changes import last_change
from portal.concurrent_edits import LastChange
from portal.concurrent_form import ConcurrentEditsMixin
from portal.models import User
from portal.rich_text import is_plain, to_plain, to_rich

SERVICES = ("delivers", "delivery_note", "step_free", "labels")  # shown under « Services et labels », in this order


class ProfileForm(ConcurrentEditsMixin, forms.ModelForm):
    """What a manager may change and the Region reads before it is online; the rest is online at once, by its own pages.

    Name, address, category, town and SIRET are absent on purpose: they were vetted, so changing one means vetting
    again. The form writes to a draft: bind it to the page's latest revision, never to the live page.
    """

    story = forms.CharField(
        label="Votre histoire",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Ce que vous faites, ce qu’on ne trouve que chez vous. Une ligne vide sépare deux paragraphes.",
    )

    class Meta:
        model = MerchantPage
        fields = ("story", *SERVICES)
        help_texts = {
            "delivers": "Par vos propres moyens : le portail ne vend pas de livraison.",
            "labels": "Seulement ceux que vous pouvez prouver : la Région vous demandera le certificat.",
        }

    def __init__(self, data: QueryDict | None, *, instance: MerchantPage, sender: User) -> None:
        self.sender, self.edits = sender, f"merchant:{instance.pk}"
        super().__init__(data, instance=instance)
        self.stored = {name: getattr(instance, name) for name in self.Meta.fields}
        self.initial["story"] = to_plain(instance.story)

    def last_change(self, name: str) -> LastChange:
        return last_change(self.instance, name, self.sender)

    @property
    def services(self) -> list[forms.BoundField]:
        """What the template shows by itself: a box named in the form but not shown would come back unticked."""
        return [self[name] for name in SERVICES]

    @property
    def has_styled_story(self) -> bool:
        """Whether changing the story here loses markup."""
        return not is_plain(self.stored["story"])

    def clean_story(self) -> str:
        plain = self.cleaned_data["story"].strip()
        return self.stored["story"] if plain == self.initial["story"] else to_rich(plain)

    def save_draft(self, author: User) -> bool:
        """Store what changed as a draft; the live page does not move until an editor approves.

        author: the manager who made the change; recorded on the revision. Return whether anything had changed.
        """
        for name in set(self.Meta.fields) - self.touched:  # whatever cleaning made of it
            setattr(self.instance, name, self.stored[name])
        if all(getattr(self.instance, name) == value for name, value in self.stored.items()):
            return False
        # The form has read what the merchant may change; a fault elsewhere is an editor's to mend and must not stop it.
        self.instance.save_revision(user=author, log_action=True, clean=False)
        return True
