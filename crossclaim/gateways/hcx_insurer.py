"""One insurer's claim system over an HCX-style exchange: ``docs/wire/hcx.md``.

A request is acknowledged at once and answered on our callback. Guarantees and claims are queued
until the callback brings their answer; what a step cannot go on without (eligibility, an inquiry,
the end of a task) is waited for, a few seconds at most, in the rows that the callback writes.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar

from crossclaim.config import HcxPeer
from crossclaim.domain.errors import Final, OutcomeUnknown
from crossclaim.domain.hcx import (
    CLAIM,
    COMMUNICATION,
    ELIGIBILITY,
    ERROR,
    PREAUTH,
    REDIRECT,
    STATUS_CHECK,
    Headers,
)
from crossclaim.domain.hcx_cycle import Answered, Cycle
from crossclaim.domain.hcx_errors import HcxCode
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
from crossclaim.gateways.fhir_answer import inconsistent, parse_claim_response, read_eligibility
from crossclaim.gateways.hcx_call import HcxCall

REDIRECTED = "HCX_REDIRECTED"
"""The insurer names another participant: consents name their recipient, so a person decides."""
NOT_FOUND = HcxCode.CORRELATION_ID.value
"""An inquiry's answer about a cycle that the insurer never had."""
_LOOK_EVERY_S = 0.1
_REFUSED_TASK = ("rejected", "failed", "cancelled", "entered-in-error")

Read = TypeVar("Read")


class HcxBook(Protocol):
    """Cycles of ours and what came back."""

    def open(self, wanted: Cycle) -> Cycle: ...

    def find(self, recipient: str, references: list[str]) -> Cycle | None: ...

    def answer(self, cycle: Cycle) -> Answered | None: ...


class HcxInsurerGateway:
    """``activities.ports.Insurer`` over HCX."""

    def __init__(
        self,
        call: HcxCall,
        organisation: str,
        peer: HcxPeer,
        book: HcxBook,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._call = call
        self._organisation = organisation
        self._peer = peer
        self._book = book
        self._sleep = sleep

    def check_eligibility(self, insured: Insured, at: datetime) -> EligibilityAnswer:
        """Whether the policy is in force and its care can be billed directly."""
        reference = f"{insured.episode_id}-eligibility-{at:%Y%m%dT%H%M%S}"
        content = fhir_claim.eligibility_bundle(reference, insured, at)
        cycle = self._cycle(ELIGIBILITY, reference, insured.episode_id)
        return self._read(
            self._asked(cycle, content), "CoverageEligibilityResponse", read_eligibility
        )

    def request_guarantee(self, order: GuaranteeOrder) -> GuaranteeAnswer:
        """Asks for a letter of guarantee; its answer comes by callback."""
        cycle = self._cycle(PREAUTH, order.reference, order.insured.episode_id)
        self._send(cycle, fhir_claim.guarantee_bundle(order))
        return GuaranteeAnswer(reference=order.reference, state=AnswerState.QUEUED)

    def submit_claim(self, order: ClaimOrder) -> ClaimAnswer:
        """Sends a claim with its documents; its answer comes by callback."""
        cycle = self._cycle(CLAIM, order.reference, order.insured.episode_id)
        self._send(cycle, fhir_claim.claim_bundle(order))
        return ClaimAnswer(reference=order.reference, state=AnswerState.QUEUED)

    def find_guarantee(self, reference: str) -> GuaranteeAnswer:
        """The guarantee as it stands; ``not_found`` when it never had it, by its own word."""
        told = self._inquired(reference)
        if told is None:
            return GuaranteeAnswer(reference=reference, state=AnswerState.NOT_FOUND)
        if not told.is_final:
            return GuaranteeAnswer(reference=reference, state=AnswerState.QUEUED)
        answer = self._answer_to(reference, told)
        if not isinstance(answer, GuaranteeAnswer):
            raise inconsistent(reference, "ANSWER_OF_ANOTHER_KIND")
        return answer

    def find_claim(self, reference: str) -> ClaimAnswer:
        """The claim as it stands; ``not_found`` when it never had it, by its own word."""
        told = self._inquired(reference)
        if told is None:
            return ClaimAnswer(reference=reference, state=AnswerState.NOT_FOUND)
        if not told.is_final:
            return ClaimAnswer(reference=reference, state=AnswerState.QUEUED)
        answer = self._answer_to(reference, told)
        if not isinstance(answer, ClaimAnswer):
            raise inconsistent(reference, "ANSWER_OF_ANOTHER_KIND")
        return answer

    def release_guarantee(self, guarantee_number: str, reference: str, at: datetime) -> None:
        """Gives the rest of a guarantee back, by a Task in a communication."""
        task = fhir_claim.release_task(guarantee_number, reference, at)
        self._completed(task, reference, reference.removesuffix("R"), "RELEASE")

    def stop(self, word: str, about: str, reference: str, at: datetime) -> None:
        """Suspends, resumes or cancels a request; one that was never sent is stopped already."""
        task = fhir_claim.stop_task(word, about, reference, at)
        if self._book.find(self._peer.participant, [about]) is not None:
            self._completed(task, reference, about, "STOP")

    def read_callback(self, text: str) -> ClaimAnswer | GuaranteeAnswer:
        """An answer as the callback kept it. Raises ``Final`` for one that a person must see."""
        try:
            resource = strict_json.loads(text)
            if isinstance(resource, dict) and resource.get("resourceType") == "OperationOutcome":
                raise Final(
                    f"{self._call.party_name} answered with an error", code=_outcome_code(resource)
                )
            return parse_claim_response(resource_in(resource, "ClaimResponse"))
        except ValueError:
            detail = f"{self._call.party_name} sent an answer in a shape that we do not know"
            raise Final(detail, code="ANSWER_UNREADABLE") from None

    def _completed(self, task: dict[str, Any], reference: str, about: str, what: str) -> None:
        """A participant's ``not-found`` of a stop means that there is nothing to stop."""
        known = self._book.find(self._peer.participant, [about, reference])
        if known is None:
            raise Final(f"nothing was sent under {about}", code=f"{what}_REFUSED")
        cycle = self._cycle(COMMUNICATION, reference, known.episode_id)
        status = self._read(self._asked(cycle, task), "Task", _task_status)
        if status in _REFUSED_TASK:
            raise Final(f"the insurer refused task {reference}", code=f"{what}_REFUSED")
        if status != "completed":
            raise OutcomeUnknown(f"task {reference} is not done", code=f"{what}_PENDING")

    def _inquired(self, reference: str) -> Answered | None:
        """What is known there about our request now; None: nothing of it was ever there."""
        known = self._book.find(self._peer.participant, [reference])
        if known is None:
            return None
        cycle = self._cycle(STATUS_CHECK, reference, known.episode_id)
        about = {"correlation_id": known.correlation_id, "api_call_id": known.api_call_id}
        told = self._asked(cycle, about)
        return None if told.status == ERROR and told.code == NOT_FOUND else self._usable(told)

    def _answer_to(self, reference: str, told: Answered) -> ClaimAnswer | GuaranteeAnswer:
        answer = self.read_callback(told.content)
        if answer.reference != reference:
            detail = f"the insurer's answer to {reference} is about something else"
            raise OutcomeUnknown(detail, code="ANSWER_FOREIGN")
        return answer

    def _cycle(self, action: str, reference: str, episode_id: str) -> Cycle:
        """Its ids are committed before anything goes out, and are those of the first time."""
        return self._book.open(
            Cycle(
                organisation=self._organisation,
                sender=self._peer.sender,
                recipient=self._peer.participant,
                action=action,
                reference=reference,
                episode_id=episode_id,
                api_call_id=str(uuid.uuid4()),
                correlation_id=str(uuid.uuid4()),
            )
        )

    def _send(self, cycle: Cycle, content: dict[str, Any]) -> None:
        headers = Headers(
            sender=cycle.sender,
            recipient=cycle.recipient,
            api_call_id=cycle.api_call_id,
            correlation_id=cycle.correlation_id,
            workflow_id=cycle.episode_id,
            timestamp=datetime.now(UTC),
        )
        self._call.send(cycle.action, headers, strict_json.dumps(content))

    def _asked(self, cycle: Cycle, content: dict[str, Any]) -> Answered:
        """Sends and waits for the callback, unless it has come before."""
        told = self._book.answer(cycle)
        if told is not None and told.is_final:
            return self._usable(told) if cycle.opens else told
        self._send(cycle, content)
        waits = max(int(self._peer.wait_s / _LOOK_EVERY_S), 1)
        for _ in range(waits):
            told = self._book.answer(cycle)
            if told is not None and (told.is_final or not cycle.opens):
                return self._usable(told) if cycle.opens else told
            self._sleep(_LOOK_EVERY_S)
        detail = f"{self._call.party_name} has not answered {cycle.reference} yet"
        raise OutcomeUnknown(detail, code="ANSWER_PENDING")

    def _usable(self, told: Answered) -> Answered:
        """Raises ``Final`` for an error or a redirection."""
        if told.status == REDIRECT:
            raise Final(f"{self._call.party_name} names another participant", code=REDIRECTED)
        if told.status == ERROR:
            raise Final(f"{self._call.party_name} answered {told.code}", code=told.code)
        return told

    def _read(self, told: Answered, kind: str, read: Callable[[Any], Read]) -> Read:
        """The resource of this kind in an answer; one that cannot be read tells nothing."""
        try:
            return read(resource_in(strict_json.loads(told.content), kind))
        except ValueError:
            unreadable = OutcomeUnknown(
                f"{self._call.party_name} answered in a shape that we do not know",
                code="ANSWER_UNREADABLE",
            )
        unreadable.document = told.content
        raise unreadable


def resource_in(content: Any, kind: str) -> dict[str, Any]:
    """The one resource of this kind: alone, or in a Bundle. Raises ``ValueError``."""
    if not isinstance(content, dict):
        raise ValueError("not an object")
    entries = content.get("entry") if content.get("resourceType") == "Bundle" else None
    members = entries if isinstance(entries, list) else []
    found = [e.get("resource") for e in members if isinstance(e, dict)] or [content]
    fitting = [r for r in found if isinstance(r, dict) and r.get("resourceType") == kind]
    if len(fitting) != 1:
        raise ValueError(f"one {kind} is expected")
    return fitting[0]


def _outcome_code(resource: dict[str, Any]) -> str:
    """The code that our own callback door has put there."""
    try:
        return str(resource["issue"][0]["details"]["coding"][0]["code"])
    except (LookupError, TypeError):
        return "ANSWER_UNREADABLE"


def _task_status(resource: Any) -> str:
    status = resource.get("status")
    if not isinstance(status, str):
        raise ValueError("a Task without status")
    return status
