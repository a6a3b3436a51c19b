"""What came of every episode of a soak, read from our rows and from the banks' own journals."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import httpx
from pydantic import BaseModel, ConfigDict

from crossclaim.store.session import Database

_ENDS = """
select e.id, e.status,
       coalesce(array_agg(distinct x.code) filter (where x.code is not null), '{}') as codes,
       e.revision
from episode e left join exception_item x
  on x.episode_id = e.id and x.resolved_at is null
where e.id = any(%(ids)s) group by e.id, e.status, e.revision
"""
_LEVEL = "select currency, sum(amount_minor)::bigint as minor from posting group by 1"
_CREDITED = """
select i.payee_account_sha256 as account, sum(i.amount_minor)::bigint as minor
from payout_intent i
where exists (select 1 from entry where key = 'credit:' || i.reference)
  and not exists (select 1 from entry where key = 'reversal:credit:' || i.reference)
group by 1
"""
_PAID_TWICE = """
select claim_id from payout_intent i
where exists (select 1 from entry where key = 'credit:' || i.reference)
  and not exists (select 1 from entry where key = 'reversal:credit:' || i.reference)
group by 1 having count(*) > 1
"""

Account = str
"""SHA-256 of an account's number: our rows hold no more of it."""


class End(BaseModel):
    """``codes``: of the exceptions that a person has to look at."""

    model_config = ConfigDict(frozen=True)

    episode_id: str
    status: str
    codes: tuple[str, ...]
    revision: int

    @property
    def over(self) -> bool:
        return self.status != "open"

    @property
    def explained(self) -> bool:
        """Ended, or waiting for a person who is told why."""
        return self.over or bool(self.codes)


class Verdict(BaseModel):
    """``faults`` are what must never be; with none of them the soak has passed."""

    model_config = ConfigDict(frozen=True)

    episodes: int
    ended: int
    waiting: dict[str, int]
    """Code of an open exception → episodes that wait with it."""
    payouts: int
    paid_fen: int
    restarts: int
    struck: dict[str, int]
    """``party fault`` → how often it struck."""
    faults: list[str]


def ends(database: Database, episode_ids: Sequence[str]) -> list[End]:
    """How each of these episodes stands."""
    with database.begin() as connection:
        rows = connection.execute(_ENDS, {"ids": list(episode_ids)}).mappings()
    return [
        End(
            episode_id=row["id"],
            status=row["status"],
            codes=tuple(sorted(row["codes"])),
            revision=row["revision"],
        )
        for row in rows
    ]


class Books:
    """Our ledger beside the banks' books."""

    def __init__(self, database: Database, banks: Mapping[str, str]) -> None:
        self._database = database
        self._banks = banks

    def faults(self) -> list[str]:
        """Every difference, in a sentence."""
        executed = [one for url in self._banks.values() for one in journal(url, "executed")]
        returned = [one for url in self._banks.values() for one in journal(url, "returned")]
        found = [f"the ledger is not level in {c}: {m}" for c, m in self._level().items() if m]
        found += [f"claim {claim} was paid twice" for claim in self._paid_twice()]
        found += executed_twice(executed)
        found += unequal(net(executed, returned), self._credited())
        return found

    def paid(self) -> tuple[int, int]:
        """Payouts that the banks made, and the fen that payees still have by our ledger."""
        executed = [one for url in self._banks.values() for one in journal(url, "executed")]
        return len(executed), sum(self._credited().values())

    def _level(self) -> dict[str, int]:
        with self._database.begin() as connection:
            rows = connection.execute(_LEVEL).mappings()
        return {row["currency"]: row["minor"] for row in rows}

    def _credited(self) -> dict[Account, int]:
        with self._database.begin() as connection:
            rows = connection.execute(_CREDITED).mappings()
        return {row["account"]: row["minor"] for row in rows}

    def _paid_twice(self) -> list[str]:
        with self._database.begin() as connection:
            rows = connection.execute(_PAID_TWICE).mappings()
        return [row["claim_id"] for row in rows]


def journal(url: str, kind: str) -> list[dict[str, Any]]:
    """What an outside party wrote down of one kind."""
    address = f"{url}/_control/journal"
    answer = httpx.get(address, params={"kind": kind}, verify=False, trust_env=False, timeout=60)
    entries: list[dict[str, Any]] = answer.raise_for_status().json()["entries"]
    return entries


def executed_twice(executed: Iterable[Mapping[str, Any]]) -> list[str]:
    times = Counter(str(one["reference"]) for one in executed)
    return [f"the bank executed {reference} {n} times" for reference, n in times.items() if n > 1]


def net(
    executed: Iterable[Mapping[str, Any]], returned: Iterable[Mapping[str, Any]]
) -> dict[Account, int]:
    """What the banks hold more for each payee, in fen."""
    net: Counter[Account] = Counter()
    for sign, entries in ((1, executed), (-1, returned)):
        for one in entries:
            account = hashlib.sha256(str(one["creditor_account"]).encode()).hexdigest()
            net[account] += sign * int(Decimal(str(one["amount"])).scaleb(2))
    return {account: fen for account, fen in net.items() if fen}


def unequal(banks: Mapping[Account, int], ours: Mapping[Account, int]) -> list[str]:
    return [
        f"payee account {account[:12]}: the bank has {banks.get(account, 0)} fen,"
        f" the ledger {ours.get(account, 0)}"
        for account in sorted({*banks, *ours})
        if banks.get(account, 0) != ours.get(account, 0)
    ]
