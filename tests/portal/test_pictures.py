"""Sizes of pictures: made by the worker, never while somebody waits."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from wagtail.images.forms import get_image_form
from wagtail.images.tests.utils import get_test_image_file

from home.blocks import StoryBlocks
from home.models import StoryIndexPage, StoryPage
from portal import picture_job, picture_sizes
from portal.models import Picture, Rendition
from portal.pictures import rendition_urls

pytestmark = pytest.mark.django_db


@pytest.fixture
def picture():
    picture = Picture.objects.create(title="four", file=get_test_image_file(size=(1600, 900)))
    assert picture_job.size_next() == picture.pk
    return picture


def sizes(picture):
    return set(Rendition.objects.filter(image=picture).values_list("filter_spec", flat=True))


def test_a_stored_picture_gets_every_size_that_pages_show(picture):
    assert sizes(picture) == set(picture_sizes.ALL)
    assert picture_job.size_next() is None


def test_a_visitor_never_makes_a_size(client, picture, bakery):
    bakery.pictures.create(image=picture)
    story = StoryPage(title="Le four", intro="Il chauffe.", picture=picture)
    block = {"image": picture.pk, "decorative": False, "alt_text": "Un four"}
    story.body = StoryBlocks().to_python([{"type": "picture", "value": {"image": block, "caption": ""}}])
    StoryIndexPage.objects.get().add_child(instance=story)
    Rendition.objects.all().delete()

    for path in ("/", "/histoires/", story.public_path, bakery.public_path, bakery.town.get_absolute_url()):
        assert client.get(path).status_code == 200

    assert sizes(picture) == set()


def test_an_editor_never_makes_a_size_and_sees_the_picture_all_the_same(admin_client):
    picture = Picture.objects.create(title="four", file=get_test_image_file(size=(1600, 900)))

    for path in ("", "chooser/", f"{picture.pk}/"):
        assert picture.file.url in admin_client.get(f"/gestion/images/{path}").content.decode()

    assert sizes(picture) == set()
    stand_in = picture.get_rendition("max-165x165")
    assert (stand_in.width, stand_in.height, stand_in.pk) == (165, 93, None)


def test_missing_sizes_are_made_on_command(picture):
    Rendition.objects.all().delete()

    call_command("make_renditions")

    assert sizes(picture) == set(picture_sizes.ALL)


def test_a_replaced_file_gets_sizes_of_its_own(picture):
    before = rendition_urls([picture.pk], picture_sizes.STORY_CARD)
    old = picture.file.name
    file = SimpleUploadedFile("autre.png", get_test_image_file(size=(800, 800)).file.getvalue(), "image/png")
    form = get_image_form(Picture)(
        {"title": "four", "collection": picture.collection_id}, {"file": file}, instance=picture
    )

    assert form.is_valid(), form.errors
    form.save()
    assert sizes(picture) == set()
    picture_job.size_next()

    assert sizes(picture) == set(picture_sizes.ALL)
    assert rendition_urls([picture.pk], picture_sizes.STORY_CARD) != before
    assert not default_storage.exists(old)


def test_another_centre_of_interest_gets_sizes_of_its_own(picture):
    picture.focal_point_x = picture.focal_point_y = picture.focal_point_width = picture.focal_point_height = 200
    picture.save()

    assert picture_job.size_next() == picture.pk
    assert Rendition.objects.filter(image=picture, filter_spec=picture_sizes.STORY_CARD).count() == 2


@pytest.mark.parametrize("fault", ["lost", "broken", "empty"])
def test_a_picture_whose_file_is_gone_holds_up_nothing(admin_client, fault):
    broken = Picture.objects.create(title="perdue", file=get_test_image_file())
    whole = Picture.objects.create(title="four", file=get_test_image_file())
    default_storage.delete(broken.file.name)
    if fault != "lost":
        default_storage.save(broken.file.name, ContentFile(b"\xff\xd8\xff ni plus" if fault == "broken" else b""))

    assert [picture_job.size_next(), picture_job.size_next(), picture_job.size_next()] == [broken.pk, whole.pk, None]

    Picture.objects.get(pk=broken.pk).save()
    assert (sizes(broken), sizes(whole)) == (set(), set(picture_sizes.ALL))
    for path in ("", "chooser/", f"{broken.pk}/"):
        assert admin_client.get(f"/gestion/images/{path}").status_code == 200


def test_a_text_s_picture_lets_the_browser_choose(client, picture):
    story = StoryPage(title="Le four", intro="Il chauffe.", picture=picture)
    StoryIndexPage.objects.get().add_child(instance=story)

    page = client.get(story.public_path).content.decode()

    assert " 672w, " in page
    assert " 1260w" in page
