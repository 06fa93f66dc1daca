"""What a person at the terminal sees while long work is done: one line a step, with its duration."""

import contextlib
import sys
import time
from collections.abc import Callable, Iterator

WIDTH = 44
CLEAR = "\r\x1b[K"  # back to the start of the line, and wipe it


@contextlib.contextmanager
def step(name: str) -> Iterator[Callable[[str], None]]:
    """Show the name of the work while it runs, then one line with its duration.

    The block receives a function that takes a text: what came out of the work, in a few words.
    """
    begun = time.monotonic()
    outcome: list[str] = []
    show(f"  {name} …")
    try:
        yield outcome.append
    except BaseException:
        print(f"{wiped()}  {name:<{WIDTH}}  failed", flush=True)
        raise
    print(f"{wiped()}  {name:<{WIDTH}}{time.monotonic() - begun:6.1f} s  {'; '.join(outcome)}".rstrip(), flush=True)


class Progress:
    """How far one long piece of work is, when its total is known."""

    def __init__(self, name: str, total: int, unit: str) -> None:
        self.name = name
        self.total = total
        self.unit = unit
        self.tenth = 0

    def show(self, done: int) -> None:
        """Rewrite the line on a terminal; elsewhere (a log), add a line every tenth."""
        done = min(done, self.total)
        text = f"  {self.name}: {done} of {self.total} {self.unit}"
        if sys.stdout.isatty():
            show(text)
        elif 10 * done // self.total > self.tenth:
            self.tenth = 10 * done // self.total
            print(text, flush=True)


def show(text: str) -> None:
    """Show a text until the next one replaces it, on a terminal only."""
    if sys.stdout.isatty():
        print(f"{CLEAR}{text}", end="", flush=True)


def wiped() -> str:
    return CLEAR if sys.stdout.isatty() else ""
