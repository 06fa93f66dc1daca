"""Every address of the admin, with real things behind it, as those who work there open it and as they send it empty."""

import re
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup, SoupStrainer
from cryptography.fernet import Fernet
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.utils import timezone
from wagtail.admin.models import EditingSession
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, Site, Task, TaskState, UploadedFile, Workflow, WorkflowState

from directory.guides import TownGuide
from directory.markets import Market
from directory.models import DirectoryPage, MerchantManager, ReasonTemplate
from directory.space.reviews import submit
from directory.vetting.documents.models import Document
from directory.vetting.documents.vault import seal
from directory.vetting.sanctions.acts import open_hearing
from home.models import HomePage, StoryIndexPage, StoryPage
from home.reports.models import Complaint, Notice, TrustedFlagger
from home.site_settings import SiteSettings
from home.snippets import Partner, Spotlight
from search.editorial.models import PromotedAnswer, Synonym
from shop.messages import sending as messages
from shop.models import MerchantOrder
from shop.recalls import acts as recalls
from tests.browser_forms import sent_by
from tests.directory.vetting.applications import draft as draft_of_application
from tests.directory.vetting.procedures import case
from tests.factories import make_picture, make_user
from tests.home.test_blocks import make_story
from tests.jobs import make_failed
from tests.shop.factories import (
    hand_over_another,
    make_product,
    make_review,
    make_withdrawal,
    order_and_confirm,
    put_in_basket,
)
from tests.urls import patterns

pytestmark = pytest.mark.django_db

ADMIN = "gestion/"
NOT_WALKED = (
    "gestion/failwhale/",  # Wagtail's own trial of the page of errors
    "gestion/logout/",
    "gestion/password_reset/confirm/",
    "gestion/^.*/$",  # what nothing else answers
)
PAGE_TYPES = ["home/storypage", "home/campaignpage", "directory/merchantpage"]
BULK = {
    "wagtailcore/page": ["publish", "unpublish", "move", "delete"],
    "portal/picture": ["add_tags", "add_to_collection", "delete"],
    "wagtaildocs/document": ["add_tags", "add_to_collection", "delete"],
    "home/notice": ["set_aside", "reopen"],
    "portal/user": ["assign_role", "delete", "set_active_state"],
}
ADMINISTRATORS = (
    *("users/", "groups/", "sites/", "collections/", "workflows/list/", "workflows/add/", "workflows/edit/"),
    *("workflows/enable/", "workflows/disable/", "workflows/usage/", "workflows/remove/", "workflows/tasks/"),
    *("snippets/", "bulk/portal/user/"),
)
EDITORS = (
    *("settings/", "redirects/", "markets/", "town_guides/", "synonyms/", "promoted_answers/", "notices/"),
    *("categories/", "spotlights/", "partners/", "reports/recherches/", "reports/mises-de-cote/", "bulk/home/notice/"),
    *("merchant_accesses/", "user_chooser/", "verifications/dossier/", "verifications/fiche/", "verifications/motifs/"),
    *("verifications/piece/", "verifications/procedure/"),
)

REVIEWS = ("boutiques/avis/", "boutiques/rappels/", "boutiques/rappels/article/")  # which both read
SHOP_MANAGERS = (
    *(
        "boutiques/a-appeler/",
        "boutiques/commandes/",
        "boutiques/messages/",
        "boutiques/retractations/",
        "boutiques/a-rembourser/",
        "boutiques/commandes/achat/",
        "boutiques/articles/",
    ),
    "boutiques/",
)
AWAY = ("/gestion/logout/", "/gestion/pages/search/")  # forms that every page has
BEYOND = "9" * 20  # a bigint has 19 digits
NUMBERED = (
    *("p", "page", "id", "q", "site", "collection_id", "tag", "user", "owner", "town", "category", "content_type"),
    *(
        "page_type",
        "object_id",
        "workflow",
        "task",
        "requested_by",
        "edited_by",
        "status",
        "state",
        "reason",
        "department",
    ),
    *("depuis", "jours", "periode", "raison", "timestamp", "usage_count", "parent_page_id", "target_pages"),
)

Things = dict[str, list[dict]]  # {how an address of the admin begins: what each of its holes may be filled with}


HOLE = re.compile(r"<(?:\w+:)?(\w+)>")


def shapes() -> list[str]:
    """Return the patterns of the admin, with « <name> » where something is to be filled in."""
    found = ("".join(str(part) for part in way) for way, _ in patterns())
    walked = (each for each in dict.fromkeys(found) if each.startswith(ADMIN) and not each.startswith(NOT_WALKED))
    return [re.sub(r"[\^$\\]", "", re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", pattern)) for pattern in walked]


def addresses(things: Things) -> Iterator[str]:
    """Yield the addresses, each once for every thing that it can be about."""
    for shape in shapes():
        holes = set(HOLE.findall(shape))
        starts = sorted((start for start in things if shape.startswith(ADMIN + start)), key=len, reverse=True)
        about = next((things[start] for start in starts if all(holes <= set(each) for each in things[start])), None)
        assert about, f"Nothing of the fixture « things » fills the holes of {shape}."
        for each in about:
            yield "/" + HOLE.sub(lambda hole, of=each: str(of[hole[1]]), shape) + each.get("?", "")


@pytest.fixture
def things(places, bakery, cheesemonger, baker, neighbour, editor, settings) -> Things:
    settings.DOCUMENT_KEYS = [Fernet.generate_key().decode()]
    paper = Document.objects.create(
        merchant=bakery, kind="identity", media_type="application/pdf", size=8, sealed=seal(b"%PDF-1.7"), sender="Maud"
    )
    product = make_product(bakery)
    guest = Client()
    put_in_basket(guest, product)
    order_and_confirm(guest)
    part = MerchantOrder.objects.get()
    board = make_product(bakery, title="Planche à pain", is_food=False)
    told = {"reason": "Un défaut.", "risk": "Une coupure.", "what_to_do": "Rapportez-le."}
    recall = recalls.ask(make_product(bakery, title="Torchon", is_food=False), baker, told)
    messages.send(part, "acheteur", "Bonjour")
    messages.report(part)
    story = make_story()
    draft = story.get_latest_revision_as_object()
    draft.save_revision(user=editor)
    draft.get_workflow().start(draft, editor)
    submit(cheesemonger, neighbour)
    picture = make_picture()
    document = get_document_model().objects.create(title="Affiche", file=ContentFile(b"%PDF-1.7", "affiche.pdf"))
    upload = {"file": get_test_image_file(), "uploaded_by_user": editor}
    market = Market.objects.create(town=places.die, weekday=2, opens="08:00", closes="13:00", place="Place du Marché")
    session = EditingSession.objects.create(user=editor, content_object=story, last_seen_at=timezone.now())
    site = Site.objects.get()

    def page(page, **more):
        state = WorkflowState.objects.filter(object_id=str(page.pk)).first()
        reviewed = page if state else cheesemonger
        state = state or WorkflowState.objects.get(object_id=str(cheesemonger.pk))
        revision = page.latest_revision_id or page.save_revision().pk
        return {
            "page_id": page.pk, "parent_page_id": page.pk, "page_to_move_id": page.pk, "pk": page.pk,
            "page_pk": page.pk, "destination_id": page.get_parent().pk, "revision_id": revision,
            "revision_id_a": revision, "revision_id_b": "latest", "workflow_state_id": state.pk,
            "action_name": "reject",
            "task_state_id": TaskState.objects.get(workflow_state=state).pk, "reviewed": reviewed.pk,
            "task_id": state.current_task_state.task_id, **more,
        }  # fmt: skip

    pages = [page(each) for each in (HomePage.objects.get(), DirectoryPage.objects.get(), cheesemonger, story)]
    under_review = [each for each in pages if each["reviewed"] == each["page_id"]]
    under_review += [each | {"action_name": "approve"} for each in under_review]
    kinds = [{"kind": kind, "parent_page_id": parent} for kind, parent in zip(
        PAGE_TYPES, (StoryIndexPage.objects.get().pk, HomePage.objects.get().pk, DirectoryPage.objects.get().pk),
        strict=True,
    )]  # fmt: skip

    def split(kind, *names):
        return dict(zip(names, kind.split("/"), strict=True))

    types = [
        each
        | split(each["kind"], "content_type_app_name", "content_type_model_name")
        | split(each["kind"], "app_label", "model_name")
        for each in kinds
    ]
    ids = {
        "wagtailcore/page": bakery.pk, "portal/picture": picture.pk, "wagtaildocs/document": document.pk,
        "home/notice": 0, "portal/user": baker.pk,
    }  # fmt: skip
    notice = Notice.objects.create(page=bakery.public_path, reason="ferme", details="Fermé.", email="c@exemple.fr")
    ids["home/notice"] = notice.pk
    bulk = [
        {**split(kind, "app_label", "model_name"), "action": action, "?": f"?id={ids[kind]}&next=/gestion/"}
        for kind, actions in BULK.items()
        for action in actions
    ]
    answer = PromotedAnswer.objects.create(title="Noël", page=story, phrases=["noel"])
    rows = {
        "markets": market,
        "town_guides": TownGuide.objects.create(town=places.die, text="<p>Au pied du Glandasse.</p>"),
        "synonyms": Synonym.objects.create(phrase="boulange", meaning="pain"),
        "promoted_answers": answer,
        "notices": notice,
        "complaints": Complaint.objects.create(notice=notice, side="sender", text="C’est toujours fermé."),
        "trusted_flaggers": TrustedFlagger.objects.create(
            name="UFC", email="ufc@exemple.fr", until=timezone.localdate()
        ),
        "spotlights": Spotlight.objects.create(merchant=bakery, words="Le levain a vingt ans."),
        "partners": Partner.objects.create(name="CCI", url="https://cci.example/"),
        "merchant_accesses": MerchantManager.objects.first(),
        "users": baker,
        "groups": Group.objects.get(name="Plumes"),
        "sites": site,
        "collections": Collection.objects.get(depth=1),
        "workflows": Workflow.objects.first(),
        "workflows/tasks": Task.objects.first(),
        "town_chooser": places.die,
        "category_chooser": bakery.category,
        "categories": bakery.category,
        "user_chooser": baker,
        "verifications/motifs": ReasonTemplate.objects.create(use="ask", title="Photo", text="Une photo."),
        "product_chooser": product,
        "documents/chooser": document,
        "images/chooser": picture,
    }
    found: Things = {
        "": [{}],
        "pages/": pages,
        "choose-page/": pages,
        "api/main/pages/": [each | {"action_name": "copy"} for each in pages],
        "api/main/images/": [{"pk": picture.pk}],
        "api/main/documents/": [{"pk": document.pk}],
        "verifications/dossier/": [{"number": draft_of_application(baker).number}],
        "verifications/fiche/": [{"pk": bakery.pk}],
        "verifications/piece/": [{"number": paper.number}],
        "verifications/procedure/": [{"number": open_hearing(bakery, editor, case()).number}],
        "boutiques/": [{"pk": part.storefront_id}],
        "boutiques/avis/": [{"pk": make_review(product).pk}],
        "boutiques/rappels/": [{"pk": recall.pk}],
        "boutiques/rappels/article/": [{"pk": product.pk}],
        "boutiques/messages/": [{"number": part.order.number}],
        "boutiques/retractations/": [{"pk": make_withdrawal(hand_over_another(board)).pk}],
        "boutiques/articles/": [{"pk": product.pk}],
        "boutiques/commandes/": [{"number": part.order.number}],
        "boutiques/commandes/achat/": [{"number": part.purchase.number}],
        "pages/add/": types,
        "pages/usage/": types,
        "pages/create/": types,
        "pages/workflow/": under_review,
        "pages/<int:page_id>/workflow_history/": under_review,
        "pages/<int:page_id>/revisions/": [each | {"revision_id": each["revision_id"]} for each in pages],
        "bulk/": bulk,
        "tag-autocomplete/": [{"app_name": "taggit", "model_name": "tag"}],
        "editing-sessions/": [
            {"app_label": "wagtailcore", "model_name": "page", "object_id": story.pk, "session_id": session.pk}
        ],
        "settings/": [{"app_name": "home", "model_name": "sitesettings", "pk": SiteSettings.load().pk}],
        "reports/taches/": [{"job_id": make_failed()}],
        "redirects/": [{"redirect_id": Redirect.objects.create(old_path="/vieux", redirect_link="/histoires/").pk}],
        "documents/": [
            {
                "document_id": document.pk,
                "doc_id": document.pk,
                "uploaded_file_id": UploadedFile.objects.create(
                    for_content_type=ContentType.objects.get_for_model(document), **upload
                ).pk,
            }
        ],
        "images/": [
            {
                "image_id": picture.pk,
                "filter_spec": "width-400",
                "uploaded_file_id": UploadedFile.objects.create(
                    for_content_type=ContentType.objects.get_for_model(picture), **upload
                ).pk,
            }
        ],
    }  # fmt: skip
    for start, row in rows.items():
        found[f"{start}/"] = [{"pk": row.pk, "?": f"?id={row.pk}" if "chooser" in start else ""}]
    found["collections/"][0]["collection_id"] = Collection.objects.get(depth=1).pk
    found["workflows/remove/"] = [{"page_pk": bakery.pk, "workflow_pk": Workflow.objects.first().pk}]
    found["workflows/tasks/add/"] = [{"app_label": "wagtailcore", "model_name": "groupapprovaltask"}]
    found["workflows/task_chooser/"] = [{"task_id": Task.objects.first().pk}]
    found["images/chooser/"][0]["image_id"] = picture.pk
    return found


@pytest.fixture
def writer(db):
    user = make_user("leo@region.example", first_name="Léo")
    user.groups.add(Group.objects.get(name="Plumes"))
    return user


@pytest.fixture
def enter():
    """Return a client of somebody's, to whom a broken page answers 500."""

    def client_of(user):
        client = Client(raise_request_exception=False)
        client.force_login(user)
        return client

    return client_of


def undone(act):
    """Return an answer, its body read to the end; what it wrote is undone."""
    with transaction.atomic():
        response = act()
        response.body = response.getvalue()
        transaction.set_rollback(True)
    return response


def fault(response) -> str:
    """Return what is wrong with an answer, or ""."""
    if response.status_code >= 500:
        return repr(getattr(response, "exc_info", [response.status_code])[:2])[:300]
    if response.status_code != 200 or b"<html" not in response.body[:2000]:
        return ""
    titles = re.findall(r"<h1[ >].*?</h1>", response.body.decode(), re.DOTALL)
    is_titled = len(titles) == 1 and BeautifulSoup(titles[0], "html.parser").get_text(strip=True) != ""
    return ("" if b'<html lang="fr"' in response.body else "not in French ") + ("" if is_titled else f"h1: {titles}")


def walk(client, things) -> tuple[dict[str, int], dict[str, str]]:
    """Return the status of every address as it is opened, and what is wrong with some."""
    answers = {address: undone(lambda address=address: client.get(address)) for address in addresses(things)}
    found = {address: told for address, answer in answers.items() if (told := fault(answer))}
    # A page with a form is sent back as it was shown.
    for address, answer in answers.items():
        if (form := shown_form(answer)) is not None:
            sent = undone(lambda address=address, form=form: client.post(address, form))
            if told := fault(sent):
                found[f"POST {address}"] = told
    return {address: answer.status_code for address, answer in answers.items()}, found


def shown_form(response) -> dict | None:
    """Return what the form of the page, if it has one, sends to the page's own address; its streams without blocks."""
    if response.status_code != 200 or b"csrfmiddlewaretoken" not in response.body:
        return None
    page = BeautifulSoup(response.body, "html.parser", parse_only=SoupStrainer("form"))
    for form in page("form", method=re.compile("^post$", re.IGNORECASE)):
        if form.find(attrs={"name": "csrfmiddlewaretoken"}) and not (form.get("action") or "").startswith(AWAY):
            return sent_by(form) | dict.fromkeys(("body-count", "menu-count", "footer-count"), 0)
    return None


def opened(statuses: dict[str, int], beginnings: tuple[str, ...]) -> list[str]:
    starts = tuple(f"/{ADMIN}{beginning}" for beginning in beginnings)
    return [address for address, status in statuses.items() if address.startswith(starts) and status == 200]


def test_an_editor_opens_what_is_hers_and_breaks_nothing(enter, editor, things):
    statuses, found = walk(enter(editor), things)

    assert not found, "\n".join(f"{address}: {told}" for address, told in found.items())
    assert set(opened(statuses, ADMINISTRATORS + SHOP_MANAGERS)) == set(opened(statuses, REVIEWS))
    assert all(opened(statuses, (beginning,)) for beginning in EDITORS + REVIEWS)


def test_a_shop_manager_opens_the_shops_and_breaks_nothing(enter, things):
    manager = make_user("sami@region.example")
    manager.groups.add(Group.objects.get(name="Responsables de boutiques"))

    statuses, found = walk(enter(manager), things)

    assert not found, "\n".join(f"{address}: {told}" for address, told in found.items())
    assert not opened(statuses, ADMINISTRATORS + EDITORS)
    assert all(opened(statuses, (beginning,)) for beginning in SHOP_MANAGERS + REVIEWS)


def test_a_writer_opens_her_stories_and_breaks_nothing(enter, writer, things):
    things["pages/"] = things["choose-page/"] = [
        each for each in things["pages/"] if each["pk"] == StoryPage.objects.get().pk
    ]

    statuses, found = walk(enter(writer), things)

    assert not found, "\n".join(f"{address}: {told}" for address, told in found.items())
    assert not opened(statuses, ADMINISTRATORS + EDITORS)
    assert opened(statuses, ("pages/add/home/storypage/",))
    assert not opened(statuses, ("pages/add/home/campaignpage/", "pages/add/directory/"))


def test_numbers_beyond_any_id_break_nothing(enter, things):
    client = enter(make_user("admin@region.example", is_staff=True, is_superuser=True))
    beyond = {
        start: [{hole: BEYOND if str(value).isdecimal() else value for hole, value in about[0].items()}]
        for start, about in things.items()
    }
    asked = "&".join(f"{name}={BEYOND}" for name in NUMBERED)
    lists = [f"/{shape}?{asked}" for shape in shapes() if not HOLE.search(shape)]

    answers = {address: undone(lambda address=address: client.get(address)) for address in [*addresses(beyond), *lists]}

    found = {address: told for address, answer in answers.items() if (told := fault(answer))}
    assert not found, "\n".join(f"{address}: {told}" for address, told in found.items())


@pytest.mark.parametrize(("kind", "action"), [(kind, action) for kind, actions in BULK.items() for action in actions])
def test_every_act_on_many_rows_is_done(enter, things, kind, action):
    client = enter(make_user("admin@region.example", is_staff=True, is_superuser=True))
    (query,) = (
        each["?"]
        for each in things["bulk/"]
        if f"{each['app_label']}/{each['model_name']}" == kind and each["action"] == action
    )
    filled = {"answer": "Sans objet.", "chooser": StoryIndexPage.objects.get().pk, "collection": 1, "tags": "fête",
              "role": Group.objects.get(name="Plumes").pk, "mark_as_active": "on"}  # fmt: skip

    answer = client.post(f"/gestion/bulk/{kind}/{action}/{query}", filled)

    assert answer.status_code == 302, getattr(answer, "exc_info", answer.content[:300])
