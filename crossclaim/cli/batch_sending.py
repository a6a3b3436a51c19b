"""Sends what a batch file holds, one by one and several at a time, with a result for each."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from crossclaim.cli.batch_journal import Journal
from crossclaim.cli.batch_results import CLEAN, NOT_SENT, REFUSED, TAKEN, Item, Result, told_of
from crossclaim.domain.errors import InProgress
from crossclaim.domain.table_file import Placed

if TYPE_CHECKING:
    import httpx

AT_A_TIME = 8
PATIENCE_S = 60.0
SILENCE = "NO_ANSWER"
_LATER = frozenset({202, 429, 503})
_PASSING = frozenset({401, 408, 425, 429})
"""Beside 5xx: what another try, or another key, mends without another file."""


def send_all(
    http: httpx.Client,
    path: str | Callable[[Item], str],
    items: Sequence[Item],
    journal: Journal | None,
    *,
    check: bool,
    quiet: bool,
    told: dict[str, str] | None = None,
) -> list[Result]:
    """In the order of the file. ``path``: one for all, or each one's own, asked of what has no
    fault. ``check``: nothing is taken by it. ``told``: what is kept of an answer, else all."""
    good = CLEAN if check else TAKEN
    found: dict[int, Result] = {}
    pool = ThreadPoolExecutor(AT_A_TIME)
    try:
        sent: dict[Future[Result], int] = {}
        for at, one in enumerate(items):
            answered = None if journal is None else journal.known(one)
            if answered is not None:
                found[at] = Result(one, good, answer=answered)
            else:
                sent[pool.submit(_send, http, path, one, good)] = at
        for future in _watched(sent, len(items), quiet=quiet):
            result = future.result()
            if told is not None:
                result = replace(result, answer=told_of(result.answer, told))
            # What it answered whole goes with the future.
            found[sent.pop(future)] = result
            if journal is not None:
                journal.note(result)
    finally:
        # Broken off by hand, what has not begun is not sent any more.
        pool.shutdown(cancel_futures=True)
    return [found[at] for at in sorted(found)]


def _watched(
    sent: dict[Future[Result], int], items: int, *, quiet: bool
) -> Iterable[Future[Result]]:
    """As they are done; with a bar that begins where a broken import had come to."""
    done = as_completed(sent)
    if quiet or not sys.stderr.isatty():
        yield from done
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("sent", total=items, completed=items - len(sent))
        for future in done:
            bar.advance(task)
            yield future


def _send(http: httpx.Client, path: str | Callable[[Item], str], item: Item, good: str) -> Result:
    import httpx

    if item.faults:
        silent = all(one.code == SILENCE for one in item.faults)
        return Result(item, NOT_SENT if silent else REFUSED, faults=item.faults, later=silent)
    try:
        own = path if isinstance(path, str) else path(item)
        answer, body = _answered(http, own, item.body)
    except (httpx.HTTPError, json.JSONDecodeError):
        told = "The API did not answer; send the file again."
        return Result(item, NOT_SENT, faults=[_whole(item, SILENCE, told)], later=True)
    if answer.status_code in (200, 201):
        return Result(item, good, answer=body)
    errors = body.get("errors", [])
    faults = [_placed(item, one) for one in errors]
    faults = faults or [_whole(item, body.get("code", ""), body.get("detail", ""))]
    if errors:
        return Result(item, REFUSED, faults=faults)
    later = answer.status_code >= 500 or answer.status_code in _PASSING
    return Result(item, NOT_SENT, faults=faults, later=later)


def _answered(
    http: httpx.Client, path: str, content: dict[str, Any]
) -> tuple[httpx.Response, dict[str, Any]]:
    """The answer to one; what is still worked on is sent again, as the API says to."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        answer = http.post(path, json=content)
        body: dict[str, Any] = answer.json()
        worked_on = answer.status_code in _LATER or body.get("code") == InProgress.code
        if not worked_on or time.monotonic() > deadline:
            return answer, body
        time.sleep(float(answer.headers.get("Retry-After", "1")))


def _placed(item: Item, error: dict[str, str]) -> Placed:
    row, column = item.place(error.get("pointer", ""))
    return Placed(row=row, column=column, code=error["code"], detail=error["detail"])


def _whole(item: Item, code: str, detail: str) -> Placed:
    return Placed(row=item.rows[0], column="", code=code, detail=detail)
