"""Shows a bill to the bureau before it is split: its lines, and who would pay what of them."""

from __future__ import annotations

from temporalio import activity

from activities.insured_accounts import account_of, keep, suffix
from activities.orders import Subject
from activities.records import EpisodeTransaction
from activities.sending import Attempt, open_attempt, recorded
from activities.stock import standing_in
from activities.world import World
from crossclaim.domain.bureau import (
    BUREAU,
    AnswerContradicts,
    ChargeUploaded,
    LineJudged,
    SettlementOrder,
    SettlementSplit,
)
from crossclaim.domain.bureau_quote import BureauAccount, Quote
from crossclaim.domain.combination import fund_barred
from crossclaim.domain.errors import CrossclaimError, Final
from crossclaim.domain.non_medical import medical_part
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.standing import Standing
from crossclaim.domain.standing_bureau import CONSENTS, bureau_coverages
from crossclaim.domain.stay import local_day
from crossclaim.domain.submission import BillSubmission, FunderKind, SubmissionKind


def bill_of(submission_id: str) -> str:
    """The id that a bill's submission gives its bill."""
    return f"bl_{suffix(submission_id)}"


class QuoteSteps:
    """Every call is harmless when it is repeated; nothing of a bill moves before it is settled."""

    def __init__(self, world: World) -> None:
        self._world = world

    @activity.defn(name="quote_settlement")
    def quote_settlement(self, order: Subject) -> Standing:
        """``subject`` is the bill's submission. Its quote, or why there is none, becomes a row."""
        bill_id = bill_of(order.subject)
        with self._world.records.transaction() as tx:
            rows, stored = tx.take(order.episode_id, order.subject)
            assert rows is not None, "the episode is open"
            asked = None
            if stored.outcome is None and stored.kind is SubmissionKind.BILL:
                bill = BillSubmission.model_validate(stored.content)
                asked = self._order(tx, rows, bill_id, bill, order)
            if asked is None:
                return standing_in(tx, self._world, order.episode_id, order.at)
            account, settling = asked
            attempt = open_attempt(tx, order, BUREAU, "quote", settling.reference, CONSENTS)
            if attempt is None:
                code = "BUREAU_CONSENT_MISSING"
                tx.put_quote(order.episode_id, bill_id, None, order.at, code=code)
                tx.open_exception(order.episode_id, code, "", {}, order.at)
                tx.change_episode(order.episode_id)
                return standing_in(tx, self._world, order.episode_id, order.at)
            stale = self._stale(tx, rows)
        quote, refused = None, None
        try:
            with recorded(self._world, attempt):
                quote = self._ask(account, settling, stale)
        except Final as error:
            refused = error
        except AnswerContradicts as error:
            return self._set_aside(order, bill_id, attempt, error)
        with self._world.records.transaction() as tx:
            tx.hold(order.episode_id)
            if quote is not None:
                tx.close_attempt(settling.reference, "quote", attempt.number, "answered")
            code = quote.refused if quote is not None else refused.code if refused else ""
            tx.put_quote(order.episode_id, bill_id, quote, order.at, code=code)
            for old in stale:
                tx.withdraw_quote(old)
            tx.resolve_exceptions(order.episode_id, ["BUREAU_ANSWER_CONTRADICTS"], order.at)
            tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    def _set_aside(
        self,
        order: Subject,
        bill_id: str,
        attempt: Attempt,
        error: AnswerContradicts,
    ) -> Standing:
        """The bill is refused with what can be done instead; sent again it is quoted again."""
        with self._world.records.transaction() as tx:
            tx.hold(order.episode_id)
            keep(tx, order, attempt, error, attempt.reference)
            tx.put_quote(order.episode_id, bill_id, None, order.at, code=error.code)
            tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    def _ask(
        self, account: BureauAccount, settling: SettlementOrder, stale: dict[str, SettlementOrder]
    ) -> Quote:
        """A refusal to pre-settle keeps what the catalogue said of the lines."""
        bureau = self._world.bureau
        if bureau is None:
            raise CrossclaimError("no bureau is configured", code="BUREAU_NOT_CONFIGURED")
        for old in stale.values():
            bureau.withdraw(old)
        judged: list[LineJudged] = bureau.upload(settling)
        split: SettlementSplit | None = None
        refused = ""
        try:
            split = bureau.pre_settle(settling)
        except Final as error:
            refused = error.code
        return Quote(
            order=settling,
            insurance=account.person.insurance,
            judged=judged,
            split=split,
            refused=refused,
        )

    def _order(
        self,
        tx: EpisodeTransaction,
        rows: EpisodeRows,
        bill_id: str,
        bill: BillSubmission,
        order: Subject,
    ) -> tuple[BureauAccount, SettlementOrder] | None:
        """None: this bill is not laid on the bureau, or the bureau does not know the patient."""
        chosen = None if bill.coverages is None else set(bill.coverages)
        coverages = bureau_coverages(rows)
        used = {c.funder for c in coverages if chosen is None or c.ordinal in chosen}
        day = local_day(bill.service_completed_at or bill.issued_at)
        channel = tx.episode_content(rows.episode.id).visit.channel
        if fund_barred(channel, day, self._world.plans) is not None:
            used.discard(FunderKind.BASIC_INSURANCE)
        account = account_of(tx, rows) if used else None
        if account is None:
            return None
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
        settling = SettlementOrder(
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
            at=order.at,
        )
        return account, settling

    @staticmethod
    def _stale(tx: EpisodeTransaction, rows: EpisodeRows) -> dict[str, SettlementOrder]:
        """Lines at the bureau of bills that no longer count, by bill."""
        current = {bill.id for bill in rows.bills if bill.state == "current"}
        alive = {c.bill_id for c in rows.claims if c.state not in ("voided", "failed")}
        found = {}
        for known in rows.quotes:
            if known.state != "quoted" or known.bill_id in current | alive:
                continue
            quote = tx.quote(rows.episode.id, known.bill_id)
            if quote is not None:
                found[known.bill_id] = quote.order
        return found
