"""The stops of the audit, reached by Django's own client wherever no browser is needed, and what a page then shows."""

import re

from bs4 import BeautifulSoup

from tests.audit.stops import STOPS

UNSEEN = ["script", "style", "template", "textarea", "svg", "pre", "code", "kbd", "samp"]
INLINE = {
    "a", "abbr", "b", "bdi", "cite", "em", "i", "mark", "q", "s", "small", "span", "strong", "sub", "sup", "time", "u",
}  # fmt: skip


def walk(clients):
    """Yield each stop that needs no hand at it, and its response. clients: {who the stop is for: their client}."""
    for stop in STOPS:
        if stop.who in clients and stop.act is None:
            yield stop, arrive(clients[stop.who], stop.way)


def arrive(client, way):
    """Return the response at the end of a way, None if it leads nowhere.

    way: an address, then patterns of the link to follow on each page; of several, the first from where the way goes on.
    """
    address, *patterns = way
    response = client.get(address, follow=True)
    if not patterns:
        return response
    links = [link for link in re.findall(r'href="([^"#?]*)', response.text) if re.search(patterns[0], link)]
    ends = (arrive(client, (link, *patterns[1:])) for link in dict.fromkeys(links))
    return next((end for end in ends if end), None)


def shown(html):
    """Return the text of a page as it is read, with a « | » wherever a block or a field begins or ends."""
    page = BeautifulSoup(html, "html.parser")
    for unseen in page(UNSEEN):
        unseen.replace_with("|")
    for tag in page(True):
        if tag.name not in INLINE:
            tag.insert_before("|")
            tag.append("|")
    return page.get_text()
