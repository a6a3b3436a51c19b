"""Answers that cannot be true carry themselves as evidence, and a naive reader believes them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crossclaim.domain.errors import Final, GatewayError, OutcomeUnknown
from crossclaim.domain.party import VoucherClaimReceipt
from crossclaim.gateways.http import PartyAnswer
from crossclaim.gateways.voucher import VoucherGateway, read_refusal
from crossclaim.gateways.voucher_answers import ClaimAnswer
from tests.gateways.simulated_party import SimulatedParty
from tests.gateways.test_voucher import NOW, ORDER

FOREIGN = "CV-OF-SOMEBODY-ELSE"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedParty]:
    with SimulatedParty("voucher", tmp_path_factory.mktemp("untrue")) as party:
        yield party


@pytest.fixture
def system(running: SimulatedParty) -> SimulatedParty:
    running.reset(NOW.isoformat())
    return running


class NaiveGateway(VoucherGateway):
    """Takes any claim's answer for that of its own."""

    def find(self, reference: str) -> VoucherClaimReceipt | None:
        told = self._http.get("/ehs/v1/claims", params={"reference": reference})
        return ClaimAnswer.model_validate(told.body).receipt()


@pytest.mark.parametrize(
    ("fault", "code"), [("other_claim", "ANSWER_FOREIGN"), ("other_currency", "ANSWER_UNREADABLE")]
)
def test_an_untrue_receipt_leaves_the_outcome_unknown_and_is_its_own_evidence(
    fault: str, code: str, system: SimulatedParty
) -> None:
    http = system.http(read_refusal=read_refusal)
    gateway = VoucherGateway(http)
    system.script(fault, match={"operation": "claim"})
    with pytest.raises(OutcomeUnknown) as raised:
        gateway.claim(ORDER)
    assert raised.value.code == code
    told = FOREIGN if fault == "other_claim" else "MOP"
    assert told in raised.value.document
    assert told not in raised.value.detail
    found = gateway.find(ORDER.reference)
    assert found is not None and found.reference == ORDER.reference
    http.close()


def test_the_naive_twin_takes_somebody_elses_claim_for_ours(system: SimulatedParty) -> None:
    http = system.http(read_refusal=read_refusal)
    VoucherGateway(http).claim(ORDER)
    system.script("other_claim", match={"operation": "find"})
    believed = NaiveGateway(http).find(ORDER.reference)
    assert believed is not None and believed.reference == FOREIGN
    http.close()


def test_whatever_a_reader_raises_carries_the_answer_and_other_errors_carry_none() -> None:
    def contradicts(told: object) -> None:
        raise Final("the parts are no sum", code="ANSWER_INCONSISTENT")

    answer = PartyAnswer("party", 200, {"total": "1.00"}, safe=True)
    with pytest.raises(Final) as raised:
        answer.read_as(contradicts)
    assert raised.value.document == '{"total":"1.00"}'
    assert GatewayError("no answer").document == ""
