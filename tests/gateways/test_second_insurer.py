"""The second of two insurers: it decides by the statement of the first, and not without it."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from crossclaim.domain.money import fen, hk_cents
from crossclaim.domain.party import AnswerState, ClaimAnswer, ClaimOrder
from crossclaim.domain.submission import ChargeCategory
from crossclaim.gateways import fhir_terms
from crossclaim.gateways.fhir_answer import read_refusal
from crossclaim.gateways.insurer import InsurerGateway
from tests.flows.patience import until
from tests.gateways.insurer_scene import CLAIM, INSURED, STATEMENT
from tests.gateways.simulated_party import SimulatedParty

STAY = {"room": 360_000, "surgeon": 2_500_000, "theatre": 1_500_000, "miscellaneous": 840_000}


def claim(reference: str, *, first_hkd: int | None) -> ClaimOrder:
    statement = STATEMENT.model_copy(update={"benefit": hk_cents((first_hkd or 0) * 100)})
    lines = [
        CLAIM.lines[0].model_copy(
            update={
                "number": number,
                "category": ChargeCategory(category),
                "quantity": 1,
                "unit_price": fen(amount),
                "amount": fen(amount),
            }
        )
        for number, (category, amount) in enumerate(STAY.items(), 1)
    ]
    own = {"insurer": "pearl-assurance", "policy_number": f"PA-2025-E11B-{reference}"}
    return CLAIM.model_copy(
        update={
            "reference": reference,
            "insured": INSURED.model_copy(update=own),
            "statements": [] if first_hkd is None else [statement],
            "lines": lines,
            "total": fen(5_200_000),
        }
    )


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InsurerGateway]:
    folder: Path = tmp_path_factory.mktemp("second")
    secret = "whsec_" + base64.b64encode(b"0" * 32).decode()
    options = ["--insurer", "pearl-assurance", "--callback-url", "http://127.0.0.1:9"]
    with SimulatedParty("insurer", folder, *options, "--callback-secret", secret) as party:
        http = party.http(media_type=fhir_terms.MEDIA_TYPE, read_refusal=read_refusal)
        yield InsurerGateway(http)
        http.close()


def decided(gateway: InsurerGateway, order: ClaimOrder) -> ClaimAnswer:
    gateway.submit_claim(order)

    def look() -> ClaimAnswer | None:
        answer = gateway.find_claim(order.reference)
        return None if answer.state is AnswerState.QUEUED else answer

    return until(look, "a decision")


def test_it_pays_on_what_the_first_says_that_it_pays(gateway: InsurerGateway) -> None:
    answer = decided(gateway, claim("second-1", first_hkd=30_000))
    assert (answer.state, answer.benefit) == (AnswerState.PARTIAL, hk_cents(2_400_000))


def test_without_the_firsts_statement_it_pays_nothing(gateway: InsurerGateway) -> None:
    answer = decided(gateway, claim("second-2", first_hkd=None))
    assert (answer.state, answer.benefit) == (AnswerState.DENIED, None)


def test_a_statement_that_it_does_not_know_is_for_a_person(gateway: InsurerGateway) -> None:
    assert decided(gateway, claim("second-3", first_hkd=31_000)).state is AnswerState.DENIED
