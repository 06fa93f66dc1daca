"""What keeps strangers from harming others: whose attempts are counted, how heavy a request is, what logs tell."""

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.checks import Tags, run_checks
from django.core.exceptions import ValidationError
from django.test import Client

from portal.client_address import UNKNOWN, client_address
from portal.database_cache import delete_expired
from portal.log_masks import mask_keys
from portal.passwords import VarietyValidator

SAME_ORIGIN = {"sec-fetch-site": "same-origin"}


@pytest.mark.parametrize(
    ("proxies", "asked_from", "forwarded", "expected"),
    [
        (0, "203.0.113.7", "", "203.0.113.7"),
        (0, "203.0.113.7", "198.51.100.1", "203.0.113.7"),  # a visitor's claim
        (1, "10.0.0.2", "203.0.113.7", "203.0.113.7"),
        (1, "", "203.0.113.7", "203.0.113.7"),  # a Unix socket
        (1, "10.0.0.2", "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        (2, "10.0.0.2", "198.51.100.1, 203.0.113.7, 10.0.0.1", "203.0.113.7"),
        (2, "10.0.0.2", "203.0.113.7", "10.0.0.2"),  # fewer than there are: whoever asked came another way
        (1, "10.0.0.2", " , ", "10.0.0.2"),
        (1, "10.0.0.2", "unknown", UNKNOWN),
        (0, "", "", UNKNOWN),
        (0, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::"),
        (0, "2001:db8:1:2:ffff::1", "", "2001:db8:1:2::"),
        (0, "::ffff:203.0.113.7", "", "203.0.113.7"),
    ],
)
def test_a_visitor_is_known_by_the_address_that_a_trusted_server_saw(
    rf, settings, proxies, asked_from, forwarded, expected
):
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR=asked_from, headers={"x-forwarded-for": forwarded} if forwarded else {})

    assert client_address(request) == expected


def wrong_password(address, email="personne@exemple.fr"):
    """Try to log in behind a proxy; return the answer."""
    return Client(REMOTE_ADDR="10.0.0.2").post(
        "/compte/connexion/",
        {"login": email, "password": "ce n’est pas le bon"},
        headers={**SAME_ORIGIN, "x-forwarded-for": address},
    )


@pytest.mark.django_db
def test_one_visitor_behind_a_proxy_locks_out_nobody_but_herself(settings):
    settings.TRUSTED_PROXIES = 1
    cache.clear()
    statuses = [wrong_password("203.0.113.7", f"personne{number}@exemple.fr").status_code for number in range(40)]
    assert statuses[0] == 200
    assert statuses[-1] == 429

    assert wrong_password("203.0.113.8").status_code == 200

    refused = wrong_password("203.0.113.7")
    assert refused.status_code == 429
    assert "Patientez quelques minutes" in refused.text
    assert "Too Many" not in refused.text


@pytest.mark.django_db
def test_whose_address_nobody_tells_can_sign_up(settings):
    cache.clear()
    client = Client(REMOTE_ADDR="")

    response = client.post(
        "/compte/inscription/",
        {"email": "lea@exemple.fr", "password1": "quatre chevaux bais"},
        headers=SAME_ORIGIN,
    )

    assert response.status_code == 302
    assert mail.outbox[0].to == ["lea@exemple.fr"]


@pytest.mark.django_db
def test_links_of_e_mails_lead_to_the_site_whatever_host_was_asked(settings):
    settings.ALLOWED_HOSTS = ["autre.example", "testserver"]
    cache.clear()

    Client(headers={"host": "autre.example"}).post(
        "/compte/inscription/",
        {"email": "lea@exemple.fr", "password1": "quatre chevaux bais"},
        headers=SAME_ORIGIN,
    )

    assert "autre.example" not in mail.outbox[0].body
    assert f"{settings.SITE_URL}/compte/adresse/verifier/" in mail.outbox[0].body


@pytest.mark.parametrize(
    "password", ["111111111111", "aaaaaaaaaaaaaaaa", "abababababab", "AaAaAaAaAaAa1", "123412341234"]
)
def test_a_password_that_repeats_itself_is_refused(password):
    with pytest.raises(ValidationError, match="au moins cinq différents"):
        VarietyValidator().validate(password)


@pytest.mark.parametrize("password", ["quatre chevaux bais", "Tr0ub4dor&3xyz", "éàùçîôêâûü"])
def test_a_varied_password_is_taken(password):
    VarietyValidator().validate(password)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "megabytes", "status"),
    [
        ("/boutique/panier/", 13, 413),
        ("/recherche/", 13, 413),
        ("/gestion/documents/add/", 13, 302),  # a film: only who may enter is asked to log in
        ("/gestion/documents/add/", 80, 413),
        ("/boutique/panier/", 1, 302),
    ],
)
def test_a_request_too_heavy_is_refused_before_it_is_read(path, megabytes, status):
    class Unread:
        def read(self, *arguments):
            raise AssertionError("the body was read")

        readline = read

    size = megabytes * 1024 * 1024
    options = {"wsgi.input": Unread()} if status == 413 else {}

    response = Client().post(
        path, b"", content_type="text/plain", CONTENT_LENGTH=str(size) if options else "0", **options
    )

    assert response.status_code == status
    if status == 413:
        assert "12\u00a0Mo au plus" in response.text


@pytest.mark.django_db
def test_a_kept_page_is_refused_to_who_asks_by_another_name(settings, places):
    settings.PAGE_SECONDS = 60
    settings.ALLOWED_HOSTS = ["testserver"]
    assert Client().get("/commercants/").status_code == 200

    assert Client(headers={"host": "evil.example"}).get("/commercants/").status_code == 400


@pytest.mark.parametrize(
    ("line", "logged"),
    [
        ("GET /compte/adresse/verifier/aqf3k2m9x7p4w8r1t6y5/", "GET /compte/adresse/verifier/…/"),
        ("POST /compte/mot-de-passe/nouveau/3-cx2k1f-9f7e0a1b2c/", "POST /compte/mot-de-passe/nouveau/…/"),
        ("GET /recherche/alerte/Mzg:1vXyz2:abcDEF_ghi-JKL/confirmer/", "GET /recherche/alerte/…/confirmer/"),
        ("Not Found: /recherche/alerte/AbCdEfGhIjKlMnOpQr", "Not Found: /recherche/alerte/…"),
        ("GET /commercants/la-cremerie-du-gier-saint-etienne/", "GET /commercants/la-cremerie-du-gier-saint-etienne/"),
        ("GET /commerces/lyon/boulangerie/", "GET /commerces/lyon/boulangerie/"),
        ("no path at all", "no path at all"),
    ],
)
def test_keys_stay_out_of_the_logs(line, logged):
    assert mask_keys(None, "info", {"request": line, "code": 200}) == {"request": logged, "code": 200}


@pytest.mark.django_db
def test_expired_counters_are_deleted_and_others_stay():
    cache.set("expired", 1, timeout=-1)
    cache.set("counts", 1, timeout=60)

    assert delete_expired() >= 0

    assert cache.get("counts") == 1
    assert cache.get("expired") is None


@pytest.mark.django_db
def test_filling_the_cache_forgets_no_attempt():
    cache.clear()
    cache.set("attempts", 1, timeout=600)
    for number in range(350):
        cache.set(f"stranger{number}", 1, timeout=600)

    assert cache.get("attempts") == 1


IN_PRODUCTION = {
    "SITE_URL": "https://portail.example",
    "ALLOWED_HOSTS": ["portail.example"],
    "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
    "TRUSTED_PROXIES": 1,
    "MAIL_TRANSPORT": "django.core.mail.backends.smtp.EmailBackend",
    "REQUIRE_SECOND_FACTOR": True,
}


@pytest.mark.parametrize(
    ("changed", "warnings"),
    [
        ({}, []),
        ({"SITE_URL": "http://127.0.0.1:8000"}, ["portal.W001"]),
        ({"ALLOWED_HOSTS": ["127.0.0.1", "localhost"]}, ["portal.W002"]),
        ({"TRUSTED_PROXIES": 0}, ["portal.W003"]),
        ({"TRUSTED_PROXIES": 0, "SECURE_PROXY_SSL_HEADER": None}, []),
        ({"MAIL_TRANSPORT": "django.core.mail.backends.console.EmailBackend"}, ["portal.W004"]),
        ({"REQUIRE_SECOND_FACTOR": False}, ["portal.W005"]),
    ],
)
def test_check_deploy_names_what_only_suits_a_laptop(settings, changed, warnings):
    for name, value in {**IN_PRODUCTION, **changed}.items():
        setattr(settings, name, value)

    found = run_checks(tags=[Tags.security], include_deployment_checks=True)

    assert [warning.id for warning in found if warning.id.startswith("portal")] == warnings
