"""Steps about claims on insurers: submit, inquire, record what was decided, or decide here."""

from __future__ import annotations

from temporalio import activity

from activities.claim_checks import draw_for_review, pended
from activities.coded import party_code
from activities.decisions import record_decision
from activities.insured import insured_of
from activities.orders import Subject
from activities.records import EpisodeTransaction
from activities.rules_decision import rules_answer
from activities.sending import INSURER_CONSENTS, Attempt, open_attempt, recorded
from activities.sent_documents import StoredDocument, contents, stored_documents
from activities.stock import standing_in
from activities.world import World
from crossclaim.domain.bill_chain import replaces
from crossclaim.domain.errors import Final
from crossclaim.domain.information_standing import awaits_information
from crossclaim.domain.insurer_turns import statements_before
from crossclaim.domain.manifest import Package, package_of
from crossclaim.domain.money import fen
from crossclaim.domain.non_medical import medical_part
from crossclaim.domain.party import (
    AnswerState,
    ClaimAnswer,
    ClaimDocument,
    ClaimedLine,
    ClaimOrder,
    OtherStatement,
)
from crossclaim.domain.records import ClaimRow, EpisodeRows
from crossclaim.domain.standing import Standing
from crossclaim.domain.stay import local_day
from crossclaim.domain.submission import BillSubmission
from crossclaim.domain.tender_apart import paid_for_care

UNTRUE = "ANSWER_INCONSISTENT"
"""The code of an insurer's answer whose figures contradict each other."""


class ClaimSteps:
    """Submission and inquiry at an insurer that decides there; our own decision for the others."""

    def __init__(self, world: World) -> None:
        self._world = world

    @activity.defn(name="submit_claim")
    def submit_claim(self, order: Subject) -> Standing:
        """Sends the claim with its documents; after a lost answer it inquires first."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            claim = rows.claim(order.subject)
            if claim.state not in ("due", "submitted"):
                return standing_in(tx, self._world, order.episode_id, order.at)
            insurer = claim.organisation_id or ""
            statements = statements_before(rows, claim)
            if statements is None:
                return self._stopped(tx, order, claim, "OTHER_INSURER_STATEMENT_MISSING")
            attempt = open_attempt(tx, order, insurer, "claim", claim.reference, INSURER_CONSENTS)
            if attempt is None:
                return self._stopped(tx, order, claim, "CONSENT_MISSING")
            request = self._order(tx, rows, claim, order, statements)
            stored = self._stored_documents(tx, order.episode_id, claim)
            package = self._package(rows, insurer, claim.reference, order)
            tx.change_claim(claim.id, state="submitted", submitted_at=order.at)
        try:
            with recorded(self._world, attempt):
                documents = self._documents(stored, package)
                if isinstance(documents, Final):
                    return self._not_sent(order, claim, attempt, documents)
                whole = request.model_copy(update={"documents": documents})
                answer = self._ask(insurer, whole, attempt)
        except Final as error:
            if error.code == UNTRUE:
                return self._taken_untruly(order, claim, error)
            return self._stopped_unless_answered(order, claim, error)
        self._world.fault_point("claim-sent")
        standing = self._store(order, answer, attempt)
        self._world.fault_point("decision-stored")
        return standing

    def _ask(self, insurer: str, request: ClaimOrder, attempt: Attempt) -> ClaimAnswer:
        party = self._world.insurers[insurer]
        if attempt.repeated:
            known = party.find_claim(request.reference)
            if known.state is not AnswerState.NOT_FOUND:
                return known
        return party.submit_claim(request)

    def _taken_untruly(self, order: Subject, claim: ClaimRow, error: Final) -> Standing:
        """Taken there, with an answer that cannot be true: asked for again as if none had come."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            if rows.claim(claim.id).state == "submitted":
                tx.change_claim(claim.id, state="queued", submitted_at=order.at)
                details = {"code": party_code(error.code)}
                tx.open_exception(
                    order.episode_id, "ANSWER_NOT_USABLE", claim.reference, details, order.at
                )
                tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    def _not_sent(
        self, order: Subject, claim: ClaimRow, attempt: Attempt, error: Final
    ) -> Standing:
        """Nothing has left the house: a document that the claim needs cannot be had."""
        with self._world.records.transaction() as tx:
            tx.close_attempt(
                attempt.reference, attempt.operation, attempt.number, "not_taken", error.code
            )
        return self._stopped_unless_answered(order, claim, error)

    def _stopped_unless_answered(self, order: Subject, claim: ClaimRow, error: Final) -> Standing:
        """A callback, or another attempt of this step, may have been quicker: its word stands."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            if rows.claim(claim.id).state != "submitted":
                return standing_in(tx, self._world, order.episode_id, order.at)
            return self._stopped(tx, order, claim, error.code)

    def _stopped(
        self, tx: EpisodeTransaction, order: Subject, claim: ClaimRow, code: str
    ) -> Standing:
        """Nothing is sent any more by itself: a person must look."""
        tx.change_claim(claim.id, state="failed")
        details = {"code": party_code(code)}
        tx.open_exception(order.episode_id, "CLAIM_STOPPED", claim.reference, details, order.at)
        tx.change_episode(order.episode_id)
        return standing_in(tx, self._world, order.episode_id, order.at)

    def _order(
        self,
        tx: EpisodeTransaction,
        rows: EpisodeRows,
        claim: ClaimRow,
        order: Subject,
        statements: list[OtherStatement],
    ) -> ClaimOrder:
        bill = medical_part(tx.bill_content(claim.bill_id))
        content = tx.episode_content(order.episode_id)
        insurer, episode = claim.organisation_id or "", rows.episode
        guarantee = rows.guarantee_of(insurer)
        paid = paid_for_care(rows, rows.bill(claim.bill_id))
        return ClaimOrder(
            reference=claim.reference,
            insured=insured_of(tx, self._world, order.episode_id, insurer),
            guarantee_number=guarantee.number if guarantee else "",
            bill_number=bill.number,
            bill_version=bill.version,
            replaces=replaces(rows, claim),
            payee="hospital" if claim.kind == "direct" else "patient",
            diagnoses=[d.code for d in content.diagnoses],
            admitted_on=local_day(episode.admitted_at) if episode.admitted_at else None,
            discharged_on=local_day(episode.discharged_at) if episode.discharged_at else None,
            lines=_lines(bill),
            total=bill.total,
            expected=claim.counted(claim.forecast_minor) if claim.forecast_minor else None,
            statements=statements,
            patient_paid=fen(paid) if paid else None,
            created_at=order.at,
        )

    def _stored_documents(
        self, tx: EpisodeTransaction, episode_id: str, claim: ClaimRow
    ) -> list[StoredDocument]:
        """The documents that the bill names and the hospital has uploaded."""
        return stored_documents(tx, episode_id, tx.bill_content(claim.bill_id).documents)

    def _package(self, rows: EpisodeRows, insurer: str, reference: str, order: Subject) -> Package:
        known = self._world.reference
        return package_of(rows, known, insurer, reference, "claim", INSURER_CONSENTS, order.at)

    def _documents(
        self, stored: list[StoredDocument], package: Package
    ) -> list[ClaimDocument] | Final:
        """Their contents, or why one of them can never be had."""
        try:
            return contents(self._world, stored, package)
        except Final as error:
            return error

    def _store(self, order: Subject, answer: ClaimAnswer, attempt: Attempt) -> Standing:
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            tx.close_attempt(attempt.reference, attempt.operation, attempt.number, "answered")
            record_decision(tx, self._world, order, rows, rows.claim(order.subject), answer)
            return standing_in(tx, self._world, order.episode_id, order.at)

    @activity.defn(name="inquire_claim")
    def inquire_claim(self, order: Subject) -> Standing:
        """The decision has not come in time: asks how the claim stands."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            claim = rows.claim(order.subject)
            if claim.state != "queued":
                return standing_in(tx, self._world, order.episode_id, order.at)
            insurer = claim.organisation_id or ""
            attempt = open_attempt(tx, order, insurer, "claim-inquiry", claim.reference, [])
            assert attempt is not None, "an inquiry sends no personal data"
        try:
            with recorded(self._world, attempt):
                answer = self._world.insurers[insurer].find_claim(claim.reference)
        except Final as error:
            return self._not_usable(order, claim, error)
        if answer.state in (AnswerState.QUEUED, AnswerState.NOT_FOUND):
            again = "queued" if answer.state is AnswerState.QUEUED else "submitted"
            with self._world.records.transaction() as tx:
                rows = tx.lock(order.episode_id)
                assert rows is not None, "the episode is open"
                tx.close_attempt(claim.reference, "claim-inquiry", attempt.number, "answered")
                if rows.claim(claim.id) == claim:
                    tx.change_claim(claim.id, state=again, submitted_at=order.at)
                    tx.change_episode(order.episode_id)
                return standing_in(tx, self._world, order.episode_id, order.at)
        return self._store(order, answer, attempt)

    def _not_usable(self, order: Subject, claim: ClaimRow, error: Final) -> Standing:
        """A person must look; the next inquiry hears whether the insurer has put it right."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            if rows.claim(claim.id) == claim:
                tx.change_claim(claim.id, submitted_at=order.at)
                details = {"code": party_code(error.code)}
                tx.open_exception(
                    order.episode_id, "ANSWER_NOT_USABLE", claim.reference, details, order.at
                )
                tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    @activity.defn(name="decide_claim")
    def decide_claim(self, order: Subject) -> Standing:
        """An insurer that decides here: our adjudication is its decision, unless a check sends the
        claim to its examiner."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            claim = rows.claim(order.subject)
            if claim.state != "due" or awaits_information(rows, claim):
                return standing_in(tx, self._world, order.episode_id, order.at)
            if statements_before(rows, claim) is None:
                return self._stopped(tx, order, claim, "OTHER_INSURER_STATEMENT_MISSING")
            if pended(tx, self._world, order, rows, claim):
                return standing_in(tx, self._world, order.episode_id, order.at)
            answer = rules_answer(rows, claim, order.at)
            tx.change_claim(claim.id, submitted_at=order.at, decided_by="rules")
            record_decision(tx, self._world, order, rows, claim, answer)
            draw_for_review(tx, self._world, order, claim)
            standing = standing_in(tx, self._world, order.episode_id, order.at)
        self._world.fault_point("decision-stored")
        return standing


def _lines(bill: BillSubmission) -> list[ClaimedLine]:
    return [
        ClaimedLine(
            number=line.number,
            category=line.category,
            code=line.code,
            description=line.description,
            service_date=line.service_date,
            quantity=line.quantity,
            unit_price=line.unit_price,
            amount=line.amount,
        )
        for line in bill.lines
    ]
