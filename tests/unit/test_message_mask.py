"""Contents of messages lose what tells of a person, by class, wherever it stands."""

from __future__ import annotations

import json
from itertools import combinations
from typing import Any

import pytest

from crossclaim.domain.message_mask import EVERYTHING, Personal, masked
from tests.unit.story_scene import CANARIES

FHIR: dict[str, Any] = {
    "resourceType": "Bundle",
    "entry": [
        {
            "resource": {
                "resourceType": "Patient",
                "name": [{"text": "陳大文", "family": "CHAN", "given": ["Tai Man"]}],
                "identifier": [{"system": "urn:hkid", "value": "AB987654(3)"}],
                "birthDate": "1950-04-01",
                "telecom": [{"system": "phone", "value": "6123 4567"}],
            }
        },
        {
            "resource": {
                "resourceType": "Claim",
                "id": "cl_1",
                "diagnosis": [{"diagnosisCodeableConcept": {"coding": [{"code": "K80.2"}]}}],
                "total": {"value": 51850.50, "currency": "CNY"},
            }
        },
    ],
}
BUREAU = {
    "infno": "2207",
    "input": {
        "data": {
            "psn_name": "陳大文",
            "certno": "440301195004011234",
            "diseinfo": [{"d": "K80.2"}],
            "card_psn_no": "P4407030000000001",
        }
    },
}
PLAIN = {
    "patient": {"name": {"zh": "陳大文", "en": "CHAN Tai Man"}},
    "documents": [{"type": "HKID", "number": "AB987654(3)"}],
    "payee": {"holder": "CHAN Tai Man", "number": "6222021234567890123"},
    "free": "see AB987654(3) and account 6222021234567890123",
    "amount": {"amount": "824.58", "currency": "CNY"},
    "reference": "RC1",
}
PERSONAL = (
    *CANARIES,
    "CHAN",
    "1950-04-01",
    "440301195004011234",
    "6222021234567890123",
    "6123",
    "P44070",
)


@pytest.mark.parametrize("body", [FHIR, BUREAU, PLAIN])
def test_nothing_of_a_person_is_left_where_nothing_is_shown(body: Any) -> None:
    text = json.dumps(masked(body, ()), ensure_ascii=False)
    for personal in PERSONAL:
        assert personal not in text, personal


@pytest.mark.parametrize("body", [FHIR, BUREAU, PLAIN])
def test_who_may_see_everything_sees_the_message_as_it_was(body: Any) -> None:
    assert masked(body, EVERYTHING) == body


def test_money_codes_and_our_references_stay_readable() -> None:
    told = masked(PLAIN, ())
    assert told["amount"] == PLAIN["amount"]
    assert told["reference"] == "RC1"
    assert masked(FHIR, ())["entry"][1]["resource"]["total"]["value"] == 51850.50
    assert masked(BUREAU, ())["infno"] == "2207"


def test_each_class_is_shown_by_itself() -> None:
    text = json.dumps(masked(PLAIN, {Personal.NAME}), ensure_ascii=False)
    assert "陳大文" in text and "AB987654(3)" not in text
    text = json.dumps(masked(BUREAU, {Personal.DIAGNOSIS}), ensure_ascii=False)
    assert "K80.2" in text and "陳大文" not in text


@pytest.mark.parametrize("body", [FHIR, BUREAU, PLAIN])
def test_more_that_is_shown_hides_no_more(body: Any) -> None:
    """Nothing that a set of classes shows is hidden by a larger one."""
    for size in range(len(Personal)):
        for shown in combinations(Personal, size):
            less = json.dumps(masked(body, shown), ensure_ascii=False).count("***")
            for more in Personal:
                found = json.dumps(masked(body, {*shown, more}), ensure_ascii=False)
                assert found.count("***") <= less


@pytest.mark.parametrize("odd", [None, True, 3, "x", [], {}, [[{"name": None}]], {"name": {}}])
def test_odd_bodies_come_through(odd: Any) -> None:
    assert masked(odd, ()) == odd


def test_masking_by_our_own_words_alone_would_leave_a_person_in_it() -> None:
    """The naive way, for the test above: parties call things by words of their own."""

    def naive(told: Any) -> Any:
        if isinstance(told, dict):
            return {k: "***" if k in ("name", "number") else naive(v) for k, v in told.items()}
        return [naive(one) for one in told] if isinstance(told, list) else told

    for body in (FHIR, BUREAU, PLAIN):
        text = json.dumps(naive(body), ensure_ascii=False)
        assert any(personal in text for personal in PERSONAL)


@pytest.mark.parametrize(
    "told",
    [
        *({key: "WONG"} for key in ("surname", "full_name", "firstName", "last-name", "姓名")),
        {"身份证号": "EA1"},
        {"帳號": "12345678"},
        {"payee": {"holder": "WONG", "number": "12345678"}},
        {"x": 440301195004011234},
        {"x": 622202123456789},
        {"x": ["number ６２２２０２１２３４５６７８９０"]},
        {"x": "card 6222 0212 3456 7890 123"},
        {"x": "A123456（7）"},
        {"x": "A 123456 (7)"},
        {"主要诊断": "K80.2"},
    ],
)
def test_a_partys_own_way_of_writing_hides_nothing_from_the_mask(told: dict[str, Any]) -> None:
    said = str(masked(told, ()))
    written = ("WONG", "EA1", "345678", "４５６", "123456", "K80", "4401", "6222")
    assert not any(one in said for one in written), said


def test_amounts_days_and_references_are_read_by_everybody() -> None:
    told = {
        "total": {"value": 51850.50, "minor": 9_999_999_999},
        "day": "2026-04-10T10:00:00+08:00",
        "reference": "RC-2026-0410",
        "says": "paid on 2026 04 10, in full",
    }
    assert masked(told, ()) == told
