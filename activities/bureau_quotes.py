"""Shows a bill to the bureau before it is split: its lines, and who would pay what of them.

The interface pre-settles lines that lie there (2206 names a batch, no lines), so 2204 comes before
it. Lines that an interim bill has shown are there already: then 2206 alone stands between the bill
and its answer. Whatever else is to be said goes out at the same time.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from temporalio import activity

from activities.insured_accounts import InsuredAccountSteps, keep, suffix
from activities.orders import Subject
from activities.ports import Bureau
from activities.quote_order import Asking, asking_of
from activities.records import EpisodeTransaction
from activities.sending import Attempt, open_attempt, recorded
from activities.world import World
from crossclaim.domain.bureau import BUREAU, AnswerContradicts, LineJudged
from crossclaim.domain.bureau_quote import BureauAccount, Quote
from crossclaim.domain.errors import CrossclaimError, Final
from crossclaim.domain.standing import Standing
from crossclaim.domain.standing_bureau import CONSENTS, bureau_coverages, registration_refused
from crossclaim.domain.submission import BillSubmission, SubmissionKind

WHERE_IT_STOOD = Standing()
"""Older than any that the workflow knows: applying the bill is next and tells where it stands, so
that the patient at the window does not wait for the same reading twice."""


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
        standing = self._quote(order, registered=False)
        if standing is None:
            InsuredAccountSteps(self._world).register_again(order)
            standing = self._quote(order, registered=True)
        assert standing is not None, "a stay is registered again once"
        return standing

    def _quote(self, order: Subject, *, registered: bool) -> Standing | None:
        """None: the bureau refused to register the stay, which is tried again first."""
        bill_id = bill_of(order.subject)
        with self._world.records.transaction() as tx:
            rows, stored = tx.take(order.episode_id, order.subject)
            assert rows is not None, "the episode is open"
            asking = None
            if stored.outcome is None and stored.kind is SubmissionKind.BILL:
                bill = BillSubmission.model_validate(stored.content)
                asking = asking_of(tx, self._world, rows, bill_id, bill, order)
            wanted = asking is not None or not rows.bureau_stay
            if wanted and registration_refused(rows) and not registered:
                return None
            if asking is None:
                return WHERE_IT_STOOD
            attempt = open_attempt(tx, order, BUREAU, "quote", asking.order.reference, CONSENTS)
            if attempt is None:
                code = "BUREAU_CONSENT_MISSING"
                tx.put_quote(order.episode_id, bill_id, None, order.at, code=code)
                tx.open_exception(order.episode_id, code, "", {}, order.at)
                tx.change_episode(order.episode_id)
                return WHERE_IT_STOOD
        said, refused = None, ""
        try:
            with recorded(self._world, attempt):
                said = _ask(self._bureau(), asking)
        except Final as error:
            refused = error.code
        except AnswerContradicts as error:
            return self._set_aside(order, bill_id, attempt, error)
        with self._world.records.transaction() as tx:
            tx.hold(order.episode_id)
            if said is None:
                tx.put_quote(order.episode_id, bill_id, None, order.at, code=refused)
            else:
                tx.close_attempt(asking.order.reference, "quote", attempt.number, "answered")
                said.store(tx, order, bill_id)
            if rows.bureau_stay is not None and rows.bureau_stay.state == "refused":
                tx.put_bureau_stay(order.episode_id, "admitted", order.at)
            tx.resolve_exceptions(order.episode_id, ["BUREAU_ANSWER_CONTRADICTS"], order.at)
            tx.change_episode(order.episode_id)
            return WHERE_IT_STOOD

    def _bureau(self) -> Bureau:
        if self._world.bureau is None:
            raise CrossclaimError("no bureau is configured", code="BUREAU_NOT_CONFIGURED")
        return self._world.bureau

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
            return WHERE_IT_STOOD


class _Said(NamedTuple):
    """What the bureau said of a bill, and of the person where it was asked about him again."""

    quote: Quote
    account: BureauAccount | None
    withdrawn: list[str]

    def store(self, tx: EpisodeTransaction, order: Subject, bill_id: str) -> None:
        tx.put_quote(order.episode_id, bill_id, self.quote, order.at, code=self.quote.refused)
        for old in self.withdrawn:
            tx.withdraw_quote(old)
        if self.account is None:
            return
        for coverage in bureau_coverages(tx.rows(order.episode_id)):
            tx.put_funder_account(
                order.episode_id, coverage.ordinal, coverage.funder.value, self.account, order.at
            )


def _ask(bureau: Bureau, asking: Asking) -> _Said:
    """What need not be waited for goes out beside the lines: old lines that are withdrawn, and the
    look-up of a person of whom our own bindings say something else.

    Of a stay all lines are withdrawn together, before this bill's are laid out.
    """
    again = asking.look_again
    if asking.order.stay:
        bureau.withdraw(asking.order)
    with ThreadPoolExecutor(1 + len(asking.stale), thread_name_prefix="bureau") as beside:
        tidied = {bill: beside.submit(bureau.withdraw, old) for bill, old in asking.stale.items()}
        known = None if again is None else beside.submit(bureau.look_up, again)
        judged = bureau.upload(asking.order) if asking.judged is None else asking.judged
        now = asking if known is None else asking.knowing(known.result())
        quote = _quoted(bureau, now, judged)
    account = None if known is None else now.account
    return _Said(quote, account, [bill for bill, one in tidied.items() if one.exception() is None])


def _quoted(bureau: Bureau, asking: Asking, judged: list[LineJudged]) -> Quote:
    """A refusal to pre-settle keeps what the catalogue said of the lines."""
    split, refused = None, ""
    try:
        split = bureau.pre_settle(asking.order)
    except Final as error:
        refused = error.code
    return Quote(
        order=asking.order,
        insurance=asking.account.person.insurance,
        judged=judged,
        split=split,
        refused=refused,
        binding=asking.binding_id,
        on=asking.on,
    )
