"""One bank's account of an insurer, its statements as files, and payouts as our rows have them."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from temporalio.testing import ActivityEnvironment

from activities.bank_matching import StatementMatching, matching_of
from activities.inbox import InboxSteps
from activities.orders import InboxWatch
from activities.payout_intent import account_sha256
from activities.world import World
from crossclaim.config import BankProfile
from crossclaim.domain.bank_account import AccountKey
from crossclaim.domain.matching_tally import Tally
from crossclaim.domain.reference import InsurerKnown, Reference
from crossclaim.domain.submission import BankAccount
from crossclaim.gateways.bank import HostToHostBank
from crossclaim.store.bank_books import SqlBankBooks
from crossclaim.store.inbox_tables import SqlInbox
from tests.gateways.bank_scene import account, details, document, entry
from tests.steps.rig import HARBOUR, Rig

PAYER = "6222000000000051"
PAYEE = BankAccount(
    holder="Example Hospital", number="6200000000000005", bank_name="Example", bank_code="1"
)
DAY = date(2025, 10, 14)
OPENING = 90_000_000
_numbers = itertools.count(1)


def text(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"


def booked(
    sign: str,
    reference: str,
    minor: int,
    *,
    day: date = DAY,
    booking: str = "",
    payee: str = PAYEE.number,
    currency: str = "CNY",
    **more: Any,
) -> str:
    """One entry of a statement."""
    parties = account(payee, "CdtrAcct") if payee else ""
    refs = f"<EndToEndId>{reference}</EndToEndId>" if reference else ""
    told = details(parties=parties, refs=refs, sign="")
    line = entry(sign, told, amount=text(minor), booked=f"<Dt>{day}</Dt>", **more)
    line = line.replace('Ccy="CNY"', f'Ccy="{currency}"')
    return (
        line.replace("<BkTxCd>", f"<AcctSvcrRef>{booking}</AcctSvcrRef><BkTxCd>")
        if booking
        else line
    )


class Engines:
    """Episodes that were told of a report."""

    def __init__(self) -> None:
        self.told: list[str] = []

    async def announce_payout(self, episode_id: str, reference: str) -> None:
        self.told.append(reference)

    async def announce_charge(self, account_id: str, reference: str) -> None: ...

    async def announce_tender(self, episode_id: str) -> None: ...

    async def resend(self, episode_id: str, submission_id: str, kind: str) -> None: ...

    async def answer_hcx(self, message: int) -> None: ...

    async def tell_hcx(self, notice: int) -> None: ...

    async def history(self, episode_id: str, run_id: str) -> tuple[bytes, int]:
        raise NotImplementedError


@dataclass
class Desk:
    """A bank of its own for one test."""

    rig: Rig
    world: World
    bank: str
    folder: Path
    engines: Engines
    _sequence: Any = field(default_factory=lambda: itertools.count(1))

    @classmethod
    def of(cls, rig: Rig, folder: Path) -> Desk:
        bank, engines = f"bank-{next(_numbers)}", Engines()
        profile = BankProfile(bank=bank, folder=folder / bank, statement_limit_mib=1)
        known = rig.world.reference
        # A copy would take over what the original has looked up; this one looks up anew.
        members = {name: getattr(known, name) for name in Reference.model_fields}
        members["insurers"] = [_moved(insurer, bank) for insurer in known.insurers]
        kept_here = Reference.model_construct(**members)
        world = replace(
            rig.world,
            reference=kept_here,
            banks={bank: HostToHostBank(profile)},
            inbox=SqlInbox(rig.database),
            bank_books=SqlBankBooks(rig.database),
            runs=engines,
            scan_every_s=0.01,
        )
        with rig.database.begin() as connection:
            # What other tests' remittances left open is of no day of this bank's.
            connection.execute("update source_item set stands = false")
        return cls(rig, world, bank, folder / bank, engines)

    @property
    def episode(self) -> str:
        """The visit under which every payout here stands."""
        return _claim(self.rig)[0]

    @property
    def key(self) -> AccountKey:
        digest = account_sha256(PAYER)
        return AccountKey(bank=self.bank, account=digest, organisation=HARBOUR)

    @property
    def work(self) -> StatementMatching:
        found = matching_of(self.world)
        assert found is not None
        return found

    def payout(
        self,
        minor: int,
        *,
        state: str = "accepted",
        settled: bool = True,
        day: date = DAY,
        under: tuple[str, str] | None = None,
        payee: str = "hospital",
    ) -> str:
        """One order that the bank has; its reference. ``under``: the episode and its claim."""
        visit = under or _claim(self.rig)
        reference = f"PO{self.bank}-{next(self._sequence)}".replace("-", "x")
        at = datetime(day.year, day.month, day.day, 2, tzinfo=UTC)
        with self.world.records.transaction() as tx:
            tx.add_intent(
                visit[0],
                visit[1],
                reference,
                PAYEE,
                sequence=next(_numbers) + 1000,
                payee=payee,
                payee_organisation_id="hku-szh" if payee == "hospital" else None,
                payee_account_sha256=account_sha256(PAYEE.number),
                debtor_organisation_id=HARBOUR,
                debtor_account_sha256=account_sha256(PAYER),
                bank=self.bank,
                amount_minor=minor,
                reserved_at=at,
            )
            fields: dict[str, object] = {"state": state, "sent_at": at}
            if settled:
                fields["settled_at"] = at
            tx.change_intent(reference, **fields)
        return reference

    def statement(
        self,
        *entries: str,
        net: int,
        opening: int = OPENING,
        number: int = 1,
        day: date = DAY,
        message: str = "",
        payer: str = PAYER,
        off: int = 0,
        version: str = "08",
    ) -> str:
        """A camt.053 over one day; ``net`` is what its entries come to."""
        ends = day + timedelta(days=1)
        midnight = "T00:00:00+08:00"
        period = (
            f"<FrToDt><FrDtTm>{day}{midnight}</FrDtTm><ToDtTm>{ends}{midnight}</ToDtTm></FrToDt>"
        )
        balances = _balance("OPBD", opening, day) + _balance("CLBD", opening + net + off, day)
        body = (
            f"<Stmt><Id>S{number}</Id><ElctrncSeqNb>{number}</ElctrncSeqNb>{period}"
            f"{account(payer)}{balances}{''.join(entries)}</Stmt>"
        )
        message = message or f"M{next(_numbers)}"
        return document(
            f"camt.053.001.{version}",
            f"<BkToCstmrStmt><GrpHdr><MsgId>{message}</MsgId>"
            f"<CreDtTm>{ends}T01:00:00+08:00</CreDtTm></GrpHdr>{body}</BkToCstmrStmt>",
            check=False,
        )

    def comes(self, content: str | bytes, name: str = "") -> str:
        """The bank writes a file and the inbox looks once."""
        name = name or f"F{next(_numbers)}.xml"
        raw = content if isinstance(content, bytes) else content.encode()
        (self.folder / "inbound" / name).write_bytes(raw)
        watch = InboxWatch(bank=self.bank, seconds=0)
        asyncio.run(ActivityEnvironment().run(InboxSteps(self.world).watch_inbox, watch))
        return name

    def match(self) -> Tally:
        return self.work.match(self.key, "statement", datetime.now(UTC))

    def entries(self) -> list[tuple[str, str, str]]:
        """(reference, status, reason) of every entry that counts, in their order."""
        return [
            (row["reference"], row["status"], row["why"])
            for row in self.select(
                "select e.* from bank_entry e join account_statement s on s.id = e.statement_id"
                " where e.bank = %(bank)s and s.state = 'taken' order by e.booked_on, e.id"
            )
        ]

    def expected(self) -> dict[str, str]:
        rows = self.select("select reference, status from expected_movement where bank = %(bank)s")
        return {row["reference"]: row["status"] for row in rows}

    def faults(self) -> list[str]:
        """Codes of what a person must look at."""
        rows = self.select(
            "select code from statement_exception where bank = %(bank)s"
            " and resolved_at is null order by id"
        )
        return [row["code"] for row in rows]

    def days(self) -> dict[date, str]:
        rows = self.select("select day, state from bank_day where bank = %(bank)s order by day")
        return {row["day"]: row["state"] for row in rows}

    def events(self) -> list[tuple[date, str, str]]:
        rows = self.select("select * from bank_day_event where bank = %(bank)s order by id")
        return [(row["day"], row["event"], row["cause"]) for row in rows]

    def postings(self) -> int:
        (row,) = self.select("select count(*)::integer as n from posting")
        return int(row["n"])

    def select(self, statement: str, **values: object) -> list[dict[str, Any]]:
        with self.rig.database.begin() as connection:
            found = connection.execute(statement, {"bank": self.bank, **values})
            return [dict(row) for row in found.mappings()]

    def lies_in(self, folder: str) -> set[str]:
        return {path.name for path in (self.folder / "inbound" / folder).iterdir()}


def _moved(insurer: InsurerKnown, bank: str) -> InsurerKnown:
    account = insurer.account.model_copy(update={"bank": bank})
    return insurer.model_copy(update={"account": account})


_claims: dict[int, tuple[str, str]] = {}


def _claim(rig: Rig) -> tuple[str, str]:
    """(episode, claim) of one visit, under which every payout here stands."""
    known = _claims.get(id(rig.database))
    if known is None:
        visit = rig.visit("KM-2025-000052-bank")
        visit.accepted()
        known = _claims[id(rig.database)] = (visit.episode, visit.claim("direct").id)
    return known


def _balance(kind: str, minor: int, day: date) -> str:
    sign = "DBIT" if minor < 0 else "CRDT"
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="CNY">{text(abs(minor))}</Amt><CdtDbtInd>{sign}</CdtDbtInd>'
        f"<Dt><Dt>{day}</Dt></Dt></Bal>"
    )
