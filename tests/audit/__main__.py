"""Audit a portal that runs: python -m tests.audit http://127.0.0.1:8000 [--report FILE]. ``make audit`` calls it.

Everything is tried on every page of tests/audit/stops.py; exit status 1 when something is wrong.
"""

import argparse
import json
import sys
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Error as PlaywrightError

from deploy.local.places import PROJECT
from tests.audit import lighthouse, markup
from tests.audit.browser import launched
from tests.audit.findings import Finding
from tests.audit.people import states
from tests.audit.stops import STOPS
from tests.audit.visit import Visit

TOOLS = ("axe", "layout", "keyboard", "markup", "lighthouse")
REPORT = PROJECT / "reports/audit.json"


def main():
    options = arguments()
    stops = [stop for stop in STOPS if not options.only or options.only in stop.name]
    visits, found, marks = [], [], {}
    with launched() as browser:
        people = states(browser, options.site, {stop.who for stop in stops})
        for stop in stops:
            try:
                visit = Visit.made(browser, options.site, stop, people[stop.who], options.tools)
            except (LookupError, PlaywrightError) as error:
                lost = [Finding("way", stop.name, str(error).splitlines()[0])]
                tell(stop.name, "not reached", lost)
                found += lost
                continue
            visits.append(visit)
            tell(visit.stop.name, visit.path, visit.found)
            found += visit.found
    if "markup" in options.tools:
        lacking = markup.check({visit.stop.name: visit.source for visit in visits})
        tell("HTML of all pages", "", lacking)
        found += lacking
    if "lighthouse" in options.tools:
        for visit in visits:
            if visit.stop.is_landing:
                name = visit.stop.name
                marks[name], lacking = lighthouse.check(options.site + visit.path, name)
                tell(name, "  ".join(f"{category} {score}" for category, score in marks[name].items()), lacking)
                found += lacking
    options.report.parent.mkdir(parents=True, exist_ok=True)
    options.report.write_text(json.dumps(report(visits, found, marks, options.tools), ensure_ascii=False, indent=1))
    totals = Counter(finding.tool for finding in found)
    print(f"{len(visits)} pages, {len(found)} faults", *(f"{tool} {count}" for tool, count in totals.items()), sep=", ")
    print(f"Written to {options.report}.")
    return 1 if found else 0


def arguments():
    parser = argparse.ArgumentParser(prog="python -m tests.audit", description=__doc__.splitlines()[0])
    parser.add_argument("site", help="address of a portal that serves the demo region")
    parser.add_argument("--tools", type=lambda text: text.split(","), default=TOOLS, help=",".join(TOOLS))
    parser.add_argument("--only", default="", metavar="TEXT", help="the pages whose name holds this")
    parser.add_argument("--report", type=Path, default=REPORT, help="where to write the result (%(default)s)")
    options = parser.parse_args()
    options.site = options.site.rstrip("/")
    return options


def tell(name, detail, found):
    """Print how many faults a page has, then each of them."""
    print(f"{len(found):4}  {name}  {detail}", flush=True)
    for finding in found:
        print(f"        {finding.tool}: {finding.message}", flush=True)


def report(visits, found, marks, tools):
    """Return what manage.py record_audit reads: date, tools, pages with what they hold, findings, marks."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "tools": list(tools),
        "pages": {visit.stop.name: visit.contents for visit in visits},
        "findings": [asdict(finding) for finding in found],
        "lighthouse": marks,
    }


if __name__ == "__main__":
    sys.exit(main())
