"""Runs a batch job in a pool of processes."""

import gc
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import django

WORTHWHILE = 20_000  # entries from which starting processes costs less than it saves

Piece = TypeVar("Piece")


def size(entries: int) -> int:
    """Return how many processes so many entries deserve: one, or one a processor."""
    return (os.cpu_count() or 1) if entries >= WORTHWHILE else 1


def parallel_map(work: Callable[[Piece], int], pieces: Iterable[Piece], processes: int) -> Iterator[int]:
    """Yield what ``work`` returns for each piece, in any order. Raises what it raises.

    work: a function of a module. With one process it runs here, in the caller's transaction; with more, each has its
    own connections.
    """
    if processes == 1:
        yield from map(work, pieces)
        return
    # Started afresh: a forked process would share our connections.
    with multiprocessing.get_context("spawn").Pool(processes, initializer=_begin) as pool:
        yield from pool.imap_unordered(work, pieces)


def _begin() -> None:
    django.setup()
    # Looking for garbage among all the code, each few hundred rows, took a quarter of the time.
    gc.freeze()
    gc.set_threshold(50_000)
