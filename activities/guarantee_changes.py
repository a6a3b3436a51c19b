"""Steps about a letter that is there, with an insurer that decides there: more money, more time,
and the word that the hospital needs it no more."""

from __future__ import annotations

from temporalio import activity

from activities.coded import OTHER_CURRENCY, coded, party_code
from activities.guarantee_books import raise_limit, use_guarantees
from activities.insured import insured_of
from activities.orders import Subject
from activities.records import EpisodeTransaction
from activities.sending import INSURER_CONSENTS, Attempt, open_attempt, recorded
from activities.sent_documents import contents, stored_documents
from activities.stock import standing_in
from activities.world import World
from crossclaim.domain.errors import Final
from crossclaim.domain.guarantee_book import LIVE
from crossclaim.domain.guarantee_rows import GuaranteeRequestRow
from crossclaim.domain.manifest import package_of
from crossclaim.domain.money import counted, fen
from crossclaim.domain.party import AnswerState, GuaranteeAnswer, GuaranteeOrder
from crossclaim.domain.records import EpisodeRows, GuaranteeRow
from crossclaim.domain.standing import Standing

UNTRUE = "ANSWER_INCONSISTENT"
_ANSWERED = (AnswerState.APPROVED, AnswerState.PARTIAL, AnswerState.DENIED)


def record_change_answer(
    tx: EpisodeTransaction,
    order: Subject,
    rows: EpisodeRows,
    request: GuaranteeRequestRow,
    answer: GuaranteeAnswer,
) -> None:
    """Once, and only while it was waited for: twice, late or after the letter's end it changes
    nothing. The limit that an insurer names is the whole; it never takes back what it promised."""
    letter = rows.letter(request.guarantee_id)
    if not request.open or letter.state != LIVE:
        return
    if answer.state not in _ANSWERED:
        if answer.state is AnswerState.QUEUED and request.state != "queued":
            tx.change_guarantee_request(request.id, state="queued", requested_at=order.at)
            tx.change_episode(order.episode_id)
        return
    limit, now = answer.limit, counted(letter.limit_minor or 0, letter.currency)
    if limit is not None and limit.currency is not letter.currency:
        _not_usable(tx, order, request, OTHER_CURRENCY)
        return
    granted = answer.state is not AnswerState.DENIED and limit is not None
    if granted and limit is not None and limit < now:
        _not_usable(tx, order, request, "LIMIT_BELOW_PROMISE")
        return
    tx.resolve_exceptions(order.episode_id, ["ANSWER_NOT_USABLE"], order.at, request.reference)
    state = "granted" if granted else "refused"
    tx.change_guarantee_request(
        request.id,
        state=state,
        answered_at=order.at,
        disposition=coded(answer.disposition),
        limit_minor=limit.amount_minor if granted and limit is not None else None,
    )
    if granted and limit is not None:
        days = [d for d in (letter.valid_until, answer.valid_until) if d is not None]
        fields: dict[str, object] = {"valid_until": max(days)} if days else {}
        if answer.guarantee_number:
            fields["number"] = answer.guarantee_number
        raise_limit(tx, order.episode_id, letter, limit, order.at, **fields)
        use_guarantees(tx, tx.rows(order.episode_id), order.at)
    else:
        details = {"code": coded(answer.disposition)}
        tx.open_exception(
            order.episode_id, "GUARANTEE_CHANGE_REFUSED", request.reference, details, order.at
        )
    tx.change_episode(order.episode_id)


def _not_usable(
    tx: EpisodeTransaction, order: Subject, request: GuaranteeRequestRow, code: str
) -> None:
    """A person must look; the next inquiry hears whether the insurer has put it right."""
    tx.change_guarantee_request(request.id, state="queued", requested_at=order.at)
    details = {"code": code}
    tx.open_exception(order.episode_id, "ANSWER_NOT_USABLE", request.reference, details, order.at)
    tx.change_episode(order.episode_id)


def _request(rows: EpisodeRows, request_id: str) -> GuaranteeRequestRow:
    return next(r for r in rows.guarantee_requests if r.id == request_id)


class GuaranteeChangeSteps:
    """Each with its attempt row and consent gate; after a lost answer it inquires first."""

    def __init__(self, world: World) -> None:
        self._world = world

    @activity.defn(name="request_guarantee_change")
    def request_guarantee_change(self, order: Subject) -> Standing:
        """Asks the insurer for more money or time under the letter's number."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            request = _request(rows, order.subject)
            letter = rows.letter(request.guarantee_id)
            if request.state not in ("due", "requested") or letter.state != LIVE:
                return standing_in(tx, self._world, order.episode_id, order.at)
            asked = self._order(tx, order, letter, request)
            attempt = open_attempt(
                tx, order, letter.insurer_id, "guarantee", request.reference, INSURER_CONSENTS
            )
            if attempt is None:
                return self._refused(tx, order, request, "CONSENT_MISSING")
            named = tx.guarantee_documents(order.episode_id, request.id)
            stored = stored_documents(tx, order.episode_id, named)
            package = package_of(
                rows,
                self._world.reference,
                letter.insurer_id,
                request.reference,
                "guarantee",
                INSURER_CONSENTS,
                order.at,
            )
            tx.change_guarantee_request(request.id, state="requested", requested_at=order.at)
        try:
            with recorded(self._world, attempt):
                papers = contents(self._world, stored, package)
                whole = asked.model_copy(update={"documents": papers})
                answer = self._ask(letter.insurer_id, whole, attempt)
        except Final as error:
            return self._not_taken(order, request, error)
        self._world.fault_point("guarantee-change-sent")
        return self._store(order, request.id, answer, attempt)

    def _ask(self, insurer: str, asked: GuaranteeOrder, attempt: Attempt) -> GuaranteeAnswer:
        party = self._world.insurers[insurer]
        if attempt.repeated:
            known = party.find_guarantee(asked.reference)
            if known.state is not AnswerState.NOT_FOUND:
                return known
        return party.request_guarantee(asked)

    def _order(
        self,
        tx: EpisodeTransaction,
        order: Subject,
        letter: GuaranteeRow,
        request: GuaranteeRequestRow,
    ) -> GuaranteeOrder:
        content = tx.episode_content(order.episode_id)
        planned = request.planned_minor or letter.estimate_minor or 0
        return GuaranteeOrder(
            reference=request.reference,
            insured=insured_of(tx, self._world, order.episode_id, letter.insurer_id),
            estimate=fen(planned),
            diagnoses=[d.code for d in content.diagnoses],
            planned_admission=content.visit.planned_admission or request.asked_at,
            planned_nights=content.visit.planned_nights or 0,
            # The same message whenever it is sent again.
            created_at=request.asked_at,
            replaces=letter.reference,
            guarantee_number=letter.number,
            wanted_until=request.wanted_until,
        )

    def _not_taken(self, order: Subject, request: GuaranteeRequestRow, error: Final) -> Standing:
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            if _request(rows, request.id).state == "requested":
                if error.code == UNTRUE:
                    _not_usable(tx, order, request, party_code(error.code))
                else:
                    return self._refused(tx, order, request, error.code)
            return standing_in(tx, self._world, order.episode_id, order.at)

    def _refused(
        self, tx: EpisodeTransaction, order: Subject, request: GuaranteeRequestRow, code: str
    ) -> Standing:
        """The letter stays as it was; the hospital hears why."""
        code = party_code(code)
        tx.change_guarantee_request(
            request.id, state="refused", answered_at=order.at, disposition=code
        )
        details = {"code": code}
        tx.open_exception(
            order.episode_id, "GUARANTEE_CHANGE_REFUSED", request.reference, details, order.at
        )
        tx.change_episode(order.episode_id)
        return standing_in(tx, self._world, order.episode_id, order.at)

    def _store(
        self, order: Subject, request_id: str, answer: GuaranteeAnswer, attempt: Attempt
    ) -> Standing:
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            record_change_answer(tx, order, rows, _request(rows, request_id), answer)
            tx.close_attempt(attempt.reference, attempt.operation, attempt.number, "answered")
            return standing_in(tx, self._world, order.episode_id, order.at)

    @activity.defn(name="inquire_guarantee_change")
    def inquire_guarantee_change(self, order: Subject) -> Standing:
        """The promised answer has not come: asks for it under the same reference."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            request = _request(rows, order.subject)
            if request.state != "queued":
                return standing_in(tx, self._world, order.episode_id, order.at)
            insurer = rows.letter(request.guarantee_id).insurer_id
            attempt = open_attempt(tx, order, insurer, "guarantee-inquiry", request.reference, [])
            assert attempt is not None, "an inquiry sends no personal data"
        code = ""
        answer = GuaranteeAnswer(reference=request.reference, state=AnswerState.QUEUED)
        try:
            with recorded(self._world, attempt):
                answer = self._world.insurers[insurer].find_guarantee(request.reference)
        except Final as error:
            code = party_code(error.code)
        if answer.state in _ANSWERED:
            return self._store(order, request.id, answer, attempt)
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            if _request(rows, request.id) == request:
                again = "due" if answer.state is AnswerState.NOT_FOUND else "queued"
                if code:
                    _not_usable(tx, order, request, code)
                else:
                    tx.change_guarantee_request(request.id, state=again, requested_at=order.at)
                tx.change_episode(order.episode_id)
            if not code:
                tx.close_attempt(attempt.reference, attempt.operation, attempt.number, "answered")
            return standing_in(tx, self._world, order.episode_id, order.at)

    @activity.defn(name="tell_guarantee_end")
    def tell_guarantee_end(self, order: Subject) -> Standing:
        """The hospital took the letter back: the insurer hears that its rest is free."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            letter = rows.letter(order.subject)
            if not letter.tell_end:
                return standing_in(tx, self._world, order.episode_id, order.at)
            reference = f"{letter.reference}R"
            attempt = open_attempt(tx, order, letter.insurer_id, "release", reference, [])
            assert attempt is not None, "a release sends no personal data"
        refused = ""
        try:
            with recorded(self._world, attempt):
                party = self._world.insurers[letter.insurer_id]
                party.release_guarantee(letter.number, reference, order.at)
        except Final as error:
            refused = party_code(error.code)
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            now = rows.letter(letter.id)
            if now.tell_end:
                tx.change_guarantee(letter.id, tell_end=False)
                if refused:
                    code = "GUARANTEE_RELEASE_REFUSED"
                    details = {"code": refused}
                    tx.open_exception(order.episode_id, code, reference, details, order.at)
                tx.change_episode(order.episode_id)
            if not refused:
                tx.close_attempt(attempt.reference, attempt.operation, attempt.number, "answered")
            return standing_in(tx, self._world, order.episode_id, order.at)
