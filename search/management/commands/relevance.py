"""Measure how well the search understands and answers a file of questions."""

import csv
import json
from pathlib import Path
from time import thread_time
from typing import Any

from django.conf import settings
from django.core.management import CommandParser
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from search import judged
from search.engines import elastic, failover
from search.relevance import Stock, Verdict, by_tag, judge, read, summary
from search.understanding import gazetteer
from search.understanding.gazetteer import Gazetteer
from search.understanding.parse import parse

PATIENT = 20  # seconds; what is measured is not the time
MEASURES = ("both", "category", "place", "success_at_3", "ndcg_at_10", "wrong_place", "zero_results")


class Command(BaseCommand):
    help = (
        "Pose les questions d’un fichier à la recherche et juge les réponses, par étiquette ou par genre, sur la "
        "région indexée, quelle qu’elle soit. Deux formats : search/data/queries-public.csv, jugé par "
        "search/relevance.py (au moins 12 000 commerçants : manage.py demo --merchants 12000), et "
        "tests/search/data/judged-own.csv, dont les pages entières sont jugées par search/judged.py."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FICHIER.csv", help="comme search/data/queries-public.csv")
        parser.add_argument("--engine", choices=["elastic", "database"], help="par défaut, celui des visiteurs")
        parser.add_argument("--json", action="store_true", help="un objet JSON et rien d’autre")
        parser.add_argument("--misses", action="store_true", help="montre aussi chaque question manquée")

    def handle(self, *, file: Path, engine: str | None, misses: bool, **options: Any) -> None:
        try:
            is_judged = _is_judged(file)
            questions = [] if is_judged else read(file)
            pages = judged.read(file) if is_judged else []
        except (OSError, KeyError, UnicodeDecodeError, csv.Error) as error:
            raise CommandError(f"Ce fichier ne se lit pas comme des questions : {error!r}") from error
        if engine == "elastic" and not elastic.is_configured():
            raise CommandError("ELASTICSEARCH_URL est vide : --engine database, ou donnez son adresse.")
        if engine == "database":
            settings.ELASTICSEARCH_URL = []
        settings.ELASTICSEARCH_TIMEOUT = PATIENT
        if is_judged:
            self._judge_pages(pages, as_json=options["json"], misses=misses)
            return
        known = gazetteer.current()
        stock = Stock.of_index()
        verdicts = [judge(known, stock, asked) for asked in tqdm(questions, disable=None, leave=False)]
        if options["json"]:
            self.stdout.write(_json(verdicts))
            return
        name = failover.engine().name
        times = sorted(_milliseconds(known, asked.text) for asked in questions)
        self.stdout.write(f"{len(questions)} questions, {stock.count} commerçants, {name}")
        self.stdout.write(f"{'':16}{'n':>5}{'stock':>7}" + "".join(f"{measure:>14}" for measure in MEASURES))
        for label, measured in {"toutes": summary(verdicts), **by_tag(verdicts)}.items():
            figures = "".join(f"{measured[measure]:>14.3f}" for measure in MEASURES)
            self.stdout.write(f"{label:16}{measured['queries']:>5}{measured['stock']:>7}{figures}")
        self.stdout.write(f"Lecture d’une question : p95 {times[int(0.95 * (len(times) - 1))]:.2f} ms de calcul")
        for verdict in verdicts if misses else ():
            if not (verdict.both and verdict.success_at_3 in (True, None)) or verdict.wrong_place:
                self.stdout.write(_told(verdict))

    def _judge_pages(self, pages: list[judged.Question], *, as_json: bool, misses: bool) -> None:
        region = judged.region_of_index()
        asked = tqdm(list(judged.in_turn(pages)), disable=None, leave=False)
        verdicts = [judged.judge(region, page, before) for page, before in asked]
        measured = {"all": judged.summary(verdicts), **judged.by_class(verdicts)}
        if as_json:
            self.stdout.write(json.dumps(measured, ensure_ascii=False, indent=2))
            return
        counts = f"{len(region.merchants)} commerçants, {len(region.products)} articles"
        self.stdout.write(f"{len(pages)} questions, {counts}, {failover.engine().name}")
        self.stdout.write(f"{'':14}{'n':>4}" + "".join(f"{name:>14}" for name in judged.MEASURES))
        for label, row in measured.items():
            figures = (row[name] for name in judged.MEASURES)
            told = "".join(f"{'–' if figure is None else format(figure, '.3f'):>14}" for figure in figures)
            self.stdout.write(f"{label:14}{row['questions']:>4}{told}")
        for verdict in verdicts if misses else ():
            if verdict.is_missed:
                self.stdout.write(_page_told(verdict))


def _is_judged(file: Path) -> bool:
    with file.open(encoding="utf-8", newline="") as opened:
        return judged.is_judged(next(csv.reader(opened), []))


def _page_told(verdict: judged.Verdict) -> str:
    asked = verdict.question
    applies = {name: getattr(verdict, name) for name in judged.MEASURES}
    figures = ", ".join(f"{name} {figure:.2f}" for name, figure in applies.items() if figure is not None)
    return f"{asked.id} {asked.what!r} {asked.where!r} : {figures}\n    {verdict.shown}"


def _json(verdicts: list[Verdict]) -> str:
    return json.dumps({**summary(verdicts), "by_tag": by_tag(verdicts)}, ensure_ascii=False, indent=2)


def _milliseconds(known: Gazetteer, text: str) -> float:
    started = thread_time()
    parse(known, text)
    return (thread_time() - started) * 1000


def _told(verdict: Verdict) -> str:
    query = verdict.reading.query
    place = query.place.label if query.place else "nulle part"
    faults = [measure for measure in ("category", "place", "success_at_3") if getattr(verdict, measure) is False]
    wrong = ", ".join(faults) or "wrong_place"
    return f"{verdict.asked.text!r} : {wrong} ; compris {query.inferred} {place} {query.unexplained}"
