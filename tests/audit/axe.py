"""axe-core's rules on an open page, on a telephone and on a desk, in light and in dark."""

from pathlib import Path

from tests.audit.browser import DESK, PHONE
from tests.audit.findings import Finding

SOURCE = Path(__file__).parent / "node_modules/axe-core/axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "RGAAv4"]
RUN = """async tags => (await axe.run(document, {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]}))
  .violations.map(rule => ({
    id: rule.id, help: rule.help, tags: rule.tags, count: rule.nodes.length,
    first: rule.nodes[0].target.join(" "), summary: rule.nodes[0].failureSummary,
  }))"""


def check(page, name):
    """Return what axe finds wrong; the page is left on a desk, in light."""
    page.evaluate(SOURCE.read_text(encoding="utf-8"))
    found = []
    for viewport, size in ((PHONE, "360"), (DESK, "1280")):
        page.set_viewport_size(viewport)
        for theme in ("dark", "light"):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            found += [finding(rule, name, f"{size} {theme}") for rule in page.evaluate(RUN, TAGS)]
    return found


def finding(rule, name, where):
    advice = " ".join(rule["summary"].split())
    return Finding(
        "axe",
        name,
        f"{where}: {rule['id']}, {rule['help']} ({rule['count']}, first {rule['first']}: {advice})",
        tuple(
            sorted({tag.removeprefix("RGAA-").rpartition(".")[0] for tag in rule["tags"] if tag.startswith("RGAA-")})
        ),
    )
