"""A merchant who left is gone, not lost."""

from tests.factories import make_merchant


def test_a_page_that_was_public_answers_410_and_proposes_the_nearest_merchant(client, bakery, places):
    make_merchant(title="La Maison d’en Face", town=places.privas)
    bakery.unpublish()

    response = client.get(bakery.public_path)

    assert response.status_code == 410
    assert "La Maison d’en Face" in response.text
    assert 'content="noindex, follow"' in response.text


def test_a_page_that_never_was_public_is_not_found(client, places):
    draft = make_merchant(title="Bientôt", live=False)

    assert client.get(draft.public_path).status_code == 404


def test_a_merchant_who_comes_back_is_found_again(client, bakery):
    bakery.unpublish()
    bakery.save_revision().publish()

    assert client.get(bakery.public_path).status_code == 200


def test_a_renamed_page_is_moved_and_not_gone(client, bakery, django_capture_on_commit_callbacks):
    old = bakery.public_path
    bakery.slug = "le-fournil"
    with django_capture_on_commit_callbacks(execute=True):
        bakery.save_revision().publish()

    response = client.get(old)

    assert (response.status_code, response["Location"]) == (301, "/commercants/le-fournil/")


def test_being_gone_costs_the_same_whatever_the_neighbours(
    client, bakery, places, django_assert_max_num_queries, django_assert_num_queries
):
    make_merchant(town=places.privas)
    bakery.unpublish()
    client.get(bakery.public_path)
    with django_assert_max_num_queries(14) as few:
        client.get(bakery.public_path)
    for _ in range(3):
        make_merchant(town=places.privas)

    with django_assert_num_queries(len(few)):
        client.get(bakery.public_path)
