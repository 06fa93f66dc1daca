"""Rows a test needs but does not care about; what matters to it is written in the test."""

from datetime import timedelta
from itertools import count

from allauth.account.models import EmailAddress
from django.utils import timezone
from wagtail.images.tests.utils import get_test_image_file

from directory.bulk import add_merchants, free_slug
from directory.models import Category, DirectoryPage, MerchantManager, MerchantPage, Town, Vetting
from home.site_settings import SiteSettings
from portal.models import Picture, User

PASSWORD = "sept-fromages-bleus"
SAME_ORIGIN = {"sec-fetch-site": "same-origin"}  # what a browser says of a form on our own page

GRACE = timedelta(days=60)  # as long as pages of before vetting have

SET_BY_THE_TREE = ("path", "depth", "slug", "content_type", "locale", "draft_title")

numbers = count(1)


def make_user(email=None, **fields):
    """Return a stored user whose e-mail address is verified and whose password is PASSWORD."""
    user = User.objects.create_user(email or f"camille{next(numbers)}@voisins.example", PASSWORD, **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def let_online(pages):
    """Let these pages be online for a while, as those that were there before anybody had to be vetted."""
    last = timezone.localdate() + GRACE
    Vetting.objects.bulk_create(Vetting(merchant_id=page.pk, visible_until=last) for page in pages)


def make_merchant(*, town=None, category=None, managers=(), live=True, vouch=let_online, **fields):
    """Return a merchant's page, published unless ``live`` is false; needs the fixture ``places``.

    town: a Town, by default Privas. category: a Category or its slug, by default bakeries. vouch: stores what lets the
    page be online; ``list`` for nothing: it is a draft, and cannot be published.
    It is stored as an import stores it, by a fifth of the statements of Wagtail's own way (``publish_merchant``);
    tests/directory/test_bulk.py proves that the rows are the same.
    """
    page = new_merchant(town, category, live=live, **fields)
    page.clean_fields(exclude=SET_BY_THE_TREE)
    add_merchants(
        [page], DirectoryPage.objects.get(), action="wagtail.publish" if live else "wagtail.create", vouch=vouch
    )
    page = MerchantPage.objects.select_related("town", "category").get(pk=page.pk)
    for user in managers:
        MerchantManager.objects.create(merchant=page, user=user)
    return page


def publish_merchant(*, town=None, category=None, live=True, **fields):
    """Return a merchant's page stored as the admin does it: added to the tree, saved as a revision, published."""
    page = new_merchant(town, category, live=False, has_unpublished_changes=not live, **fields)
    directory = DirectoryPage.objects.get()
    page.slug = free_slug(page, set(directory.get_children().values_list("slug", flat=True)))
    directory.add_child(instance=page)
    Vetting.objects.filter(merchant=page).update(visible_until=timezone.localdate() + GRACE)
    revision = page.save_revision()
    if live:
        revision.publish()
        page.refresh_from_db()
    return page


def new_merchant(town=None, category=None, **fields):
    """Return a merchant's page that is not stored; arguments are those of make_merchant."""
    town = town or Town.objects.get(insee_code="07186")
    if not isinstance(category, Category):
        category = Category.objects.get(slug=category or "boulangerie-patisserie")
    fields = {"title": f"Commerce {next(numbers)}", "postal_code": town.postal_codes[0], **fields}
    return MerchantPage(town=town, category=category, **fields)


def make_picture(title="Vitrine"):
    """Return a stored picture of 32 by 18 pixels, with its sizes."""
    picture = Picture.objects.create(title=title, file=get_test_image_file(size=(32, 18)))
    picture.make_renditions()
    return picture


def make_site_settings(**fields):
    """Store what the Region says of the whole site, in its one row."""
    site = SiteSettings.load()
    for name, value in fields.items():
        setattr(site, name, value)
    site.save()
    return site
