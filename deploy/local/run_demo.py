"""``make demo``: from a bare checkout to a region that answers in a browser, and back when it is stopped."""

import json
import os
import secrets
import signal
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass

from portal.progress import step

from . import Unavailable, virtualenv
from .places import PROJECT
from .processes import end, free_port, interrupted_once, port_is_free, running_pid, write_pid
from .stack import PREFIX, demo_stack, given, of_region

FILES = PROJECT / ".services"
ENVIRONMENT_FILE = FILES / "env"
SPARING = {"MALLOC_ARENA_MAX": "2"}  # as deploy/portal-web.service has it
READY_SECONDS = 60
KEY_LENGTH = 50
WARM_SECONDS = 15
FIRST_FREE_FOR_ALL = 1024  # lower ports are for root
TERM = signal.SIGTERM
QUICKLY = signal.SIGINT  # gunicorn then leaves the browsers' idle connections; at SIGTERM it waits for them
REGISTERS = ("REGISTER_URL", "BODACC_URL")  # the State's, which a laptop does not ask
WORKER = [virtualenv.PYTHON, "manage.py", "worker"]
GUNICORN = ["--workers=2", "--worker-class=gthread", "--threads=4", "--preload", "--no-control-socket"]


@dataclass(frozen=True)
class Demo:
    """A demo that answers. engine: what answers its searches; without: why not Elasticsearch, or ""."""

    environment: dict[str, str]
    engine: str
    without: str
    children: dict[str, subprocess.Popen]


def run(port):
    """Bring the demo up on 127.0.0.1:port, keep it up until interrupted, then stop what it started.

    Raises Unavailable.
    """
    with running(port, announce) as demo:
        print(f"\n  Searches are answered by {demo.engine}. {demo.without}".rstrip())
        print("  Ctrl-C stops everything.", flush=True)
        with suppress(KeyboardInterrupt):
            watch(demo.children)


@contextmanager
def running(port, answering=lambda port: None):
    """Yield a Demo on 127.0.0.1:port; stop afterwards what that started. Raises Unavailable.

    answering(port): called when the portal answers already, while Elasticsearch may still be fetched or starting.
    """
    stack = demo_stack()
    with ExitStack() as started, interrupted_once():
        with step("PostgreSQL"):
            environment = {**os.environ, **base_environment(port), "DATABASE_URL": stack.start_postgres(started)}
        environment |= play_registers(started)
        environment["ELASTICSEARCH_URL"], without = plan_elasticsearch(stack)
        if environment["ELASTICSEARCH_URL"] and stack.elasticsearch.is_fetched():
            _, without = begin_elasticsearch(stack, started)  # it starts while the rest is prepared
        remember(environment)
        alone = {**environment, "ELASTICSEARCH_URL": ""}  # PostgreSQL answers the searches first
        renew = [] if given("DATABASE_URL") else ["--renew"]  # what is in a database of somebody's own is theirs
        manage(alone, "prepare", "--demo", f"--report={FILES / 'accounts.txt'}", *renew)
        with step("Web server"):
            children = {"web": serve("web", web_command(port), environment, started, QUICKLY)}
            await_answer(port, children)
        children["worker"] = serve("worker", WORKER, environment, started)
        answering(port)
        if environment["ELASTICSEARCH_URL"] and not without:
            without = switch_to_elasticsearch(stack, environment, started)
        yield Demo(environment, engine(port, children, bool(without)), without, children)


def play_registers(started):
    """Start the fictional public registers; return the variables that lead to them."""
    port = free_port()
    command = [virtualenv.PYTHON, "-m", "deploy.local.fake_register", str(port)]
    serve("registers", command, {**os.environ, "MEDIA_ROOT": str(FILES / "media")}, started)
    return dict.fromkeys(REGISTERS, f"http://127.0.0.1:{port}")


def switch_to_elasticsearch(stack, environment, started):
    """Fetch and start the server that a portal at work already knows by its address, and fill it.

    The portal turns to it by itself. Return "", or why PostgreSQL goes on answering the searches.
    """
    print("  PostgreSQL answers the searches until Elasticsearch is here.", flush=True)
    address, without = begin_elasticsearch(stack, started)
    without = without or await_elasticsearch(stack)
    if not without and address != environment["ELASTICSEARCH_URL"]:
        return f"Somebody took the port of {environment['ELASTICSEARCH_URL']} meanwhile: run make demo again."
    if not without:
        manage(environment, "prepare", "--index")
    return without


def plan_elasticsearch(stack):
    """Return (the address that Elasticsearch will have, ""), or ("", why there will be none)."""
    try:
        return given("ELASTICSEARCH_URL") or stack.elasticsearch.plan(), ""
    except Unavailable as error:
        return "", str(error)


def stop_processes():
    """End the web server and the worker of a demo whose launcher is gone; return the names of those that ran."""
    return [name for name in ("web", "worker", "registers") if stop_process(name)]


def stop_process(name):
    file = pid_file(name)
    pid = running_pid(file, str(FILES))
    if pid is None:
        return False
    end(pid, lambda: running_pid(file, str(FILES)), patience=10, signal_first=QUICKLY if name == "web" else TERM)
    return True


def need_port(port):
    """Raise Unavailable if nobody, or not this user, may listen on that port, or if something listens there."""
    if not 0 < port < 65_536:
        raise Unavailable(f"There is no port {port}: choose one from 1024 to 65535, for example make demo PORT=8001")
    if os.geteuid() and port < FIRST_FREE_FOR_ALL:
        raise Unavailable(f"Port {port} is for root: choose one from 1024 to 65535, for example make demo PORT=8001")
    if not port_is_free(port):
        raise Unavailable(
            f"Port {port} of 127.0.0.1 is taken: stop what listens there, or choose another: make demo PORT={port + 1}"
        )


def base_environment(port):
    """Return the variables of a portal that serves one laptop, without those of the two services."""
    return {
        "SECRET_KEY": secret_key(),
        "HTTPS": "false",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "SERVE_MEDIA": "true",
        "MEDIA_ROOT": str(FILES / "media"),
        "STATIC_ROOT": str(FILES / "static"),
        "REQUIRE_SECOND_FACTOR": "false",  # its accounts and their password are printed
        "EMAIL_URL": f"file:///{FILES / 'mail'}",  # the parser takes the third slash off
        "ELASTICSEARCH_PREFIX": os.environ.get("ELASTICSEARCH_PREFIX", of_region(PREFIX)),
        **dict.fromkeys(REGISTERS, ""),
        **{name: os.environ[name] for name in ("REGION",) if name in os.environ},
    }


def secret_key():
    """Return the key of this checkout, drawn once."""
    file = FILES / "secret_key"
    key = file.read_text().strip("\0\n ") if file.exists() else ""
    if len(key) < KEY_LENGTH:  # the first drawing was interrupted, or the machine cut off
        FILES.mkdir(exist_ok=True)
        file.touch(mode=0o600)
        key = secrets.token_urlsafe(KEY_LENGTH)
        file.write_text(key)
    return key


def remember(environment):
    """Write the variables where settings.py finds them, so that manage.py works by hand beside the demo."""
    names = [*base_environment(0), "DATABASE_URL", "ELASTICSEARCH_URL"]
    ENVIRONMENT_FILE.touch(mode=0o600)
    ENVIRONMENT_FILE.write_text("".join(f"{name}={environment[name]}\n" for name in names))


def begin_elasticsearch(stack, started):
    """Return (address, ""), or ("", why there is none)."""
    try:
        with step("Elasticsearch, files and launch"):
            return stack.begin_elasticsearch(started), ""
    except Unavailable as error:
        return "", str(error)


def await_elasticsearch(stack):
    """Wait for our own server, not one given by its URL. Return "" or why it did not come up."""
    if given("ELASTICSEARCH_URL"):
        return ""
    try:
        with step("Elasticsearch, ready") as outcome:
            outcome(stack.elasticsearch.wait())
    except Unavailable as error:
        return str(error)
    return ""


def manage(environment, *arguments):
    """Run manage.py, letting its words through. Raises Unavailable if it fails: its own words say why."""
    command = [virtualenv.PYTHON, "manage.py", *arguments]
    environment = {**environment, "LOG_LEVEL": "WARNING"}  # the steps say enough
    # A session of its own: Ctrl-C reaches this process alone, which then ends the command without a traceback.
    done = subprocess.run(command, cwd=PROJECT, env=environment, start_new_session=True)
    if done.returncode:
        raise Unavailable(f"manage.py {arguments[0]} failed: see above.")


def web_command(port):
    return [virtualenv.PYTHON, "-m", "gunicorn", "portal.wsgi", f"--bind=127.0.0.1:{port}", *GUNICORN]


def serve(name, command, environment, started, ending=TERM):
    """Start a process that lasts as long as the demo, its words in a log. ``started`` will send it ``ending``."""
    with open(log_of(name), "w") as log:
        child = subprocess.Popen(
            command, cwd=PROJECT, env={**SPARING, **environment}, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
    write_pid(pid_file(name), child.pid, FILES)
    started.callback(end, child.pid, lambda: child.poll() is None, patience=10, signal_first=ending)
    return child


def pid_file(name):
    return FILES / f"{name}.pid"


def log_of(name):
    return FILES / f"{name}.log"


def await_answer(port, children):
    """Return what /sante/ says, once it answers. Raises Unavailable."""
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        raise_if_ended(children)
        with suppress(OSError):
            return health(port)
        time.sleep(0.2)
    raise Unavailable(f"The portal did not answer within {READY_SECONDS} s: see {log_of('web')}.")


def engine(port, children, fallback_expected):
    """Return the name of the engine that answers searches.

    The portal may take a while to come back to Elasticsearch: its fallback is believed after WARM_SECONDS.
    """
    until = time.monotonic() + WARM_SECONDS
    while True:
        search = await_answer(port, children)["search"]
        if not search["fallback"] or fallback_expected or time.monotonic() > until:
            return search["engine"]
        time.sleep(0.5)


def health(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/sante/", timeout=5) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise Unavailable(
            f"The portal answers {error.code} at /sante/. It said: {last_words('web')} (all of it in {log_of('web')})"
        ) from error


def raise_if_ended(children):
    for name, child in children.items():
        if child.poll() is not None:
            raise Unavailable(f"The {name} process ended: {last_words(name)} (all of it in {log_of(name)})")


def last_words(name):
    return (log_of(name).read_text(errors="replace").strip().splitlines() or ["it said nothing"])[-1]


def announce(port):
    """Say where to go and as whom."""
    print(f"\n  http://127.0.0.1:{port}/            the portal")
    print(f"  http://127.0.0.1:{port}/gestion/    the editors' office")
    print(f"  http://127.0.0.1:{port}/espace/     the merchants' space\n")
    print((FILES / "accounts.txt").read_text().rstrip() + "\n")
    print("  The second factor of staff is off here (REQUIRE_SECOND_FACTOR=false); any account may add one.")
    print(f"  E-mails go to {FILES / 'mail'}, logs to {FILES}.")
    print(f"  SIRET numbers to join with, all fictional, are in {log_of('registers')}.\n", flush=True)


def watch(children):
    """Sleep until interrupted. Raises Unavailable if a child ends by itself."""
    while True:
        raise_if_ended(children)
        time.sleep(1)
