"""The door of the exchange: what is taken, and every way in which a message is not."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwe, jwt
from joserfc.jwk import OctKey

from crossclaim.api.application import build_app
from crossclaim.api.fhir_port import FhirPage, FhirQuery
from crossclaim.domain.hcx import CLAIM, ELIGIBILITY, PREAUTH, PREDETERMINATION, STATUS_CHECK
from crossclaim.domain.hcx_cycle import Cycle, Opened
from crossclaim.domain.hcx_errors import CATALOGUE, HcxCode
from crossclaim.fhir.datatypes import organisation
from crossclaim.gateways.hcx_envelope import body
from crossclaim.gateways.hcx_keys import own_file
from crossclaim.security.roles import Principal
from crossclaim.service.hcx import HcxDoor
from tests.web.hcx_scene import (
    HARBOUR,
    HOSPITAL,
    MUTUAL,
    PAYOR,
    STRANGER,
    Exchange,
    decided,
    details,
)
from tests.web.house import example, services_over

ANSWER = "claim/on_submit"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Exchange:
    """Its keys are made once: that is what costs time."""
    return Exchange(tmp_path_factory.mktemp("exchange"))


@pytest.fixture
def exchange(made: Exchange) -> Iterator[Exchange]:
    made.memory.__init__()  # type: ignore[misc]
    made.house.__init__()  # type: ignore[misc]
    made.now = made.started
    yield made


def with_the_keys_of(made: Exchange, folder: Path) -> Exchange:
    for kept in (made.ours, made.theirs):
        shutil.copytree(kept, folder / kept.name)
    return Exchange(folder)


def refused(response: httpx.Response, code: HcxCode) -> dict[str, Any]:
    said = response.json()
    assert said["error"]["code"] == code.value, said
    assert response.status_code == CATALOGUE[code][0]
    assert said["error"]["message"] == CATALOGUE[code][1][0]
    error: dict[str, Any] = said["error"]
    return error


async def test_a_hospitals_claim_becomes_episode_stay_and_bill_and_is_owed_an_answer(
    exchange: Exchange,
) -> None:
    headers = exchange.headers()
    response = await exchange.post(headers)
    assert response.status_code == 202, response.text
    said = response.json()
    assert said["correlation_id"] == headers.correlation_id
    assert said["api_call_id"] == headers.api_call_id
    kinds = [key.split("/", 1)[1].split("/")[0] for _, key in exchange.house.answers]
    assert kinds == ["ZY20260311-0087", "admission", "discharge", "bill"]
    (kept,), (owed,) = exchange.memory.arrived, exchange.memory.owed
    assert (kept.status, kept.workflow_id, owed) == ("response.partial", "visit-87", 0)
    assert json.loads(kept.content)["resourceType"] == "ClaimResponse"


async def test_the_same_message_again_is_the_same_answer_and_changes_nothing(
    exchange: Exchange,
) -> None:
    headers = exchange.headers()
    await exchange.post(headers)
    before = dict(exchange.house.answers)
    later = headers.model_copy(update={"timestamp": exchange.now + timedelta(seconds=200)})
    again = await exchange.post(later)
    assert again.status_code == 202
    assert exchange.house.answers == before
    # Its answer is sent again, lest the first one was lost.
    assert exchange.memory.owed == [0, 0]


async def test_a_call_id_with_another_body_is_refused(exchange: Exchange) -> None:
    headers = exchange.headers()
    await exchange.post(headers)
    other = example("fhir-claim-bundle")
    other["timestamp"] = "2026-03-14T12:00:00+08:00"
    refused(await exchange.post(headers, other), HcxCode.API_CALL_ID)
    assert len(exchange.memory.arrived) == 1


async def test_a_correlation_id_is_for_one_cycle(exchange: Exchange) -> None:
    """HCX PR#521: the id of an earlier cycle under a new call."""
    headers = exchange.headers()
    await exchange.post(headers)
    next_one = exchange.headers(correlation_id=headers.correlation_id)
    refused(await exchange.post(next_one), HcxCode.CORRELATION_ID)


async def test_a_sender_whom_the_registry_does_not_know_is_refused(exchange: Exchange) -> None:
    refused(await exchange.post(exchange.headers(STRANGER)), HcxCode.SENDER)


async def test_a_message_for_nobody_here_is_refused(exchange: Exchange) -> None:
    refused(await exchange.post(exchange.headers(recipient="other@hcx")), HcxCode.RECIPIENT)


async def test_a_claim_on_another_insurer_than_its_recipient_is_refused(
    exchange: Exchange,
) -> None:
    refused(await exchange.post(exchange.headers(recipient=MUTUAL)), HcxCode.RECIPIENT)
    assert exchange.house.answers == {}


@pytest.mark.parametrize("off_s", [-301, 301])
async def test_a_stale_message_is_refused(exchange: Exchange, off_s: int) -> None:
    stamp = exchange.now + timedelta(seconds=off_s)
    refused(await exchange.post(exchange.headers(timestamp=stamp)), HcxCode.TIMESTAMP)


async def test_a_message_without_its_senders_token_is_refused(exchange: Exchange) -> None:
    """Everybody can encrypt under our public key: what is sealed proves no sender."""
    response = await exchange.post(exchange.headers(), authorization="")
    refused(response, HcxCode.ACCESS)
    assert exchange.house.answers == {}


@pytest.mark.parametrize("kind", ["none", "foreign", "symmetric", "of_another", "old"])
async def test_a_token_that_the_sender_did_not_make_for_this_message_is_refused(
    exchange: Exchange, kind: str
) -> None:
    headers = exchange.headers()
    compact = exchange.sealed(headers, example("fhir-claim-bundle"))
    good = exchange.authorization(headers, compact).removeprefix("Bearer ")
    claims = good.split(".")[1]
    if kind == "none":
        front = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
        bad = f"{front}.{claims}."
    elif kind == "symmetric":
        said = json.loads(base64.urlsafe_b64decode(claims + "=="))
        key = OctKey.import_key(b"public-key-taken-for-a-secret-of-32-bytes")
        bad = jwt.encode({"alg": "HS256"}, said, key)
    elif kind == "foreign":
        stranger = headers.model_copy(update={"sender": STRANGER})
        bad = exchange.authorization(stranger, compact).removeprefix("Bearer ")
    elif kind == "of_another":
        other = exchange.sealed(headers, example("fhir-claim-bundle"))
        bad = exchange.authorization(headers, other).removeprefix("Bearer ")
    else:
        exchange.now -= timedelta(seconds=400)
        bad = exchange.authorization(headers, compact).removeprefix("Bearer ")
        exchange.now = exchange.started
    response = await exchange.post(headers, compact=compact, authorization=f"Bearer {bad}")
    refused(response, HcxCode.ACCESS)


@pytest.mark.parametrize(
    "front",
    [
        {"alg": "RSA1_5", "enc": "A256GCM"},
        {"alg": "RSA-OAEP-256", "enc": "A128CBC-HS256"},
        {"alg": "dir", "enc": "A256GCM"},
        {"alg": "RSA-OAEP-256", "enc": "A256GCM", "zip": "DEF"},
    ],
)
async def test_an_algorithm_that_is_not_on_the_list_is_refused(
    exchange: Exchange, front: dict[str, str]
) -> None:
    headers = exchange.headers()
    parts = exchange.sealed(headers, "{}").split(".")
    protected = json.dumps({**front, **headers.wire()}).encode()
    parts[0] = base64.urlsafe_b64encode(protected).decode().rstrip("=")
    refused(await exchange.post(headers, compact=".".join(parts)), HcxCode.ENCRYPTION)


async def test_the_older_key_wrap_of_the_field_is_taken_too(exchange: Exchange) -> None:
    headers = exchange.headers()
    key = exchange.their_book.sealing_key(HARBOUR, exchange.now)
    protected = {"alg": "RSA-OAEP", "enc": "A256GCM", **headers.wire()}
    content = json.dumps(example("fhir-claim-bundle"))
    registry = jwe.JWERegistry(algorithms=["RSA-OAEP", "A256GCM"], strict_check_header=False)
    compact = jwe.encrypt_compact(protected, content, key, registry=registry)
    assert (await exchange.post(headers, compact=compact)).status_code == 202


async def test_a_message_that_was_changed_or_is_sealed_for_another_does_not_open(
    exchange: Exchange,
) -> None:
    headers = exchange.headers()
    parts = exchange.sealed(headers, example("fhir-claim-bundle")).split(".")
    parts[3] = ("A" if parts[3][0] != "A" else "B") + parts[3][1:]
    refused(await exchange.post(headers, compact=".".join(parts)), HcxCode.ENCRYPTION)
    for_mutual = exchange.sealed(headers.model_copy(update={"recipient": MUTUAL}), "{}").split(".")
    mixed = exchange.sealed(headers, "{}").split(".")
    mixed[1:] = for_mutual[1:]
    refused(await exchange.post(headers, compact=".".join(mixed)), HcxCode.ENCRYPTION)


async def test_a_key_opens_until_it_ends_and_two_do_during_a_rotation(
    made: Exchange, tmp_path: Path
) -> None:
    exchange = with_the_keys_of(made, tmp_path)
    old = exchange.headers()
    under_old = exchange.sealed(old, example("fhir-claim-bundle"))
    overlap = {"starts": timedelta(days=-1), "ends": timedelta(days=90)}
    exchange.make_keys(exchange.ours, HARBOUR, **overlap)
    assert len(exchange.book.opening_keys(HARBOUR, exchange.now)) == 2
    assert (await exchange.post(old, compact=under_old)).status_code == 202
    # Whoever seals today takes the newest.
    new = exchange.headers()
    front = json.loads(base64.urlsafe_b64decode(exchange.sealed(new, "{}").split(".")[0] + "=="))
    assert front["kid"] == exchange.book.opening_keys(HARBOUR, exchange.now)[1].kid
    exchange.now += timedelta(days=31)
    exchange.make_keys(exchange.theirs, HOSPITAL, timedelta(days=20), timedelta(days=90))
    late = exchange.headers(timestamp=exchange.now)
    parts = exchange.sealed(late, "{}").split(".")
    parts[1:] = under_old.split(".")[1:]
    refused(await exchange.post(late, compact=".".join(parts)), HcxCode.ENCRYPTION)


def test_a_private_key_that_others_may_read_is_refused(made: Exchange, tmp_path: Path) -> None:
    exchange = with_the_keys_of(made, tmp_path)
    own_file(exchange.ours, HARBOUR).chmod(0o644)
    with pytest.raises(Exception, match="others may read"):
        exchange.book.opening_keys(HARBOUR, exchange.now)


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("x-hcx-api_call_id", None, HcxCode.HEADER_MISSING),
        ("x-hcx-timestamp", "", HcxCode.HEADER_MISSING),
        ("x-hcx-api_call_id", "17", HcxCode.API_CALL_ID),
        ("x-hcx-correlation_id", ["a"], HcxCode.CORRELATION_ID),
        ("x-hcx-workflow_id", "a b", HcxCode.WORKFLOW_ID),
        ("x-hcx-timestamp", "2026-11-22T10:00:00", HcxCode.TIMESTAMP),
        ("x-hcx-timestamp", "yesterday", HcxCode.TIMESTAMP),
        ("x-hcx-status", "response.complete", HcxCode.STATUS),
        ("x-hcx-redirect_to", "jade@hcx", HcxCode.REDIRECT_TO),
        ("x-hcx-error_details", {"code": "ERR_X"}, HcxCode.ERROR_DETAILS),
        ("x-hcx-error_details", "text", HcxCode.ERROR_DETAILS),
        ("x-hcx-sender_code", HARBOUR, HcxCode.SENDER),
        ("x-hcx-sender_code", "a b", HcxCode.SENDER),
    ],
)
async def test_a_header_that_cannot_be_is_named_by_its_code(
    exchange: Exchange, member: str, value: Any, code: HcxCode
) -> None:
    headers = exchange.headers()
    said = {"alg": "RSA-OAEP-256", "enc": "A256GCM", **headers.wire(), member: value}
    if value is None:
        del said[member]
    parts = exchange.sealed(headers, "{}").split(".")
    parts[0] = base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")
    refused(await exchange.post(headers, compact=".".join(parts)), code)


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b'{"payload": 7}', b'{"payload": "a.b.c"}', b'{"payload": "!.b.c.d.e"}'],
)
async def test_a_body_without_a_jwe_is_refused(exchange: Exchange, content: bytes) -> None:
    refused(await exchange.raw(content), HcxCode.PAYLOAD)


async def test_a_message_over_the_limit_is_refused(exchange: Exchange) -> None:
    refused(await exchange.raw(body("x" * 400_001)), HcxCode.TOO_LARGE)


@pytest.mark.parametrize(("version", "action"), [("v0.7", CLAIM), ("v0.8", "claim/pay")])
async def test_another_version_or_action_is_refused(
    exchange: Exchange, version: str, action: str
) -> None:
    response = await exchange.post(exchange.headers(), action=action, version=version)
    refused(response, HcxCode.VERSION)


async def test_fhir_faults_are_told_at_once_with_their_places(exchange: Exchange) -> None:
    wrong = example("fhir-claim-bundle")
    claim = next(e["resource"] for e in wrong["entry"] if e["resource"]["resourceType"] == "Claim")
    claim["item"][0]["net"]["value"] = 1.005
    claim["diagnosis"][0]["sequence"] = -1
    error = refused(await exchange.post(exchange.headers(), wrong), HcxCode.DOMAIN)
    assert error["trace"].split("; ") == [
        "FHIR_ELEMENT_INVALID Bundle.entry[0].resource.diagnosis[0].sequence",
        "FHIR_AMOUNT_INVALID Bundle.entry[0].resource.item[0].net.value",
    ]
    assert exchange.memory.arrived == [] and exchange.house.answers == {}


@pytest.mark.parametrize("content", ["not json", "[]", '{"resourceType": "Patient"}', '{"a": NaN}'])
async def test_content_that_is_no_claim_is_refused(exchange: Exchange, content: str) -> None:
    refused(await exchange.post(exchange.headers(), content), HcxCode.WRONG_DOMAIN)


async def test_a_claim_that_was_submitted_before_with_other_content_is_refused(
    exchange: Exchange,
) -> None:
    await exchange.post(exchange.headers())
    other = example("fhir-claim-bundle")
    claim = next(e["resource"] for e in other["entry"] if e["resource"]["resourceType"] == "Claim")
    claim["item"][0]["productOrService"]["text"] = "Another room"
    refused(await exchange.post(exchange.headers(), other), HcxCode.PROCESSING)


async def test_an_insurer_sends_no_claims(exchange: Exchange) -> None:
    refused(await exchange.post(exchange.headers(PAYOR)), HcxCode.SENDER_NOT_SUPPORTED)


async def test_with_the_engine_down_the_sender_is_asked_to_send_again(exchange: Exchange) -> None:
    exchange.memory.down = True
    headers = exchange.headers()
    response = await exchange.post(headers)
    refused(response, HcxCode.UNAVAILABLE)
    assert response.headers["retry-after"] == "5"
    exchange.memory.down = False
    assert (await exchange.post(headers)).status_code == 202
    assert exchange.memory.owed == [0]


async def test_a_refusal_speaks_the_senders_language(exchange: Exchange) -> None:
    response = await exchange.raw(b"{}", extra={"Accept-Language": "zh-HK"})
    assert response.json()["error"]["message"] == CATALOGUE[HcxCode.PAYLOAD][1][1]


async def test_the_status_of_a_cycle_is_told_and_of_none_denied(exchange: Exchange) -> None:
    headers = exchange.headers()
    await exchange.post(headers)
    ask = {"correlation_id": headers.correlation_id}
    assert (await exchange.post(exchange.headers(), ask, STATUS_CHECK)).status_code == 202
    told = exchange.memory.arrived[1]
    assert told.status == "response.partial"
    assert json.loads(told.content)["resourceType"] == "ClaimResponse"
    # Another participant learns nothing of it.
    await exchange.post(exchange.headers(PAYOR), ask, STATUS_CHECK)
    none = exchange.memory.arrived[2]
    assert (none.status, none.code) == ("response.error", HcxCode.CORRELATION_ID.value)
    assert (none.content, none.episode_id) == ("", None)


class Decisions:
    """What funders said of the hospital's claims, as the FHIR server would tell its sender."""

    def __init__(self, *outcomes: str) -> None:
        self.asked: list[tuple[str, str, list[str] | None]] = []
        self._outcomes = outcomes

    async def search(self, principal: Principal, kind: str, query: FhirQuery) -> FhirPage:
        self.asked.append((principal.organisation, kind, query.patients))
        names = ("harbour-life", "kowloon-mutual")
        told = [
            {"resourceType": "ClaimResponse", "use": use, "outcome": o, "insurer": organisation(n)}
            for o, n in zip(self._outcomes, names, strict=False)
            for use in ("claim", "preauthorization")
        ]
        return FhirPage(found=told)

    async def read(self, principal: Principal, kind: str, resource_id: str) -> FhirPage:
        raise AssertionError("a status reads no single resource")


@pytest.mark.parametrize(
    ("outcomes", "status"),
    [
        (("complete", "queued"), "response.complete"),
        (("queued", "complete"), "response.partial"),
        ((), "response.partial"),
    ],
)
async def test_a_decision_that_was_made_since_is_what_a_status_tells(
    exchange: Exchange,
    outcomes: tuple[str, ...],
    status: str,
) -> None:
    """The recipient stands for one insurer: the other's word is not waited for, nor told."""
    headers, decisions = exchange.headers(), Decisions(*outcomes)
    await exchange.post(headers)
    state, before = exchange.app.state, exchange.app.state.services
    state.services = replace(before, fhir=decisions)
    ask = {"correlation_id": headers.correlation_id}
    response = await exchange.post(exchange.headers(), ask, STATUS_CHECK)
    state.services = before
    assert response.status_code == 202, response.text
    told, content = exchange.memory.arrived[1], json.loads(exchange.memory.arrived[1].content)
    assert (told.status, content["resourceType"]) == (status, "ClaimResponse")
    if status == "response.complete":
        assert content["insurer"] == organisation("harbour-life") and content["use"] == "claim"
    ((asker, kind, _),) = decisions.asked
    assert (asker, kind) == ("hku-szh", "ClaimResponse")


async def test_an_answer_reaches_the_episode_that_asked_with_its_figures_unchanged(
    exchange: Exchange,
) -> None:
    cycle = exchange.asked()
    text = json.dumps(decided())[:-1] + ', "total": [{"amount": {"value": 33923.860}}]}'
    response = await exchange.post(exchange.answering(cycle), text, ANSWER)
    assert response.status_code == 202, response.text
    ((episode, told),) = exchange.memory.taken.values()
    assert episode == cycle.episode_id and '"value":33923.860' in told


async def test_an_answer_that_comes_twice_is_taken_once(exchange: Exchange) -> None:
    cycle = exchange.asked()
    headers = exchange.answering(cycle)
    for _ in range(2):
        assert (await exchange.post(headers, decided(), ANSWER)).status_code == 202
    assert len(exchange.memory.taken) == len(exchange.memory.arrived) == 1
    other = decided(disposition="other")
    refused(await exchange.post(headers, other, ANSWER), HcxCode.API_CALL_ID)


async def test_an_error_or_a_redirection_is_handed_on_as_what_a_person_must_see(
    exchange: Exchange,
) -> None:
    cycle = exchange.asked()
    error = exchange.answering(cycle, status="response.error", error=details("ERR_DOWN"))
    redirect = exchange.answering(
        cycle, status="response.redirect", redirect_to="another-payor@hcx"
    )
    for headers, code in ((error, "ERR_DOWN"), (redirect, "HCX_REDIRECTED")):
        assert (await exchange.post(headers, "{}", ANSWER)).status_code == 202
        _, told = exchange.memory.taken[f"hcx/{headers.api_call_id}"]
        assert json.loads(told)["issue"][0]["details"]["coding"][0]["code"] == code


async def test_nobody_answers_for_another_or_on_another_cycle(exchange: Exchange) -> None:
    cycle = exchange.asked()
    elsewhere = exchange.answering(cycle).model_copy(update={"sender": HOSPITAL})
    refused(await exchange.post(elsewhere, decided(), ANSWER), HcxCode.CORRELATION_ID)
    unknown = exchange.answering(cycle, correlation_id="0f8fad5b-d9cb-469f-a165-70867728950e")
    refused(await exchange.post(unknown, decided(), ANSWER), HcxCode.CORRELATION_ID)
    other_door = exchange.answering(cycle)
    refused(await exchange.post(other_door, decided(), "preauth/on_submit"), HcxCode.CORRELATION_ID)
    workflow = exchange.answering(cycle, workflow_id="ep_2")
    refused(await exchange.post(workflow, decided(), ANSWER), HcxCode.WORKFLOW_ID)
    of_another = exchange.answering(cycle)
    refused(await exchange.post(of_another, decided("CL2"), ANSWER), HcxCode.DOMAIN)
    nothing = exchange.answering(cycle)
    refused(await exchange.post(nothing, {"resourceType": "Bundle"}, ANSWER), HcxCode.WRONG_DOMAIN)
    assert exchange.memory.taken == {}


async def test_what_a_step_waits_for_is_kept_for_it(exchange: Exchange) -> None:
    cycle = exchange.asked(ELIGIBILITY, "EL1")
    content = {"resourceType": "CoverageEligibilityResponse"}
    headers = exchange.answering(cycle)
    response = await exchange.post(headers, content, "coverageeligibility/on_check")
    assert response.status_code == 202 and exchange.memory.taken == {}
    kept = exchange.memory.answer(cycle)
    assert kept is not None and json.loads(kept.content) == content


async def test_a_word_that_a_request_is_under_way_decides_nothing(exchange: Exchange) -> None:
    cycle = exchange.asked(PREAUTH, "GL1")
    headers = exchange.answering(cycle, status="request.dispatched")
    assert (await exchange.post(headers, "{}", "preauth/on_submit")).status_code == 202
    assert exchange.memory.taken == {}


async def test_without_an_exchange_there_is_no_door(exchange: Exchange) -> None:
    transport = httpx.ASGITransport(build_app(services_over(exchange.house)))
    async with httpx.AsyncClient(transport=transport, base_url="http://api.test") as client:
        response = await client.post(
            "/hcx/v0.8/claim/submit", content=b"{}", headers={"Content-Type": "application/json"}
        )
    refused(response, HcxCode.VERSION)


async def test_without_the_token_whoever_has_our_public_key_could_file_a_claim(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The naive door: what opens under our key is believed."""
    headers = exchange.headers()
    refused(await exchange.post(headers, authorization="Bearer x"), HcxCode.ACCESS)
    monkeypatch.setattr("crossclaim.service.hcx.check_token", lambda *anything: None)
    assert (await exchange.post(headers, authorization="Bearer x")).status_code == 202
    assert exchange.house.answers != {}


async def test_without_the_rows_of_cycles_a_stray_answer_would_decide_a_claim(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The naive door: the payload's own reference is believed, whatever cycle it came under."""
    cycle = exchange.asked()
    stray = exchange.answering(cycle, correlation_id="0f8fad5b-d9cb-469f-a165-70867728950e")
    refused(await exchange.post(stray, decided(), ANSWER), HcxCode.CORRELATION_ID)

    async def believed(door: HcxDoor, message: Opened) -> Cycle:
        return cycle

    monkeypatch.setattr(HcxDoor, "_cycle", believed)
    assert (await exchange.post(stray, decided(), ANSWER)).status_code == 202
    assert len(exchange.memory.taken) == 1


@pytest.mark.parametrize(
    ("action", "use"), [(PREAUTH, "preauthorization"), (PREDETERMINATION, "predetermination")]
)
async def test_a_request_of_another_use_is_taken_on_its_own_action_only(
    exchange: Exchange, action: str, use: str
) -> None:
    asked = example("fhir-claim-bundle")
    claim = next(e["resource"] for e in asked["entry"] if e["resource"]["resourceType"] == "Claim")
    claim["use"] = use
    if action == PREDETERMINATION:
        claim["subType"]["coding"][0]["code"] = "draft"
    refused(await exchange.post(exchange.headers(), asked), HcxCode.WRONG_DOMAIN)
    response = await exchange.post(exchange.headers(), asked, action)
    assert response.status_code == 202, response.text
    (kept,) = exchange.memory.arrived
    assert json.loads(kept.content)["use"] == use
    assert kept.status == "response.partial"


async def test_a_hospital_asks_whether_a_cover_is_in_force(exchange: Exchange) -> None:
    asked = example("fhir-claim-bundle")
    entries = asked["entry"]
    place = next(n for n, e in enumerate(entries) if e["resource"]["resourceType"] == "Claim")
    claim = entries[place]["resource"]
    entries[place]["resource"] = {
        "resourceType": "CoverageEligibilityRequest",
        "identifier": [{"system": "https://hospital.example/requests", "value": "EL-1"}],
        "status": "active",
        "purpose": ["validation"],
        "patient": claim["patient"],
        "created": claim["created"],
        "insurer": claim["insurer"],
        "provider": claim["provider"],
        "insurance": [{"focal": True, "coverage": claim["insurance"][0]["coverage"]}],
        "item": [
            {"diagnosis": [{"diagnosisCodeableConcept": one["diagnosisCodeableConcept"]}]}
            for one in claim["diagnosis"]
        ],
    }
    response = await exchange.post(exchange.headers(), asked, ELIGIBILITY)
    assert response.status_code == 202, response.text
    (kept,) = exchange.memory.arrived
    assert json.loads(kept.content)["resourceType"] == "CoverageEligibilityResponse"


_ODD = [
    b'{"payload": 1e99999999999999999999}',
    b'{"payload": 1e999999999}',
    b'{"payload": "\\ud800"}',
    b"[" * 100_000,
    b"\xff",
]
_ODD_HEADERS = [
    '{"alg": "RSA-OAEP-256", "enc": "A256GCM", "x-hcx-api_call_id": "\\ud800"}',
    '{"alg": "RSA-OAEP-256", "enc": "A256GCM", "x-hcx-timestamp": 1e99999999999999999999}',
    '{"alg": "RSA-OAEP-256", "enc": "A256GCM", "x-hcx-correlation_id": "\\u0000"}',
]


@pytest.mark.parametrize("verb", ["submit", "on_submit"])
async def test_what_a_stranger_posts_is_never_a_fault_of_ours(
    exchange: Exchange, verb: str
) -> None:
    sealed = (base64.urlsafe_b64encode(one.encode()).decode().rstrip("=") for one in _ODD_HEADERS)
    bodies = [*_ODD, *(body(f"{one}.a.b.c.d") for one in sealed)]
    for content in bodies:
        answer = await exchange.raw(content, f"claim/{verb}")
        assert 400 <= answer.status_code < 500, (content[:40], answer.text)
