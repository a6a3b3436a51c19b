"""Who may open whose payloads, by our own rows and keys."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator

import pytest
from google.protobuf.json_format import MessageToJson, Parse
from temporalio.api.common.v1 import Payload, Payloads

from crossclaim.domain.errors import NotFound
from crossclaim.security.codec import EpisodeCodec
from crossclaim.security.roles import Principal, Role
from crossclaim.service.codec_desk import CodecDesk, NotPayloads, TooMany
from crossclaim.stack import Stack
from crossclaim.wiring import House, api_house
from tests.steps.rig import HOSPITAL, Rig, policy_number

OPERATOR = Principal(organisation=HOSPITAL, role=Role.OPERATOR, key_id="operator")
SUPPORT = OPERATOR.model_copy(update={"role": Role.SUPPORT, "key_id": "support"})


@pytest.fixture(scope="module")
def house(stack: Stack) -> Iterator[House]:
    house = api_house(stack.settings)
    yield house
    house.database.close()


def sealed(house: House, scope: str | None, count: int = 1) -> bytes:
    plain = Payload(metadata={"encoding": b"json/plain"}, data=b'{"note": "CANARY"}')
    codec = EpisodeCodec(house.keyring, scope)
    payloads = asyncio.run(codec.encode([plain] * count))
    return MessageToJson(Payloads(payloads=payloads)).encode()


def opened(desk: CodecDesk, who: Principal, body: bytes) -> list[bytes]:
    content, _ = asyncio.run(desk.decode(who, body, "INC-1"))
    return [one.data for one in Parse(content, Payloads()).payloads]


def test_support_opens_what_its_organisation_sees_and_an_operator_what_is_about_nobody(
    rig: Rig, house: House
) -> None:
    episode = rig.visit(policy_number()).episode
    desk = CodecDesk(house.database, house.keyring, "")
    body, system = sealed(house, episode), sealed(house, None)
    assert b"CANARY" not in body
    assert opened(desk, SUPPORT, body) == [b'{"note": "CANARY"}']
    assert opened(desk, OPERATOR, system) == [b'{"note": "CANARY"}']
    stranger = SUPPORT.model_copy(update={"organisation": "jiangmen-central"})
    for who in (OPERATOR, stranger):
        with pytest.raises(NotFound):
            opened(desk, who, body)
    mixed = json.dumps(
        {"payloads": json.loads(system)["payloads"] + json.loads(body)["payloads"]}
    ).encode()
    with pytest.raises(NotFound):
        opened(desk, OPERATOR, mixed)


def test_a_hundred_payloads_a_minute_are_opened_for_one_key(house: House) -> None:
    now = 0.0
    desk = CodecDesk(house.database, house.keyring, "", clock=lambda: now)
    assert len(opened(desk, OPERATOR, sealed(house, None, 100))) == 100
    with pytest.raises(TooMany):
        opened(desk, OPERATOR, sealed(house, None))
    other = OPERATOR.model_copy(update={"key_id": "another"})
    assert len(opened(desk, other, sealed(house, None))) == 1
    now = 61.0
    assert len(opened(desk, OPERATOR, sealed(house, None))) == 1


@pytest.mark.parametrize("body", [b"", b"[1]", b"7", b"{", b'{"payloads": 7}', b"\xff\xfe"])
def test_what_is_no_list_of_payloads_is_refused(house: House, body: bytes) -> None:
    with pytest.raises(NotPayloads):
        opened(CodecDesk(house.database, house.keyring, ""), OPERATOR, body)


def test_a_key_id_that_was_made_up_opens_nothing(house: House) -> None:
    desk = CodecDesk(house.database, house.keyring, "")
    told = json.loads(sealed(house, None))
    told["payloads"][0]["metadata"]["encryption-key-id"] = "c3lzdGVtLjAwMDAwMDAw"
    told["payloads"][0]["data"] = told["payloads"][0]["data"][::-1]
    with pytest.raises(NotPayloads):
        opened(desk, OPERATOR, json.dumps(told).encode())
