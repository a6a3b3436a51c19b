"""What a bank writes can be wrong, contradictory or about others: nothing is paid or lost by it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crossclaim.stack import Stack
from tests.flows.bank_desk import BankDesk
from tests.flows.hospital import Episode, Hospital
from tests.flows.inpatient_stay import DISCHARGED, InpatientStay
from tests.flows.patience import until
from tests.flows.simulator import Simulator
from tests.gateways import bank_scene

PAYER = "6222000000000052"
HOSPITAL_ACCOUNT = "6200000000000005"
AMOUNT = "31040.33"


class Pen:
    """Writes into a bank's inbound folder as the bank does: complete files, new message ids."""

    def __init__(self, stack: Stack) -> None:
        self._banks: Path = stack.home.bank

    def writes(self, bank: str, text: str, name: str) -> str:
        for known in ("HB-53", "HB-54", "HB-1", "HB-R"):
            text = text.replace(f"<MsgId>{known}</MsgId>", f"<MsgId>{name}</MsgId>")
        inbound = self._banks / bank / "inbound"
        part = inbound / f".{name}.part"
        part.write_text(text, encoding="utf-8")
        part.rename(inbound / f"{name}.xml")
        return f"{name}.xml"

    def processed(self, bank: str, name: str) -> bool:
        """Whether it lies there as it came, or sealed."""
        return any((self._banks / bank / "inbound" / "done").glob(f"{name}*"))


@pytest.fixture
def pen(flow_stack: Stack) -> Pen:
    return Pen(flow_stack)


def sent_and_lost(stay: InpatientStay, bank: Simulator) -> Episode:
    """The order went out and the bank, which lost it, says nothing of itself."""
    episode = stay.billed_before_discharge()
    lost = {"executes": False}
    bank.fault("silent", times=-1, details=lost, reference=stay.payout, operation="payment")
    episode.say("discharge", DISCHARGED)
    episode.wait("payouts", orders=1)
    return episode


def credit(stay: InpatientStay) -> str:
    parties = bank_scene.account(HOSPITAL_ACCOUNT, "CdtrAcct")
    told = bank_scene.details(stay.payout, sign="CRDT", amount=AMOUNT, parties=parties)
    return bank_scene.notification(bank_scene.entry("CRDT", told, amount=AMOUNT), number=PAYER)


def booked(stay: InpatientStay) -> str:
    """A statement with the debit, over a time that reaches beyond every fence."""
    now = datetime.now(UTC)
    start, end = (now - timedelta(hours=1)).isoformat(), (now + timedelta(hours=1)).isoformat()
    period = f"<FrToDt><FrDtTm>{start}</FrDtTm><ToDtTm>{end}</ToDtTm></FrToDt>"
    told = bank_scene.details(stay.payout, sign="DBIT", amount=AMOUNT)
    line = bank_scene.entry("DBIT", told, amount=AMOUNT)
    balances = bank_scene.balance("OPBD", AMOUNT) + bank_scene.balance("CLBD", "0.00")
    stated = bank_scene.statement(line, number=PAYER, period=period, balances=balances)
    return bank_scene.statements(stated, made_at=end)


def test_a_payment_that_stands_on_a_statement_is_never_sent_again(
    shenzhen: Hospital, bank: Simulator, desk: BankDesk, pen: Pen
) -> None:
    stay = InpatientStay(shenzhen)
    episode = sent_and_lost(stay, bank)
    pen.writes("harbour-bank", booked(stay), f"S-{stay.payout}")
    settled = episode.wait("payouts", state="accepted")["payouts"][0]
    assert settled["settled_at"] is not None
    fence = datetime.fromisoformat(settled["fence_at"])

    def asked_after_the_fence() -> bool:
        last = episode.rows()["payouts"][0]["last_inquiry_at"]
        return last is not None and datetime.fromisoformat(last) > fence + timedelta(seconds=2)

    until(asked_after_the_fence, "questions after the fence")
    (payout,) = episode.rows()["payouts"]
    assert (payout["state"], payout["orders"]) == ("accepted", 1)
    assert "PAYOUT_CONTRADICTED" in episode.exceptions()
    assert len(desk.orders(stay.payout)) == 1
    pen.writes("harbour-bank", credit(stay), f"C-{stay.payout}")
    episode.closed()


def test_another_banks_word_about_a_payment_counts_for_nothing(
    shenzhen: Hospital, bank: Simulator, pen: Pen
) -> None:
    stay = InpatientStay(shenzhen)
    episode = sent_and_lost(stay, bank)
    name = pen.writes("quiet-bank", credit(stay), f"X-{stay.payout}")
    until(lambda: pen.processed("quiet-bank", name), "the other bank's file")
    (payout,) = episode.rows()["payouts"]
    assert payout["credited_at"] is None and payout["state"] != "credited"
    pen.writes("harbour-bank", credit(stay), f"C-{stay.payout}")
    assert [p["state"] for p in episode.closed()["payouts"]] == ["credited"]


def test_files_that_no_honest_bank_writes_are_set_aside_and_hold_up_nothing(
    shenzhen: Hospital, desk: BankDesk, pen: Pen
) -> None:
    stay = InpatientStay(shenzhen)
    huge = bank_scene.entry("DBIT", bank_scene.details("XX"), amount="999999999999999999")
    backwards = bank_scene.PERIOD.replace("2025-10-14T00", "2025-10-16T00")
    names = [
        pen.writes("harbour-bank", bank_scene.notification(huge), f"H-{stay.policy}-1"),
        pen.writes(
            "harbour-bank",
            bank_scene.statements(bank_scene.statement(period=backwards)),
            f"H-{stay.policy}-2",
        ),
    ]
    until(
        lambda: all(f"{name}.reason.txt" in desk.set_aside() for name in names),
        "both files set aside with a reason",
    )
    episode = stay.billed_before_discharge()
    episode.say("discharge", DISCHARGED)
    assert [p["state"] for p in episode.closed()["payouts"]] == ["credited"]
