"""How a page holds under the conditions people read it in: narrow, enlarged, spaced, printed, in their own colours."""

from pathlib import Path

from tests.audit.browser import DESK, PHONE
from tests.audit.findings import Finding

SCRIPT = (Path(__file__).parent / "page.js").read_text(encoding="utf-8")
NARROW, ZOOMED, PAPER = ({"width": width, "height": 640} for width in (320, 640, 794))
TEXT_200 = "html{font-size:200%!important}"
SPACED = (  # WCAG 1.4.12
    "*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}"
    "p{margin-block-end:2em!important}"
)
SHEET = """css => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = css ? [sheet] : [];
}"""
ON_PAPER = """() => audit.visible(".site-header__nav,.site-header__tools,.site-footer,.skip-link,form button")
  .map(audit.path)"""


def check(page, name):
    """Return what is wrong; the page is left on a desk."""
    found = []

    def note(what, faults, *criteria):
        found.extend(Finding("layout", name, f"{what}: {fault}", criteria) for fault in faults[:5])

    for criterion, fault in page.evaluate("() => audit.structure()"):
        note("structure", [fault], criterion)
    note("errors", page.evaluate("() => audit.loneErrors()"), "11.10")
    note("reduced motion", page.evaluate("() => audit.moving()"), "13.8")

    for viewport, what, criteria in ((NARROW, "at 320 px", ["10.11"]), (ZOOMED, "zoomed at 200 %", ["10.4"])):
        page.set_viewport_size(viewport)
        note(what, page.evaluate("() => audit.overflow()"), *criteria)

    page.set_viewport_size(DESK)
    for css, what, criterion in ((TEXT_200, "text at 200 %", "10.4"), (SPACED, "spaced text", "10.12")):
        page.evaluate(SHEET, css)
        note(what, page.evaluate("() => audit.clipped()") + page.evaluate("() => audit.overflow()"), criterion)
    page.evaluate(SHEET, "")

    page.set_viewport_size(PHONE)
    note("target under 44 px", page.evaluate("() => audit.smallTargets()"))
    page.set_viewport_size(PAPER)
    page.emulate_media(media="print")
    note("on paper", page.evaluate("() => audit.overflow()") + page.evaluate(ON_PAPER))
    page.emulate_media(media="screen", forced_colors="active")
    note("in forced colours, no edge", page.evaluate("() => audit.unseenControls()"), "10.5")
    page.emulate_media(forced_colors="none")
    page.set_viewport_size(DESK)
    return found
