"""API keys as rows: slow hashes verified once, old ones hardened, ends and scopes kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from crossclaim.security.api_keys import ApiKeyRecord, new_key, verify
from crossclaim.security.expiring_cache import ExpiringCache
from crossclaim.security.principal import Principal, Role
from crossclaim.service import directory
from crossclaim.service.directory import SqlDirectory
from crossclaim.stack import Stack
from crossclaim.store.keys import SqlApiKeys
from crossclaim.store.people import SqlPeople
from crossclaim.wiring import api_house
from tests.steps.rig import HOSPITAL, Rig

ISSUER = "https://id.example"


class Counted:
    """Counts how often a key was compared with its hash."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.times = 0
        self._verify = verify
        monkeypatch.setattr(directory, "verify", self)

    def __call__(self, plaintext: str, record: ApiKeyRecord | None) -> bool:
        self.times += 1
        return self._verify(plaintext, record)


class Processes:
    """API processes over one database, each with a memory of its own."""

    def __init__(self, stack: Stack) -> None:
        self._house = api_house(stack.settings)

    def new(self) -> SqlDirectory:
        database = self._house.database
        return SqlDirectory(database, self._house.keyring, SqlApiKeys(database))

    def close(self) -> None:
        self._house.database.close()


@pytest.fixture
def processes(stack: Stack) -> Iterator[Processes]:
    found = Processes(stack)
    yield found
    found.close()


def forgetful(found: SqlDirectory) -> SqlDirectory:
    """As 5 s later: the row is read anew, what was verified is still remembered."""
    found._principals = ExpiringCache(entries_max=1, age_max_s=0)
    return found


async def test_a_slow_hash_is_verified_once_a_minute_and_not_at_every_request(
    rig: Rig, processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    plaintext, record = new_key("demo")
    SqlApiKeys(rig.database).add(HOSPITAL, Role.HOSPITAL_BILLING.value, record)
    counted, process = Counted(monkeypatch), forgetful(processes.new())
    for _ in range(5):
        assert await process.principal_of(plaintext) is not None
    assert counted.times == 1
    changed = plaintext[:-1] + ("0" if plaintext[-1] != "0" else "1")
    assert await process.principal_of(changed) is None, "what was verified is this key alone"


async def test_a_key_of_an_older_build_works_and_is_hardened_when_it_is_used(
    rig: Rig, processes: Processes
) -> None:
    plaintext, record = new_key("demo")
    old = ApiKeyRecord(prefix=record.prefix, sha256=hashlib.sha256(plaintext.encode()).hexdigest())
    keys = SqlApiKeys(rig.database)
    keys.add(HOSPITAL, Role.HOSPITAL_BILLING.value, old)
    assert await processes.new().principal_of(plaintext) is not None
    kept = keys.find(record.prefix)
    assert kept is not None and kept.record.sha256 is None
    assert kept.record.argon2 is not None and kept.record.argon2.startswith("$argon2id$")
    assert await processes.new().principal_of(plaintext) is not None


async def test_a_revoked_an_ended_and_a_disabled_persons_key_open_nothing(
    rig: Rig, processes: Processes, stack: Stack
) -> None:
    keys, people = SqlApiKeys(rig.database), SqlPeople(rig.database, _keyring(rig))
    person = people.add(HOSPITAL, ISSUER, "clerk-7", "陳小文", [Role.HOSPITAL_BILLING.value])
    now, made = datetime.now(UTC), {}
    for name, more in {
        "good": {"expires_at": now + timedelta(days=1)},
        "ended": {"expires_at": now - timedelta(seconds=1)},
        "revoked": {},
        "person's": {"person": person},
    }.items():
        plaintext, record = new_key("demo")
        keys.add(HOSPITAL, Role.HOSPITAL_BILLING.value, record, **more)  # type: ignore[arg-type]
        made[name] = (plaintext, record.prefix)
    before = forgetful(processes.new())
    known = {name: await before.principal_of(key) for name, (key, _) in made.items()}
    assert {name for name, one in known.items() if one} == {"good", "revoked", "person's"}
    assert known["person's"] is not None and known["person's"].actor == person
    assert keys.revoke(made["revoked"][1]) and not keys.revoke(made["revoked"][1])
    people.disable(person)
    left = {name for name, (key, _) in made.items() if await before.principal_of(key)}
    assert left == {"good"}


async def test_a_key_is_narrowed_by_its_scopes(rig: Rig, processes: Processes) -> None:
    plaintext, record = new_key("demo")
    keys = SqlApiKeys(rig.database)
    keys.add(HOSPITAL, Role.HOSPITAL_BILLING.value, record, scopes=["read"])
    found = await processes.new().principal_of(plaintext)
    assert found == Principal(
        organisation=HOSPITAL,
        role=Role.HOSPITAL_BILLING,
        key_id=record.prefix,
        scopes=frozenset({"read"}),
    )


def test_a_subject_that_differs_in_case_alone_is_somebody_else(rig: Rig) -> None:
    people = SqlPeople(rig.database, _keyring(rig))
    people.add(HOSPITAL, ISSUER, "AbC", "one", [Role.HOSPITAL_BILLING.value])
    assert people.by_subject(ISSUER, "AbC") is not None
    assert people.by_subject(ISSUER, "abc") is None
    assert people.by_subject("https://other.example", "AbC") is None


def _keyring(rig: Rig):  # type: ignore[no-untyped-def]
    return rig.intake._keyring
