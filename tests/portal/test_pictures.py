"""Sizes of pictures: made when a picture is stored, never while a visitor waits."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from wagtail.images.forms import get_image_form
from wagtail.images.tests.utils import get_test_image_file

from home.blocks import StoryBlocks
from home.models import StoryIndexPage, StoryPage
from portal import picture_sizes
from portal.models import Picture, Rendition
from portal.pictures import rendition_urls

# Wagtail leaves the temporary file of a rendition to the garbage collector.
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings(
        "ignore:Exception ignored.*SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning"
    ),
]


@pytest.fixture
def picture():
    return Picture.objects.create(title="four", file=get_test_image_file(size=(1600, 900)))


def sizes(picture):
    return set(Rendition.objects.filter(image=picture).values_list("filter_spec", flat=True))


def test_a_stored_picture_has_every_size_that_pages_show(picture):
    assert sizes(picture) == set(picture_sizes.ALL)


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


def test_missing_sizes_are_made_on_command(picture):
    Rendition.objects.all().delete()

    call_command("make_renditions")

    assert sizes(picture) == set(picture_sizes.ALL)


def test_a_replaced_file_gets_sizes_of_its_own(picture):
    before = rendition_urls([picture.pk], picture_sizes.STORY_CARD)
    file = SimpleUploadedFile("autre.png", get_test_image_file(size=(800, 800)).file.getvalue(), "image/png")
    form = get_image_form(Picture)(
        {"title": "four", "collection": picture.collection_id}, {"file": file}, instance=picture
    )

    assert form.is_valid(), form.errors
    form.save()

    assert sizes(picture) == set(picture_sizes.ALL)
    assert rendition_urls([picture.pk], picture_sizes.STORY_CARD) != before


def test_a_picture_whose_file_is_lost_can_still_be_kept(picture):
    Rendition.objects.all().delete()
    picture.file.storage.delete(picture.file.name)

    Picture.objects.get(pk=picture.pk).save()

    assert sizes(picture) == set()


def test_a_text_s_picture_lets_the_browser_choose(client, picture):
    story = StoryPage(title="Le four", intro="Il chauffe.", picture=picture)
    StoryIndexPage.objects.get().add_child(instance=story)

    page = client.get(story.public_path).content.decode()

    assert " 672w, " in page
    assert " 1260w" in page
