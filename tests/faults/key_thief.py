"""A thief who has every byte and every key that is left, and tries all of them on what he has."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from crossclaim.security.data_key import DataKey
from crossclaim.security.errors import KeyDestroyed, Undecipherable
from crossclaim.security.keys import EpochKeystore
from crossclaim.stack import wheel
from tests.faults.house import House

_HEADER_BYTES = 4


@dataclass(frozen=True)
class Sealed:
    """One sealed text of a person, as it lies in a column or an object."""

    field: str
    content: bytes

    @property
    def body(self) -> bytes:
        """Without the header that names the key."""
        return self.content[_HEADER_BYTES + self.content[3] :]


@dataclass(frozen=True)
class Loot:
    """What a copy of the day before holds of a scope: its wrapped key and its texts."""

    scope: str
    key_id: str
    wrapped: bytes
    texts: tuple[Sealed, ...]


def loot_of(house: House, scope: str) -> Loot:
    (key,) = house.rows("select key_id, wrapped from data_key where scope = %(scope)s", scope=scope)
    columns = {
        "submission": "select content as sealed from submission where episode_id = %(scope)s",
        "episode": "select sealed from episode where id = %(scope)s",
        "bill": "select sealed from bill where episode_id = %(scope)s",
        "payee": "select payee_sealed as sealed from payout_intent where episode_id = %(scope)s",
    }
    texts = [
        Sealed(field, bytes(row["sealed"]))
        for field, query in columns.items()
        for row in house.rows(query, scope=scope)
    ]
    return Loot(scope, key["key_id"], bytes(key["wrapped"]), tuple(texts))


def opened_by_what_is_left(house: House, loot: Loot) -> list[str]:
    """The fields that open: by the wrapped key under any epoch, or by anybody else's key."""
    secrets = [*_of_epochs(house, loot), *_of_others(house)]
    found = []
    for text in loot.texts:
        for secret in secrets:
            try:
                DataKey(loot.scope, loot.key_id, secret).unseal(text.body, text.field)
            except Undecipherable:
                continue
            found.append(text.field)
            break
    return found


def _keystore(house: House) -> EpochKeystore:
    return EpochKeystore(house.stack.settings.keystore_dir)


def _of_epochs(house: House, loot: Loot) -> Iterator[bytes]:
    keystore = _keystore(house)
    for epoch in keystore.epochs():
        try:
            yield keystore.unwrap(loot.wrapped, epoch, scope=loot.scope, key_id=loot.key_id)
        except (KeyDestroyed, Undecipherable):
            continue


def _of_others(house: House) -> Iterator[bytes]:
    """Every data key that lives, and the platform's own."""
    keystore = _keystore(house)
    for row in house.rows("select scope, key_id, epoch, wrapped from data_key"):
        if row["wrapped"] is not None:
            yield keystore.unwrap(
                bytes(row["wrapped"]), row["epoch"], scope=row["scope"], key_id=row["key_id"]
            )
    yield keystore.platform_key("blind index")


def base_backup(house: House, folder: Path) -> Path:
    """A copy of the whole cluster with its log, as an operator keeps them."""
    program = wheel.postgres_programs() / "pg_basebackup"
    words = [str(program), f"--dbname={house.superuser_url()}", f"--pgdata={folder}"]
    words += ["--wal-method=stream", "--checkpoint=fast", "--no-sync"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with psycopg.connect(house.superuser_url(), autocommit=True) as connection:
        connection.execute("checkpoint")
    return folder


def holds(folder: Path, content: bytes) -> bool:
    """Whether any file below has these very bytes."""
    return any(content in path.read_bytes() for path in folder.rglob("*") if path.is_file())
