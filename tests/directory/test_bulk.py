import pytest
from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page, PageLogEntry, ReferenceIndex
from wagtail.search.models import IndexEntry

from directory.bulk import add_merchants
from directory.models import Category, DirectoryPage, MerchantPage, MerchantPicture
from tests.factories import let_online, make_picture, publish_merchant

pytestmark = pytest.mark.django_db


def drafts(town, count=3, **fields):
    category = Category.objects.get(slug="caviste")
    postal_code = town.postal_codes[0]
    fields = {"title": "Cave du Pont", "live": True, **fields}
    return [MerchantPage(town=town, category=category, postal_code=postal_code, **fields) for _ in range(count)]


def columns(page):
    """What a page's two tables say of it, but for what must differ between any two pages."""
    page = MerchantPage.objects.get(pk=page.pk)
    own = {"id", "page_ptr", "path", "url_path", "slug", "translation_key", "latest_revision", "live_revision"}
    moments = {"first_published_at", "last_published_at", "latest_revision_created_at"}
    return {
        field.name: getattr(page, field.attname) if field.name not in moments else bool(getattr(page, field.attname))
        for field in page._meta.concrete_fields
        if field.name not in own
    }


def search_entry(page):
    """What editors find a page by."""
    content_type = ContentType.objects.get_for_model(MerchantPage)
    return IndexEntry.objects.values("title", "autocomplete", "body", "title_text", "body_text").get(
        content_type=content_type, object_id=page.pk
    )


@pytest.mark.parametrize("live", [True, False])
def test_a_page_added_in_bulk_equals_one_added_by_hand(places, live):
    by_hand = publish_merchant(title="Cave du Pont", town=places.die, category="caviste", live=live)

    [page] = add_merchants(drafts(places.die, 1, live=live), DirectoryPage.objects.get(), vouch=let_online)

    assert columns(page) == columns(by_hand)
    assert page.latest_revision.content.keys() == by_hand.latest_revision.content.keys()
    assert search_entry(page) == search_entry(by_hand)
    assert not ReferenceIndex.objects.filter(object_id__in=[page.pk, by_hand.pk]).exists()
    assert page.get_latest_revision_as_object() == page
    assert MerchantPage.objects.get(pk=page.pk).live_revision_id == (page.latest_revision_id if live else None)


def test_the_tree_stays_sound_and_takes_more_pages_by_hand(bakery, places):
    directory = DirectoryPage.objects.get()

    pages = add_merchants(drafts(places.die), directory, vouch=let_online)
    add_merchants(drafts(places.thiers), directory, vouch=let_online)
    after = publish_merchant(title="Cave du Pont", town=places.die)

    assert Page.find_problems() == ([], [], [], [], [])
    directory.refresh_from_db()
    assert directory.numchild == directory.get_children().count() == 8
    assert [page.slug for page in pages] == ["cave-du-pont-die", "cave-du-pont-die-2", "cave-du-pont-die-3"]
    assert after.slug == "cave-du-pont-die-4"
    assert pages[0].public_path == "/commercants/cave-du-pont-die/"


def test_the_number_of_statements_does_not_grow_with_the_pages(places, django_assert_max_num_queries):
    with django_assert_max_num_queries(30):
        add_merchants(drafts(places.die, 100), DirectoryPage.objects.get(), vouch=let_online)


def test_history_says_where_the_page_came_from(places):
    [page] = add_merchants(
        drafts(places.die, 1), DirectoryPage.objects.get(), vouch=let_online, data=lambda page: {"file": "caves.csv"}
    )

    entry = PageLogEntry.objects.for_instance(page).get()
    assert (entry.action, entry.data, entry.label) == ("wagtail.create", {"file": "caves.csv"}, "Cave du Pont")
    assert entry.revision == page.latest_revision


def test_pictures_are_stored_with_their_page_and_its_revision(places):
    picture = make_picture()
    [draft] = drafts(places.die, 1)
    draft.pictures.add(MerchantPicture(image=picture))

    [page] = add_merchants([draft], DirectoryPage.objects.get(), vouch=let_online)

    stored = MerchantPage.objects.get(pk=page.pk)
    assert [row.image for row in stored.pictures.all()] == [picture]
    assert [row["image"] for row in stored.latest_revision.content["pictures"]] == [picture.pk]
    assert ReferenceIndex.get_references_to(picture).count() == 1


def test_editors_find_the_new_pages(places):
    add_merchants(drafts(places.die, 1, title="Cave du Glandasse"), DirectoryPage.objects.get(), vouch=let_online)

    assert [page.title for page in Page.objects.search("glandasse")] == ["Cave du Glandasse"]
