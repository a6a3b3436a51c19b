"""What fails with claims with papers, and on the way of their RMB to the member's account."""

from __future__ import annotations

from typing import Any

from crossclaim.demo.failures.stage import Body, Stage, varied
from crossclaim.demo.play import part_of

INSURER, EXAMINER, BANK = "victoria-health", "victoria-health.examiner", "harbour-bank"
CLAIMS = "/v1/claims"
THREE_DAYS_S = 3 * 86_400
OTHER_ACCOUNT = "6205500000000000004"


def _claim(stage: Stage, **changes: Any) -> Body:
    content = part_of(stage.examples, "claim-e6-papers.json")
    number = stage.numbers.text
    return varied(
        content,
        number=f"VH-{number}",
        policy_number=f"VH-2026-000001-{number}",
        account={"number": stage.numbers.account()},
        # Nobody claims the same papers twice.
        patient={"documents": [{"type": "hkid", "number": stage.numbers.identity_card()}]},
        **changes,
    )


def _another_account(stage: Stage, content: Body) -> None:
    """Proposed by one person of the insurer, decided by another."""
    payout = stage.rows()["payouts"][0]["reference"]
    named = {"number": f"N-{stage.numbers.text}", "payout_reference": payout}
    account = {**content["account"], "number": OTHER_ACCOUNT}
    signed_at, decided_at = "2026-04-15T10:00:00+08:00", "2026-04-15T11:00:00+08:00"
    stage.say("payee-accounts", {**named, "account": account, "signed_at": signed_at})
    word = {"approved": True, "decided_at": decided_at, "reason": "The member was called back"}
    stage.say("payee-decisions", {**named, **word}, sender=EXAMINER)


def _rejected(stage: Stage, reason: str) -> None:
    content = _claim(stage)
    account = content["account"]["number"]
    stage.spoil(BANK, "reject", {"account": account}, reason=reason)
    stage.open(INSURER, content, CLAIMS)
    stage.failing()
    _another_account(stage, content)


def wrong_account(stage: Stage) -> None:
    _rejected(stage, "AC01")


def wrong_name(stage: Stage) -> None:
    _rejected(stage, "BE01")


def returned(stage: Stage) -> None:
    """The bank's clock is moved, so nothing else is played beside it."""
    content = _claim(stage)
    back = {"account": content["account"]["number"]}
    stage.spoil(BANK, "return_after_s", back, delay_s=THREE_DAYS_S, reason="AC04")
    stage.open(INSURER, content, CLAIMS)
    stage.wait("the credit", lambda rows: rows["episode"]["status"] == "closed")
    stage.controls.later(BANK, THREE_DAYS_S)
    stage.failing()
    stage.controls.today(BANK)
    _another_account(stage, content)


def executed_late(stage: Stage) -> None:
    """As above."""
    content = _claim(stage)
    stage.spoil(BANK, "late", {"account": content["account"]["number"]}, delay_s=3600)
    stage.open(INSURER, content, CLAIMS)
    stage.failing()
    stage.controls.later(BANK, 3600)
    stage.wait("the credit", lambda rows: rows["episode"]["status"] == "closed")
    stage.controls.today(BANK)


def recalled(stage: Stage) -> None:
    """The bank holds the order, so that there is time to take it back."""
    content = _claim(stage)
    account = {"account": content["account"]["number"]}
    stage.spoil(BANK, "late", account, delay_s=30 * THREE_DAYS_S)
    stage.open(INSURER, content, CLAIMS)
    rows = stage.wait("the order", lambda found: bool(_with_the_bank(found)))
    stage.say(
        "payout-recalls",
        {
            "number": f"RC-{stage.numbers.text}",
            "payout_reference": _with_the_bank(rows)[0],
            "reason": "CUST",
            "asked_at": "2026-04-14T11:00:00+08:00",
        },
    )
    stage.failing()
    _another_account(stage, content)


def _with_the_bank(rows: Body) -> list[str]:
    with_it = ("sent", "accepted", "unknown")
    return [p["reference"] for p in rows["payouts"] if p["state"] in with_it]


def receipt_missing(stage: Stage) -> None:
    whole = _claim(stage)
    papers = part_of(stage.examples, "claim-e6-papers.json")["papers"]
    papers[0]["paid"] = []
    papers[1]["total"]["amount"] = "431.00"
    untrue = {**whole, "papers": papers}
    codes = ("PAPER_NOT_PAID", "PAPER_NOT_PAID", "TOTAL_NOT_SUM")
    stage.not_taken(INSURER, CLAIMS, untrue, *sorted(set(codes)))
    stage.open(INSURER, whole, CLAIMS)
