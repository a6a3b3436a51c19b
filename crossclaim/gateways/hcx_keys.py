"""Keys of the exchange: our own, sealed in files, and the participants' public ones, with dates.

Two files a participant of ours: ``CODE.keys.json`` with sealed private keys, and ``CODE.jwks.json``
with the public halves, which the others are given. A key is in force from ``nbf`` until ``exp``;
during a rotation two are: messages to us open under each, and we sign with the newest.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from crossclaim.config import HcxParticipant, HcxSelf
from crossclaim.domain.allocation import Frozen
from crossclaim.domain.errors import CrossclaimError

Use = Literal["enc", "sig"]
Seal = Callable[[bytes, str], bytes]
BITS = 2048
_PUBLIC = ("kty", "n", "e")


class HcxKeysUnusable(CrossclaimError):
    """A key file that is absent or cannot be used; the text names the participant alone."""

    code = "HCX_KEYS_UNUSABLE"


class KeyDates(Frozen):
    """One key as a person may see it."""

    participant: str
    kid: str
    use: Use
    starts: datetime
    ends: datetime

    def in_force(self, at: datetime) -> bool:
        return self.starts <= at < self.ends


@dataclass(frozen=True)
class OwnKey:
    """A private key of a participant of ours; it is never printed."""

    dates: KeyDates
    key: RSAKey

    @property
    def kid(self) -> str:
        return self.dates.kid

    def __repr__(self) -> str:
        return f"OwnKey({self.kid})"


class KeyBook:
    """Every participant and the keys in force; files are read again when they change."""

    def __init__(
        self,
        own: list[HcxSelf],
        others: list[HcxParticipant],
        folder: Path,
        unseal: Seal,
    ) -> None:
        self.own: Mapping[str, HcxSelf] = {one.code: one for one in own}
        self.others: Mapping[str, HcxParticipant] = {one.code: one for one in others}
        self._folder = folder
        self._unseal = unseal
        self._read: dict[Path, tuple[int, list[OwnKey]]] = {}

    def opening_keys(self, code: str, at: datetime) -> list[OwnKey]:
        """What opens messages to this participant of ours."""
        return [k for k in self._own(code) if k.dates.use == "enc" and k.dates.in_force(at)]

    def own_signing_key(self, code: str, at: datetime) -> OwnKey:
        """The newest one in force. Raises ``HcxKeysUnusable``."""
        keys = [k for k in self._own(code) if k.dates.use == "sig" and k.dates.in_force(at)]
        if not keys:
            raise HcxKeysUnusable(f"{code} has no signing key in force; make one: hcx keys --new")
        return max(keys, key=lambda k: k.dates.starts)

    def sealing_key(self, code: str, at: datetime) -> RSAKey:
        """The newest public key of another participant. Raises ``HcxKeysUnusable``."""
        keys = [(d, k) for d, k in self._public(code) if d.use == "enc" and d.in_force(at)]
        if not keys:
            raise HcxKeysUnusable(f"{code} has no encryption key in force; ask for its key set")
        return max(keys, key=lambda pair: pair[0].starts)[1]

    def signing_keys(self, code: str, at: datetime) -> list[RSAKey]:
        """Under any of these its tokens may be signed."""
        return [k for d, k in self._public(code) if d.use == "sig" and d.in_force(at)]

    def dates(self) -> list[KeyDates]:
        """Every key of everybody, the next to end first."""
        found = [key.dates for code in self.own for key in self._own(code)]
        found += [dates for code in self.others for dates, _ in self._public(code)]
        return sorted(found, key=lambda d: (d.ends, d.participant, d.kid))

    def _own(self, code: str) -> list[OwnKey]:
        file = own_file(self._folder, code)
        try:
            stamp = file.stat().st_mtime_ns
            known = self._read.get(file)
            if known is None or known[0] != stamp:
                known = self._read[file] = (stamp, read_own(file, code, self._unseal))
        except FileNotFoundError:
            return []
        return known[1]

    def _public(self, code: str) -> list[tuple[KeyDates, RSAKey]]:
        known = self.others.get(code)
        return [] if known is None else read_public(known.jwks_file, code)


def own_file(folder: Path, code: str) -> Path:
    return folder / f"{code}.keys.json"


def read_own(file: Path, code: str, unseal: Seal) -> list[OwnKey]:
    if file.stat().st_mode & 0o077:
        raise HcxKeysUnusable(f"others may read the keys of {code}; allow their owner only (0600)")
    return [
        OwnKey(
            dates=_dates(code, entry),
            key=RSAKey.import_key(
                unseal(base64.b64decode(entry["sealed"]), f"hcx/{entry['kid']}"),
                {"kid": entry["kid"]},
            ),
        )
        for entry in json.loads(file.read_text("utf-8"))["keys"]
    ]


def read_public(file: Path, code: str) -> list[tuple[KeyDates, RSAKey]]:
    """A JWKS whose keys have ``nbf`` and ``exp``; one without an end is not taken."""
    try:
        entries = json.loads(file.read_text("utf-8"))["keys"]
        found = []
        for entry in entries:
            public = {name: entry[name] for name in _PUBLIC}
            key = RSAKey.import_key({**public, "kid": entry["kid"]})
            found.append((_dates(code, entry), key))
        return found
    except (OSError, ValueError, KeyError, TypeError, JoseError):
        raise HcxKeysUnusable(f"the key set of {code} cannot be read") from None


def _dates(code: str, entry: Mapping[str, Any]) -> KeyDates:
    return KeyDates(
        participant=code,
        kid=entry["kid"],
        use=entry["use"],
        starts=datetime.fromtimestamp(entry["nbf"], UTC),
        ends=datetime.fromtimestamp(entry["exp"], UTC),
    )


def add_keys(folder: Path, code: str, starts: datetime, ends: datetime, seal: Seal) -> list[str]:
    """One key to open and one to sign, beside those that are there; the new key ids."""
    folder.mkdir(parents=True, exist_ok=True)
    private, public = own_file(folder, code), public_file(folder, code)
    sealed = json.loads(private.read_text("utf-8"))["keys"] if private.exists() else []
    shown = json.loads(public.read_text("utf-8"))["keys"] if public.exists() else []
    new = []
    for use in ("enc", "sig"):
        key = RSAKey.generate_key(BITS, private=True, auto_kid=False)
        kid = f"{code}.{use}.{starts:%Y%m%dT%H%M%S}"
        if any(entry["kid"] == kid for entry in sealed):
            raise HcxKeysUnusable(f"{code} has a key of this moment already")
        span = {"kid": kid, "use": use, "nbf": _seconds(starts), "exp": _seconds(ends)}
        secret = seal(key.as_pem(private=True), f"hcx/{kid}")
        sealed.append({**span, "sealed": base64.b64encode(secret).decode()})
        n_and_e = key.as_dict(private=False)
        shown.append({**{name: n_and_e[name] for name in _PUBLIC}, **span})
        new.append(kid)
    _write(private, {"keys": sealed}, 0o600)
    _write(public, {"keys": shown}, 0o644)
    return new


def public_file(folder: Path, code: str) -> Path:
    return folder / f"{code}.jwks.json"


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _write(file: Path, content: Any, mode: int) -> None:
    """Whole or not at all: a reader never meets half a file."""
    beside = file.with_suffix(".new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        json.dump(content, out, indent=1)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(file)
