"""An insurer on the exchange, from our gateway through its process to our door and back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from pydantic import SecretStr

from crossclaim.config import HcxPeer
from crossclaim.domain.errors import Final, OutcomeUnknown, Retryable
from crossclaim.domain.money import hk_cents
from crossclaim.domain.party import AnswerState, ClaimAnswer, GuaranteeAnswer
from crossclaim.gateways.hcx_call import HcxCall, Signature, read_refusal
from crossclaim.gateways.hcx_insurer import HcxInsurerGateway
from crossclaim.gateways.hcx_keys import public_file
from crossclaim.gateways.http import PartyHttp
from tests.gateways.insurer_scene import CLAIM, GUARANTEE, INSURED, NOW
from tests.simulators.party_process import PartyProcess, eventually
from tests.web.hcx_scene import HARBOUR, PAYOR, Exchange

WAIT_S = 5.0


class Line:
    """Both ends, and the wire between them."""

    def __init__(self, folder: Path) -> None:
        self.exchange = Exchange(folder)
        config = uvicorn.Config(self.exchange.app, port=0, log_config=None, lifespan="off")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        port = eventually(self._port)
        self.there = PartyProcess(
            "hcx",
            folder / "there",
            "--insurer=jade-health",
            f"--participant={PAYOR}",
            f"--peer-jwks={public_file(self.exchange.ours, HARBOUR)}",
            f"--callback-url=http://127.0.0.1:{port}",
            "--answer-delay-s=0.05",
        )
        keys = public_file(self.exchange.theirs, PAYOR)
        keys.write_bytes((folder / "there" / "jwks.json").read_bytes())
        self.insurer = self.gateway()

    def _port(self) -> int | None:
        servers = getattr(self._server, "servers", [])
        return int(servers[0].sockets[0].getsockname()[1]) if servers else None

    def gateway(self, wait_s: float = WAIT_S) -> HcxInsurerGateway:
        book = self.exchange.book
        http = PartyHttp(
            self.there.url,
            SecretStr(""),
            timeout_s=5.0,
            party_name="jade-health",
            read_refusal=read_refusal,
            sign=Signature(book),
        )
        peer = HcxPeer(participant=PAYOR, sender=HARBOUR, wait_s=wait_s)
        return HcxInsurerGateway(HcxCall(http, book), "jade-health", peer, self.exchange.memory)

    def told(self, reference: str) -> ClaimAnswer | GuaranteeAnswer:
        """What the door hands on of this reference, once it has come."""

        def look() -> str | None:
            texts = [text for _, text in self.exchange.memory.taken.values()]
            return next((text for text in texts if reference in text), None)

        return self.insurer.read_callback(eventually(look))

    def told_last(self, reference: str) -> ClaimAnswer | GuaranteeAnswer:
        """What the door handed on after this request was answered, which names no reference."""
        self.has_done("called_back", reference=reference, status=202)
        return self.insurer.read_callback(list(self.exchange.memory.taken.values())[-1][1])

    def has_done(self, kind: str, **members: Any) -> dict[str, Any]:
        def look() -> dict[str, Any] | None:
            entries = self.there.journal(kind)
            fitting = (e for e in entries if members.items() <= e.items())
            return next(fitting, None)

        return eventually(look)

    def close(self) -> None:
        self.there.close()
        self._server.should_exit = True
        self._thread.join(10)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    line = Line(tmp_path_factory.mktemp("line"))
    yield line
    line.close()


@pytest.fixture
def line(running: Line) -> Line:
    running.there.set_faults()
    running.exchange.memory.__init__()  # type: ignore[misc]
    running.exchange.house.__init__()  # type: ignore[misc]
    return running


_numbers = iter(range(1, 1000))


def claim() -> Any:
    number = next(_numbers)
    insured = INSURED.model_copy(
        update={"insurer": "jade-health", "policy_number": f"JH-2025-B{number}"}
    )
    return CLAIM.model_copy(update={"reference": f"CL-{number}", "insured": insured})


def guarantee() -> Any:
    number = next(_numbers)
    insured = INSURED.model_copy(
        update={"insurer": "jade-health", "policy_number": f"JH-2025-B{number}"}
    )
    return GUARANTEE.model_copy(update={"reference": f"GL-{number}", "insured": insured})


def callback(action: str, fault: str, **details: Any) -> dict[str, Any]:
    return {"match": {"operation": "callback", "action": action}, "fault": fault, **details}


def test_whether_a_policy_is_in_force_is_answered_while_the_step_waits(line: Line) -> None:
    insured = claim().insured
    answer = line.insurer.check_eligibility(insured, NOW)
    assert (answer.in_force, answer.direct_billing) == (True, True)
    # Asked again, it is there already: nothing more is sent.
    assert line.insurer.check_eligibility(insured, NOW) == answer
    (came,) = line.there.journal("came")[-1:]
    assert came["workflow_id"] == insured.episode_id


def test_a_guarantee_is_queued_and_its_letter_comes_by_callback(line: Line) -> None:
    order = guarantee()
    assert line.insurer.request_guarantee(order).state is AnswerState.QUEUED
    told = line.told(order.reference)
    assert isinstance(told, GuaranteeAnswer)
    assert (told.state, told.limit) == (AnswerState.APPROVED, hk_cents(4_000_000))
    line.insurer.release_guarantee(told.guarantee_number, f"{order.reference}R", NOW)
    line.has_done("released", reference=f"{order.reference}R")
    with pytest.raises(Final) as refused:
        line.insurer.release_guarantee("JH-LOG-99999999", f"{order.reference}X", NOW)
    assert refused.value.code in ("RELEASE_REFUSED", "ERR_NOT_FOUND")


def test_a_decision_that_comes_twice_is_handed_on_once(line: Line) -> None:
    order = claim()
    line.there.set_faults(callback("claim/submit", "callback_twice"))
    assert line.insurer.submit_claim(order).state is AnswerState.QUEUED
    told = line.told(order.reference)
    assert isinstance(told, ClaimAnswer) and told.benefit == hk_cents(3_392_386)
    line.has_done("called_back", reference=order.reference, attempt=2, status=202)
    assert len(line.exchange.memory.taken) == 1


def test_a_claim_sent_again_is_the_same_message_there(line: Line) -> None:
    order = claim()
    line.there.set_faults({"match": {"operation": "claim/submit"}, "fault": "timeout_after_accept"})
    with pytest.raises(OutcomeUnknown):
        line.insurer.submit_claim(order)
    line.insurer.submit_claim(order)
    line.told(order.reference)
    accepted = [e for e in line.there.journal("accepted") if e["reference"] == order.reference]
    assert len(accepted) == 1
    assert line.there.journal("came_again")[-1]["action"] == "claim/submit"


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("wrong_correlation", 400, "ERR_INVALID_CORRELATION_ID"),
        ("wrong_workflow", 400, "ERR_INVALID_WORKFLOW_ID"),
        ("old_version", 404, "ERR_API_VERSION_NOT_SUPPORTED"),
        ("unsigned", 401, "ERR_ACCESS_DENIED"),
    ],
)
def test_an_answer_that_is_not_its_own_is_refused_and_found_by_asking(
    line: Line, fault: str, status: int, code: str
) -> None:
    order = claim()
    line.there.set_faults(callback("claim/submit", fault))
    line.insurer.submit_claim(order)
    refused = line.has_done("called_back", reference=order.reference, status=status)
    assert refused["code"] == code
    assert line.exchange.memory.taken == {}
    found = line.insurer.find_claim(order.reference)
    assert found.benefit == hk_cents(3_392_386)


def test_an_answer_that_never_comes_is_found_by_asking(line: Line) -> None:
    order = claim()
    line.there.set_faults(
        {"match": {"operation": "claim/submit"}, "fault": "pend_silent", "delay_s": 3600}
    )
    line.insurer.submit_claim(order)
    assert line.insurer.find_claim(order.reference).state is AnswerState.QUEUED


def test_a_late_answer_counts_when_it_comes(line: Line) -> None:
    order = claim()
    line.there.set_faults(callback("claim/submit", "callback_late", delay_s=0.4))
    line.insurer.submit_claim(order)
    told = line.told(order.reference)
    assert told.reference == order.reference


def test_what_never_reached_the_insurer_is_not_found_there_and_is_sent_under_the_same_ids(
    line: Line,
) -> None:
    order = claim()
    assert line.insurer.find_claim(order.reference).state is AnswerState.NOT_FOUND
    line.there.set_faults({"match": {"operation": "claim/submit"}, "fault": "error_500"})
    with pytest.raises(OutcomeUnknown):
        line.insurer.submit_claim(order)
    assert line.insurer.find_claim(order.reference).state is AnswerState.NOT_FOUND
    line.insurer.submit_claim(order)
    line.told(order.reference)
    sent = [c for c in line.exchange.memory.cycles if c.action == "claim/submit"]
    assert len({c.api_call_id for c in sent}) == len(sent) == 1


def test_an_error_and_a_redirection_are_for_a_person(line: Line) -> None:
    for fault, code in (("error_answer", "ERR_OWN"), ("redirect", "HCX_REDIRECTED")):
        order = claim()
        line.there.set_faults(callback("claim/submit", fault))
        line.insurer.submit_claim(order)
        with pytest.raises(Final) as told:
            line.told_last(order.reference)
        assert told.value.code == code


def test_a_step_waits_no_longer_than_it_may(line: Line) -> None:
    line.there.set_faults(callback("coverageeligibility/check", "callback_never"))
    with pytest.raises(OutcomeUnknown) as pending:
        line.gateway(wait_s=0.2).check_eligibility(claim().insured, NOW)
    assert pending.value.code == "ANSWER_PENDING"


def test_a_request_that_was_never_sent_is_stopped_already(line: Line) -> None:
    before = len(line.there.journal("came"))
    line.insurer.stop("cancel", "CL-never", "ST-1", NOW)
    assert len(line.there.journal("came")) == before


def test_a_claim_is_stopped_by_a_task_that_says_nothing_of_it(line: Line) -> None:
    order = claim()
    line.there.set_faults(
        {"match": {"operation": "claim/submit"}, "fault": "pend_silent", "delay_s": 3600}
    )
    line.insurer.submit_claim(order)
    line.insurer.stop("cancel", order.reference, f"{order.reference}S", NOW)
    line.has_done("cancelled", about=order.reference)


def test_nothing_is_sent_without_a_key_of_the_recipient(line: Line) -> None:
    keys = public_file(line.exchange.theirs, PAYOR)
    kept = keys.read_text()
    keys.write_text(kept.replace('"enc"', '"old"'))
    try:
        with pytest.raises(Retryable) as unusable:
            line.insurer.submit_claim(claim())
        assert unusable.value.code == "HCX_KEYS_UNUSABLE"
    finally:
        keys.write_text(kept)


def test_the_insurer_knows_after_a_kill_what_it_was_asked(line: Line) -> None:
    order = claim()
    line.there.set_faults(callback("claim/submit", "callback_never"))
    line.insurer.submit_claim(order)
    line.has_done("decided", reference=order.reference)
    line.there.restart_after_kill()
    assert line.insurer.find_claim(order.reference).benefit == hk_cents(3_392_386)
