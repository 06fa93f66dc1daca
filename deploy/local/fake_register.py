"""Public registers played on this machine, for the demo and the tests: « Recherche d'entreprises » and BODACC.

Each scenario is one fictional establishment (no SIREN of the real register begins with 000) and how the register
answers for it; the shapes are those of the real interfaces in July 2026. `python -m deploy.local.fake_register 8020`
serves them, and names them.
"""

import contextlib
import json
import os
import sys
import threading
import time
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from stdnum import luhn

from .places import PROJECT

ALLOWED_INCLUDES = {"complements", "dirigeants", "finances", "matching_etablissements", "score", "siege", "tva"}
MASK = "[NON-DIFFUSIBLE]"
SLOW = 12.0  # seconds: more than anybody waits
FOLDER = PROJECT / "regions" / os.environ.get("REGION", "auvergne-rhone-alpes")
OWN_CODE = tomllib.loads((FOLDER / "region.toml").read_text(encoding="utf-8"))["code"]
PLACES = tomllib.loads((FOLDER / "demo/told.toml").read_text(encoding="utf-8"))["register"] | {
    "far": ["75108", "PARIS 8E ARRONDISSEMENT", "75008", "48.8727", "2.3125"],
    "far_district": ["13201", "MARSEILLE 1ER ARRONDISSEMENT", "13001", "43.2998", "5.3839"],
}  # INSEE code, name, postal code, latitude, longitude
FAR_CODES = {"far": "11", "far_district": "93"}  # of their regions
STREET = "12 COURS DU PALAIS"


def siren_of(number: int) -> str:
    base = f"000{number:05d}"
    return base + luhn.calc_check_digit(base)


def siret_of(number: int, place: int = 1) -> str:
    """Return the SIRET of a scenario. place: which establishment of the unit."""
    base = f"{siren_of(number)}{place:04d}"
    return base + luhn.calc_check_digit(base)


def establishment(siret: str, place: str = "seat", **changed: Any) -> dict[str, Any]:
    insee, town, postal_code, latitude, longitude = PLACES[place]
    return {
        "activite_principale": "10.71C",
        "activite_principale_naf25": "10.71H",
        "adresse": f"{STREET} {postal_code} {town}",
        "ancien_siege": False,
        "code_postal": postal_code,
        "commune": insee,
        "date_creation": "2018-03-01",
        "date_debut_activite": "2018-03-01",
        "date_fermeture": None,
        "epci": "200071413",
        "est_siege": True,
        "etat_administratif": "A",
        "geo_id": None,
        "latitude": latitude,
        "libelle_commune": town,
        "liste_enseignes": None,
        "longitude": longitude,
        "nom_commercial": None,
        "region": FAR_CODES.get(place, OWN_CODE),
        "siret": siret,
        "statut_diffusion_etablissement": "O",
        "tranche_effectif_salarie": "01",
        **changed,
    }


def masked(own: dict[str, Any]) -> dict[str, Any]:
    """Return an establishment as the register shows one of partial diffusion: its commune stays."""
    hidden = ("adresse", "code_postal", "latitude", "longitude", "nom_commercial")
    return {**own, **dict.fromkeys(hidden, MASK), "liste_enseignes": [MASK], "statut_diffusion_etablissement": "P"}


def unit(own: dict[str, Any], siege: Mapping[str, Any] | None = None, **changed: Any) -> dict[str, Any]:
    return {
        "siren": own["siret"][:9],
        "nom_complet": "BOULANGERIE DU PALAIS",
        "nom_raison_sociale": "BOULANGERIE DU PALAIS",
        "sigle": None,
        "activite_principale": own["activite_principale"],
        "date_creation": "2018-03-01",
        "date_fermeture": None,
        "date_mise_a_jour": "2026-05-17T10:09:16",
        "date_mise_a_jour_rne": "2024-05-19T17:01:20",
        "etat_administratif": "A",
        "nature_juridique": "5499",
        "statut_diffusion": "O",
        "siege": {**(siege or own), "code_pays_etranger": None, **changed.pop("head_office", {})},
        "matching_etablissements": [own],
        "tva": ["FR00000000000"],
        **changed,
    }


@dataclass(frozen=True)
class Scenario:
    """One establishment. what: in a few words. act: how the server behaves before, or instead of, the plain answer."""

    key: str
    what: str
    siret: str
    results: list[dict[str, Any]] = field(default_factory=list)
    act: str = ""
    announcements: list[dict[str, Any]] = field(default_factory=list)


def announcement(siren: str, day: str, family: str, nature: str, number: int, kind: str = "Avis initial", **more: Any):
    return {
        "id": f"A2026{number:04d}7",
        "registre": f"{siren},{siren[:3]} {siren[3:6]} {siren[6:]}",
        "familleavis": family,
        "familleavis_lib": "Procédures collectives" if family == "collective" else "Radiations",
        "dateparution": day,
        "publicationavis": "A",
        "typeavis_lib": kind,
        "jugement": json.dumps({"type": "initial", "famille": nature, "nature": nature, "date": day}),
        **more,
    }


def _bodacc(number: int, what: str, *told: tuple, **more: Any) -> Scenario:
    own = establishment(siret_of(number))
    siren = own["siret"][:9]
    announced = [announcement(siren, *one[:4], **(one[4] if len(one) > 4 else {})) for one in told]
    return Scenario(f"F26-{number}", what, own["siret"], [unit(own)], announcements=announced)


def scenarios() -> list[Scenario]:
    """Return all of them, with days reckoned from today."""
    own = {number: siret_of(number) for number in range(1, 60)}
    lately = (datetime.now(UTC) - timedelta(days=5)).date().isoformat()
    closed = {"etat_administratif": "F", "date_fermeture": "2025-06-30"}

    def plain(number: int, place: str = "seat", **changed: Any) -> list[dict[str, Any]]:
        return [unit(establishment(own[number], place, **changed))]

    outside = establishment(siret_of(5, 2), "far")
    inside = establishment(siret_of(6, 2), "seat")
    moved = establishment(siret_of(3, 2), "other")
    sole: dict[str, Any] = {"nature_juridique": "1000", "nom_raison_sociale": None}
    hidden = masked(establishment(own[7]))
    company = masked(establishment(own[8]))
    shop = masked(establishment(own[9]))
    nasty = {"nom_commercial": "L'ÉPI D'OR <script>alert(1)</script>"}
    post = "35600000000048"
    odd = "88974287600009"
    return [
        Scenario("F1", "ouvert, dans la région", own[1], plain(1, liste_enseignes=["LE FOURNIL DES MINES"])),
        Scenario("F2", "entreprise cessée", own[2],
                 [unit(establishment(own[2], **closed), etat_administratif="C", date_fermeture="2025-06-30")]),
        Scenario("F3", "établissement fermé, l’entreprise a déménagé", own[3],
                 [unit(establishment(own[3], est_siege=False, **closed), moved)]),
        Scenario("F4", "inconnu du registre", own[4]),
        Scenario("F5", "dans la région, siège à Paris", own[5],
                 [unit(establishment(own[5], "other", est_siege=False), outside)]),
        Scenario("F6", "à Paris, siège dans la région", own[6],
                 [unit(establishment(own[6], "far", est_siege=False), inside)]),
        Scenario("F7", "personne physique non diffusible", own[7],
                 [unit(hidden, **sole | {"nom_complet": MASK, "statut_diffusion": "P"})]),
        Scenario("F8", "société non diffusible : seule l’adresse est masquée", own[8],
                 [unit(company, sigle=MASK, statut_diffusion="P")]),
        Scenario("F9", "société diffusible, établissement non diffusible", own[9],
                 [unit(shop, establishment(siret_of(9, 2)))]),
        Scenario("F10", "code d’un arrondissement de la région", own[10], plain(10, "district")),
        Scenario("F10b", "code d’un arrondissement de Marseille", own[40], plain(40, "far_district")),
        Scenario("F11", "région absente", own[11], plain(11, "city", region=None)),
        Scenario("F12", "code d’une ancienne commune", own[12], plain(12, "former")),
        Scenario("F13", "siège à l’étranger", own[13],
                 [unit(establishment(own[13], est_siege=False), establishment(siret_of(13, 2), "far"),
                       head_office={"code_pays_etranger": "99131", "libelle_pays_etranger": "BELGIQUE"})]),
        Scenario("F14", "vente à distance", own[14], plain(14, activite_principale="47.91B")),
        Scenario("F15", "réponse de 2027 : le code est de la NAF 2025", own[15],
                 [{key: value for key, value in one.items() if not key.endswith("naf25")}
                  for one in [unit({key: value for key, value in
                                    establishment(own[15], activite_principale="47.27G").items()
                                    if not key.endswith("naf25")})]]),
        Scenario("F16", "aucun établissement dans la réponse", own[16],
                 [unit(establishment(own[16]), matching_etablissements=[])]),
        Scenario("F17", "un autre établissement que celui demandé", own[17],
                 [unit(establishment(siret_of(17, 2)))]),
        Scenario("F18", "429 une fois, Retry-After: 2", own[18], plain(18), "limited once"),
        Scenario("F19", "429 toujours", own[19], plain(19), "limited"),
        Scenario("F20a", "500", own[20], plain(20), "error"),
        Scenario("F20b", "502 en HTML", own[21], plain(21), "proxy"),
        Scenario("F20c", "ne répond pas", own[22], plain(22), "slow"),
        Scenario("F20d", "JSON coupé", own[23], plain(23), "truncated"),
        Scenario("F20e", "mauvais type de contenu", own[24], plain(24), "text"),
        Scenario("F21", "clés inconnues, d’autres absentes", own[25],
                 [{key: value for key, value in
                   unit(establishment(own[25], nouveau={"a": [1]}), inconnu=7).items() if key != "tva"}]),
        Scenario("F22a", "La Poste", post, [unit(establishment(post), nom_raison_sociale="LA POSTE")]),
        Scenario("F22b", "numéro réel dont la clé est fausse", odd, [unit(establishment(odd))]),
        Scenario("F23", "nom avec balise, apostrophe et accents", own[26],
                 [unit(establishment(own[26], **nasty), nom_raison_sociale="=SOMME(A1) & FILS")]),
        Scenario("F25", "créé il y a cinq jours", own[27], plain(27, date_creation=lately)),
        # The applications that wait at the demo's desk (home/demo/desk.py).
        Scenario("D1", "dossier de la démonstration : une boulangerie", own[41], plain(41)),
        Scenario("D2", "dossier de la démonstration : un apiculteur", own[42],
                 plain(42, "other", activite_principale="01.49Z", activite_principale_naf25="01.48G")),
        Scenario("D3", "dossier de la démonstration : une brocante", own[43],
                 plain(43, "district", activite_principale="47.91B", activite_principale_naf25="47.91B")),
        _bodacc(30, "en liquidation", ("2026-01-10", "collective", "Jugement de liquidation judiciaire", 1)),
        _bodacc(31, "liquidation close pour insuffisance d’actif",
                ("2025-01-10", "collective", "Jugement de liquidation judiciaire", 1),
                ("2026-02-10", "collective", "Jugement de clôture pour insuffisance d'actif", 2)),
        _bodacc(32, "radiée", ("2026-03-01", "radiation", "", 1)),
        _bodacc(33, "en redressement", ("2026-01-10", "collective", "Jugement d'ouverture de redressement", 1)),
        _bodacc(34, "liquidation annoncée par erreur, puis annulée",
                ("2026-01-10", "collective", "Jugement de liquidation judiciaire", 1),
                ("2026-01-20", "collective", "Jugement de liquidation judiciaire", 2, {"kind": "Avis d'annulation"})),
        _bodacc(35, "liquidation annoncée par erreur, rectifiée en redressement",
                ("2026-01-10", "collective", "Jugement de liquidation judiciaire", 1),
                ("2026-01-20", "collective", "Jugement d'ouverture de redressement", 2,
                 {"kind": "Avis rectificatif"})),
    ]  # fmt: skip


class FakeRegister(ThreadingHTTPServer):
    """asked: (moment, path with its query, headers) of each request. is_away: True answers all with 503.

    per_second: how many requests it answers in any second, the others with 429; None for as many as come.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int = 0, known: Callable[[], list[Scenario]] = scenarios) -> None:
        super().__init__(("127.0.0.1", port), _Exchange)
        self.known = {scenario.siret: scenario for scenario in known()}
        self.asked: list[tuple[float, str, dict[str, str]]] = []
        self.is_away = False
        self.per_second: int | None = None
        self.leaving = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def start(self) -> None:
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self.leaving.set()
        self.shutdown()
        self.server_close()


class _Exchange(BaseHTTPRequestHandler):
    server: FakeRegister

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(address.query, keep_blank_values=True).items()}
        before = sum(path == self.path for _, path, _ in self.server.asked)
        self.server.asked.append((time.monotonic(), self.path, dict(self.headers)))
        limit, asked_before = self.server.per_second, self.server.asked
        if self.server.is_away:
            self.answer(503, {"erreur": "Service indisponible."})
        elif limit and len(asked_before) > limit and time.monotonic() - asked_before[-limit - 1][0] < 1:
            self.answer(429, {"erreur": "Trop de requêtes."}, {"Retry-After": "1"})
        elif address.path == "/search":
            self.search(asked, before)
        elif address.path == "/api/records/1.0/search/":
            self.announcements(asked)
        else:
            self.answer(404, {"erreur": "Ressource non trouvée."})

    def search(self, asked: dict[str, str], before: int) -> None:
        words = asked.get("q", "").replace(" ", "")
        includes = set(filter(None, asked.get("include", "").split(",")))
        if len(words) < 3:
            self.answer(400, {"erreur": "3 caractères minimum pour les termes de la requête"})
        elif (includes and asked.get("minimal") != "true") or includes - ALLOWED_INCLUDES:
            self.answer(400, {"erreur": "Veuillez indiquer si vous souhaitez une réponse minimale"})
        elif (scenario := self.server.known.get(words)) is None:
            self.answer(200, _page([]))
        else:
            self.play(scenario, before)

    def play(self, scenario: Scenario, before: int) -> None:
        payload = _page(scenario.results)
        if scenario.act == "limited" or (scenario.act == "limited once" and not before):
            self.answer(429, {"erreur": "Trop de requêtes."}, {"Retry-After": "2"})
        elif scenario.act == "error":
            self.answer(500, {"erreur": "Une erreur inattendue s'est produite. Veuillez réessayer plus tard."})
        elif scenario.act == "proxy":
            self.send(502, b"<html><h1>502 Bad Gateway</h1></html>", "text/html")
        elif scenario.act == "truncated":
            self.send(200, json.dumps(payload).encode()[:200], "application/json")
        elif scenario.act == "text":
            self.send(200, json.dumps(payload).encode(), "text/plain")
        else:
            if scenario.act == "slow":
                self.server.leaving.wait(SLOW)
            self.answer(200, payload)

    def announcements(self, asked: dict[str, str]) -> None:
        siren = asked.get("q", "").removeprefix("registre:")
        told = [one for known in self.server.known.values() if known.siret[:9] == siren for one in known.announcements]
        records = [{"datasetid": asked.get("dataset"), "recordid": one["id"], "fields": one} for one in told]
        self.answer(200, {"nhits": len(records), "parameters": asked, "records": records})

    def answer(self, status: int, payload: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        self.send(status, json.dumps(payload, ensure_ascii=False).encode(), "application/json; charset=utf-8", headers)

    def send(self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):  # who asked has lost patience
            super().handle()

    def log_message(self, *args: Any) -> None:
        pass


def _page(results: list[dict[str, Any]]) -> dict[str, Any]:
    return {"results": results, "total_results": len(results), "page": 1, "per_page": 1, "total_pages": len(results)}


def main() -> None:
    server = FakeRegister(int(sys.argv[1]) if len(sys.argv) > 1 else 8020)
    print(f"Fictional registers answer on {server.url}")
    for scenario in server.known.values():
        print(f"  {scenario.siret}  {scenario.what}", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()


if __name__ == "__main__":
    main()
