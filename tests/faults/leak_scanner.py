"""Looks for known strings in bytes, in every form in which a store might hold them."""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

_COMPRESSED = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
_INFLATED_MAX = 1_000_000
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
        "utf-16-be": canary.encode("utf-16-be"),
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

    def scan_inflated(self, root: Path) -> list[Hit]:
        """As ``scan_folder``, and inside whatever looks like the beginning of a zlib or gzip."""
        found = self.scan_folder(root)
        for path in sorted(root.rglob("*")):
            try:
                content = path.read_bytes() if path.is_file() else b""
            except FileNotFoundError:
                continue
            for inside in inflated(content):
                found += self.scan(f"{path.relative_to(root)} inflated", inside)
        return found


def inflated(content: bytes) -> Iterator[bytes]:
    """What comes out of every place at which a compressed stream may begin."""
    for start in _COMPRESSED.finditer(content):
        try:
            engine = zlib.decompressobj(wbits=47)
            plain = engine.decompress(
                content[start.start() : start.start() + 65_536], _INFLATED_MAX
            )
        except zlib.error:
            continue
        if plain:
            yield plain
