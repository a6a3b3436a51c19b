"""What a charge and its refund write: claim, draw with its due day, ledger, story."""

from __future__ import annotations

from activities.claims_due import open_claims
from activities.credit_answers import clear_overdue, first_plan
from activities.credit_case import pay_later_plan
from activities.orders import Subject
from activities.records import EpisodeTransaction
from activities.world import World
from crossclaim.domain.credit_rows import CreditChargeRow
from crossclaim.domain.insured import Relation
from crossclaim.domain.ledger import tender_entry
from crossclaim.domain.money import Money, fen
from crossclaim.domain.pay_later import Tender
from crossclaim.domain.pay_later_ledger import charge_entry
from crossclaim.domain.pay_later_party import ChargeOrder, ChargeReceipt
from crossclaim.domain.records import ClaimRow, EpisodeRows
from crossclaim.domain.standing import patient_share
from crossclaim.domain.stay import local_day
from crossclaim.domain.submission import FunderKind, TenderLeg

PUT_RIGHT_BY_CHARGE = ["PAY_LATER_ANSWER_DIFFERS", "PAY_LATER_SPLIT_REFUSED"]


def charge_order(
    tx: EpisodeTransaction,
    rows: EpisodeRows,
    claim: ClaimRow,
    account_id: str,
    parts: dict[Tender, Money],
) -> ChargeOrder:
    """The same for the same claim, however often it is made."""
    content, bill = tx.episode_content(rows.episode.id), tx.bill_content(claim.bill_id)
    told = next(c.pay_later for c in content.coverages if c.funder is FunderKind.PAY_LATER)
    relation = told.relation if told is not None else None
    return ChargeOrder(
        reference=claim.reference,
        account_number=tx.credit_rows(account_id).account.number,
        hospital=rows.episode.hospital_id,
        bill_number=bill.number,
        service_day=local_day(bill.service_completed_at or bill.issued_at),
        relation=None if relation is None else Relation(relation),
        parts=parts,
    )


def _minor(parts: dict[Tender, Money], tender: Tender) -> int:
    return parts[tender].amount_minor if tender in parts else 0


def record_charge(
    tx: EpisodeTransaction,
    world: World,
    order: Subject,
    claim: ClaimRow,
    account_id: str,
    receipt: ChargeReceipt,
) -> None:
    """Once: a claim that has its answer keeps it. One that was taken back meanwhile is refunded."""
    rows = tx.lock(order.episode_id)
    assert rows is not None, "the episode is open"
    now = rows.claim(claim.id)
    if now.state == "approved" or now.number:
        return
    account = tx.credit_lock(account_id)
    assert account is not None, "a charge has an account"
    given_up = now.state != "submitted"
    fields: dict[str, object] = {"number": receipt.number}
    if given_up:
        # Refused, or taken back, and yet charged there: it has to be given back.
        fields |= {"state": "voiding"}
    else:
        fields |= {
            "state": "approved",
            "benefit_minor": claim.forecast_minor,
            "decided_at": order.at,
        }
    tx.change_claim(claim.id, **fields)
    charge = _charge_row(rows, claim, receipt, order)
    tx.add_credit_charge(account_id, charge)
    _draw(tx, world, account_id, charge, order)
    entry = charge_entry(
        f"pay-later:{claim.reference}",
        charge.hospital_id,
        account_fen=charge.account_minor,
        credit_fen=charge.credit_minor,
        card_fen=charge.card_minor,
    )
    tx.post(order.episode_id, entry, order.at)
    if charge.card_minor and not given_up:
        _tender(tx, rows, claim, charge, order)
    balance, credit = receipt.balance_after, receipt.credit_after
    tx.change_pay_later_payer(
        order.episode_id,
        balance_minor=None if balance is None else balance.amount_minor,
        credit_minor=None if credit is None else credit.amount_minor,
    )
    tx.resolve_exceptions(order.episode_id, PUT_RIGHT_BY_CHARGE, order.at)
    tx.change_credit_account(account_id)
    # Others wait for the patient's part, which the bound card may have paid just now.
    open_claims(tx, order.episode_id, order.at)
    tx.change_episode(order.episode_id)


def _charge_row(
    rows: EpisodeRows, claim: ClaimRow, receipt: ChargeReceipt, order: Subject
) -> CreditChargeRow:
    return CreditChargeRow(
        reference=claim.reference,
        episode_id=rows.episode.id,
        claim_id=claim.id,
        hospital_id=rows.episode.hospital_id,
        number=receipt.number,
        account_minor=_minor(receipt.parts, Tender.ACCOUNT),
        credit_minor=_minor(receipt.parts, Tender.CREDIT),
        card_minor=_minor(receipt.parts, Tender.BANK_CARD),
        charged_on=local_day(order.at),
        occurred_at=order.at,
    )


def _draw(
    tx: EpisodeTransaction,
    world: World,
    account_id: str,
    charge: CreditChargeRow,
    order: Subject,
) -> None:
    details = {
        "account": str(fen(charge.account_minor)),
        "credit": str(fen(charge.credit_minor)),
        "card": str(fen(charge.card_minor)),
    }
    tx.add_credit_event(
        account_id, "CHARGED", charge.reference, order.at, charge.total_minor, details
    )
    if not charge.credit_minor:
        return
    name = tx.credit_rows(account_id).account.plan
    plan = pay_later_plan(world.plans, name, charge.charged_on)
    assert plan is not None, "an account was opened under a plan"
    part = first_plan(charge.reference, charge.credit_minor, order.at, plan)
    tx.add_credit_instalments(account_id, [part], order.at)
    tx.add_credit_event(
        account_id,
        "DRAWN",
        charge.reference,
        order.at,
        charge.credit_minor,
        {"due": part.due_on.isoformat()},
    )


def _tender(
    tx: EpisodeTransaction,
    rows: EpisodeRows,
    claim: ClaimRow,
    charge: CreditChargeRow,
    order: Subject,
) -> None:
    """The bound card has paid the patient's own share, as if at the window."""
    leg = TenderLeg(method="bank_card", amount=fen(charge.card_minor), reference=charge.reference)
    tx.add_tenders(order.episode_id, claim.bill_id, [leg], order.at)
    entry = tender_entry(f"tender:{charge.reference}", charge.hospital_id, charge.card_minor)
    tx.post(order.episode_id, entry, order.at)
    bill = rows.bill(claim.bill_id)
    over = rows.tendered(bill.id) + charge.card_minor - patient_share(rows, bill)
    if over > 0:
        details = {"over": str(fen(over))}
        tx.open_exception(
            order.episode_id, "PAY_LATER_PAID_TWICE", claim.reference, details, order.at
        )


def record_refund(
    tx: EpisodeTransaction,
    order: Subject,
    claim: ClaimRow,
    account_id: str,
    given_back: ChargeReceipt | None,
    repaid_minor: int,
) -> None:
    """Once: nothing when another attempt has written its answer meanwhile."""
    rows = tx.lock(order.episode_id)
    assert rows is not None, "the episode is open"
    if rows.claim(claim.id).state != "voiding":
        return
    tx.change_claim(claim.id, state="voided")
    account = tx.credit_lock(account_id)
    assert account is not None, "a charge has an account"
    charge = account.charge(claim.reference)
    if given_back is not None and charge is not None:
        tx.add_credit_refund(
            account_id, charge.reference, charge.credit_minor, repaid_minor, order.at
        )
        tx.add_credit_event(account_id, "REFUNDED", charge.reference, order.at, charge.total_minor)
        if repaid_minor:
            tx.add_credit_event(account_id, "GIVEN_BACK", charge.reference, order.at, repaid_minor)
        if charge.settled_on is not None:
            tx.reverse(order.episode_id, f"pay-later-settled:{charge.reference}", order.at)
        tx.reverse(order.episode_id, f"pay-later:{charge.reference}", order.at)
        clear_overdue(tx, account, order.at)
        tx.change_credit_account(account_id)
    if given_back is not None:
        balance, credit = given_back.balance_after, given_back.credit_after
        tx.change_pay_later_payer(
            order.episode_id,
            balance_minor=None if balance is None else balance.amount_minor,
            credit_minor=None if credit is None else credit.amount_minor,
        )
    tx.change_episode(order.episode_id)
