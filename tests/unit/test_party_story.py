"""What an insurer hears of a story in which others have a part, too."""

from __future__ import annotations

import json
from typing import Any

from crossclaim.domain.story_facts import ConsentFact, StoryFacts, WithdrawalFact
from crossclaim.security.roles import INSURER_ROLES, Principal, Role
from crossclaim.service.party_story import hears_all, own_facts
from tests.unit.story_scene import HOSPITAL, INSURER, attempt, guarantee, minute, rows_of, split

OTHER = "kowloon-mutual"
MARKS = ("VOUCHERMARK", "TENDERMARK", "funder:voucher:due", "20810.17", "VOUCHER_USE", OTHER)


def consent(number: int, kind: str, recipient: str = "") -> dict[str, Any]:
    times = {"signed_at": minute(0), "recorded_at": minute(0)}
    about = {"text_version": "2025-01", "channel": "paper"}
    return {"id": number, "type": kind, "recipient": recipient, **about, **times}


def facts() -> StoryFacts:
    bill = {
        "id": "bi_1",
        "number": "F1",
        "version": 1,
        "status": "final",
        "state": "current",
        "total_minor": 5185050,
        "recorded_at": minute(2),
    }
    told = {"bill_id": "bi_1", "version": 1, "reason": "bill", "recorded_at": minute(2)}
    tender = {"id": 1, "bill_id": "bi_1", "method": "TENDERMARK", "amount_minor": 2081017}
    claims = [
        {
            "id": f"cl_{n}",
            "bill_id": "bi_1",
            "organisation_id": i,
            "kind": k,
            "reference": f"CL-{r}",
        }
        for n, (i, k, r) in enumerate(
            [
                (INSURER, "direct", "mine"),
                (OTHER, "direct", OTHER),
                (None, "voucher", "VOUCHERMARK"),
            ]
        )
    ]
    problems = ["CL-mine", "CL-VOUCHERMARK", f"CL-{OTHER}", ""]
    return StoryFacts.model_validate(
        rows_of(
            coverages=[
                {"ordinal": n, "organisation_id": i} for n, i in enumerate([INSURER, OTHER])
            ],
            consents=[
                consent(1, "VOUCHER_USE"),
                consent(2, "CLAIM_AUTH", INSURER),
                consent(3, "CLAIM_AUTH", OTHER),
            ],
            voucher={"rate_id": "VOUCHERMARK", "looked_up_at": minute(1)},
            bills=[bill, {**bill, "id": "bi_2", "number": "VOUCHERMARK"}],
            splits=[{**told, "result": split("31040.33", "20810.17")}],
            tenders=[{**tender, "tendered_at": minute(3), "recorded_at": minute(3)}],
            guarantees=[guarantee(), guarantee(id="gu_2", insurer_id=OTHER, reference="GU2")],
            claims=[{**c, "state": "approved", "occurred_at": minute(4)} for c in claims],
            attempts=[
                attempt(1, "done"),
                attempt(2, "done", party=OTHER),
                attempt(3, "done", party="voucher", reference="VOUCHERMARK"),
            ],
            exceptions=[
                {"id": n, "code": "CLAIM_DENIED", "reference": r, "opened_at": minute(5)}
                for n, r in enumerate(problems)
            ],
            balances=[
                {"account_id": a, "currency": "CNY", "balance_minor": 1}
                for a in ("funder:voucher:due", f"funder:insurer:{INSURER}:due")
            ],
        )
    )


def heard_too_much(known: StoryFacts) -> list[str]:
    text = json.dumps(known.model_dump(mode="json"))
    return [mark for mark in MARKS if mark in text]


def test_an_insurer_hears_of_its_own_part_alone() -> None:
    own = own_facts(INSURER, facts())
    assert heard_too_much(own) == []
    assert [c.reference for c in own.claims] == ["CL-mine"]
    assert [g.id for g in own.guarantees] == ["gu_1"]
    assert [x.reference for x in own.exceptions] == ["CL-mine"]
    assert [b.account_id for b in own.balances] == [f"funder:insurer:{INSURER}:due"]
    assert [len(own.bills), len(own.splits), len(own.attempts), len(own.consents)] == [1, 1, 1, 1]


def test_an_insurer_that_was_cut_off_hears_its_split_again_once_all_is_given_anew() -> None:
    known = facts()
    left = WithdrawalFact(
        id="wd_1",
        organisation_id=INSURER,
        consent="CLAIM_AUTH",
        branch="after_payout",
        state="unchanged",
        insurer_minor=0,
        patient_minor=0,
        changed_at=minute(6),
        recorded_at=minute(6),
    )
    cut_off = known.model_copy(update={"withdrawals": [left]})
    assert own_facts(INSURER, cut_off).splits == []
    needed = ["PI_SENSITIVE", "PI_PROVIDE", "PI_CROSS_BORDER", "CLAIM_AUTH"]
    given = [ConsentFact.model_validate(consent(n, t, INSURER)) for n, t in enumerate(needed, 9)]
    anew = cut_off.model_copy(update={"consents": given})
    assert len(own_facts(INSURER, anew).splits) == 1
    assert own_facts(INSURER, anew.model_copy(update={"consents": given[1:]})).splits == []


def test_naive_facts_told_whole_are_found_out() -> None:
    assert heard_too_much(facts()) == list(MARKS)


def test_only_insurers_hear_a_part() -> None:
    part = {r for r in Role if not hears_all(Principal(organisation=HOSPITAL, role=r, key_id="k"))}
    assert part == INSURER_ROLES
