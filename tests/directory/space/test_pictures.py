"""A merchant's pictures are online at once: added, told in words, ordered, removed; editors' versions keep theirs."""

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from PIL import Image

from directory.models import MerchantManager, MerchantPicture
from portal.models import Picture
from tests.browser_forms import filled_in
from tests.factories import make_picture, make_user
from tests.portal.pictures import photo, saved, turned, upload, with_gps


@pytest.fixture
def address(bakery):
    return reverse("space:pictures", args=[bakery.pk])


def add(client, address, alt="La vitrine", name="photo.jpg", content=None, **typed):
    sent = {"faire": "ajouter", "alt": alt, "image": upload(content or saved(photo(), "JPEG"), name)}
    return client.post(address, sent | typed)


def press(client, address, act, **typed):
    rows = MerchantPicture.objects.order_by("sort_order")
    sent = filled_in(client.get(address), f"alt_{rows[0].pk}") if rows else {}
    return client.post(address, sent | typed | {"faire": act})


def words(space):
    return [row.alt for row in MerchantPicture.objects.filter(merchant=space.pk).order_by("sort_order")]


def test_a_picture_is_online_at_once_upright_and_without_its_place(space, address):
    exif = with_gps()
    exif[0x0112] = turned(6)[0x0112]

    assert add(space.client, address, content=saved(photo(), "JPEG", exif=exif)).status_code == 302

    picture = Picture.objects.get()
    with default_storage.open(picture.file.name) as file, Image.open(file) as stored:
        assert stored.size == (400, 640)
        assert not stored.getexif()
    picture.make_renditions()
    assert 'alt="La vitrine"' in Client().get(space.live().public_path).content.decode()


@pytest.mark.parametrize(
    ("sent", "field"),
    [({"alt": " "}, "alt"), ({"content": b"rien"}, "image"), ({"keep": "nord"}, "keep")],
)
def test_a_fault_is_told_and_nothing_is_stored(space, address, sent, field):
    response = add(space.client, address, **sent)

    assert field in response.context["new"].errors
    assert not Picture.objects.exists()


def test_a_picture_without_words_is_kept_until_they_are_written(space, address):
    response = add(space.client, address, alt="")
    kept = filled_in(response, "alt")
    space.client.post(address, kept | {"alt": "Le four", "faire": "ajouter"})

    assert words(space) == ["Le four"]


@pytest.mark.parametrize("keep", ["haut", "bas", "gauche", "droite"])
def test_what_is_cut_around_is_kept_in_view(space, address, keep):
    add(space.client, address, keep=keep)

    middle = Picture.objects.get().get_focal_point().centroid
    assert {"haut": middle[1] < 200, "bas": middle[1] > 200, "gauche": middle[0] < 320, "droite": middle[0] > 320}[keep]


def test_they_are_ordered_told_anew_and_removed_with_their_files(space, address):
    for alt in ("Un", "Deux", "Trois"):
        add(space.client, address, alt=alt)
    second = MerchantPicture.objects.get(alt="Deux")

    press(space.client, address, f"monter-{second.pk}")
    assert words(space) == ["Deux", "Un", "Trois"]
    press(space.client, address, "enregistrer", **{f"alt_{second.pk}": "Deux fours"})
    assert words(space) == ["Deux fours", "Un", "Trois"]
    press(space.client, address, f"retirer-{second.pk}")
    assert words(space) == ["Un", "Trois"]
    assert Picture.objects.count() == 2


def test_a_picture_of_the_editors_library_stays_there_when_it_is_removed(space, address, bakery, editor):
    picture = make_picture("Le marché")
    Picture.objects.update(uploaded_by_user=editor)
    row = MerchantPicture.objects.create(merchant=bakery, image=picture, sort_order=0)

    press(space.client, address, f"retirer-{row.pk}")

    assert words(space) == []
    assert Picture.objects.filter(pk=picture.pk).exists()


def test_a_review_keeps_what_the_merchant_did_meanwhile_and_what_the_editor_added(space, address, bakery, desk, editor):
    add(space.client, address, alt="Un")
    add(space.client, address, alt="Deux")
    space.send(story="Du seigle.")
    draft = space.draft()
    draft.pictures.add(MerchantPicture(image=make_picture("De l’éditeur"), alt="De l’éditeur", sort_order=9))
    draft.save_revision(user=editor)

    first = MerchantPicture.objects.get(alt="Un")
    press(space.client, address, f"retirer-{first.pk}")
    add(space.client, address, alt="Trois")
    space.live().get_latest_revision().publish()

    assert words(space) == ["Deux", "Trois", "De l’éditeur"]
    assert "Du seigle." in space.live().story


def test_an_older_version_that_waits_brings_no_removed_picture_back(space, address, desk):
    add(space.client, address, alt="Un")
    space.send(story="Du seigle.")
    press(space.client, address, f"retirer-{MerchantPicture.objects.get().pk}")

    desk.approve()

    assert words(space) == []
    assert "Du seigle." in space.live().story


def test_two_people_who_tell_the_same_picture_see_both_texts(space, address, bakery):
    paul = make_user(first_name="Paul", last_name="Serre")
    MerchantManager.objects.create(merchant=bakery, user=paul)
    add(space.client, address, alt="Un")
    name = f"alt_{MerchantPicture.objects.get().pk}"
    hers = filled_in(space.client.get(address), name)
    his = Client()
    his.force_login(paul)
    his.post(address, filled_in(his.get(address), name) | {name: "Le four de Paul", "faire": "enregistrer"})

    response = space.client.post(address, hers | {name: "Le four de Maud", "faire": "enregistrer"})

    page = response.content.decode().replace("\u00a0", " ")
    assert "Le four de Paul" in page
    assert "Le four de Maud" in page
    assert words(space) == ["Le four de Paul"]
    space.client.post(address, filled_in(response, name) | {"faire": "enregistrer"})
    assert words(space) == ["Le four de Maud"]


def test_the_ninth_is_refused(space, address, bakery):
    picture = make_picture("Une")
    for order in range(8):
        MerchantPicture.objects.create(merchant=bakery, image=picture, sort_order=order)

    assert "déjà 8 photos" in add(space.client, address).context["new"].non_field_errors()[0].replace("\u00a0", " ")


def test_another_s_picture_is_neither_moved_nor_removed(space, address, cheesemonger):
    row = MerchantPicture.objects.create(merchant=cheesemonger, image=make_picture("Sienne"), sort_order=0)

    space.client.post(address, {"faire": f"retirer-{row.pk}"})
    assert space.client.get(reverse("space:pictures", args=[cheesemonger.pk])).status_code == 404
    assert MerchantPicture.objects.filter(pk=row.pk).exists()
