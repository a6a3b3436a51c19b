"""Steps about a letter of guarantee with an insurer that decides there."""

from __future__ import annotations

from temporalio import activity

from activities.coded import OTHER_CURRENCY, coded, party_code
from activities.cover_faults import NOT_IN_FORCE
from activities.guarantee_books import settle, use_guarantees
from activities.insured import insured_of
from activities.orders import Subject
from activities.records import EpisodeTransaction
from activities.sending import INSURER_CONSENTS, Attempt, open_attempt, recorded
from activities.sent_documents import StoredDocument, contents, stored_documents
from activities.stock import standing_in
from activities.world import World
from crossclaim.domain.errors import Final
from crossclaim.domain.ledger import guarantee_entry
from crossclaim.domain.manifest import package_of
from crossclaim.domain.money import fen
from crossclaim.domain.party import AnswerState, GuaranteeAnswer, GuaranteeOrder
from crossclaim.domain.records import EpisodeRows, GuaranteeRow
from crossclaim.domain.standing import Standing

ANSWERED = ("granted", "refused", "released", "cancelling", "cancelled", "expired", "withdrawn")
UNTRUE = "ANSWER_INCONSISTENT"
"""The code of an answer that contradicts itself."""
_STATES = {
    AnswerState.QUEUED: "queued",
    AnswerState.APPROVED: "granted",
    AnswerState.PARTIAL: "granted",
    AnswerState.DENIED: "refused",
    AnswerState.WITHDRAWN: "refused",
}


def record_guarantee_answer(
    tx: EpisodeTransaction, order: Subject, guarantee: GuaranteeRow, answer: GuaranteeAnswer
) -> None:
    """Stores an answer once and reserves the money that it promises."""
    if guarantee.state in ANSWERED:
        return
    if answer.limit is not None and answer.limit.currency is not guarantee.currency:
        _other_currency(tx, order, guarantee)
        return
    tx.resolve_exceptions(order.episode_id, ["ANSWER_NOT_USABLE"], order.at)
    state = _STATES.get(answer.state, guarantee.state)
    fields: dict[str, object] = {"state": state, "requested_at": guarantee.requested_at or order.at}
    if state != "queued":
        fields |= {"answered_at": order.at, "disposition": coded(answer.disposition)}
    if state == "granted" and answer.limit is not None:
        fields |= {
            "number": answer.guarantee_number,
            "limit_minor": answer.limit.amount_minor,
            "held_minor": answer.limit.amount_minor,
            "valid_from": answer.valid_from,
            "valid_until": answer.valid_until,
            "conditions": answer.conditions,
            "exclusions": [category.value for category in answer.exclusions],
        }
        key = f"guarantee:{guarantee.id}"
        tx.post(
            order.episode_id, guarantee_entry(key, guarantee.insurer_id, answer.limit), order.at
        )
    if state == "refused":
        tx.open_exception(order.episode_id, "GUARANTEE_REFUSED", guarantee.id, {}, order.at)
    tx.change_guarantee(guarantee.id, **fields)
    if state == "granted":
        use_guarantees(tx, tx.rows(order.episode_id), order.at)
    tx.change_episode(order.episode_id)


def _other_currency(tx: EpisodeTransaction, order: Subject, guarantee: GuaranteeRow) -> None:
    """A limit in another currency than the cover's reserves nothing: a person must look, and the
    next inquiry hears whether the insurer has put it right."""
    tx.change_guarantee(guarantee.id, state="queued", requested_at=order.at)
    details = {"code": OTHER_CURRENCY}
    tx.open_exception(order.episode_id, "ANSWER_NOT_USABLE", guarantee.reference, details, order.at)
    tx.change_episode(order.episode_id)


def _unchecked(rows: EpisodeRows, insurer: str) -> bool:
    """Whether the patient is covered there has not been heard yet."""
    coverage = rows.insured_with(insurer)
    return coverage is not None and coverage.eligible is None


def _eligibility_reference(rows: EpisodeRows, insurer: str) -> str:
    """One for each insurer of the episode, for ever the same."""
    suffix, asked = rows.episode.id.partition("_")[2], [c.organisation_id for c in rows.insurers()]
    place = asked.index(insurer)
    return f"EL{suffix}-{place + 1}" if place else f"EL{suffix}"


def _guarantee(rows: EpisodeRows, guarantee_id: str) -> GuaranteeRow:
    return next(g for g in rows.guarantees if g.id == guarantee_id)


class GuaranteeSteps:
    """Eligibility, request, inquiry and release, each with its attempt row and consent gate."""

    def __init__(self, world: World) -> None:
        self._world = world

    @activity.defn(name="check_eligibility")
    def check_eligibility(self, order: Subject) -> Standing:
        """Asks the insurer (``subject``) whether the patient is covered."""
        insurer = order.subject
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            if not _unchecked(rows, insurer):
                return standing_in(tx, self._world, order.episode_id, order.at)
            insured = insured_of(tx, self._world, order.episode_id, insurer)
            reference = _eligibility_reference(rows, insurer)
            attempt = open_attempt(tx, order, insurer, "eligibility", reference, INSURER_CONSENTS)
            if attempt is None:
                return self._not_eligible(tx, order, insurer, "CONSENT_MISSING")
        try:
            with recorded(self._world, attempt):
                answer = self._world.insurers[insurer].check_eligibility(insured, order.at)
        except Final as error:
            with self._world.records.transaction() as tx:
                rows = tx.lock(order.episode_id)
                assert rows is not None, "the episode is open"
                if not _unchecked(rows, insurer):
                    return standing_in(tx, self._world, order.episode_id, order.at)
                return self._not_eligible(tx, order, insurer, error.code)
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            self._done(tx, attempt)
            if not _unchecked(rows, insurer):
                return standing_in(tx, self._world, order.episode_id, order.at)
            if not (answer.in_force and answer.direct_billing):
                code = "NO_DIRECT_BILLING" if answer.in_force else NOT_IN_FORCE
                return self._not_eligible(tx, order, insurer, code)
            coverage = rows.insured_with(insurer)
            assert coverage is not None, "only an insurer's coverage is checked"
            tx.change_coverage(
                order.episode_id, coverage.ordinal, eligible=True, eligibility_at=order.at
            )
            tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    def _not_eligible(
        self, tx: EpisodeTransaction, order: Subject, insurer: str, code: str
    ) -> Standing:
        """No direct billing: the episode goes on without this insurer, until somebody helps.

        A callback, or another attempt of the step, may have been quicker: its word stands.
        """
        rows = tx.rows(order.episode_id)
        coverage, guarantee = rows.insured_with(insurer), rows.guarantee_of(insurer)
        assert coverage is not None, "only an insurer's coverage is checked"
        if guarantee is not None and guarantee.state not in ("due", "requested"):
            return standing_in(tx, self._world, order.episode_id, order.at)
        code = party_code(code)
        tx.change_coverage(
            order.episode_id,
            coverage.ordinal,
            eligible=False,
            eligibility_at=order.at,
            disposition=code,
        )
        about, told = (f"coverage/{coverage.ordinal}", "COVER_REFUSED")
        if guarantee is not None:
            about, told = guarantee.id, "GUARANTEE_REFUSED"
            tx.change_guarantee(
                guarantee.id, state="refused", answered_at=order.at, disposition=code
            )
        tx.open_exception(order.episode_id, told, about, {"code": code}, order.at)
        tx.change_episode(order.episode_id)
        return standing_in(tx, self._world, order.episode_id, order.at)

    @activity.defn(name="request_guarantee")
    def request_guarantee(self, order: Subject) -> Standing:
        """Asks for the letter of guarantee; after a lost answer it inquires under the reference."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            guarantee = _guarantee(rows, order.subject)
            if guarantee.state not in ("due", "requested"):
                return standing_in(tx, self._world, order.episode_id, order.at)
            request = self._order(tx, order, guarantee)
            attempt = open_attempt(
                tx, order, guarantee.insurer_id, "guarantee", guarantee.reference, INSURER_CONSENTS
            )
            if attempt is None:
                return self._not_eligible(tx, order, guarantee.insurer_id, "CONSENT_MISSING")
            stored = self._documents(tx, rows, guarantee)
            package = package_of(
                rows,
                self._world.reference,
                guarantee.insurer_id,
                guarantee.reference,
                "guarantee",
                INSURER_CONSENTS,
                order.at,
            )
            tx.change_guarantee(guarantee.id, state="requested", requested_at=order.at)
        try:
            with recorded(self._world, attempt):
                papers = contents(self._world, stored, package)
                whole = request.model_copy(update={"documents": papers})
                answer = self._ask(guarantee.insurer_id, whole, attempt)
        except Final as error:
            if error.code == UNTRUE:
                return self._taken_untruly(order, guarantee, error)
            with self._world.records.transaction() as tx:
                tx.hold(order.episode_id)
                return self._not_eligible(tx, order, guarantee.insurer_id, error.code)
        self._world.fault_point("guarantee-sent")
        standing = self._store(order, answer, attempt)
        self._world.fault_point("guarantee-stored")
        return standing

    def _taken_untruly(self, order: Subject, guarantee: GuaranteeRow, error: Final) -> Standing:
        """Taken there, with an answer that cannot be true: asked for again as if none had come."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            if _guarantee(rows, guarantee.id).state == "requested":
                tx.change_guarantee(guarantee.id, state="queued", requested_at=order.at)
                details = {"code": party_code(error.code)}
                tx.open_exception(
                    order.episode_id, "ANSWER_NOT_USABLE", guarantee.reference, details, order.at
                )
                tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    def _ask(self, insurer: str, request: GuaranteeOrder, attempt: Attempt) -> GuaranteeAnswer:
        party = self._world.insurers[insurer]
        if attempt.repeated:
            known = party.find_guarantee(request.reference)
            if known.state is not AnswerState.NOT_FOUND:
                return known
        return party.request_guarantee(request)

    def _documents(
        self, tx: EpisodeTransaction, rows: EpisodeRows, guarantee: GuaranteeRow
    ) -> list[StoredDocument]:
        """What the hospital sent with its request, if it did not ask when it opened the episode."""
        asked = (r.id for r in rows.guarantee_requests if r.guarantee_id == guarantee.id)
        first = next(asked, None)
        named = tx.guarantee_documents(rows.episode.id, first) if first is not None else []
        return stored_documents(tx, rows.episode.id, named)

    def _order(
        self, tx: EpisodeTransaction, order: Subject, guarantee: GuaranteeRow
    ) -> GuaranteeOrder:
        content = tx.episode_content(order.episode_id)
        assert guarantee.estimate_minor is not None, "a guarantee is opened for an estimate"
        return GuaranteeOrder(
            reference=guarantee.reference,
            insured=insured_of(tx, self._world, order.episode_id, guarantee.insurer_id),
            estimate=fen(guarantee.estimate_minor),
            diagnoses=[d.code for d in content.diagnoses],
            planned_admission=content.visit.planned_admission or order.at,
            planned_nights=content.visit.planned_nights or 0,
            created_at=order.at,
        )

    def _store(self, order: Subject, answer: GuaranteeAnswer, attempt: Attempt) -> Standing:
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            record_guarantee_answer(tx, order, _guarantee(rows, order.subject), answer)
            self._done(tx, attempt)
            return standing_in(tx, self._world, order.episode_id, order.at)

    def _done(self, tx: EpisodeTransaction, attempt: Attempt) -> None:
        tx.close_attempt(attempt.reference, attempt.operation, attempt.number, "answered")

    @activity.defn(name="inquire_guarantee")
    def inquire_guarantee(self, order: Subject) -> Standing:
        """The promised answer has not come: asks for it under the same reference."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            guarantee = _guarantee(rows, order.subject)
            if guarantee.state != "queued":
                return standing_in(tx, self._world, order.episode_id, order.at)
            attempt = open_attempt(
                tx, order, guarantee.insurer_id, "guarantee-inquiry", guarantee.reference, []
            )
            assert attempt is not None, "an inquiry sends no personal data"
        insurer = self._world.insurers[guarantee.insurer_id]
        try:
            with recorded(self._world, attempt):
                answer = insurer.find_guarantee(guarantee.reference)
        except Final as error:
            return self._not_usable(order, guarantee, error)
        if answer.state not in (AnswerState.QUEUED, AnswerState.NOT_FOUND):
            return self._store(order, answer, attempt)
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            self._done(tx, attempt)
            if _guarantee(rows, guarantee.id) == guarantee:
                again = "due" if answer.state is AnswerState.NOT_FOUND else "queued"
                tx.change_guarantee(guarantee.id, state=again, requested_at=order.at)
                tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    def _not_usable(self, order: Subject, guarantee: GuaranteeRow, error: Final) -> Standing:
        """A person must look; the next inquiry hears whether the insurer has put it right."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            if _guarantee(rows, guarantee.id) == guarantee:
                tx.change_guarantee(guarantee.id, requested_at=order.at)
                details = {"code": party_code(error.code)}
                tx.open_exception(
                    order.episode_id, "ANSWER_NOT_USABLE", guarantee.reference, details, order.at
                )
                tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    @activity.defn(name="release_guarantee")
    def release_guarantee(self, order: Subject) -> Standing:
        """Lets the rest of the reserved money go, once everything is paid."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            guarantee = _guarantee(rows, order.subject)
            if guarantee.state != "granted":
                return standing_in(tx, self._world, order.episode_id, order.at)
            party = self._world.insurers.get(guarantee.insurer_id)
            coverage = rows.insured_with(guarantee.insurer_id)
            there = coverage is not None and coverage.decides == "there"
            reference = f"{guarantee.reference}R"
            attempt = (
                open_attempt(tx, order, guarantee.insurer_id, "release", reference, [])
                if there
                else None
            )
        refused = ""
        if attempt is not None and party is not None:
            try:
                with recorded(self._world, attempt):
                    party.release_guarantee(guarantee.number, reference, order.at)
            except Final as error:
                refused = error.code
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            if attempt is not None and not refused:
                self._done(tx, attempt)
            if _guarantee(rows, guarantee.id) == guarantee:
                self._let_go(tx, rows, order, guarantee, reference, refused)
            return standing_in(tx, self._world, order.episode_id, order.at)

    def _let_go(
        self,
        tx: EpisodeTransaction,
        rows: EpisodeRows,
        order: Subject,
        guarantee: GuaranteeRow,
        reference: str,
        refused: str,
    ) -> None:
        if refused:
            details = {"code": party_code(refused)}
            tx.open_exception(
                order.episode_id, "GUARANTEE_RELEASE_REFUSED", reference, details, order.at
            )
        settle(tx, rows, guarantee, order.at)
        tx.change_episode(order.episode_id)
