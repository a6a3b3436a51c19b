"""Applies what is sent about a credit account: each becomes an order that the platform is sent."""

from __future__ import annotations

from activities.case import Outcome, refused
from activities.credit_case import CreditCase, pay_later_plan
from crossclaim.domain.allocation import Fault
from crossclaim.domain.credit import CreditApplication, application_faults, instalment_faults
from crossclaim.domain.credit_faults import credit_fault
from crossclaim.domain.credit_position import DrawPosition, draws, owed
from crossclaim.domain.credit_rows import CreditOrderRow
from crossclaim.domain.credit_submission import (
    CreditApplicationSubmission,
    CreditCardCodeSubmission,
    CreditCardSubmission,
    CreditClosingSubmission,
    CreditInstalmentsSubmission,
    CreditRepaymentSubmission,
    CreditSignUpSubmission,
)
from crossclaim.domain.insured import InsuredStatus
from crossclaim.domain.money import Money, fen
from crossclaim.domain.pay_later import Tender

OPEN = ("due", "sent", "queued")


def apply_sign_up(case: CreditCase) -> Outcome:
    """Opens the account; a credit that the rules refuse leaves the rest of the sign-up as it is."""
    sign_up = CreditSignUpSubmission.model_validate(case.stored.content)
    plan = pay_later_plan(case.world.plans, sign_up.plan, case.today)
    if plan is None:
        return refused([credit_fault("CREDIT_PLAN_UNKNOWN", "/plan", on=case.today)])
    tx, account_id = case.transaction, case.account_id
    tx.open_credit_account(account_id, case.stored.organisation_id, sign_up, case.at)
    tx.add_credit_order(account_id, case.reference("CSU"), "sign_up", case.at)
    if sign_up.card_number is not None:
        secret = {"card_number": sign_up.card_number}
        tx.add_credit_order(account_id, case.reference("CCD"), "card", case.at, secret)
    tx.add_credit_event(account_id, "SIGN_UP_ASKED", case.reference("CSU"), case.at)
    body: dict[str, object] = {"account_id": account_id, "status": "signing_up"}
    if sign_up.credit is not None:
        asked = sign_up.credit.amount
        application = CreditApplication(
            birth_date=sign_up.holder.birth_date,
            status=InsuredStatus.ACTIVE,
            asked=asked,
            on=case.today,
        )
        faults = application_faults(application, plan)
        if faults:
            _refuse_credit(case, faults, asked)
            body["credit"] = {
                "status": "refused",
                "errors": [one.model_dump(mode="json") for one in faults],
            }
        else:
            photo = {"id_photo": sign_up.credit.id_photo is not None}
            tx.add_credit_order(
                account_id,
                case.reference("CAP"),
                "application",
                case.at,
                photo,
                amount_minor=asked.amount_minor,
            )
    return Outcome(status=201, body=body, changed=False)


def _refuse_credit(case: CreditCase, faults: list[Fault], asked: Money) -> None:
    """By our own rules: the bank is not asked."""
    codes = ",".join(fault.code for fault in faults)
    case.transaction.change_credit_account(case.account_id, credit_state="refused", code=codes)
    case.transaction.add_credit_event(
        case.account_id,
        "CREDIT_REFUSED",
        case.reference("CAP"),
        case.at,
        asked.amount_minor,
        {"code": codes},
    )


def _not_open(case: CreditCase) -> list[Fault]:
    state = case.rows.account.state
    if state == "open":
        return []
    return [credit_fault("CREDIT_ACCOUNT_NOT_OPEN", "", state=state)]


def _accepted(case: CreditCase, reference: str) -> Outcome:
    body: dict[str, object] = {
        "account_id": case.account_id,
        "reference": reference,
        "status": "due",
    }
    return Outcome(202, body)


def apply_card(case: CreditCase) -> Outcome:
    asked = CreditCardSubmission.model_validate(case.stored.content)
    faults = _not_open(case)
    if faults:
        return refused(faults)
    reference = case.reference("CCD")
    secret = {"card_number": asked.card_number}
    case.transaction.add_credit_order(case.account_id, reference, "card", case.at, secret)
    return _accepted(case, reference)


def waiting_card(orders: list[CreditOrderRow]) -> CreditOrderRow | None:
    """The newest card for which a text message is out and no right code has come."""
    cards = [o for o in orders if o.kind == "card" and o.state == "taken"]
    if not cards:
        return None
    codes = [o for o in orders if o.kind == "card_code" and o.about == cards[-1].reference]
    return None if any(o.state != "refused" for o in codes) else cards[-1]


def apply_card_code(case: CreditCase) -> Outcome:
    confirmed = CreditCardCodeSubmission.model_validate(case.stored.content)
    card = waiting_card(case.rows.orders)
    faults = _not_open(case) or ([] if card else [credit_fault("CARD_NOT_BEGUN", "/sms_code")])
    if faults or card is None:
        return refused(faults)
    reference = case.reference("CCC")
    case.transaction.add_credit_order(
        case.account_id,
        reference,
        "card_code",
        case.at,
        {"sms_code": confirmed.sms_code},
        about=card.reference,
    )
    return _accepted(case, reference)


def apply_application(case: CreditCase) -> Outcome:
    """Judged by our rules before the bank is troubled; all reasons at once."""
    asked = CreditApplicationSubmission.model_validate(case.stored.content)
    account, faults = case.rows.account, _not_open(case)
    pending = any(o.kind == "application" and o.state in OPEN for o in case.rows.orders)
    if pending or account.credit_state in ("granted", "in_review"):
        state = "in_review" if pending else account.credit_state
        faults.append(credit_fault("CREDIT_APPLIED_ALREADY", "/credit", state=state))
    application = CreditApplication(
        birth_date=case.transaction.credit_sign_up(case.account_id).holder.birth_date,
        status=InsuredStatus(account.insured_status or InsuredStatus.ACTIVE),
        asked=asked.credit.amount,
        on=case.today,
    )
    faults += application_faults(application, case.plan)
    if faults:
        return refused(faults)
    reference = case.reference("CAP")
    case.transaction.add_credit_order(
        case.account_id,
        reference,
        "application",
        case.at,
        {"id_photo": asked.credit.id_photo is not None},
        amount_minor=asked.credit.amount.amount_minor,
    )
    return _accepted(case, reference)


def apply_instalments(case: CreditCase) -> Outcome:
    """Chosen once for a draw, on its due day at the latest."""
    chosen = CreditInstalmentsSubmission.model_validate(case.stored.content)
    faults = _not_open(case)
    draw = next((d for d in draws(case.rows) if d.charge_reference == chosen.draw), None)
    if draw is None or draw.left_minor == 0:
        faults.append(credit_fault("DRAW_UNKNOWN", "/draw"))
    else:
        faults += _choice_faults(case, draw)
    faults += instalment_faults(chosen.count, case.plan)
    if faults:
        return refused(faults)
    reference = case.reference("CIN")
    case.transaction.add_credit_order(
        case.account_id,
        reference,
        "instalments",
        case.at,
        about=chosen.draw,
        count=chosen.count,
    )
    return _accepted(case, reference)


def _choice_faults(case: CreditCase, draw: DrawPosition) -> list[Fault]:
    pending = any(
        o.kind == "instalments" and o.about == draw.charge_reference and o.state in OPEN
        for o in case.rows.orders
    )
    faults: list[Fault] = []
    if draw.in_parts or pending:
        faults.append(credit_fault("INSTALMENTS_CHOSEN", "/draw"))
    due_on = draw.instalments[0].due_on
    if case.today > due_on:
        faults.append(credit_fault("INSTALMENTS_TOO_LATE", "/chosen_at", due=due_on))
    return faults


def apply_repayment(case: CreditCase) -> Outcome:
    """Never more than is owed beside what is already on its way."""
    asked = CreditRepaymentSubmission.model_validate(case.stored.content)
    rows, faults = case.rows, _not_open(case)
    pending = sum(o.amount_minor for o in rows.orders if o.kind == "repayment" and o.state in OPEN)
    left = max(owed(rows) - pending, 0)
    if asked.amount.amount_minor > left:
        faults.append(credit_fault("REPAYMENT_ABOVE_OWED", "/amount", owed=fen(left)))
    if asked.source == Tender.BANK_CARD.value and not rows.account.card_tail:
        faults.append(credit_fault("NO_CARD_BOUND", "/source"))
    if faults:
        return refused(faults)
    reference = case.reference("CRP")
    case.transaction.add_credit_order(
        case.account_id,
        reference,
        "repayment",
        case.at,
        amount_minor=asked.amount.amount_minor,
        source=asked.source,
    )
    return _accepted(case, reference)


def apply_closing(case: CreditCase) -> Outcome:
    CreditClosingSubmission.model_validate(case.stored.content)
    faults = _not_open(case)
    left = owed(case.rows)
    if left:
        faults.append(credit_fault("CREDIT_STILL_OWED", "", owed=fen(left)))
    if any(o.state in OPEN for o in case.rows.orders):
        faults.append(credit_fault("CREDIT_ORDER_OPEN", ""))
    if faults:
        return refused(faults)
    reference = case.reference("CCL")
    case.transaction.add_credit_order(case.account_id, reference, "closing", case.at)
    return _accepted(case, reference)
