"""``crossclaim folders``: files that organisations leave in their folders, taken as they come."""

from __future__ import annotations

import errno
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from crossclaim.cli.batch_command import Batch, about, carried, client_of
from crossclaim.cli.batch_journal import Journal, JournalRefused
from crossclaim.cli.batch_results import columns_of, counts_of, write_results
from crossclaim.cli.claim_import import CLAIMS
from crossclaim.cli.hospital_import import BILLS, EPISODES
from crossclaim.cli.watched_folders import Watched, WatchedFolders
from crossclaim.gateways.party_folders import LONGEST_BYTES, PartyFolders

if TYPE_CHECKING:
    import httpx

CHECK = "check-"
"""Before the kind in a file's name: tell every fault and keep nothing."""
BATCHES: dict[str, Batch] = {batch.word: batch for batch in (EPISODES, BILLS, CLAIMS)}
_ENDS_A_WORD = "-_. "


class Taken(NamedTuple):
    """What a file's name says: the kind of its rows, and whether they are only checked."""

    batch: Batch
    check: bool


def folders(
    config: Annotated[
        Path | None,
        typer.Argument(help="YAML: whose folders, and with which keys. Default: as the setting."),
    ] = None,
    api: Annotated[str, typer.Option("--api", help="Where the API is.")] = "http://127.0.0.1:8080",
    once: Annotated[bool, typer.Option("--once", help="One look, and leave.")] = False,
    every_s: Annotated[
        float, typer.Option("--every", help="Seconds between looks.", min=0.1)
    ] = 5.0,
) -> None:
    """Import the files of organisations' inbound folders, and put the results into outbound."""
    from crossclaim.config import Settings

    settings = Settings()
    standing = WatchedFolders(config or settings.folders_file, needed=config is not None or once)
    with standing:
        while True:
            for one, places in standing.now():
                _tell_of(one, places, api)
            if settings.ready_file is not None:
                settings.ready_file.touch()
            if once:
                return
            time.sleep(every_s)


def _tell_of(one: Watched, places: PartyFolders, api: str) -> None:
    """One organisation's full disk holds up nobody else."""
    try:
        for sentence in look(one, places, api):
            typer.echo(f"{one.organisation}: {_printable(sentence)}")
    except OSError as error:
        name = errno.errorcode.get(error.errno or 0, "unknown")
        typer.echo(f"{one.organisation}: its folders failed with {name}.", err=True)


def look(one: Watched, places: PartyFolders, api: str) -> Iterator[str]:
    """What is done about every file that is there; what was begun before comes first.

    While the API is away files stay where they are, and so does what it did not answer.
    """
    places.hand_out()
    begun = places.begun()
    if not begun and not places.arrived():
        return
    try:
        key = one.key_file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        yield f"{one.key_file.name} cannot be read; nothing is imported."
        return
    with client_of(api, key, one.language) as http:
        wrong = _wrong(http, one.organisation)
        if wrong is not None:
            yield wrong
            return
        for path in begun:
            yield work_on(places, path, http)
        for path in places.arrived():
            mine = places.take(path)
            if mine is not None:
                yield work_on(places, mine, http)


def work_on(places: PartyFolders, work: Path, http: httpx.Client) -> str:
    """One file, once; what became of it as a sentence."""
    from crossclaim.documents.table_reader import Unreadable, read_table

    results = places.results_of(work)
    if results.exists():
        places.finish(work)
        return f"{work.name} was done before; its results are out."
    taken = kind_of(work.name)
    if taken is None:
        return _set_aside(places, work, _UNNAMED)
    if work.stat().st_size > LONGEST_BYTES:
        return _set_aside(places, work, f"{work.name} is too large; send it in parts.")
    batch, check = taken
    try:
        table = read_table(work, batch.columns, batch.optional)
    except Unreadable as error:
        return _set_aside(places, work, str(error))
    if not table.rows:
        return _set_aside(places, work, f"{work.name} has a heading and nothing below it.")
    try:
        journal = Journal(results, about(batch, check=check), resume=True)
    except JournalRefused as error:
        return _set_aside(places, work, str(error))
    with journal:
        done = carried(batch, table, http, journal, check=check, quiet=True)
    counts = ", ".join(f"{count} {status}" for status, count in counts_of(done.found).items())
    if done.later:
        return f"{work.name}: {counts}; what was not answered is sent again."
    write_results(results, columns_of(batch.number, batch.told), done.lines)
    journal.done()
    places.finish(work)
    return f"{work.name}: {counts}."


def kind_of(name: str) -> Taken | None:
    """By the first word of the name; None where it says nothing of ours."""
    rest = name.lower()
    check = rest.startswith(CHECK)
    rest = rest.removeprefix(CHECK)
    for word, batch in BATCHES.items():
        if rest.startswith(word) and rest[len(word)] in _ENDS_A_WORD:
            return Taken(batch, check)
    return None


_UNNAMED = (
    "The name of a file begins with what it holds: episodes, bills or claims, as in"
    " bills-2026-04-02.csv; before it, check- asks for a check alone."
)


def _printable(sentence: str) -> str:
    """A file may be called anything: by bytes that are no text, or by lines of our own making."""
    return "".join(letter if letter.isprintable() else "?" for letter in sentence)


def _set_aside(places: PartyFolders, work: Path, reason: str) -> str:
    places.set_aside(work, _printable(reason))
    return f"{work.name} is set aside: {reason}"


def _wrong(http: httpx.Client, organisation: str) -> str | None:
    """Why nothing is sent now: a file goes in as its own organisation's, or not at all."""
    import httpx

    try:
        said = http.get("/v1/me")
    except httpx.HTTPError:
        return "the API does not answer; the files wait."
    if said.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        return "the API does not answer; the files wait."
    if said.status_code == httpx.codes.OK and said.json()["organisation"] != organisation:
        return "its key is another organisation's; nothing is imported."
    return None
