"""The participant's own keys, made at its first start, and the key set of the other side."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from joserfc.jwk import RSAKey

LIFE_S = 365 * 24 * 3600


class Keys:
    """``keys.json`` stays here; ``jwks.json`` beside it is what others are given."""

    def __init__(self, folder: Path, code: str, peer_jwks: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._peer_jwks = peer_jwks
        file = folder / "keys.json"
        if not file.exists():
            made = {use: _new(code, use) for use in ("enc", "sig")}
            file.write_text(json.dumps(made))
            file.chmod(0o600)
            public = [_public(key) for key in made.values()]
            (folder / "jwks.json").write_text(json.dumps({"keys": public}))
        known = json.loads(file.read_text())
        self.opening, self.signing = (_key(known[use]) for use in ("enc", "sig"))

    def peer(self, use: str) -> list[RSAKey]:
        """The other side's keys that are good now, the newest first; read each time."""
        now = time.time()
        entries = json.loads(self._peer_jwks.read_text())["keys"]
        good = [e for e in entries if e["use"] == use and e["nbf"] <= now < e["exp"]]
        return [_key(_public(e)) for e in sorted(good, key=lambda e: -e["nbf"])]


def stranger() -> RSAKey:
    """A key that nobody knows."""
    return RSAKey.generate_key(2048, {"kid": "stranger"})


def _new(code: str, use: str) -> dict[str, Any]:
    start = int(time.time()) - 60
    key = RSAKey.generate_key(2048)
    span = {"kid": f"{code}.{use}", "use": use, "nbf": start, "exp": start + LIFE_S}
    return {**key.as_dict(private=True), **span}


def _public(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: entry[name] for name in ("kty", "n", "e", "kid", "use", "nbf", "exp")}


def _key(entry: dict[str, Any]) -> RSAKey:
    members = {k: v for k, v in entry.items() if k not in ("use", "nbf", "exp")}
    return RSAKey.import_key(members)
