"""Whose folders are watched: a file that is read again when it changes, while the watch goes on."""

from __future__ import annotations

import errno
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import typer
from pydantic import BaseModel, ConfigDict, ValidationError

from crossclaim.domain.errors import CrossclaimError
from crossclaim.gateways.party_folders import PartyFolders


class Watched(BaseModel):
    """One organisation's folders, and the key that it would send with itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    organisation: str
    folder: Path
    key_file: Path
    language: str = "en"


class WatchList(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    folders: list[Watched]


def read_list(config: Path) -> list[Watched]:
    """Raises ``CrossclaimError`` with one sentence."""
    import yaml

    try:
        return WatchList.model_validate(yaml.safe_load(config.read_text("utf-8"))).folders
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise CrossclaimError(f"{config.name} is no YAML file that can be read.") from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = "/".join(map(str, first["loc"]))
        raise CrossclaimError(f"{config.name}, {where}: {first['msg']}.") from None


class WatchedFolders:
    """The list as it is now, each organisation's folders held by this process alone.

    ``needed``: a list that is absent or cannot be read is an error; else it is waited for, and one
    that was spoilt while it was edited leaves the list before it in force, and folders that cannot
    be watched are told, left out and tried again.
    """

    def __init__(self, config: Path, *, needed: bool) -> None:
        self._config = config
        self._needed = needed
        self._stamp: int | None = None
        self._held = ExitStack()
        self._found: list[tuple[Watched, PartyFolders]] = []
        self._told: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._held.close()

    def now(self) -> list[tuple[Watched, PartyFolders]]:
        """Raises ``CrossclaimError`` for a needed list: also for folders that another watches."""
        try:
            stamp = self._config.stat().st_mtime_ns
        except OSError:
            stamp = 0
        if stamp == self._stamp:
            return self._found
        self._stamp = stamp
        if stamp or self._needed:
            self._read()
        return self._found

    def _read(self) -> None:
        try:
            listed = read_list(self._config)
        except CrossclaimError as error:
            if self._needed:
                raise
            typer.echo(str(error), err=True)
            return
        self._held.close()
        self._found, wrong = [], set[str]()
        for one in listed:
            try:
                self._found.append((one, self._hold(one)))
            except CrossclaimError as error:
                if self._needed:
                    raise
                # One organisation's folders stop nobody else's.
                wrong.add(str(error))
        for sentence in sorted(wrong - self._told):
            typer.echo(sentence, err=True)
        self._told = wrong
        if wrong:
            self._stamp = None

    def _hold(self, one: Watched) -> PartyFolders:
        try:
            places = PartyFolders(one.folder)
            self._held.enter_context(places.alone())
        except OSError as error:
            name = errno.errorcode.get(error.errno or 0, "unknown")
            raise CrossclaimError(
                f"{one.organisation}: its folders cannot be watched, they failed with {name}."
            ) from None
        return places
