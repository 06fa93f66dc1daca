"""The tables, as Markdown."""

from collections.abc import Sequence
from statistics import median

from tests.bench_search.indexing import Rebuild
from tests.bench_search.measure import Costs
from tests.bench_search.questions import KINDS, LETTERS, MERCHANTS, THREE_BLOCKS, Kind

HEADS = (
    "question", "p50 ms", "p95 ms", "web CPU", "postgres CPU", "elastic CPU", "elastic alone p50", "… CPU",
    "page ÷ alone", "on PostgreSQL p50", "… CPU", "8 clients p50", "p95", "a second", "… alone p50",
    "… on PostgreSQL p50", "growth",
)  # fmt: skip


def searches(alone: Costs, crowd: Costs) -> str:
    """Return the table of what each kind of question cost, and whether the goals are reached."""
    lines = ["", _line(HEADS), "|---" + "|---:" * (len(HEADS) - 1) + "|"]
    lines += [_line(_cells(kind, alone, crowd)) for kind in KINDS]
    return "\n".join([*lines, "", *_goals(alone)])


def indexing(rebuild: Rebuild, sizes: tuple[int, int]) -> str:
    rate = rebuild.documents / rebuild.seconds
    spent = ", ".join(f"{name} {seconds:.0f}" for name, seconds in rebuild.cpu.items())
    elastic, entries = (size / 2**20 for size in sizes)
    return (
        f"\nrebuild: {rebuild.documents} documents in {rebuild.seconds:.0f} s ({rate:.0f} a second); CPU s: {spent}\n"
        f"size: Elasticsearch {elastic:.0f} MiB, entries in PostgreSQL {entries:.0f} MiB\n"
        + _goal("rebuild, 150 s for 350,000 documents", rebuild.seconds, 150 * rebuild.documents / 350_000, "s")
    )


def lags(seconds: Sequence[float]) -> str:
    ordered = sorted(seconds)
    p95 = ordered[round(0.95 * (len(ordered) - 1))]
    found = f"\nlag from commit to found, {len(ordered)} changes: p50 {median(ordered):.2f} s, p95 {p95:.2f} s\n"
    return found + _goal("lag p95", p95, 3, "s")


def reading(milliseconds: Sequence[float]) -> str:
    p95 = sorted(milliseconds)[int(0.95 * len(milliseconds))]
    return _goal("reading odd and long questions, p95", p95, 5, "CPU ms")


def _cells(kind: Kind, alone: Costs, crowd: Costs) -> list[str]:
    page, database, small = (alone[kind, server] for server in ("page", "database", "small"))
    raw, many_raw = alone.get((kind, "elastic")), crowd.get((kind, "elastic"))
    many = crowd[kind, "page"]
    return [
        kind.name,
        f"{page.wait(0.5):.1f}",
        f"{page.wait(0.95):.1f}",
        *(f"{page.spent(clock):.1f}" for clock in ("page", "postgres", "elastic")),
        f"{raw.wait(0.5):.1f}" if raw else "–",
        f"{raw.spent('elastic'):.1f}" if raw else "–",
        f"{page.wait(0.5) / raw.wait(0.5):.1f}" if raw else "–",
        f"{database.wait(0.5):.1f}",
        f"{database.spent('postgres'):.1f}",
        f"{many.wait(0.5):.0f}",
        f"{many.wait(0.95):.0f}",
        f"{many.a_second:.0f}",
        f"{many_raw.wait(0.5):.0f}" if many_raw else "–",
        f"{crowd[kind, 'database'].wait(0.5):.0f}",
        f"{page.wait(0.5) / small.wait(0.5):.2f}",
    ]


def _goals(alone: Costs) -> list[str]:
    searched = [kind for kind in KINDS if kind not in LETTERS]
    growth = max(alone[kind, "page"].wait(0.5) / alone[kind, "small"].wait(0.5) for kind in searched)
    return [
        _goal("autocomplete p95", max(alone[kind, "page"].wait(0.95) for kind in LETTERS), 15, "ms"),
        _goal("merchants with all facets, Elasticsearch", alone[MERCHANTS, "page"].spent("elastic"), 12, "CPU ms"),
        _goal("three blocks, our Python", alone[THREE_BLOCKS, "page"].spent("page"), 25, "CPU ms"),
        _goal("greatest growth of the p50, ten times the merchants", growth, 1.5, "times"),
    ]


def _goal(name: str, reached: float, most: float, unit: str) -> str:
    return f"{'reached' if reached <= most else 'MISSED '}  {name}: {reached:.1f} {unit} (at most {most:g})"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
