"""One insurer's claim system over HTTPS and FHIR R4: ``docs/wire/insurer.md``."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from crossclaim.domain.errors import Final, OutcomeUnknown, Retryable
from crossclaim.domain.party import (
    AnswerState,
    ClaimAnswer,
    ClaimOrder,
    EligibilityAnswer,
    GuaranteeAnswer,
    GuaranteeOrder,
    Insured,
)
from crossclaim.gateways import fhir_claim, strict_json
from crossclaim.gateways.fhir_answer import (
    inconsistent,
    parse_claim_response,
    read_eligibility,
)
from crossclaim.gateways.http import PartyAnswer, PartyHttp, none_if_absent

Answer = TypeVar("Answer", ClaimAnswer, GuaranteeAnswer)

_SUBMIT = "/fhir/Claim/$submit"
_REFUSED_TASK = ("rejected", "failed", "cancelled", "entered-in-error")


class InsurerGateway:
    """``activities.ports.Insurer`` over HTTP.

    Build its ``http`` with ``media_type=fhir_terms.MEDIA_TYPE`` and
    ``read_refusal=fhir_answer.read_refusal``. A ``Final`` with code ``ANSWER_INCONSISTENT`` is an
    answer that a person must look at; its ``answer["check"]`` names the broken rule.
    """

    def __init__(self, http: PartyHttp) -> None:
        self._http = http

    def check_eligibility(self, insured: Insured, at: datetime) -> EligibilityAnswer:
        """Whether the policy is in force and its care can be billed directly."""
        reference = f"{insured.episode_id}-eligibility-{at:%Y%m%dT%H%M%S}"
        return self._http.post(
            "/fhir/CoverageEligibilityRequest/$submit",
            fhir_claim.eligibility_bundle(reference, insured, at),
            idempotency_key=reference,
            correlation_id=insured.episode_id,
            safe=True,
        ).read_as(read_eligibility)

    def request_guarantee(self, order: GuaranteeOrder) -> GuaranteeAnswer:
        """Asks for a letter of guarantee; the same order again is answered as before."""
        answer = self._http.post(
            _SUBMIT,
            fhir_claim.guarantee_bundle(order),
            idempotency_key=order.reference,
            correlation_id=order.reference,
        )
        return _about(order.reference, answer, _guarantee)

    def find_guarantee(self, reference: str) -> GuaranteeAnswer:
        """The guarantee as it stands; ``not_found`` only by the insurer's own word."""
        answer = self._inquire(reference, "preauthorization")
        if answer is None:
            return GuaranteeAnswer(reference=reference, state=AnswerState.NOT_FOUND)
        return _about(reference, answer, _guarantee)

    def release_guarantee(self, guarantee_number: str, reference: str, at: datetime) -> None:
        """Gives the rest of a guarantee back. Repeating it under the same reference is harmless."""
        status = self._http.post(
            "/fhir/Task",
            fhir_claim.release_task(guarantee_number, reference, at),
            idempotency_key=reference,
            correlation_id=reference,
        ).read_as(_task_status)
        if status in _REFUSED_TASK:
            detail = f"the insurer refused release {reference}: {status}"
            raise Final(detail, code="RELEASE_REFUSED")
        if status != "completed":
            detail = f"the insurer has not yet released under {reference}"
            raise Retryable(detail, code="RELEASE_PENDING")

    def submit_claim(self, order: ClaimOrder) -> ClaimAnswer:
        """Sends a claim with its documents; the same order again is answered as before."""
        sent = self._http.post(
            _SUBMIT,
            fhir_claim.claim_bundle(order),
            idempotency_key=order.reference,
            correlation_id=order.reference,
        )
        return _about(order.reference, sent, lambda told: _of_these_lines(_claim(told), order))

    def find_claim(self, reference: str) -> ClaimAnswer:
        """The claim as it stands; ``not_found`` only by the insurer's own word."""
        answer = self._inquire(reference, "claim")
        if answer is None:
            return ClaimAnswer(reference=reference, state=AnswerState.NOT_FOUND)
        return _about(reference, answer, _claim)

    def read_answer(self, resource: dict[str, Any]) -> ClaimAnswer | GuaranteeAnswer:
        """A ClaimResponse that came by callback.

        Raises ``Final``: ``ANSWER_UNREADABLE`` when it is none, ``ANSWER_INCONSISTENT`` when its
        figures contradict each other.
        """
        try:
            return parse_claim_response(resource)
        except ValueError:
            detail = f"{self._http.party_name} sent an answer in a shape that we do not know"
            raise Final(detail, code="ANSWER_UNREADABLE") from None

    def read_callback(self, text: str) -> ClaimAnswer | GuaranteeAnswer:
        """A callback's body as it came, so that its amounts stay exact; raises as above."""
        try:
            resource = strict_json.loads(text)
        except strict_json.StrictJsonError:
            detail = f"{self._http.party_name} sent a callback that is not JSON"
            raise Final(detail, code="ANSWER_UNREADABLE") from None
        return self.read_answer(resource)

    def _inquire(self, reference: str, use: str) -> PartyAnswer | None:
        return none_if_absent(
            "not-found",
            lambda: self._http.post(
                "/fhir/Claim/$inquire",
                fhir_claim.inquiry(reference, use),
                # A key of its own each time: an inquiry wants today's answer, not the first one's.
                idempotency_key=uuid.uuid4().hex,
                correlation_id=reference,
                safe=True,
            ),
        )


def _about(reference: str, sent: PartyAnswer, read: Callable[[Any], Answer]) -> Answer:
    """What the insurer says about ``reference``; an answer about another tells nothing of ours."""

    def ours(told: Any) -> Answer:
        answer = read(told)
        if answer.reference != reference:
            detail = f"the insurer's answer to {reference} is about something else"
            raise OutcomeUnknown(detail, code="ANSWER_FOREIGN")
        return answer

    return sent.read_as(ours)


def _of_these_lines(answer: ClaimAnswer, order: ClaimOrder) -> ClaimAnswer:
    decided = {line.line for line in answer.lines}
    if decided and decided != {line.number for line in order.lines}:
        raise inconsistent(order.reference, "LINES_ARE_NOT_THOSE_OF_THE_CLAIM")
    return answer


def _guarantee(resource: Any) -> GuaranteeAnswer:
    answer = parse_claim_response(resource)
    if not isinstance(answer, GuaranteeAnswer):
        raise ValueError("a claim's answer where a guarantee's was asked for")
    return answer


def _claim(resource: Any) -> ClaimAnswer:
    answer = parse_claim_response(resource)
    if not isinstance(answer, ClaimAnswer):
        raise ValueError("a guarantee's answer where a claim's was asked for")
    return answer


def _task_status(resource: Any) -> str:
    if not isinstance(resource, dict) or resource.get("resourceType") != "Task":
        raise ValueError("not a Task")
    status = resource.get("status")
    if not isinstance(status, str):
        raise ValueError("a Task without status")
    return status
