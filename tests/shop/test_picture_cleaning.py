"""Pictures that were stored before the one door are brought to what it would have made of them."""

from io import BytesIO

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from oscar.core.loading import get_model
from PIL import Image
from wagtail.users.models import UserProfile

from portal import picture_job, picture_names
from portal.models import Picture, Rendition
from shop import picture_job as product_picture_job
from shop.picture_cleaning import clean_stored, is_clean
from tests.portal.pictures import DATA, photo, saved, turned, with_gps
from tests.shop.factories import make_product

ProductImage = get_model("catalogue", "ProductImage")
pytestmark = pytest.mark.django_db


def stored_before(folder, name, content):
    """Store a file as it was sent, as the portal did; return its name."""
    return default_storage.save(f"{folder}/{name}", ContentFile(content))


def library_picture(content, name="four.jpg"):
    picture = Picture.objects.create(title="four", file=ContentFile(saved(photo(), "JPEG"), name))
    old = stored_before("original_images", name, content)
    width, height = Image.open(BytesIO(content)).size if content[:3] == b"\xff\xd8\xff" else (10, 10)
    Picture.objects.filter(pk=picture.pk).update(file=old, width=width, height=height, file_hash="a", sizes_due_at=None)
    picture.refresh_from_db()
    return picture


def product_picture(merchant, content, name="pain.jpg"):
    return make_product(merchant, image=stored_before("images/products/2026/10", name, content))


def tells_a_position(name):
    with default_storage.open(name) as file, Image.open(file) as image:
        return bool(image.getexif().get_ifd(0x8825))


def clean(*, write):
    return clean_stored(apps.get_model, write)


def test_a_position_leaves_every_file(bakery, editor, picodon):
    with_position = saved(photo(), "JPEG", exif=with_gps())
    picture = library_picture(with_position)
    product = product_picture(bakery, with_position)
    shared = make_product(bakery, image=product.images.get().original.name)
    profile = UserProfile.get_for_user(editor)
    avatar = stored_before("avatar_images", "moi.jpg", with_position)
    UserProfile.objects.filter(pk=profile.pk).update(avatar=avatar)
    before = [picture.file.name, product.images.get().original.name, avatar]

    report = clean(write=True)

    assert sorted(report.mended) == sorted(before)
    for name in before:
        assert not default_storage.exists(name)
    picture.refresh_from_db()
    profile.refresh_from_db()
    now = product.images.get().original.name
    assert now == shared.images.get().original.name
    assert picture_names.is_waiting(now)
    assert picture_names.told(now) == ((640, 400), True)
    for name in (picture.file.name, now, profile.avatar.name):
        assert not tells_a_position(name)
    assert (picture.width, picture.height, picture.file_size) == (640, 400, picture.file.size)
    assert picture.file_hash != "a"
    assert picture_job.size_next() == picture.pk
    assert product_picture_job.size_all() == 1
    assert clean(write=True).mended == []


def test_without_write_it_only_tells(bakery, capsys):
    picture = library_picture(saved(photo(), "JPEG", exif=with_gps()))
    product = product_picture(bakery, saved(photo(), "PNG"))
    names = picture.file.name, product.images.get().original.name

    call_command("clean_pictures")

    assert "2 to be replaced; add --write" in capsys.readouterr().out
    picture.refresh_from_db()
    assert (picture.file.name, product.images.get().original.name) == names


def test_what_is_lost_or_broken_is_told_and_left_alone(bakery, capsys):
    lost = library_picture(saved(photo(), "JPEG"))
    default_storage.delete(lost.file.name)
    cut = (DATA / "coupee-moitie.jpg").read_bytes()
    broken = product_picture(bakery, cut)
    text = library_picture(b"Bonjour", "texte.png")
    whole = product_picture(bakery, saved(photo(), "WEBP"))

    call_command("clean_pictures", write=True)

    told = capsys.readouterr().out
    assert f"Lost: {lost.file.name}" in told
    for name in (broken.images.get().original.name, text.file.name):
        assert f"Cannot be read: {name}" in told
        assert default_storage.exists(name)
    assert picture_names.is_waiting(whole.images.get().original.name)


def test_sizes_go_with_their_original_and_a_centre_of_interest_follows(bakery):
    picture = library_picture(saved(photo(5120, 3200), "PNG"), "four.png")
    Picture.objects.filter(pk=picture.pk).update(
        width=5120, height=3200, focal_point_x=1000, focal_point_y=2000, focal_point_width=400, focal_point_height=200
    )
    old = stored_before("images", "four.fill-1200x630.jpg", saved(photo(), "JPEG", exif=with_gps()))
    Rendition.objects.create(image=picture, filter_spec="fill-1200x630|format-jpeg", file=old, width=1, height=1)

    clean(write=True)

    picture.refresh_from_db()
    assert (picture.width, picture.height) == (2560, 1600)
    assert (picture.focal_point_x, picture.focal_point_y, picture.focal_point_width) == (500, 1000, 200)
    assert not default_storage.exists(old)
    assert not picture.renditions.exists()


def test_a_picture_that_is_turned_loses_its_centre_of_interest():
    picture = library_picture(saved(photo(), "JPEG", exif=turned(6)))
    Picture.objects.filter(pk=picture.pk).update(
        focal_point_x=10, focal_point_y=10, focal_point_width=5, focal_point_height=5
    )

    clean(write=True)

    picture.refresh_from_db()
    assert (picture.width, picture.height, picture.focal_point_x) == (400, 640, None)


def test_a_size_whose_original_is_lost_keeps_its_picture_without_the_position():
    picture = library_picture(saved(photo(), "JPEG"))
    size = stored_before("images", "four.fill-1200x630.jpg", saved(photo(), "JPEG", exif=with_gps()))
    Rendition.objects.create(image=picture, filter_spec="fill-1200x630|format-jpeg", file=size, width=640, height=400)
    default_storage.delete(picture.file.name)

    clean(write=True)

    assert not tells_a_position(size)
    with default_storage.open(size) as file, Image.open(file) as image:
        assert image.size == (640, 400)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "HEIF"])
def test_what_the_door_makes_is_clean_and_what_telephones_make_is_not(kind):
    sent = saved(photo(), kind, exif=with_gps())
    picture = Picture.objects.create(title="x", file=ContentFile(sent, "x.jpg"))

    assert not is_clean(sent)
    with picture.file.open() as file:
        assert is_clean(file.read())
