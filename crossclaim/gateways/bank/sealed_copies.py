"""Keeps what banks sent, each payment's bytes under the key of the episode that it is about.

What the books need of it (amount, reference, day, a digest of the account) stands in rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from crossclaim.domain.bank_copy import NewCopy
from crossclaim.domain.errors import GatewayError
from crossclaim.gateways import durable_names
from crossclaim.gateways.bank.copies import CopyFolders, frames_of
from crossclaim.gateways.bank.cuts import Cut, NotCut, candidates, cuts_of, tokens_of
from crossclaim.security.errors import KeyDestroyed
from crossclaim.security.keyring import Keyring

ERASED = b"<!-- erased -->"
_FRAME = 262_144
_TOGETHER = 500
"""Payments whose owners and keys are looked up by one statement."""
_AT_ONCE = 50
"""Files that are noted by one transaction."""
_BYTES_AT_ONCE = 64 * 1_048_576
"""And so many bytes, or one file that is larger: a worker that stops waits for no more."""
_PIECE = 1_048_576
_END = "end"


class CopyBook(Protocol):
    """What is noted of copies, and whose payments they tell of."""

    def begin(self, copies: Collection[NewCopy]) -> dict[str, str]:
        """Makes their rows and keys; scope → name of the sealed file, empty where none is yet."""
        ...

    def shared(self, copy: str, about: Mapping[str, Collection[str]]) -> None:
        """Makes keys of pieces that are about several episodes."""
        ...

    def gone(self, episodes: Collection[str]) -> set[str]:
        """Those whose key was destroyed; an erasure that is under way is waited for."""
        ...

    def note(self, names: Mapping[str, str]) -> None:
        """Scope → the name under which it lies."""
        ...

    def owners(self, names: Collection[str]) -> dict[str, str]:
        """Reference → episode of those that are ours."""
        ...

    def erased(self, names: Collection[str]) -> set[str]:
        """References of who was erased."""
        ...

    def stored(self, bank: str, folder: str, name: str) -> NewCopy:
        """Raises ``NotFound``."""
        ...


@dataclass(frozen=True)
class _Run:
    """Neighbouring bytes of one owner: an episode's id, the file's own scope, or that of bytes
    which are about several."""

    end: int
    scope: str
    about: frozenset[str] = frozenset()


class SealedBankCopies:
    """Implements ``activities.bank_copy_port.BankCopies`` as the worker's role."""

    def __init__(self, rows: CopyBook, keyring: Keyring, folders: Mapping[str, Path]) -> None:
        self._rows = rows
        self._keyring = keyring
        self._folders = {bank: CopyFolders(root) for bank, root in folders.items()}

    def tidy(self, bank: str, go_on: Callable[[], bool] = lambda: True) -> int:
        """``go_on`` is asked after every round of files. Raises the first failure once all that can
        be sealed is: one file that cannot be never leaves those behind it in the open."""
        folders = self._folders[bank]
        changed, failures = self._drop_orders(folders), list[GatewayError | OSError]()
        for number, together in enumerate(_rounds(list(folders.plain()))):
            if number and not go_on():
                break
            changed += self._seal(bank, folders, together, failures)
        if failures:
            raise failures[0]
        return changed

    def _drop_orders(self, folders: CopyFolders) -> int:
        """Of the erased: a bank that has not taken them by now never shall."""
        named = {path: candidates({_reference(path)}) for path in folders.orders()}
        if not named:
            return 0
        gone = self._rows.erased(set().union(*named.values()))
        dropped = [path for path, names in named.items() if names & gone]
        folders.drop(dropped)
        return len(dropped)

    def _seal(
        self,
        bank: str,
        folders: CopyFolders,
        paths: Sequence[Path],
        failures: list[GatewayError | OSError],
    ) -> int:
        """Several at once, for a crash anywhere between leaves each in the open or twice."""
        copies, kept = dict[Path, NewCopy](), dict[Path, str]()
        for path in paths:
            with _failing(failures):
                copies[path] = self._copy(bank, folders, path)
        known = self._rows.begin(copies.values()) if copies else {}
        self._keyring.open_all(known)
        for path, copy in copies.items():
            with _failing(failures):
                kept[path] = self._kept(folders, path, copy, known[copy.scope])
        # Before the plain file goes: a copy under a name that nobody noted is found by nobody.
        folders.settle(kept)
        if kept:
            self._rows.note({copies[path].scope: name for path, name in kept.items()})
            folders.drop(kept)
        return len(kept)

    def _copy(self, bank: str, folders: CopyFolders, path: Path) -> NewCopy:
        with folders.opened(path) as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return NewCopy.of(bank, path.parent.name, durable_names.told(path.name), sha256)

    def _kept(self, folders: CopyFolders, path: Path, copy: NewCopy, known: str) -> str:
        with folders.opened(path) as file:
            runs = list(self._runs(copy.scope, file))
            about = {run.scope: run.about for run in runs if run.about}
            if about:
                self._rows.shared(copy.scope, about)
            gone = self._rows.gone({one for run in runs for one in run.about})
            file.seek(0)
            return folders.keep(path, self._frames(copy, runs, file, gone), known)

    def _runs(self, scope: str, file: BinaryIO) -> Iterator[_Run]:
        try:
            cuts = list(cuts_of(file))
        except NotCut:
            file.seek(0)
            yield from self._whole(scope, file)
            return
        end = file.seek(0, 2)
        for start in range(0, len(cuts), _TOGETHER):
            some = cuts[start : start + _TOGETHER]
            owners = self._rows.owners({c for cut in some for c in candidates(cut.names)})
            for cut in some:
                yield _Run(cut.begin, scope)
                yield from _of_cut(scope, cut, owners)
        yield _Run(end, scope)

    def _whole(self, scope: str, file: BinaryIO) -> Iterator[_Run]:
        """What cannot be read is about everybody whose reference stands anywhere in it."""
        names: set[str] = set()
        left = b""
        while piece := file.read(_PIECE):
            names |= tokens_of(left + piece)
            left = piece[-64:]
        about = set(self._rows.owners(candidates(names)).values())
        yield _shared(scope, 0, file.tell(), about)

    def _frames(
        self, copy: NewCopy, runs: Sequence[_Run], file: BinaryIO, gone: Collection[str]
    ) -> Iterator[tuple[str, bytes]]:
        number, place = 0, 0
        for nth, run in enumerate(runs):
            if nth % _TOGETHER == 0:
                self._keyring.open_all({one.scope for one in runs[nth : nth + _TOGETHER]})
            while place < run.end:
                plain = file.read(min(_FRAME, run.end - place))
                place += len(plain)
                kept = run.about.isdisjoint(gone)
                sealed = self._sealed(run.scope, plain, copy.field(number)) if kept else b""
                yield run.scope, sealed
                number += 1
        yield copy.scope, self._sealed(copy.scope, b"", copy.field(number, _END))

    def _sealed(self, scope: str, plain: bytes, field: str) -> bytes:
        """Nothing of whoever was erased before his bank told of him once more."""
        try:
            return self._keyring.encrypt(scope, plain, field)
        except KeyDestroyed:
            return b""

    def read(self, bank: str, folder: str, name: str) -> Iterator[bytes]:
        """The file as it came; a mark stands for what was erased. Raises ``NotFound``."""
        copy = self._rows.stored(bank, folder, name)
        with self._folders[bank].sealed(folder, copy.stored) as file:
            waiting: tuple[str, bytes] | None = None
            number, told = 0, True
            for frame in frames_of(file):
                if waiting is not None:
                    plain = self._plain(waiting, copy.field(number))
                    number += 1
                    if plain is not None or told:
                        yield ERASED if plain is None else plain
                    told = plain is not None
                waiting = frame
            # The last piece is empty and says that nothing was cut off.
            self._plain(waiting or (copy.scope, b"-"), copy.field(number, _END))

    def _plain(self, frame: tuple[str, bytes], field: str) -> bytes | None:
        scope, sealed = frame
        try:
            return self._keyring.decrypt(scope, sealed, field) if sealed else None
        except KeyDestroyed:
            return None


def _rounds(paths: Sequence[Path]) -> Iterator[list[Path]]:
    """At most so many files and bytes each, and at least one file."""
    together, weight = list[Path](), 0
    for path in paths:
        size = _size(path)
        if together and (len(together) == _AT_ONCE or weight + size > _BYTES_AT_ONCE):
            yield together
            together, weight = [], 0
        together.append(path)
        weight += size
    if together:
        yield together


def _size(path: Path) -> int:
    """Of a file that cannot be looked at none: what reads it says why."""
    try:
        return path.lstat().st_size
    except OSError:
        return 0


@contextmanager
def _failing(failures: list[GatewayError | OSError]) -> Iterator[None]:
    """What one file fails with is kept, and the others go on."""
    try:
        yield
    except (GatewayError, OSError) as error:
        failures.append(error)


def _reference(order: Path) -> str:
    return order.stem.partition("-inquiry-")[0]


def _of_cut(scope: str, cut: Cut, owners: Mapping[str, str]) -> Iterator[_Run]:
    about = _about(cut, owners)
    if len(about) <= 1:
        yield _Run(cut.end, min(about, default=scope))
        return
    place = cut.begin
    for inner in cut.inner:
        yield _shared(scope, place, inner.begin, about)
        own = _about(inner, owners)
        yield _shared(scope, inner.begin, inner.end, own)
        place = inner.end
    yield _shared(scope, place, cut.end, about)


def _about(cut: Cut, owners: Mapping[str, str]) -> set[str]:
    return {owners[name] for name in candidates(cut.names) if name in owners}


def _shared(scope: str, begin: int, end: int, about: set[str]) -> _Run:
    """Bytes about several go with the first of them who is erased."""
    if len(about) <= 1:
        return _Run(end, min(about, default=scope))
    return _Run(end, f"{scope}-{begin}", frozenset(about))
