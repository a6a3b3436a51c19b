"""A letter of guarantee raised, prolonged, limited and taken back over the insurer's real wire."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from crossclaim.domain.money import fen, hk_cents
from crossclaim.domain.party import AnswerState, ClaimDocument
from crossclaim.domain.submission import ChargeCategory
from crossclaim.gateways import fhir_terms
from crossclaim.gateways.fhir_answer import read_refusal
from crossclaim.gateways.insurer import InsurerGateway
from tests.gateways.insurer_scene import GUARANTEE, NOW
from tests.gateways.raw_party import RawParty, answer
from tests.gateways.simulated_party import SimulatedParty

SECRET = "whsec_" + base64.b64encode(b"0" * 32).decode()
OPTIONS = {"media_type": fhir_terms.MEDIA_TYPE, "read_refusal": read_refusal}
RAISED = GUARANTEE.model_copy(
    update={
        "reference": "gu-9",
        "insured": GUARANTEE.insured.model_copy(update={"policy_number": "KM-2025-RAISED"}),
    }
)


def more(number: int, letter: str) -> Any:
    update = {
        "reference": f"gu-9T{number}",
        "replaces": "gu-9",
        "guarantee_number": letter,
        "estimate": fen(6_000_000),
        "wanted_until": date(2026, 5, 10),
        "documents": [
            ClaimDocument(
                kind="other",
                name="Plan",
                sha256="ab" * 32,
                content_type="application/pdf",
                content=b"%PDF-1.7",
            )
        ],
    }
    return RAISED.model_copy(update=update)


class Postbox:
    def __init__(self) -> None:
        self.arrived = threading.Semaphore(0)
        self.bodies: list[str] = []

    def take(self, party: RawParty, connection: Any, request: bytes) -> None:
        self.bodies.append(request.partition(b"\r\n\r\n")[2].decode())
        answer(200, b"{}")(party, connection, request)
        self.arrived.release()


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def system(tmp_path_factory: pytest.TempPathFactory, postbox: Postbox) -> Iterator[SimulatedParty]:
    with RawParty(postbox.take) as receiver:
        options = ["--insurer", "kowloon-mutual", "--callback-url", receiver.url]
        options += ["--callback-secret", SECRET]
        with SimulatedParty("insurer", tmp_path_factory.mktemp("raised"), *options) as party:
            party.reset(NOW.isoformat())
            yield party


def test_a_letter_is_raised_once_a_reference_and_ends_as_the_insurer_says(
    system: SimulatedParty, postbox: Postbox
) -> None:
    http = system.http(**OPTIONS)
    gateway = InsurerGateway(http)
    given = gateway.request_guarantee(RAISED)
    assert (given.limit, given.valid_until) == (hk_cents(3_000_000), date(2026, 4, 10))
    assert given.conditions == ["encounter-class:inpatient", "room:ward"]
    assert given.exclusions == [ChargeCategory.GOODS]
    raised = gateway.request_guarantee(more(1, given.guarantee_number))
    assert (raised.limit, raised.valid_until) == (hk_cents(5_000_000), date(2026, 5, 10))
    assert raised.guarantee_number == given.guarantee_number, "one letter, one number"
    assert gateway.request_guarantee(more(1, given.guarantee_number)) == raised, "asked again"
    refused = gateway.request_guarantee(more(2, given.guarantee_number))
    assert (refused.state, refused.limit) == (AnswerState.DENIED, None)
    strange = gateway.request_guarantee(more(3, "KM-LOG-99999999"))
    assert strange.state is AnswerState.DENIED, "a letter of somebody else's"
    assert system.take_back("gu-9")
    assert postbox.arrived.acquire(timeout=20)
    told = gateway.read_callback(postbox.bodies[-1])
    assert (told.reference, told.state) == ("gu-9", AnswerState.WITHDRAWN)
    assert json.loads(postbox.bodies[-1])["status"] == "cancelled"
    late = gateway.request_guarantee(more(4, given.guarantee_number))
    assert late.state is AnswerState.DENIED, "what was taken back is not raised"
    http.close()
