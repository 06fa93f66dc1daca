"""What the audit finds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One fault on one page.

    tool: who found it ("axe", "layout", "keyboard", "markup", "crawl", "lighthouse"). criteria: those of the RGAA 4.1
    it breaks, such as ("1.1",); empty for what the RGAA does not ask.
    """

    tool: str
    page: str
    message: str
    criteria: tuple[str, ...] = ()
