"""Contents of messages with names, identity numbers, accounts and diagnoses masked. Pure.

A member is masked by what it is called, wherever it stands; a text that looks like an identity or
an account number is masked whatever it is called. What is shown is said by class, so that a role
sees what its work needs and no more.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any

from crossclaim.domain.others_masked import masked_number, masked_text


class Personal(StrEnum):
    """What a message may tell of a person."""

    NAME = "name"
    IDENTITY = "identity"
    ACCOUNT = "account"
    DIAGNOSIS = "diagnosis"


EVERYTHING = frozenset(Personal)
HIDDEN = "***"

_NAMES = frozenset(
    [
        "name",
        "names",
        "family",
        "given",
        "text_name",
        "holder",
        "holder_name",
        "patient_name",
        "psn_name",
        "english_name",
        "chinese_name",
        "name_zh",
        "name_en",
        "familyname",
        "givenname",
        "account_name",
        "payee_name",
        "xm",
        "display_name",
        "birth_date",
        "birthdate",
        "dob",
        "brdy",
        "mobile",
        "phone",
        "telecom",
        "address",
        "email",
        "contact",
        "gend",
        "gender",
        "sex",
    ]
)
_IDENTITIES = frozenset(
    [
        "hkid",
        "number_hkid",
        "identity",
        "identity_number",
        "id_number",
        "document_number",
        "certno",
        "psn_cert_no",
        "card_number",
        "ecode",
        "insurance_ecode",
        "psn_no",
        "sub_id",
        "passport",
        "permit",
        "hkid_number",
        "mdtrt_cert_no",
        "person_number",
        "sfzh",
    ]
)
_ACCOUNTS = frozenset(
    [
        "account",
        "account_number",
        "account_id",
        "iban",
        "card",
        "card_no",
        "bank_account",
        "payee_account",
        "policy_number",
        "voucher_account",
        "voucher_account_id",
        "subscriberid",
    ]
)
_DIAGNOSES = frozenset(
    [
        "diagnosis",
        "diagnoses",
        "diagnosis_code",
        "diagnosiscodeableconcept",
        "diagnosis_list",
        "diseinfo",
        "condition",
        "conditions",
        "symptoms",
        "dise_name",
        "dise_code",
        "complaint",
        "procedure",
        "procedures",
        "clinical",
        "notes",
        "narrative",
        "note",
    ]
)
_BY_NAME = {
    **dict.fromkeys(_NAMES, Personal.NAME),
    **dict.fromkeys(_IDENTITIES, Personal.IDENTITY),
    **dict.fromkeys(_ACCOUNTS, Personal.ACCOUNT),
    **dict.fromkeys(_DIAGNOSES, Personal.DIAGNOSIS),
}
_PARTS: tuple[tuple[Personal, re.Pattern[str]], ...] = (
    (
        Personal.IDENTITY,
        re.compile(r"psn_?no|cert_?no|hkid|passport|permit|sfz|id_?card|ecode|身份|身分|[證证]件"),
    ),
    (
        Personal.ACCOUNT,
        re.compile(r"account|acct|iban|card_?(no|num)|policy|[帳账][戶户號号]|卡[號号]"),
    ),
    (Personal.DIAGNOSIS, re.compile(r"diag|dise|symptom|[診诊][斷断]|病[症情]")),
    (
        Personal.NAME,
        re.compile(
            r"psn_?name|patient_?name|holder|birth|brdy|mobile|phone|addr|e_?mail|surname"
            r"|(full|first|last|fore)_?name|姓|出生|[電电][話话]|手[機机]|地址"
        ),
    ),
)
"""Parts of what members are called: a party's own word for a thing is rarely ours."""
_EDGE, _END = r"(?<![A-Za-z0-9])", r"(?![A-Za-z0-9])"
_LOOKS: tuple[tuple[Personal, re.Pattern[str]], ...] = (
    (
        Personal.IDENTITY,
        re.compile(
            rf"{_EDGE}(?:[A-Za-z]{{1,2}} ?[0-9]{{6}} ?\(?[0-9Aa]\)?|[0-9]{{17}}[0-9Xx]"
            rf"|[HMhm][0-9]{{8}}(?:[0-9]{{2}})?|[A-Za-z]{{1,2}}[0-9]{{12,}}){_END}"
        ),
    ),
    (
        Personal.ACCOUNT,
        re.compile(
            rf"{_EDGE}[0-9]{{9,19}}{_END}|{_EDGE}[0-9]{{3}}-[0-9-]{{6,}}{_END}"
            rf"|{_EDGE}[0-9]{{4}}(?: [0-9]{{4}}){{2,4}}(?: [0-9]{{1,3}})?{_END}"
        ),
    ),
)
_DOCUMENT = frozenset({"type", "number"})
_LONG = 10**14
"""A figure beyond it is a number of somebody's, and no amount."""


def masked(told: Any, shown: Collection[Personal]) -> Any:
    """The same shape, with every class that is not ``shown`` hidden."""
    return told if set(shown) >= EVERYTHING else _masked(told, frozenset(shown), None)


def _masked(told: Any, shown: frozenset[Personal], within: Personal | None) -> Any:
    if isinstance(told, Mapping):
        return {key: _member(str(key), value, told, shown, within) for key, value in told.items()}
    if isinstance(told, list):
        return [_masked(one, shown, within) for one in told]
    if told is None or isinstance(told, bool):
        return told
    if within is not None and within not in shown:
        return _hidden(str(told), within)
    if isinstance(told, int) and abs(told) >= _LONG:
        return _text(str(told), shown)
    return _text(told, shown) if isinstance(told, str) else told


def _member(
    key: str, value: Any, told: Mapping[str, Any], shown: frozenset[Personal], within: Any
) -> Any:
    plain = key.lower().replace("-", "_")
    kind = within or _BY_NAME.get(plain) or _by_part(plain)
    if kind is None and plain == "number" and set(told) >= _DOCUMENT:
        kind = Personal.IDENTITY
    if kind is None and plain == "number" and "holder" in told:
        kind = Personal.ACCOUNT
    if kind is None and plain == "value" and "system" in told:
        kind = Personal.IDENTITY
    if plain == "resourcetype":
        return value
    return _masked(value, shown, kind)


def _by_part(key: str) -> Personal | None:
    return next((kind for kind, part in _PARTS if part.search(key)), None)


def _text(told: str, shown: frozenset[Personal]) -> str:
    """Digits of full width are digits: a text that hides something is given back in plain ones."""
    plain = unicodedata.normalize("NFKC", told)
    hidden = _looked_at(plain, shown)
    return told if hidden == plain else hidden


def _looked_at(told: str, shown: frozenset[Personal]) -> str:
    for kind, looks in _LOOKS:
        if kind not in shown:
            told = looks.sub(lambda found: masked_number(found[0]), told)
    return told


def _hidden(text: str, kind: Personal) -> str:
    """Names keep their first character, numbers their last two; of a diagnosis nothing is left."""
    match kind:
        case Personal.NAME:
            return masked_text(text)
        case Personal.DIAGNOSIS:
            return HIDDEN if text else text
        case _:
            return masked_number(text) if text else text
