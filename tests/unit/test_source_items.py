"""Remittances, the bureau and vouchers are judged by the bank's engine, with its nine statuses."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from crossclaim.domain.bureau import (
    Institution,
    SettledDetail,
    SettledDifference,
    SettledTotal,
)
from crossclaim.domain.bureau_items import detail_items, total_items
from crossclaim.domain.bureau_settled import SettledClaim
from crossclaim.domain.insured import Insurance
from crossclaim.domain.item_order import ItemExplanationOrder, ItemMatchOrder, OpenItem
from crossclaim.domain.item_order import faults_of_items as faults_of
from crossclaim.domain.money import fen, hk_cents
from crossclaim.domain.party import ReimbursedClaim, ReimbursementStatement
from crossclaim.domain.remittance import Payout, RemittanceOrder, remittance_facts
from crossclaim.domain.source_items import SourceItem
from crossclaim.domain.voucher_items import voucher_items
from crossclaim.domain.voucher_months import ClaimKnown

DAY = date(2025, 10, 14)
AT = datetime(2025, 10, 14, 2, tzinfo=UTC)


def verdicts(items: list[SourceItem]) -> dict[str, str]:
    """``side item`` → ``status why``."""
    return {f"{one.side} {one.item}": f"{one.status.value} {one.why}" for one in items}


def open_of(items: list[SourceItem]) -> set[str]:
    return {f"{one.side} {one.item}" for one in items if one.open}


# --- the bureau -------------------------------------------------------------------------------


def claim(settlement: str, fund: int, account: int = 0) -> SettledClaim:
    return SettledClaim(
        episode_id=f"ep_{settlement}",
        reference=f"CL{settlement}",
        settlement=settlement,
        insurance=Insurance.RESIDENT,
        area_code="440703",
        fee_minor=fund + account,
        fund_minor=fund,
        account_minor=account,
    )


def held(*claims: SettledClaim) -> SettledTotal:
    return SettledTotal(
        reference="BT-1",
        institution=Institution(code="H44070300001", area="440703"),
        area_code="440703",
        insurance=Insurance.RESIDENT,
        begins=DAY,
        ends=DAY,
        fee=fen(sum(c.fee_minor for c in claims)),
        fund=fen(sum(c.fund_minor for c in claims)),
        account=fen(sum(c.account_minor for c in claims)),
        count=len(claims),
        at=AT,
    )


def differs(settlement: str, kind: str, fund: int | None, account: int = 0) -> SettledDifference:
    theirs = None
    if fund is not None:
        theirs = SettledDetail(
            settlement=settlement, fee=fen(fund + account), fund=fen(fund), account=fen(account)
        )
    return SettledDifference(settlement=settlement, kind=kind, theirs=theirs)


def test_equal_sums_are_matched_one_by_one_and_nothing_is_open() -> None:
    claims = [claim("S1", 400, 12_600), claim("S2", 300)]
    items = total_items(held(*claims), True, claims, []) + detail_items(held(*claims), claims, [])
    assert open_of(items) == set()
    assert verdicts(items)["theirs S1:account"] == "matched REFERENCE_AND_AMOUNT"
    assert {
        one.episode_id for one in items if one.item.startswith("S1") and one.side == "ours"
    } == {"ep_S1"}


def test_each_difference_of_the_bureau_has_its_own_status() -> None:
    claims = [claim("S1", 400), claim("S2", 300), claim("S3", 200)]
    told = [
        differs("S1", "NOT_WITH_BUREAU", None),
        differs("S2", "AMOUNT_DIFFERS", 301),
        differs("S9", "NOT_WITH_HOSPITAL", 400),
    ]
    items = detail_items(held(*claims), claims, told)
    assert verdicts(items) == {
        "ours S1:fund": "missing NOT_STATED",
        "theirs S9:fund": "missing NOTHING_EXPECTED",
        "ours S2:fund": "over MORE_THAN_EXPECTED",
        "theirs S2:fund": "over MORE_THAN_EXPECTED",
        "ours S3:fund": "matched REFERENCE_AND_AMOUNT",
        "theirs S3:fund": "matched REFERENCE_AND_AMOUNT",
    }
    (stranger,) = (one for one in items if one.item == "S9:fund")
    assert stranger.candidates == [{"item": "S1:fund", "because": "SAME_AMOUNT"}]
    totals = verdicts(total_items(held(*claims), False, claims, told))
    assert totals["theirs fund"] == "over TOTAL_DIFFERS"


def test_fund_and_account_that_change_places_are_no_match() -> None:
    """Their sum is the same: a comparison of wholes would let it pass."""
    claims = [claim("S1", 400, 100)]
    told = [differs("S1", "AMOUNT_DIFFERS", 100, 400)]
    assert sum((400, 100)) == sum((100, 400))
    found = verdicts(detail_items(held(*claims), claims, told))
    assert {found["ours S1:fund"], found["ours S1:account"]} == {
        "under LESS_THAN_EXPECTED",
        "over MORE_THAN_EXPECTED",
    }


def test_sums_that_differ_without_a_settlement_that_does_stay_open() -> None:
    claims = [claim("S1", 400)]
    assert verdicts(total_items(held(*claims), False, claims, []))["ours fund"] == (
        "wrong_data TOTAL_DIFFERS"
    )


# --- vouchers ---------------------------------------------------------------------------------


def ours(reference: str, cents: int = 10_000, **more: object) -> ClaimKnown:
    told: dict[str, object] = {
        "reference": reference,
        "episode_id": f"ep_{reference}",
        "number": f"T{reference}",
        "state": "approved",
        "claimed_minor": cents,
        "in_month": True,
    }
    return ClaimKnown.model_validate({**told, **more})


def line(
    reference: str, cents: int = 10_000, state: str = "paid", number: str = ""
) -> ReimbursedClaim:
    return ReimbursedClaim.model_validate(
        {
            "reference": reference,
            "transaction_number": number or f"T{reference}",
            "amount": hk_cents(cents),
            "state": state,
        }
    )


def statement(*lines: ReimbursedClaim, off: int = 0) -> ReimbursementStatement:
    paid = sum(one.amount.amount_minor for one in lines if one.state == "paid")
    return ReimbursementStatement(
        number="ST-1",
        institution="hku-szh",
        month="2025-09",
        paid_on=DAY,
        total=hk_cents(paid + off),
        claims=list(lines),
    )


def test_each_line_of_a_reimbursement_has_its_own_status() -> None:
    known = [
        *(ours(name) for name in ("A", "B", "C", "D", "E", "F", "G")),
        ours("H", state="queued"),
        ours("I", paid_by="ST-0"),
        ours("J", state="voided"),
    ]
    said = statement(
        line("A"),
        line("B", 12_000),
        line("C", 4_000),
        line("C", 6_000),
        line("D"),
        line("D"),
        line("E", state="unconfirmed"),
        line("F", number="OTHER"),
        line("H"),
        line("I"),
        line("J"),
        line("Z"),
    )
    found = verdicts(voucher_items(said, known))
    assert {name: told for name, told in found.items() if not told.startswith("matched")} == {
        "ours B": "over MORE_THAN_EXPECTED",
        "theirs 2:B": "over MORE_THAN_EXPECTED",
        "ours C": "split PARTS_ADD_UP",
        "theirs 3:C": "split PARTS_ADD_UP",
        "theirs 4:C": "split PARTS_ADD_UP",
        "theirs 6:D": "duplicate PAID_AGAIN",
        "ours E": "missing NOT_CONFIRMED",
        "ours F": "wrong_data OTHER_NUMBER",
        "theirs 8:F": "wrong_data OTHER_NUMBER",
        "ours G": "missing NOT_STATED",
        "ours H": "wrong_data CLAIM_NOT_COMPLETE",
        "theirs 9:H": "wrong_data CLAIM_NOT_COMPLETE",
        "theirs 10:I": "duplicate PAID_AGAIN",
        "theirs 11:J": "missing NOTHING_EXPECTED",
        "theirs 12:Z": "missing NOTHING_EXPECTED",
    }


def test_the_same_statement_read_again_is_no_second_payment() -> None:
    known = [ours("A", paid_by="ST-1", reimbursed=True)]
    assert open_of(voucher_items(statement(line("A")), known)) == set()


def test_a_total_that_is_no_sum_keeps_the_day_open() -> None:
    assert open_of(voucher_items(statement(line("A"), off=100), [ours("A")])) == {"theirs total"}


# --- remittances ------------------------------------------------------------------------------


def payout(reference: str, minor: int, claim: str, *, ended: bool = False) -> Payout:
    return Payout(
        reference=reference,
        amount_minor=minor,
        currency="CNY",
        due=AT,
        ended=ended,
        claim=claim,
        number=f"N{claim}",
    )


def judged(lines: dict[str, int], *payouts: Payout) -> dict[str, str]:
    order = RemittanceOrder.model_validate(
        {
            "number": "RA-1",
            "hospital": "hku-szh",
            "paid_on": str(DAY),
            "total": {"amount": "0", "currency": "CNY"},
            "lines": [{"reference": r, "amount": fen(m).model_dump()} for r, m in lines.items()],
        }
    )
    return verdicts(remittance_facts(order, payouts, frozenset()).judged(DAY))


def test_one_line_may_be_all_payouts_of_a_claim() -> None:
    found = judged({"NCL1": 300}, payout("PO1", 100, "CL1"), payout("PO2", 200, "CL1"))
    assert found == dict.fromkeys(
        ("theirs 1:NCL1", "ours PO1", "ours PO2"), "matched TOTAL_OF_BATCH"
    )


def test_a_claims_payout_that_ended_is_not_counted_with_its_successor() -> None:
    found = judged({"CL1": 100}, payout("PO1", 100, "CL1", ended=True), payout("PO2", 100, "CL1"))
    assert found["theirs 1:CL1"] == "matched REFERENCE_AND_AMOUNT" == found["ours PO2"]


# --- what people order ------------------------------------------------------------------------


def item(number: int, side: str, minor: int, *, open_: bool = True) -> OpenItem:
    return OpenItem(
        id=number,
        source="voucher",
        side=side,
        amount_minor=minor,
        currency="CNY",
        open=open_,
    )


def codes(order: ItemMatchOrder | ItemExplanationOrder, *items: OpenItem) -> list[str]:
    return [one.code for one in faults_of(order, items)]


def test_a_match_of_items_needs_both_sides_and_the_same_money() -> None:
    both = ItemMatchOrder(items=[1, 2], reason="r", by="f")
    assert codes(both, item(1, "ours", 5), item(2, "theirs", 5)) == []
    assert codes(both, item(1, "ours", 5), item(2, "theirs", 6)) == ["MATCH_UNEQUAL"]
    assert codes(both, item(1, "ours", 5), item(2, "ours", 5)) == ["MATCH_ONE_SIDE"]
    assert codes(both, item(1, "ours", 5)) == ["MATCH_ITEM_UNKNOWN"]
    assert codes(both, item(1, "ours", 5, open_=False), item(2, "theirs", 5)) == [
        "MATCH_ALREADY_DONE"
    ]
    alone = ItemExplanationOrder(items=[1, 1], reason="r", by="f")
    assert codes(alone, item(1, "ours", 5)) == ["MATCH_ITEM_TWICE"]


@given(
    st.lists(st.tuples(st.sampled_from("ABCD"), st.integers(1, 4)), max_size=8),
    st.lists(st.tuples(st.sampled_from("ABCDE"), st.integers(1, 4)), max_size=8),
)
def test_every_item_of_either_side_has_one_status_and_matched_sides_are_the_same_money(
    held_: list[tuple[str, int]], said: list[tuple[str, int]]
) -> None:
    known = [ours(name, cents * 100) for name, cents in dict(held_).items()]
    lines = [line(name, cents * 100) for name, cents in said]
    items = voucher_items(statement(*lines), known)
    names = [(one.side, one.item) for one in items]
    assert len(names) == len(set(names)) == len(known) + len(lines)
    by_match: dict[str, dict[str, int]] = {}
    for one in items:
        if one.status.value in ("matched", "split"):
            sides = by_match.setdefault(one.match_name, {"ours": 0, "theirs": 0})
            sides[one.side] += one.amount_minor
    assert all(sides["ours"] == sides["theirs"] for sides in by_match.values())
