"""Runs claims under two sets of plans in several processes, holding only a few at a time."""

from __future__ import annotations

import gc
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple, TypeVar

from crossclaim.backtest.claim import Claim
from crossclaim.backtest.claims import RawClaim, claim_of, raw_claims
from crossclaim.backtest.fault import ClaimsRefused
from crossclaim.backtest.synthetic import synthetic_claim
from crossclaim.domain.allocate import split
from crossclaim.domain.backtest_tally import Tally
from crossclaim.domain.plan import PlanSet

CLAIMS_AT_ONCE = 200
"""Claims that travel to a process together."""
AHEAD = 3
"""Portions per process that are read before the first of them is counted."""
Answer = TypeVar("Answer")


class Invented(NamedTuple):
    """Synthetic claims ``start`` to ``stop``, the last not included."""

    seed: int
    start: int
    stop: int


Portion = Invented | list[RawClaim]


class Comparison(NamedTuple):
    """The two sets of plans, and what to do with a portion of claims under both."""

    running: PlanSet
    changed: PlanSet

    def tally(self, portion: Portion) -> Tally:
        """Raises ClaimsRefused."""
        found = Tally()
        for claim in _claims(portion):
            links = claim.links
            # What else would be legal for a refused bill is nobody's payment, and is left out.
            running = split(claim, self.running, links)
            changed = split(claim, self.changed, links)
            found.count(claim, running, changed, self.running)
        return found


def invented(count: int, seed: int) -> Iterator[Portion]:
    for start in range(0, count, CLAIMS_AT_ONCE):
        yield Invented(seed, start, min(start + CLAIMS_AT_ONCE, count))


def from_file(path: Path) -> Iterator[Portion]:
    """Raises ClaimsRefused as it is read."""
    claims = raw_claims(path)
    while portion := list(islice(claims, CLAIMS_AT_ONCE)):
        yield portion


def backtest(
    portions: Iterable[Portion],
    comparison: Comparison,
    *,
    processes: int,
    progress: Callable[[int], None],
) -> Tally:
    """The tally of all claims; the same whatever the number of processes.

    ``progress`` is told how many claims more are counted. Raises ClaimsRefused at the first claim,
    in the order of the file, that cannot be read.
    """
    found = Tally()
    for tally in _tallies(portions, comparison, processes):
        found.add(tally)
        progress(tally.claims)
    if not found.claims:
        raise ClaimsRefused("There are no claims to compare.")
    return found


def _tallies(
    portions: Iterable[Portion], comparison: Comparison, processes: int
) -> Iterator[Tally]:
    if processes == 1:
        yield from map(comparison.tally, portions)
        return
    pool = ProcessPoolExecutor(processes, get_context("spawn"), _begin, (comparison,))
    try:
        yield from in_order(pool, _tally, portions, AHEAD * processes)
    except BrokenProcessPool:
        what = "A process of the back-test was ended from outside, perhaps for want of memory"
        raise ClaimsRefused(f"{what}; try --processes 1.") from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def in_order(
    pool: Executor, work: Callable[[Portion], Answer], portions: Iterable[Portion], ahead: int
) -> Iterator[Answer]:
    """Answers in the order of their portions, of which no more than ``ahead`` are under way."""
    waiting: deque[Future[Answer]] = deque()
    for portion in portions:
        waiting.append(pool.submit(work, portion))
        if len(waiting) >= ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _claims(portion: Portion) -> Iterator[Claim]:
    if isinstance(portion, Invented):
        return (synthetic_claim(portion.seed, n) for n in range(portion.start, portion.stop))
    return (claim_of(raw) for raw in portion)


_GARBAGE_AFTER = 20_000
"""Objects between two collections; a decision leaves no cycles, so that seldom is enough."""
_comparisons: list[Comparison] = []


def _begin(comparison: Comparison) -> None:
    """In each process: an interrupt is the parent's to answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()
    gc.set_threshold(_GARBAGE_AFTER)
    _comparisons[:] = [comparison]


def _tally(portion: Portion) -> Tally:
    return _comparisons[0].tally(portion)
