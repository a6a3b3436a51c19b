"""A bill's question to the bureau: its lines, its purses, and whose account is shared for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from activities.insured_accounts import account_of, person_query, suffix
from activities.orders import Subject
from activities.records import EpisodeTransaction
from activities.world import World
from crossclaim.domain.bureau import (
    BasicPerson,
    ChargeUploaded,
    LineJudged,
    PersonQuery,
    SettlementOrder,
)
from crossclaim.domain.bureau_quote import BureauAccount
from crossclaim.domain.combination import fund_barred
from crossclaim.domain.family_account import Place
from crossclaim.domain.family_agreement import SharedAccount, shared_account
from crossclaim.domain.family_sight import SharingInForce
from crossclaim.domain.non_medical import medical_part
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.standing_bureau import bureau_coverages, is_stay, settles_by
from crossclaim.domain.stay import local_day
from crossclaim.domain.submission import BillSubmission, FunderKind


@dataclass(frozen=True)
class Asking:
    """One bill that is about to be shown to the bureau."""

    account: BureauAccount
    order: SettlementOrder
    on: date
    """The day of the service."""
    bindings: list[SharingInForce]
    """Our own family bindings of that day."""
    stale: dict[str, SettlementOrder]
    """Lines at the bureau of bills that no longer count, by bill."""
    judged: list[LineJudged] | None = None
    """Of lines that lie there already, since an interim bill has shown the very same."""
    look_again: PersonQuery | None = None
    """Our bindings and what the bureau said at the look-up differ: it may know more by now."""

    @property
    def shared(self) -> SharedAccount | None:
        return shared_account(self.bindings, self.account.person, self.on)

    @property
    def binding_id(self) -> str:
        shared = self.shared
        return shared.binding.binding_id if shared and shared.binding and shared.number else ""

    def naming_account(self) -> Asking:
        """The order says whose account is shared for this bill: nobody's unless both agree."""
        shared = self.shared
        number = shared.number if shared is not None and self.order.account_used else ""
        return replace(self, order=self.order.model_copy(update={"family_number": number}))

    def knowing(self, person: BasicPerson | None) -> Asking:
        """With what the bureau says of the person now."""
        if person is None:
            return self
        account = self.account.model_copy(update={"person": person})
        return replace(self, account=account).naming_account()


def asking_of(
    tx: EpisodeTransaction,
    world: World,
    rows: EpisodeRows,
    bill_id: str,
    bill: BillSubmission,
    order: Subject,
) -> Asking | None:
    """None: this bill is not laid on the bureau, or the bureau does not know the patient, or the
    stay's lines there are those of its final bill and stay so until that is taken back."""
    if settles_by(rows) is not None:
        return None
    used = _funders(tx, world, rows, bill)
    account = account_of(tx, rows) if used else None
    if account is None:
        return None
    if account.place is not Place.DESIGNATED_HOSPITAL:
        used.discard(FunderKind.BASIC_INSURANCE)
    settling = _settling(account, bill_id, bill, used, order, stay=is_stay(rows))
    batch, judged = _shown_before(tx, rows, bill, settling)
    settling = settling.model_copy(update={"batch": batch})
    on = local_day(bill.service_completed_at or bill.issued_at)
    bindings = tx.family_sharings(rows.episode.id, on) if settling.account_used else []
    stale = _stale(tx, rows, batch)
    asking = Asking(account, settling, on, bindings, stale, judged).naming_account()
    shared = asking.shared
    if not settling.account_used or shared is None or not shared.differs:
        return asking
    content = tx.episode_content(rows.episode.id)
    query = person_query(order, content, account.institution, f"{settling.reference}A")
    return replace(asking, look_again=query)


def _funders(
    tx: EpisodeTransaction, world: World, rows: EpisodeRows, bill: BillSubmission
) -> set[FunderKind]:
    chosen = None if bill.coverages is None else set(bill.coverages)
    coverages = bureau_coverages(rows)
    used = {c.funder for c in coverages if chosen is None or c.ordinal in chosen}
    day = local_day(bill.service_completed_at or bill.issued_at)
    channel = tx.episode_content(rows.episode.id).visit.channel
    if fund_barred(channel, day, world.plans) is not None:
        used.discard(FunderKind.BASIC_INSURANCE)
    return used


def _settling(
    account: BureauAccount,
    bill_id: str,
    bill: BillSubmission,
    used: set[FunderKind],
    order: Subject,
    *,
    stay: bool,
) -> SettlementOrder:
    medical = medical_part(bill)
    lines = [
        ChargeUploaded(
            number=line.number,
            code=line.code,
            day=line.service_date,
            quantity=line.quantity,
            unit_price=line.unit_price,
            amount=line.amount,
        )
        for line in medical.lines
    ]
    return SettlementOrder(
        reference=f"BQ{suffix(bill_id)}",
        institution=account.institution,
        person_number=account.person.number,
        area_code=account.person.area_code,
        visit_id=account.visit_id,
        batch=suffix(bill_id)[-20:],
        lines=lines,
        total=medical.total,
        fund_used=FunderKind.BASIC_INSURANCE in used,
        account_used=FunderKind.PERSONAL_ACCOUNT in used,
        stay=stay,
        interim=bill.status != "final",
        at=order.at,
    )


def _shown_before(
    tx: EpisodeTransaction, rows: EpisodeRows, bill: BillSubmission, settling: SettlementOrder
) -> tuple[str, list[LineJudged] | None]:
    """The batch of the interim bill of this number, when its lines are these lines; a stay's are
    withdrawn before each bill and laid out anew."""
    if settling.stay:
        return settling.batch, None
    for known in rows.bills:
        if (known.number, known.status, known.state) != (bill.number, "interim", "current"):
            continue
        quote = tx.quote(rows.episode.id, known.id) if rows.quote(known.id) else None
        if quote is None or quote.order.visit_id != settling.visit_id:
            continue
        if quote.judged and quote.order.lines == settling.lines:
            return quote.order.batch, quote.judged
    return settling.batch, None


def _stale(tx: EpisodeTransaction, rows: EpisodeRows, asked: str) -> dict[str, SettlementOrder]:
    """Without those that a bill that counts has taken over. ``asked``: the batch of this bill.

    Of a stay all lines are withdrawn together.
    """
    if is_stay(rows):
        return {}
    current = {bill.id for bill in rows.bills if bill.state == "current"}
    current |= {c.bill_id for c in rows.claims if c.state not in ("voided", "failed")}
    known = [q.bill_id for q in rows.quotes if q.state == "quoted"]
    if current.issuperset(known):
        return {}
    orders = {}
    for bill_id in known:
        quote = tx.quote(rows.episode.id, bill_id)
        if quote is not None:
            orders[bill_id] = quote.order
    needed = {asked, *(order.batch for bill, order in orders.items() if bill in current)}
    return {
        bill: order
        for bill, order in orders.items()
        if bill not in current and order.batch not in needed
    }
