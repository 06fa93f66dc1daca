"""Every page knows its own address."""

from portal.context_processors import site


def test_the_canonical_address_leaves_the_query_out(rf, settings):
    settings.SITE_URL = "https://jachete.example"

    assert site(rf.get("/commerces/die/?page=2&q=pain"))["canonical_url"] == "https://jachete.example/commerces/die/"
