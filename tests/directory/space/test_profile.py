from django.urls import reverse

from directory.models import MerchantManager
from directory.space.reviews import review
from tests.factories import make_merchant


def test_a_change_waits_for_an_editor(space):
    response = space.send(delivery_note="Le mardi.")

    assert response.status_code == 302
    assert space.live().delivery_note == ""
    assert space.draft().delivery_note == "Le mardi."
    assert space.live().workflow_in_progress


def test_another_merchant_gets_nothing(client, neighbour, cheesemonger, bakery):
    client.force_login(neighbour)

    for name in ("profile", "preview"):
        url = reverse(f"space:{name}", args=[bakery.pk])
        assert client.get(url).status_code == 404
        assert client.post(url, {"delivery_note": "Le mardi."}).status_code in (404, 405)
    bakery.refresh_from_db()
    assert not bakery.has_unpublished_changes


def test_a_stranger_is_asked_who_she_is(client, bakery):
    url = reverse("space:profile", args=[bakery.pk])

    assert client.get(url).headers["Location"] == f"{reverse('account_login')}?next={url}"


def test_what_was_vetted_cannot_be_changed(space, places):
    before = space.live()

    space.send(
        delivery_note="Le mardi.",
        title="Chez Moi",
        town=places.die.pk,
        category="1",
        siret="11111111111111",
        street="ici",
    )

    draft = space.draft()
    assert (draft.title, draft.town, draft.category, draft.siret, draft.street, draft.slug) == (
        before.title, before.town, before.category, before.siret, before.street, before.slug,
    )  # fmt: skip


def test_a_saved_draft_is_shown_and_kept_for_later(space):
    response = space.save(story="Du pain.\n\nEt <b>du</b> beurre.")

    assert response.headers["Location"] == space.preview_url
    assert "Et &lt;b&gt;du&lt;/b&gt; beurre." in space.client.get(space.preview_url).content.decode()
    assert "Du pain." not in space.live().story
    assert space.fields()["story"] == "Du pain.\n\nEt <b>du</b> beurre."
    assert not space.live().workflow_in_progress


def test_a_draft_saved_before_can_be_sent_later_unchanged(space):
    space.save(delivery_note="Le mardi.")

    space.send()

    assert space.live().workflow_in_progress


def test_sending_nothing_new_starts_no_review(space):
    response = space.client.post(space.url, space.fields() | {"send": "1"}, follow=True)

    assert "Rien n’a changé" in response.content.decode()
    assert not space.live().workflow_in_progress
    assert space.live().revisions.count() == 1


def test_an_unchanged_story_keeps_its_markup(space):
    page = space.live()
    page.story = "<p>Du pain <b>au levain</b></p>"
    page.save_revision().publish()

    shown = space.client.get(space.url).content.decode()
    space.send(delivery_note="Le mardi.")

    assert "Ce texte a une mise en forme" in shown
    assert space.draft().story == "<p>Du pain <b>au levain</b></p>"


def test_bad_input_says_how_to_mend_it_and_loses_nothing(space):
    sent = {"story": "Un texte long que personne ne veut retaper.", "delivery_note": "x" * 121}

    response = space.send(**sent)

    html = response.content.decode()
    assert response.status_code == 200
    assert "120" in html
    assert 'href="#id_delivery_note"' in html
    assert "Un texte long que personne ne veut retaper." in html
    assert not space.live().has_unpublished_changes


def test_what_was_sent_cannot_be_changed_during_its_review(space):
    space.send(delivery_note="Le mardi.")

    shown = space.client.get(space.url).content.decode()
    response = space.client.post(space.url, {"delivery_note": "Le jeudi.", "send": "1"})

    assert "En relecture depuis le" in shown
    assert "Envoyer pour relecture" not in shown
    assert "Le jeudi." in response.content.decode()
    assert space.draft().delivery_note == "Le mardi."


def test_a_page_an_editor_has_locked_says_so(space, editor):
    page = space.live()
    page.locked, page.locked_by = True, editor
    page.save()

    response = space.client.post(space.url, {"delivery_note": "Le mardi.", "story": "Pain au levain."})

    page = response.content.decode()
    assert "La Région travaille sur votre fiche" in page
    assert "Votre saisie n’est pas enregistrée" in page
    assert "Pain au levain." in page
    assert "<fieldset disabled" not in page.replace(' class="stack stack--loose"', "")  # it can be copied
    assert not space.live().has_unpublished_changes


def test_a_refusal_is_shown_and_can_be_mended(space, editor):
    space.send(delivery_note="Le mardi.")
    space.live().current_workflow_state.current_task_state.specific.reject(
        user=editor, comment="Quel jour fermez-vous ?"
    )

    shown = space.client.get(space.url).content.decode()
    space.send(delivery_note="Le jeudi.")

    assert "À revoir" in shown
    assert "Quel jour fermez-vous\u00a0?" in shown
    assert space.fields()["delivery_note"] == "Le jeudi."
    assert review(space.live()).kind == "waiting"
    state = space.live().current_workflow_state
    assert state.current_task_state.revision == space.live().latest_revision


def test_the_space_is_private_and_unknown_to_search_engines(space):
    for url in (space.url, space.preview_url):
        response = space.client.get(url)
        assert "noindex" in response.content.decode()
        assert "no-store" in response.headers["Cache-Control"]


def test_the_only_shop_is_opened_at_once(space):
    assert space.client.get("/espace/").headers["Location"] == reverse("merchant_today", args=[space.pk])


def test_several_pages_are_listed_in_the_same_number_of_queries(space, baker, bakery, django_assert_num_queries):
    make_merchant(title="Le Fournil du Marché", managers=[baker])
    response = space.client.get("/espace/")
    assert [page["merchant"].title for page in response.context["pages"]] == [
        "Le Fournil des Mines",
        "Le Fournil du Marché",
    ]

    for _ in range(5):
        make_merchant(managers=[baker])
    with django_assert_num_queries(6):  # session, user, pages, reviews, answers, orders
        response = space.client.get("/espace/")
    assert len(response.context["pages"]) == 7


def test_anybody_reads_how_to_sell_here_without_a_cookie(client, db):
    response = client.get("/espace/")

    assert "<h1>Vendre ici</h1>" in response.content.decode()
    assert "bonjour@jachete.example" in response.content.decode()
    assert not response.cookies


def test_an_account_without_a_page_learns_what_to_do(client, shopper):
    client.force_login(shopper)

    assert 'href="/espace/inscription/"' in client.get("/espace/").content.decode()


def test_a_manager_no_longer_is_one_the_moment_her_access_ends(space, baker, bakery):
    MerchantManager.objects.filter(user=baker, merchant=bakery).delete()

    assert space.client.get(space.url).status_code == 404
