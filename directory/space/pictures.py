"""A merchant's own pictures: added, told in words, ordered and removed; online at once, like the hours."""

import re
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.images.rect import Rect
from wagtail.models import Page

from directory.models import MerchantPage, MerchantPicture
from directory.space.at_once import change_pictures
from directory.space.changes import last_change, tell_moved
from directory.space.navigation import links
from portal.concurrent_edits import LastChange, Part
from portal.concurrent_form import ConcurrentEditsMixin
from portal.kept_uploads import KeptUploadsMixin
from portal.models import Picture, User
from portal.picture_fields import PictureFormField
from portal.pictures import rendition_urls

MOST = 8  # as many as editors may give a page
SIZE = "max-165x165"
ALT = MerchantPicture._meta.get_field("alt").max_length
HINT = "Ce qu’on y voit, pour qui ne la voit pas : « La vitrine bleue, rue du Marché »."
# Where the picture is cut around, as (left, top, right, bottom) of its width and height.
CROPS = {
    "": ("le milieu", None),
    "haut": ("le haut", (0.25, 0.0, 0.75, 0.4)),
    "bas": ("le bas", (0.25, 0.6, 0.75, 1.0)),
    "gauche": ("la gauche", (0.0, 0.25, 0.4, 0.75)),
    "droite": ("la droite", (0.6, 0.25, 1.0, 0.75)),
}


class AddPictureForm(KeptUploadsMixin, forms.Form):
    """One more picture, from the telephone's camera or its album."""

    image = PictureFormField(label="Photo", help_text="Nous la mettons à l’endroit, sans le lieu ni l’original.")
    alt = forms.CharField(
        label="Ce qu’on y voit",
        max_length=ALT,
        help_text=HINT,
        error_messages={"required": "Dites en quelques mots ce qu’on voit : tout le monde ne voit pas la photo."},
    )
    keep = forms.ChoiceField(
        label="S’il faut la recadrer, garder",
        choices=[(key, words) for key, (words, _) in CROPS.items()],
        required=False,
        help_text="Les listes montrent des photos plus larges que hautes.",
    )

    def __init__(self, data: Any = None, files: Any = None, *, merchant: MerchantPage, sender: User) -> None:
        self.merchant, self.sender, self.edits = merchant, sender, f"pictures:{merchant.pk}"
        super().__init__(data, files)
        self.fields["image"].widget.attrs["accept"] = "image/*,.heic,.heif"

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.merchant.pictures.count() >= MOST:
            self.add_error(None, f"Votre page montre déjà {MOST} photos : retirez-en une d’abord.")
        return said

    def save(self) -> None:
        said = self.cleaned_data
        picture = Picture(title=said["alt"], file=said["image"], uploaded_by_user=self.sender)
        picture.width, picture.height = said["image"].width, said["image"].height
        if part := CROPS[said["keep"]][1]:
            left, top, right, bottom = part
            picture.set_focal_point(
                Rect(left * picture.width, top * picture.height, right * picture.width, bottom * picture.height)
            )
        picture.save()
        rows = list(self.merchant.pictures.values_list("sort_order", flat=True))
        order = max((order or 0 for order in rows), default=-1) + 1
        MerchantPicture.objects.create(merchant=self.merchant, image=picture, alt=said["alt"], sort_order=order)
        self.forget_uploads()


class WordsForm(ConcurrentEditsMixin, forms.Form):
    """What is seen on each picture, by the number of its row."""

    def __init__(self, data: Any = None, *, merchant: MerchantPage, rows: list[MerchantPicture], sender: User) -> None:
        self.merchant, self.rows, self.sender = merchant, rows, sender
        self.edits = f"picture words:{merchant.pk}"
        super().__init__(data)
        for number, row in enumerate(rows, 1):
            self.fields[f"alt_{row.pk}"] = forms.CharField(
                label=f"Ce qu’on voit sur la photo {number}", max_length=ALT, required=False, help_text=HINT
            )
            self.initial[f"alt_{row.pk}"] = row.alt

    def parts(self) -> dict[str, Part]:
        return {name: Part(str(field.label), (name,)) for name, field in self.fields.items() if name.startswith("alt_")}

    def last_change(self, name: str) -> LastChange:
        return last_change(self.merchant, "pictures", self.sender)

    def save(self) -> bool:
        """Write what was touched; return whether anything changed."""
        changed = False
        for row in self.rows:
            if (name := f"alt_{row.pk}") in self.touched and self.cleaned_data[name] != row.alt:
                MerchantPicture.objects.filter(pk=row.pk).update(alt=self.cleaned_data[name])
                changed = True
        return changed

    def shown(self) -> list[dict[str, Any]]:
        urls = rendition_urls([row.image_id for row in self.rows], SIZE)
        return [
            {"pk": row.pk, "url": urls.get(row.image_id, row.image.file.url), "field": self[f"alt_{row.pk}"]}
            for row in self.rows
        ]


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def pictures(request: HttpRequest, pk: int) -> HttpResponse:
    """The pictures, each with its words and buttons, and the form of one more."""
    user = cast(User, request.user)  # login_required: nobody else comes here
    if request.method == "POST":  # one at a time, and before what is stored is read
        Page.objects.select_for_update().filter(pk=pk).first()
    merchant = get_object_or_404(MerchantPage.objects.managed_by(user).with_place(), pk=pk)
    rows = list(MerchantPicture.objects.filter(merchant=merchant).select_related("image").order_by("sort_order", "pk"))
    act = request.POST.get("faire", "")
    adds = request.method == "POST" and act == "ajouter"
    edits = request.method == "POST" and not adds
    new = AddPictureForm(
        request.POST if adds else None, request.FILES if adds else None, merchant=merchant, sender=user
    )
    words = WordsForm(request.POST if edits else None, merchant=merchant, rows=rows, sender=user)
    if adds and new.is_valid():
        with change_pictures(merchant, user):
            new.save()
        messages.success(request, _told(merchant, "Votre photo est"))
        return redirect("space:pictures", pk)
    if edits and words.is_valid():
        with change_pictures(merchant, user):
            words.save()
            _arrange(rows, act)
        messages.success(request, _told(merchant, "C’est enregistré et"))
        tell_moved(request, words)
        return redirect("space:pictures", pk)
    context = {
        "merchant": merchant,
        "links": links(merchant, "profile"),
        "new": new,
        "words": words,
        "shown": words.shown(),
        "may_add": len(rows) < MOST,
        "most": MOST,
    }
    return render(request, "directory/space/pictures.html", context)


def _told(merchant: MerchantPage, what: str) -> str:
    return f"{what} en ligne." if merchant.live else f"{what} en ligne dès que votre fiche l’est."


def _arrange(rows: list[MerchantPicture], act: str) -> None:
    """Move a picture before the one above it ("monter-12"), or remove it ("retirer-12")."""
    found = re.fullmatch(r"(monter|retirer)-(\d{1,18})", act)
    place = next((place for place, row in enumerate(rows) if found and row.pk == int(found[2])), None)
    if found is None or place is None:
        return
    if found[1] == "retirer":
        rows.pop(place).delete()
    elif place:
        rows[place - 1], rows[place] = rows[place], rows[place - 1]
    for order, row in enumerate(rows):
        MerchantPicture.objects.filter(pk=row.pk).exclude(sort_order=order).update(sort_order=order)
