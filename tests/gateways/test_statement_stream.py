"""Statements read piece by piece: the same reports as of the whole, and hostile ones refused."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterable
from pathlib import Path

import pytest

from crossclaim.domain.bank_statement import (
    AccountHead,
    AccountTail,
    MessageHead,
    Piece,
    StatementLine,
)
from crossclaim.domain.errors import Final
from crossclaim.domain.party import PaymentReport
from crossclaim.gateways.bank.identifiers import account_hash
from crossclaim.gateways.bank.messages import read_message
from crossclaim.gateways.bank.statement_stream import pieces_of, statement_type
from tests.gateways import bank_scene
from tests.gateways.bank_scene import CREDITOR_NUMBER, DEBTOR_NUMBER, details, entry

LIMIT = 50 * 1024 * 1024
PAYEE = bank_scene.account(CREDITOR_NUMBER, "CdtrAcct")


def pieces(text: str | bytes, limit: int = LIMIT) -> list[Piece]:
    content = text if isinstance(text, bytes) else text.encode()
    return list(pieces_of(io.BytesIO(content), limit))


def lines(found: Iterable[Piece]) -> list[StatementLine]:
    return [piece for piece in found if isinstance(piece, StatementLine)]


def reports(found: Iterable[Piece]) -> list[PaymentReport]:
    return [report for line in lines(found) for report in line.reports]


GOOD = bank_scene.statements(bank_scene.statement(entry("DBIT", details(parties=PAYEE))))
SAMPLES = {
    "statement": GOOD,
    "several accounts": bank_scene.statements(
        bank_scene.statement(entry("DBIT", details())),
        bank_scene.statement(entry("DBIT", details("po_2")), number="6222000000000051"),
    ),
    "notification": bank_scene.notification(entry("CRDT", details(sign="CRDT", parties=PAYEE))),
    "a return": bank_scene.notification(
        entry("CRDT", details(reason="AC04"), sub_family="RRTN", booked="<Dt>2025-10-14</Dt>")
    ),
    "pending": bank_scene.notification(entry("DBIT", details(), status="PDNG")),
    "two in one": bank_scene.notification(
        entry("DBIT", details("a", amount="51850.00"), details("b", amount="0.50"))
    ),
    "two of unknown amounts": bank_scene.notification(entry("DBIT", details("a"), details("b"))),
}


@pytest.mark.parametrize("kind", SAMPLES)
def test_reports_are_those_of_the_whole_message(kind: str) -> None:
    whole = read_message(SAMPLES[kind].encode())
    found = pieces(SAMPLES[kind])
    head = found[0]
    assert isinstance(head, MessageHead)
    assert (head.message_type, head.message_id) == (whole.message_type, whole.message_id)
    assert reports(found) == whole.reports


def test_a_statement_tells_its_account_its_lines_and_its_sums() -> None:
    _, head, line, tail = pieces(GOOD)
    assert isinstance(head, AccountHead) and isinstance(tail, AccountTail)
    assert (head.account, head.opening_minor, head.closing_minor) == (
        DEBTOR_NUMBER,
        90_000_000,
        84_814_950,
    )
    assert isinstance(line, StatementLine)
    assert (line.direction, line.amount_minor, line.reference) == (
        "debit",
        5_185_050,
        bank_scene.REFERENCE,
    )
    assert line.counterparty == account_hash(CREDITOR_NUMBER)
    assert (tail.lines, tail.debit_minor, tail.credit_minor) == (1, 5_185_050, 0)


def test_a_booking_of_several_payments_is_as_many_lines_only_where_amounts_tell() -> None:
    told = lines(pieces(SAMPLES["two in one"]))
    assert [(one.reference, one.amount_minor) for one in told] == [("a", 5_185_000), ("b", 50)]
    (one,) = lines(pieces(SAMPLES["two of unknown amounts"]))
    assert (one.reference, one.amount_minor) == ("", 5_185_050)


def test_what_names_no_payment_is_kept_as_a_digest_alone() -> None:
    named = details(refs="<EndToEndId>陳大文 A123456(7)</EndToEndId>", parties=PAYEE)
    (line,) = lines(pieces(bank_scene.notification(entry("DBIT", named))))
    assert line.reference == "" and len(line.look) == 32
    assert "陳" not in repr(line) and "123456" not in repr(line)


def with_balances(closing: str) -> str:
    balances = bank_scene.balance("OPBD", "900000.00") + bank_scene.balance("CLBD", closing)
    return bank_scene.statements(bank_scene.statement(entry("DBIT", details()), balances=balances))


PROLOG = '<?xml version="1.0" encoding="UTF-8"?>'
BOMB = '<!DOCTYPE Document [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>'
ONE = GOOD.replace(PROLOG, "")
OLDER = ONE.replace("053.001.08", "053.001.02")
REFUSED: dict[str, tuple[str | bytes, str]] = {
    "two messages": (f"{PROLOG}<Two>{ONE}{ONE}</Two>", "BANK_FILE_UNREADABLE"),
    "two of two versions": (f"{PROLOG}<Two>{ONE}{OLDER}</Two>", "BANK_FILE_UNREADABLE"),
    "sums that differ": (with_balances("848149.51"), "BANK_STATEMENT_SUMS"),
    "a bomb": (GOOD.replace(PROLOG, PROLOG + BOMB), "BANK_FILE_FORBIDDEN"),
    "a bomb after 100 kB": (
        GOOD.replace(PROLOG, f"{PROLOG}<!--{' ' * 100_000}-->{BOMB}"),
        "BANK_FILE_FORBIDDEN",
    ),
    "a later version": (GOOD.replace("053.001.08", "053.001.99"), "BANK_VERSION_UNKNOWN"),
    "an older version": (GOOD.replace("053.001.08", "053.001.01"), "BANK_VERSION_UNKNOWN"),
    "truncated": (GOOD[:-40], "BANK_FILE_UNREADABLE"),
    "empty": ("", "BANK_FILE_UNREADABLE"),
    "no closing balance": (GOOD.replace("CLBD", "INFO"), "BANK_FILE_UNREADABLE"),
    "other encoding": (GOOD.replace("HB-53", "陳").encode("gb18030"), "BANK_FILE_UNREADABLE"),
    "declared encoding": (GOOD.replace("UTF-8", "UTF-7"), "BANK_FILE_UNREADABLE"),
    "a count that differs": (
        GOOD.replace(
            "</Bal><Ntry>",
            "</Bal><TxsSummry><TtlNtries><NbOfNtries>2</NbOfNtries></TtlNtries></TxsSummry><Ntry>",
        ),
        "BANK_STATEMENT_SUMS",
    ),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_no_honest_bank_sends_is_final_with_its_own_code(kind: str) -> None:
    text, code = REFUSED[kind]
    with pytest.raises(Final) as caught:
        pieces(text)
    assert caught.value.code == code
    assert "ha" not in caught.value.detail.split() and "陳" not in caught.value.detail


def test_a_statement_over_the_limit_is_refused_before_it_is_in_memory() -> None:
    many = "".join(entry("DBIT", details(), amount="0.01") for _ in range(4000))
    big = GOOD.replace("<Ntry>", many + "<Ntry>", 1)
    with pytest.raises(Final) as caught:
        pieces(big, limit=1024 * 1024)
    assert (caught.value.code, caught.value.detail) == ("BANK_FILE_TOO_LARGE", "larger than 1 MiB")


def test_memory_does_not_grow_with_the_file() -> None:
    """Python's own memory; the parser's tree is measured by the bench."""

    def peak(entries: int) -> int:
        many = entry("DBIT", details(), amount="0.00") * entries
        file = io.BytesIO(GOOD.replace("<Ntry>", many + "<Ntry>", 1).encode())
        tracemalloc.start()
        for _ in pieces_of(file, LIMIT):
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)
    assert peak(4000) < peak(400) * 2


def test_the_type_is_told_by_the_root_alone(tmp_path: Path) -> None:
    cases = {
        "camt.053.001.08": GOOD,
        "camt.054.001.08": SAMPLES["notification"],
        "": bank_scene.payment_return(),
    }
    for expected, text in cases.items():
        assert statement_type(io.BytesIO(text.encode()), LIMIT) == expected
    assert statement_type(io.BytesIO(b"\x00\x00"), LIMIT) == ""


def test_entries_in_another_namespace_and_comments_change_nothing() -> None:
    strange = '<Envlp><x:Ntry xmlns:x="urn:x"><x:Amt>1</x:Amt></x:Ntry></Envlp>'
    text = GOOD.replace("</Stmt>", f"<SplmtryData>{strange}</SplmtryData></Stmt>")
    text = text.replace("<Ntry>", "<!-- a note --><Ntry>")
    assert pieces(text)[1:] == pieces(GOOD)[1:]
