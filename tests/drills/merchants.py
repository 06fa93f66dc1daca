"""A file of merchants from import to publication against the fake register, every row accounted for; then asked again.

Some establishments of the file are closed, elsewhere, masked or unknown to the register, drawn by the seed; it limits
how often it is asked, and is away for a while. The rate is raised above the real one, which would take hours.
"""

import csv
import tempfile
import time
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import time_machine
from django.core.cache import cache
from django.core.management import call_command
from django.test.utils import override_settings, setup_test_environment
from django.utils import timezone
from tqdm import tqdm

from deploy.local.fake_register import FakeRegister, Scenario, establishment, masked, unit
from directory.models import DirectoryPage, MerchantPage
from directory.places import category_changes, town_changes
from directory.vetting import acts, checking, public_service, recheck
from directory.vetting.kinds import Kind, Means, Result
from directory.vetting.models import Check
from directory.vetting.rules import latest_checks
from portal import database_clock
from portal.models import User
from tests.conftest import TEST_SETTINGS
from tests.database import Slot, connected_to

BY_HAND = (Kind.ACTIVITY, Kind.IDENTITY)  # what a person looks at
ODDS = {"closed": 0.02, "elsewhere": 0.01, "unknown": 0.02, "masked": 0.03}
MOST_NIGHTS = 60  # tries of the job


def play(options: Namespace) -> bool:
    """Play the drill on a database of its own, without Elasticsearch; tell what happened, and whether all is well."""
    slot = Slot()
    setup_test_environment()
    random = Random(options.seed or 0)
    with Path(options.file).open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    drawn = {row["siret"]: _drawn(random) for row in rows}
    public_service.PER_SECOND = options.rate
    try:
        slot.ensure_template()
        slot.clone()
        register = FakeRegister(known=lambda: list(_scenarios(rows, drawn)))
        register.start()
        settings = {**TEST_SETTINGS, "ELASTICSEARCH_URL": [], "REGISTER_URL": register.url, "BODACC_URL": register.url}
        with connected_to(slot.name), override_settings(**settings):
            return _played(Path(options.file), rows, drawn, register)
    finally:
        slot.drop()
        slot.server.close()


def _played(file: Path, rows: list[dict], drawn: dict[str, str], register: FakeRegister) -> bool:
    town_changes().write()
    category_changes().write()
    DirectoryPage.objects.get()
    editor = User.objects.create_user("jeanne@region.example", first_name="Jeanne", last_name="Rey")
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "rapport.csv"
        call_command("import_merchants", file, write=True, report=report)
        outcomes = _outcomes(report)
        print(f"import: {_told(outcomes)}, {time.monotonic() - began:.0f} s")
        call_command("recheck_merchants", write=True, waiting=True, verbosity=0)
        vetted = _vetted(editor)
        print(f"vetting: {_told(vetted)}, {time.monotonic() - began:.0f} s")
        call_command("import_merchants", file, write=True, publish=True, report=report)
    online = set(MerchantPage.objects.live().values_list("siret", flat=True))
    ends = Counter(_end(row["siret"], outcomes, vetted, online) for row in rows)
    print(f"{len(rows)} rows: {_told(ends)}, {time.monotonic() - began:.0f} s")
    wrong = [siret for siret in online if drawn[siret] not in ("open", "masked")]
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        return _asked_again(register) and not (wrong or ends["LOST"])


def _asked_again(register: FakeRegister) -> bool:
    """A night's questions, the register limiting and away in between; return whether each merchant was answered."""
    total, began, tries = MerchantPage.objects.live().count(), time.monotonic(), 0
    register.asked.clear()
    register.per_second = public_service.PER_SECOND * 2
    while (ids := recheck.due(timezone.localdate())) and tries < MOST_NIGHTS:
        tries += 1
        register.is_away = tries == 2
        for count, _ in enumerate(tqdm(recheck.recheck(ids, write=True), total=len(ids), disable=None)):
            if tries == 1 and count == total // 3:
                register.is_away = True  # the register goes away while it is asked
        register.is_away = False
        cache.delete("register:rests")  # the minutes that the job waits
    left = len(recheck.due(timezone.localdate()))
    took = time.monotonic() - began
    print(f"asked again: {total} merchants, {left} without answer, {tries} tries, {len(register.asked)} questions, "
          f"{took:.0f} s, {total / took:.0f} a second")  # fmt: skip
    return left == 0 and tries > 1


def _vetted(editor: User) -> Counter | dict[str, str]:
    """Do what editors do of each draft: the checks by hand and the decision, where the register stands for it."""
    told = {}
    pages = list(MerchantPage.objects.filter(live=False, siret__isnull=False))
    checks = latest_checks([page.pk for page in pages])
    for page in tqdm(pages, unit=" dossiers", disable=None):
        of_her = checks.get((page.pk, page.siret), {})
        failed = [kind for kind in (Kind.REGISTER, Kind.REGION) if kind not in of_her or not _stands(of_her[kind])]
        if failed:
            told[page.siret] = f"register: {failed[0].value}"
            continue
        for kind in BY_HAND:
            checking.record(page, kind, Result.PASSED, Means.VISIT, by=editor)
        checking.record(page, Kind.TERMS, Result.PASSED, Means.SIGNED, by=None)
        acts.verify(page, editor)
        told[page.siret] = "verified"
    return told


def _stands(check: Check) -> bool:
    return check.is_in_force(database_clock.today())


def _end(siret: str, outcomes: dict[str, str], vetted: dict[str, str], online: set[str]) -> str:
    if outcomes.get(siret, "refusé") == "refusé":
        return "refused by the import"
    if siret in online:
        return "online"
    return vetted[siret] if vetted.get(siret, "verified") != "verified" else "LOST"


def _outcomes(report: Path) -> dict[str, str]:
    with report.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file, delimiter=";"))
    return {line["siret"].lstrip("'"): line["résultat"] for line in lines}


def _told(ends: Counter | dict[str, str]) -> str:
    counts = ends if isinstance(ends, Counter) else Counter(ends.values())
    return ", ".join(f"{count} {end}" for end, count in sorted(counts.items()))


def _drawn(random: Random) -> str:
    drawn = random.random()
    for name, odds in ODDS.items():
        if (drawn := drawn - odds) < 0:
            return name
    return "open"


def _scenarios(rows: list[dict], drawn: dict[str, str]) -> Iterator[Scenario]:
    for row in rows:
        what = drawn[row["siret"]]
        own = establishment(row["siret"], commune=row["insee"], libelle_commune=row["town"].upper(),
                            code_postal=row["postal_code"], adresse=f"{row['address']} {row['postal_code']}".upper(),
                            latitude=row["latitude"], longitude=row["longitude"])  # fmt: skip
        if what == "closed":
            own |= {"etat_administratif": "F", "date_fermeture": "2024-06-30"}
        elif what == "elsewhere":
            own |= {"commune": "75108", "region": "11"}
        elif what == "masked":
            own = masked(own)
        results = [] if what == "unknown" else [unit(own, nom_raison_sociale=row["name"].upper())]
        yield Scenario(row["siret"], what, row["siret"], results)
