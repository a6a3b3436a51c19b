"""Looks for known strings in bytes, in every form in which a store might hold them."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

_BYTES_MIN = 5
"""What is shorter turns up by chance."""


@dataclass(frozen=True)
class Hit:
    place: str
    canary: str
    form: str


def base64_forms(plain: bytes) -> Iterator[tuple[str, bytes]]:
    """The characters that the bytes alone decide, at each of the three ways to be aligned."""
    for offset, start in ((0, 0), (1, 2), (2, 3)):
        encoded = base64.b64encode(bytes(offset) + plain)
        end = (offset + len(plain)) * 8 // 6
        yield f"base64+{offset}", encoded[start:end]
        yield f"base64url+{offset}", encoded[start:end].translate(bytes.maketrans(b"+/", b"-_"))


def forms(canary: str) -> dict[bytes, str]:
    """Byte string → the name of the form."""
    plain = canary.encode()
    named = {
        "utf-8": plain,
        "utf-16-le": canary.encode("utf-16-le"),
        "hex": plain.hex().encode(),
        "HEX": plain.hex().upper().encode(),
        "json": json.dumps(canary)[1:-1].encode(),
        "url": quote(canary).encode(),
        **dict(base64_forms(plain)),
    }
    longer = {name: pattern for name, pattern in named.items() if len(pattern) > _BYTES_MIN}
    longer["utf-8"] = plain
    return {pattern: name for name, pattern in reversed(longer.items())}


class Scanner:
    def __init__(self, canaries: Iterable[str]) -> None:
        self._patterns = [(c, name, p) for c in canaries for p, name in forms(c).items()]

    def scan(self, place: str, content: bytes) -> list[Hit]:
        return [
            Hit(place, canary, form)
            for canary, form, pattern in self._patterns
            if pattern in content
        ]

    def scan_folder(self, root: Path, apart_from: Iterable[Path] = ()) -> list[Hit]:
        """Every regular file below ``root``, live ones too, without the folders named."""
        apart, found = [p.resolve() for p in apart_from], []
        for path in sorted(root.rglob("*")):
            if any(path.resolve().is_relative_to(folder) for folder in apart):
                continue
            try:
                if path.is_symlink() or not path.is_file():
                    continue
                found += self.scan(str(path.relative_to(root)), path.read_bytes())
            except FileNotFoundError:
                # A live store removes files of its own while we look.
                continue
        return found
