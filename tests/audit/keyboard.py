"""The walk of somebody who has no mouse: Tab through a whole page, and what they meet."""

from tests.audit.findings import Finding

LONGEST = 1_000  # stops; a department has some 400 towns
FIRST_SIGHT = """() => {
  const look = element => {
    const style = getComputedStyle(element);
    return [style.outlineStyle === "none" ? "" : style.outline, style.boxShadow, style.backgroundColor, style.border,
      style.color, style.textDecorationLine].join("|");
  };
  audit.look = look;
  audit.stops = audit.controls();
  audit.atRest = audit.stops.map(look);
  audit.reached = new Set();
  document.activeElement.blur();
}"""
STOP = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const index = audit.stops.indexOf(element), box = element.getBoundingClientRect();
  const x = Math.min(Math.max(box.x + box.width / 2, 0), innerWidth - 1);
  const y = Math.min(Math.max(box.y + box.height / 2, 0), innerHeight - 1);
  const top = document.elementFromPoint(x, y);
  // A field of hours or dates stops at each of its parts.
  const isPart = element === audit.last && /^(time|date|datetime-local|month|week)$/.test(element.type);
  const isAgain = audit.reached.has(element) && !isPart;
  audit.reached.add(element);
  audit.last = element;
  const isOwn = top && (element.contains(top) || top.contains(element)
    || [...(element.labels ?? [])].some(label => label.contains(top)));
  return {
    at: `${audit.path(element)} "${audit.name(element)}"`, isAgain, isPart, isFirst: index === 0,
    href: element.getAttribute("href"), isNamed: Boolean(audit.name(element)), isPositive: element.tabIndex > 0,
    isShown: audit.isVisible(element) && box.bottom > 0 && box.top < innerHeight && box.width > 1 && box.height > 1,
    coveredBy: isOwn ? "" : audit.path(top),
    isMarked: index < 0 || audit.look(element) !== audit.atRest[index],
    box: { x: box.x - 8, y: box.y - 8, width: box.width + 16, height: box.height + 16 },
  };
}"""
UNREACHED = """() => {
  const groups = new Set([...audit.reached].filter(each => each.type === "radio").map(each => each.name));
  return audit.stops.filter(each => !audit.reached.has(each) && each.isConnected)
    .filter(each => each.type !== "radio" || !groups.has(each.name)).map(audit.path);
}"""


def check(page, name):
    """Return what is wrong. The page stays where it is but for its focus and its scrolling."""
    found = []

    def note(fault, *criteria):
        found.append(Finding("keyboard", name, fault, criteria))

    page.evaluate(FIRST_SIGHT)
    first, ended = None, False
    for number in range(LONGEST):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None and number == 0:  # some versions of Chromium begin where the page was last touched: at its end
            continue
        if stop is None or stop["isAgain"]:
            ended = stop is None or stop["isFirst"]
            break
        first = first or stop
        if not stop["isPart"]:
            inspect(page, stop, note)
    if first is None:
        note("Tab reaches nothing", "7.3")
        return found
    if not ended:
        note("the walk does not come to an end: focus is trapped", "12.9")
    for path in page.evaluate(UNREACHED):
        note(f"never reached: {path}", "7.3")
    found += skip_link(page, name, first)
    return found


def inspect(page, stop, note):
    if not stop["isShown"]:
        note(f"focus goes where nothing shows: {stop['at']}", "10.7")
    elif stop["coveredBy"]:
        note(f"focus is hidden under {stop['coveredBy']}: {stop['at']}", "10.7")
    elif not stop["isMarked"] and not changes_pixels(page, stop["box"]):
        note(f"focus does not show: {stop['at']}", "10.7")
    if not stop["isNamed"]:
        note(f"no name: {stop['at']}", "11.9")
    if stop["isPositive"]:
        note(f"out of order by its tabindex: {stop['at']}", "12.8")


def changes_pixels(page, box):
    """Return whether the focus changes what one sees around an element whose own style it leaves alone."""
    size = page.viewport_size
    left, top = max(box["x"], 0), max(box["y"], 0)
    clip = {
        "x": left,
        "y": top,
        "width": min(box["width"], size["width"] - left),
        "height": min(box["height"], size["height"] - top),
    }
    if clip["width"] <= 0 or clip["height"] <= 0:
        return False
    focused = page.screenshot(clip=clip, caret="hide")
    page.evaluate("() => { audit.focused = document.activeElement; audit.focused.blur(); }")
    at_rest = page.screenshot(clip=clip, caret="hide")
    page.evaluate("() => audit.focused.focus({preventScroll: true})")
    return focused != at_rest


def skip_link(page, name, first):
    """Follow the first link of the page: it must lead past the header."""
    target = first["href"] or ""
    if not target.startswith("#"):
        return [Finding("keyboard", name, f"the first stop is no skip link: {first['at']}", ("12.7",))]
    page.locator(f"a[href='{target}']").first.focus()
    page.keyboard.press("Enter")
    if page.evaluate("id => document.activeElement?.id === id", target[1:]):
        return []
    return [Finding("keyboard", name, f"the skip link {target} leads nowhere", ("12.7",))]
