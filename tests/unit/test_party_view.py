"""What a party is told about an episode of two insurers, with a mark in every row of another."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crossclaim.domain.records import EpisodeRows
from crossclaim.security.roles import Principal, Role
from crossclaim.service.party_view import Balance, party_view

HOSPITAL, FIRST, SECOND = "hku-szh", "harbour-life", "kowloon-mutual"
AT = "2026-03-11T10:00:00+08:00"
HASH = "deadbeef" * 8
NOT_FOR_INSURERS = (
    "VOUCHERMARK",
    "TENDERMARK",
    "VOUCHER_USE",
    "TRACEMARK",
    "WINDOWMARK",
    "7770001",
)


def cny(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "CNY"}


def split_of(bill: str, *insurers: str) -> dict[str, Any]:
    parts = [{"organisation": i, "funder": "insurer", "amount": cny("10.00")} for i in insurers]
    voucher = {"funder": "voucher", "amount": cny("70001.23")}
    step = {
        "rule": "elderly-voucher:TRACEMARK",
        "on": "2026-03-11",
        "inputs": {},
        "result": "",
        "text": {"en": "", "zh_hant": "", "zh_hans": ""},
    }
    result = {
        "total": cny("100.00"),
        "totals": [*parts, voucher],
        "shares": [{"line": 1, "reasons": ["CAPPED"], **p} for p in [*parts, voucher]],
        "rules": [{"plan": "VOUCHERMARK", "version": "1", "on": "2026-03-11"}],
        "trace": [step],
        "later_reimbursement": {**parts[0], "amount": cny("5.00")},
    }
    return {"bill_id": bill, "version": 1, "result": result}


def bill(bill_id: str) -> dict[str, Any]:
    about = {"version": 1, "status": "final", "state": "current", "total_minor": 10000}
    return {"id": bill_id, "number": f"F-{bill_id}", **about}


def consent(number: int, kind: str, recipient: str = "") -> dict[str, Any]:
    about = {"text_version": "2025-01", "signed_at": AT}
    return {"id": number, "type": kind, "recipient": recipient, **about}


def guarantee(insurer: str) -> dict[str, Any]:
    about = {"state": "granted", "limit_minor": 100}
    return {"id": f"gu-{insurer}", "insurer_id": insurer, "reference": f"GU-{insurer}", **about}


def claim(insurer: str, bill_id: str) -> dict[str, Any]:
    about = {"kind": "direct", "sequence": 1, "state": "approved", "organisation_id": insurer}
    return {"id": f"cl-{insurer}", "bill_id": bill_id, "reference": f"CL-{insurer}", **about}


def payout(insurer: str) -> dict[str, Any]:
    return {
        "reference": f"PO-{insurer}",
        "claim_id": f"cl-{insurer}",
        "sequence": 1,
        "payee": "hospital",
        "payee_account_sha256": HASH,
        "debtor_organisation_id": insurer,
        "debtor_account_sha256": HASH,
        "bank": "harbour-bank",
        "amount_minor": 1000,
        "state": "credited",
        "reserved_at": AT,
        "absent_at": AT,
        "unapplied_reports": 1,
    }


def episode() -> EpisodeRows:
    """Each insurer has a bill of its own; ``both`` is claimed by nobody, ``first`` by the first."""
    each = (FIRST, SECOND)
    references = ["", "WINDOWMARK", "CL-voucher", "VOUCHERMARK", *(f"CL-{i}" for i in each)]
    funders = [
        {"ordinal": n, "funder": "insurer", "organisation_id": i} for n, i in enumerate(each)
    ]
    vouchers = {"kind": "voucher", "sequence": 1, "state": "approved", "reference": "CL-voucher"}
    return EpisodeRows.model_validate(
        {
            "episode": {
                "id": "ep_1",
                "hospital_id": HOSPITAL,
                "encounter_class": "inpatient",
                "status": "open",
                "revision": 1,
                "opened_at": AT,
            },
            "coverages": [*funders, {"ordinal": 2, "funder": "voucher", "plan": "VOUCHERMARK"}],
            "consents": [
                consent(1, "VOUCHER_USE"),
                consent(2, "PI_SENSITIVE"),
                *(consent(n, "CLAIM_AUTH", i) for n, i in enumerate(each, 3)),
            ],
            "voucher": {"balance_minor": 7770001, "rate_id": "VOUCHERMARK", "looked_up_at": AT},
            "bills": [bill("first"), bill("second"), bill("neither")],
            "allocations": [
                split_of("first", FIRST, SECOND),
                split_of("second", SECOND),
                split_of("neither", FIRST, SECOND),
            ],
            "tenders": [
                {
                    "bill_id": "first",
                    "method": "cash",
                    "amount_minor": 82,
                    "reference": "TENDERMARK",
                }
            ],
            "guarantees": [guarantee(i) for i in each],
            "claims": [
                claim(FIRST, "first"),
                claim(SECOND, "second"),
                {"id": "cl-voucher", "bill_id": "first", **vouchers},
            ],
            "payouts": [payout(i) for i in each],
            "exceptions": [
                {"code": "CLAIM_DENIED", "reference": reference, "opened_at": AT}
                for reference in references
            ],
        }
    )


def ledger() -> list[Balance]:
    accounts = {
        f"hospital:{HOSPITAL}:bills": HOSPITAL,
        "funder:voucher:due": None,
        **{f"funder:insurer:{i}:due": i for i in (FIRST, SECOND)},
    }
    return [
        Balance(account_id=a, organisation_id=o, currency="CNY", balance_minor=1)
        for a, o in accounts.items()
    ]


def view(organisation: str, role: Role) -> dict[str, Any]:
    principal = Principal(organisation=organisation, role=role, key_id="k")
    return party_view(principal, episode(), ledger())


def told_too_much(content: dict[str, Any], other: str) -> list[str]:
    """Marks of others' rows, and names of what no party is told, that a view holds."""
    text = json.dumps(content)
    never = (HASH, "account_sha256", "absent_at", "unapplied_reports")
    return [mark for mark in (*NOT_FOR_INSURERS, other, *never) if mark in text]


INSURER_ROLES = pytest.mark.parametrize("role", [Role.INSURER_SYSTEM, Role.INSURER_EXAMINER])


@INSURER_ROLES
@pytest.mark.parametrize(("mine", "other"), [(FIRST, SECOND), (SECOND, FIRST)])
def test_an_insurer_is_told_nothing_of_vouchers_tenders_and_the_other_insurer(
    role: Role, mine: str, other: str
) -> None:
    assert told_too_much(view(mine, role), other) == []


def test_a_naive_view_of_the_whole_rows_is_found_out() -> None:
    naive = episode().model_dump(mode="json")
    assert len(told_too_much(naive, SECOND)) == len(NOT_FOR_INSURERS) + 5


@INSURER_ROLES
def test_an_insurer_is_told_its_own_claim_whole(role: Role) -> None:
    told = view(FIRST, role)
    assert [c["reference"] for c in told["claims"]] == [f"CL-{FIRST}"]
    assert [p["reference"] for p in told["payouts"]] == [f"PO-{FIRST}"]
    assert [g["reference"] for g in told["guarantees"]] == [f"GU-{FIRST}"]
    assert [b["id"] for b in told["bills"]] == ["first"]
    assert [x["reference"] for x in told["exceptions"]] == [f"CL-{FIRST}"]
    assert [(c["type"], c["recipient"]) for c in told["consents"]] == [
        ("PI_SENSITIVE", ""),
        ("CLAIM_AUTH", FIRST),
    ]
    (split,) = told["allocations"]
    assert [t["organisation"] for t in split["result"]["totals"]] == [FIRST]
    assert [s["organisation"] for s in split["result"]["shares"]] == [FIRST]
    assert split["result"]["later_reimbursement"]["amount"] == cny("5.00")
    assert (told["voucher"], told["tenders"]) == (None, [])
    assert [b["account_id"] for b in told["ledger"]] == [f"funder:insurer:{FIRST}:due"]


@pytest.mark.parametrize(
    ("organisation", "role"),
    [(HOSPITAL, Role.HOSPITAL_BILLING), ("crossclaim", Role.SUPPORT), ("x", Role.AUDITOR)],
)
def test_the_hospital_and_who_watches_are_told_all_but_what_only_banks_know(
    organisation: str, role: Role
) -> None:
    told, whole = view(organisation, role), episode().model_dump(mode="json")
    hidden = {"payee_account_sha256", "debtor_account_sha256", "absent_at", "unapplied_reports"}
    hidden |= {"account_check", "account_check_at", "account_checks"}
    for row in whole["payouts"]:
        for name in hidden:
            del row[name]
    for allocation in whole["allocations"]:
        for counted in ("cover_use", "covers"):  # a member's counters are the rules' alone
            del allocation["result"][counted]
    assert len(told.pop("ledger")) == 4
    assert told == whole


def test_another_hospital_and_an_operator_are_told_no_ones_rows() -> None:
    for organisation, role in (("jiangmen-central", Role.HOSPITAL_BILLING), ("x", Role.OPERATOR)):
        told = view(organisation, role)
        assert (told["claims"], told["bills"], told["payouts"], told["ledger"]) == ([], [], [], [])
        assert told_too_much(told, SECOND) == []
