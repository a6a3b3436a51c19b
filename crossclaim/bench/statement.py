"""How long a large statement takes from the file to its matches, and how much memory."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from activities.payout_intent import account_sha256
from crossclaim.config import BankProfile
from crossclaim.domain.reference import Reference
from crossclaim.seed import EXAMPLES
from crossclaim.stack import Part, Stack
from crossclaim.store.reference_tables import save_reference
from crossclaim.wiring import House, worker_house

BANK, INSURER, HOSPITAL = "harbour-bank", "harbour-life", "hku-szh"
DAY = date(2025, 10, 14)
PAYEE = "6200000000000005"
AT = datetime(2025, 10, 14, 2, tzinfo=UTC)
SPARE_MIB = 4096


class StatementFigures(BaseModel):
    """What one statement came to in a process of its own."""

    model_config = ConfigDict(frozen=True)

    entries: int
    file_mib: float
    store_and_match_s: float
    rematch_s: float
    peak_mib: float
    statuses: dict[str, int]


def measure(entries: int, place: Path) -> StatementFigures:
    """On a PostgreSQL of its own in ``place``; the statement is read by a process of its own."""
    with Stack.start(
        place, parts=frozenset({Part.POSTGRES}), port_base=0, supervise=False
    ) as stack:
        house = worker_house(stack.settings)
        reference = _reference()
        save_reference(house.database, house.keyring, reference)
        number = next(i.account.number for i in reference.insurers if i.id == INSURER)
        _payouts(house, entries, account_sha256(number))
        house.database.close()
        profile = BankProfile(bank=BANK, folder=place / "bank", statement_limit_mib=SPARE_MIB)
        file = profile.folder / "inbound" / "large.xml"
        file.parent.mkdir(parents=True)
        write_statement(file, number, entries)
        url = stack.settings.database_worker_url.get_secret_value()
        words = [sys.executable, "-m", "crossclaim.bench.statement_process"]
        asked = {
            "url": url,
            "profile": profile.model_dump(mode="json"),
            "file": str(file),
            "account": number,
        }
        done = subprocess.run(
            words, input=json.dumps(asked), capture_output=True, text=True, check=True
        )
        told = json.loads(done.stdout)
        mebibytes = round(file.stat().st_size / 1024 / 1024, 1)
        return StatementFigures(entries=entries, file_mib=mebibytes, **told)


def _reference() -> Reference:
    return Reference.model_validate(yaml.safe_load((EXAMPLES / "reference.yaml").read_text()))


def reference_of(number: int) -> str:
    return f"POBENCH{number:012d}"


def amount_of(number: int) -> int:
    return 10_000 + number * 37 % 900_000


def _payouts(house: House, count: int, account: str) -> None:
    """Orders of one invented claim that the bank has settled."""
    about = {"hospital": HOSPITAL, "insurer": INSURER, "at": AT}
    with house.database.begin() as connection:
        connection.execute(_EPISODE, about)
        connection.execute(_BILL, about)
        connection.execute(_CLAIM, about)
        connection.execute(
            _INTENTS,
            {
                **about,
                "n": count,
                "bank": BANK,
                "account": account,
                "payee": account_sha256(PAYEE),
            },
        )


_EPISODE = """
insert into episode (id, hospital_id, visit_number, encounter_class, department, channel, status,
    sealed, opened_at)
values ('ep_BENCH', %(hospital)s, 'BENCH', 'inpatient', 'x', 'x', 'open', ''::bytea, %(at)s)
"""
_BILL = """
insert into bill (id, episode_id, number, version, status, state, total_minor, sealed, issued_at,
    occurred_at)
values ('bl_BENCH', 'ep_BENCH', 'B', 1, 'final', 'current', 1, ''::bytea, %(at)s, %(at)s)
"""
_CLAIM = """
insert into claim (id, episode_id, bill_id, organisation_id, kind, reference, state, occurred_at)
values ('cl_BENCH', 'ep_BENCH', 'bl_BENCH', %(insurer)s, 'direct', 'CLBENCH', 'approved', %(at)s)
"""
_INTENTS = """
insert into payout_intent (reference, episode_id, claim_id, sequence, payee, payee_organisation_id,
    payee_sealed, payee_account_sha256, debtor_organisation_id, debtor_account_sha256, bank,
    amount_minor, state, reserved_at, sent_at, settled_at)
select 'POBENCH' || lpad(n::text, 12, '0'), 'ep_BENCH', 'cl_BENCH', n, 'hospital', %(hospital)s,
    ''::bytea, %(payee)s, %(insurer)s, %(account)s, %(bank)s, 10000 + n * 37 %% 900000, 'accepted',
    %(at)s, %(at)s, %(at)s
from generate_series(1, cast(%(n)s as integer)) n
"""


def planted(number: int) -> str:
    """What is wrong with an entry: five of every thousand are not as we expect them."""
    return {1: "missing", 2: "doubled", 3: "foreign", 4: "over", 5: "split"}.get(number % 1000, "")


def _booked(count: int) -> Iterator[tuple[str, int]]:
    """(reference, fen) of every entry of the statement."""
    for number in range(1, count + 1):
        reference, amount = reference_of(number), amount_of(number)
        match planted(number):
            case "missing":
                continue
            case "doubled":
                yield reference, amount
                yield reference, amount
            case "foreign":
                yield reference, amount
                yield f"STRANGER{number}", amount
            case "over":
                yield reference, amount + 1
            case "split":
                yield reference, 1_000
                yield reference, amount - 1_000
            case _:
                yield reference, amount


def write_statement(file: Path, account: str, count: int) -> None:
    """A camt.053 of one account, as the bank's simulator writes its own."""
    opening, total = 10**13, sum(amount for _, amount in _booked(count))
    with file.open("w", encoding="utf-8") as out:
        out.write(_HEAD.format(account=account, day=DAY))
        out.write(_balance("OPBD", opening) + _balance("CLBD", opening - total))
        for number, (reference, amount) in enumerate(_booked(count), start=1):
            out.write(
                _ENTRY.format(
                    number=number, amount=_text(amount), reference=reference, payee=PAYEE, day=DAY
                )
            )
        out.write("</Stmt></BkToCstmrStmt></Document>")


def _text(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"


def _balance(kind: str, minor: int) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="CNY">{_text(minor)}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
        f"<Dt><Dt>{DAY}</Dt></Dt></Bal>\n"
    )


_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
<GrpHdr><MsgId>BENCH-1</MsgId><CreDtTm>2025-10-15T01:00:00+08:00</CreDtTm></GrpHdr>
<Stmt><Id>BENCH-1</Id><ElctrncSeqNb>1</ElctrncSeqNb>
<FrToDt><FrDtTm>{day}T00:00:00+08:00</FrDtTm><ToDtTm>2025-10-15T00:00:00+08:00</ToDtTm></FrToDt>
<Acct><Id><Othr><Id>{account}</Id></Othr></Id><Ccy>CNY</Ccy></Acct>
"""
_ENTRY = """      <Ntry>
        <NtryRef>{number}</NtryRef>
        <Amt Ccy="CNY">{amount}</Amt>
        <CdtDbtInd>DBIT</CdtDbtInd>
        <Sts><Cd>BOOK</Cd></Sts>
        <BookgDt><Dt>{day}</Dt></BookgDt>
        <ValDt><Dt>{day}</Dt></ValDt>
        <AcctSvcrRef>HB{number}</AcctSvcrRef>
        <BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>DMCT</SubFmlyCd></Fmly></Domn></BkTxCd>
        <NtryDtls>
          <TxDtls>
            <Refs>
              <MsgId>{reference}-1</MsgId>
              <PmtInfId>{reference}-1</PmtInfId>
              <EndToEndId>{reference}</EndToEndId>
            </Refs>
            <Amt Ccy="CNY">{amount}</Amt>
            <CdtDbtInd>DBIT</CdtDbtInd>
            <RltdPties>
              <CdtrAcct><Id><Othr><Id>{payee}</Id></Othr></Id></CdtrAcct>
            </RltdPties>
          </TxDtls>
        </NtryDtls>
      </Ntry>
"""
