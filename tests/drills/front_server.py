"""The files of deploy/ in front of real web processes: nginx with TLS, the weight of requests, uploads, addresses.

Needs nginx and openssl: apt-get install nginx-light openssl.
"""

import http.client
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.places import PROJECT
from tests.database import Slot, connected_to, database_url

NAME = "portail.example"
PLAIN, SECURE, WEB = 8480, 8443, 8481  # ports
MEGABYTE = 1024 * 1024
PATIENCE = 60  # seconds

Answer = tuple[int, dict[str, str], str]


def play(options: Namespace) -> bool:
    """Ask nginx what browsers and strangers ask; print each answer; return whether all are right."""
    for program in ("nginx", "openssl"):
        if not shutil.which(program):
            sys.exit(f"{program} is missing: apt-get install nginx-light openssl")
    slot = Slot()
    slot.ensure_template()
    slot.clone()
    folder = Path(tempfile.mkdtemp(prefix="front-"))
    try:
        with connected_to(slot.name), web(folder) as portal, nginx(folder):
            wait_until_up()
            answers = [told(question, is_right()) for question, is_right in QUESTIONS.items()]  # all are asked
            portal.terminate()
            portal.wait()
            answers.append(told("While the portal is down, is it said in French?", a_portal_that_is_down_is_told_of()))
            return all(answers)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        slot.drop()
        slot.server.close()


def told(question: str, is_right: bool) -> bool:
    print(f"  {'yes  ' if is_right else 'FAULT'}  {question}", flush=True)
    return is_right


@contextmanager
def web(folder: Path) -> Iterator[subprocess.Popen]:
    environment = {
        **os.environ, "DATABASE_URL": database_url(), "HTTPS": "true", "SITE_URL": f"https://{NAME}",
        "ALLOWED_HOSTS": NAME, "TRUSTED_PROXIES": "1", "SERVE_MEDIA": "false", "MEDIA_ROOT": str(folder / "media"),
        "STATIC_ROOT": str(folder / "static"), "ELASTICSEARCH_URL": "", "LOG_LEVEL": "CRITICAL",
    }  # fmt: skip
    (folder / "media").mkdir()
    (folder / "media/page.html").write_text("<script>alert(1)</script>")
    manage = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
    subprocess.run(manage, cwd=PROJECT, env=environment, check=True)
    arguments = [f"--bind=127.0.0.1:{WEB}", "--threads=4", "--no-control-socket", "--log-level=warning"]
    command = [Path(sys.executable).with_name("gunicorn"), "portal.wsgi", *arguments]
    with subprocess.Popen(command, cwd=PROJECT, env=environment) as process:
        try:
            yield process
        finally:
            process.terminate()


@contextmanager
def nginx(folder: Path) -> Iterator[None]:
    """Run nginx on the files of deploy/, with the ports and folders of this drill."""
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", f"/CN={NAME}"]
    certificate = ["-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"]
    subprocess.run([*request, *certificate], check=True, capture_output=True)
    text = (PROJECT / "deploy/nginx.conf").read_text()
    for written, ours in {
        "127.0.0.1:8001": f"127.0.0.1:{WEB}",
        "listen [::]:80;": "",
        "listen [::]:443 ssl http2;": "",
        "listen 80;": f"listen 127.0.0.1:{PLAIN};",
        "listen 443 ": f"listen 127.0.0.1:{SECURE} ",
        "/etc/ssl/portail.example": str(folder),
        "/srv/portal/media": str(folder / "media"),
        "/srv/portal": str(PROJECT),
    }.items():
        assert written in text, f"deploy/nginx.conf has no {written!r} any more"
        text = text.replace(written, ours)
    user = "user root;" if os.geteuid() == 0 else ""
    temporary = "".join(f"{kind}_temp_path {folder};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(
        f"{user} daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ access_log off; {temporary}\n{text}\n}}"
    )
    with subprocess.Popen(["nginx", "-c", folder / "nginx.conf", "-e", folder / "error.log"]) as process:
        try:
            yield
        finally:
            process.terminate()


def wait_until_up() -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            if ask("GET", "/sante/")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.3)
    sys.exit("The portal did not answer through nginx.")


def ask(method: str, path: str, body: bytes = b"", port: int = SECURE, **headers: str) -> Answer:
    """Return (status, headers in lower case, body)."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # it was signed by ourselves, for a day
    secure = http.client.HTTPSConnection("127.0.0.1", port, timeout=PATIENCE, context=context)
    connection = secure if port == SECURE else http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, {"Host": NAME, **names})
    answer = connection.getresponse()
    found = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()
    connection.close()
    return found


def plain_http_leads_to_https() -> bool:
    status, headers, _ = ask("GET", "/commercants/", port=PLAIN)
    return status == 301 and headers["location"] == f"https://{NAME}/commercants/"


def a_page_is_shown() -> bool:
    status, headers, page = ask("GET", "/recherche/")
    return status == 200 and "<h1" in page and "max-age=31536000" in headers["strict-transport-security"]


def an_upload_runs_nothing() -> bool:
    status, headers, _ = ask("GET", "/media/page.html")
    policy = headers.get("content-security-policy", "")
    return status == 200 and headers.get("x-content-type-options") == "nosniff" and "sandbox" in policy


def folders_are_not_listed() -> bool:
    return ask("GET", "/media/")[0] == 403 and ask("GET", "/media/../manage.py")[0] in (400, 404)


def the_portal_refuses_what_is_too_heavy() -> bool:
    status, _, page = ask("POST", "/boutique/panier/", b"x" * (12 * MEGABYTE + 1))
    return status == 413 and "Cet envoi est trop lourd" in page


def nginx_refuses_what_is_far_too_heavy() -> bool:
    connection = ssl.create_default_context()
    connection.check_hostname, connection.verify_mode = False, ssl.CERT_NONE
    client = http.client.HTTPSConnection("127.0.0.1", SECURE, timeout=PATIENCE, context=connection)
    client.putrequest("POST", "/boutique/panier/", skip_host=True)
    for name, value in {"Host": NAME, "Content-Length": str(200 * MEGABYTE)}.items():
        client.putheader(name, value)
    client.endheaders()
    answer = client.getresponse()
    page = answer.read().decode()
    client.close()
    return answer.status == 413 and "Cet envoi est trop lourd" in page


def a_lost_upload_leads_on() -> bool:
    status, _, page = ask("GET", "/media/nulle-part.jpg")
    return status == 404 and "Ce chemin s’arrête là" in page and 'href="/recherche/"' in page


def what_nginx_cannot_read_is_told_in_french() -> bool:
    status, _, page = ask("GET", "/recherche/", port=SECURE, Cookie="x" * 40_000)
    return status == 400 and "Nous n’avons pas compris" in page


def a_portal_that_is_down_is_told_of() -> bool:
    status, headers, page = ask("GET", "/recherche/")
    return status == 503 and headers.get("retry-after") == "30" and "De retour dans un instant" in page


def another_site_s_name_is_refused() -> bool:
    return ask("GET", "/recherche/", Host="evil.example")[0] == 400


def attempts_are_counted_by_address_whatever_is_claimed() -> bool:
    """Wrong passwords from one address end in 429, though each claims another address."""
    form = b"login=personne%40exemple.fr&password=ce+n+est+pas+le+bon"
    kind = "application/x-www-form-urlencoded"
    statuses = [
        ask(
            "POST", "/compte/connexion/", form, Content_Type=kind, Sec_Fetch_Site="same-origin",
            X_Forwarded_For=f"203.0.113.{number}",
        )[0]
        for number in range(40)
    ]  # fmt: skip
    return statuses[0] == 200 and statuses[-1] == 429


QUESTIONS: dict[str, Callable[[], bool]] = {
    "Does plain HTTP lead to HTTPS?": plain_http_leads_to_https,
    "Is a page shown, and HTTPS asked for from now on?": a_page_is_shown,
    "Does an uploaded page run nothing?": an_upload_runs_nothing,
    "Are folders of uploads not listed, and nothing beside them served?": folders_are_not_listed,
    "Does the portal say in French that a request is too heavy?": the_portal_refuses_what_is_too_heavy,
    "Does nginx end what is far too heavy before it is sent?": nginx_refuses_what_is_far_too_heavy,
    "Does a lost upload lead on?": a_lost_upload_leads_on,
    "Is a request that nginx cannot read told of in French?": what_nginx_cannot_read_is_told_in_french,
    "Is another site's name refused?": another_site_s_name_is_refused,
    "Are attempts counted by the true address?": attempts_are_counted_by_address_whatever_is_claimed,
}
