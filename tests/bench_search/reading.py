"""What reading a question costs, the longest and oddest that the search lets through among them."""

import time

from search.understanding.gazetteer import current
from search.understanding.parse import parse

TYPED = ["fromager affineur lyon croix rousse", "x" * 10_000, "pain " * 50, "st " * 80, "de la " * 90 + "die"]


def cpu_of_reading(times: int = 100) -> list[float]:
    """Return the CPU milliseconds of each reading, every question read so many times."""
    gazetteer, took = current(), []
    for text in TYPED * times:
        began = time.thread_time()
        parse(gazetteer, text, text)
        took.append((time.thread_time() - began) * 1000)
    return took
