"""Faults of shape: members missing or unknown, wrong types, amounts and dates that cannot be read.

The model judges the whole; amounts and dates are judged place by place as well, since the model
stops at the first thing wrong with an amount and takes moments that our wire does not know.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple, get_args, get_origin

from pydantic import AwareDatetime, BaseModel, ValidationError
from pydantic_core import ErrorDetails

from crossclaim.domain.allocation import Fault
from crossclaim.domain.fault_piece import pointer_to, read_day, read_moment
from crossclaim.domain.fault_sentences import fault
from crossclaim.domain.money import Currency, Money
from crossclaim.domain.submission import ChargeCategory, ConsentType, DocumentType, FunderKind, Wire

YEARS = (1900, 2199)
"""Moments outside overflow calendars and databases; no person's papers need them."""

_KEY = "[key]"
"""How the model says that the name of a member, not its value, is wrong."""
_AMOUNT = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,2})?")
_UNKNOWN_CODES: dict[frozenset[str], str] = {
    frozenset(choices): code
    for choices, code in (
        (FunderKind, "FUNDER_UNKNOWN"),
        (ConsentType, "CONSENT_TYPE_UNKNOWN"),
        (DocumentType, "IDENTITY_TYPE_UNKNOWN"),
        (ChargeCategory, "CATEGORY_UNKNOWN"),
    )
}
_CODE_OF_ERROR = {
    "date_parsing": "DATE_NOT_VALID",
    "date_type": "DATE_NOT_VALID",
    "datetime_parsing": "TIME_NOT_VALID",
    "datetime_type": "TIME_NOT_VALID",
    "datetime_from_date_parsing": "TIME_NOT_VALID",
    "timezone_aware": "TIME_WITHOUT_ZONE",
    "string_too_short": "TEXT_LENGTH",
    "string_too_long": "TEXT_LENGTH",
}
_EXPECTED_OF_ERROR = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "list_type": "a list",
    "model_type": "an object",
    "dict_type": "an object",
    "bool_type": "true or false",
}


class _Place(NamedTuple):
    """A leaf of a shape that the raw value fills."""

    pointer: str
    kind: Any
    value: object


def read_shape(shape: type[Wire], raw: object) -> tuple[Wire | None, list[Fault]]:
    """The model, or every fault of shape; never both."""
    places = list(_places_of(shape, raw, ""))
    faults = [f for place in places for f in _place_faults(place)]
    amounts = {place.pointer for place in places if place.kind is Money}
    judged = amounts | {f.pointer for f in faults}
    try:
        model = shape.model_validate_json(json.dumps(raw), strict=True)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
        told = [_fault_of(one) for one in errors]
        faults += [f for f in told if not _inside(f.pointer, judged)]
        return None, faults or told
    return (None, faults) if faults else (model, [])


def _inside(pointer: str, judged: set[str]) -> bool:
    """Whether the place, or the amount around it, has been judged already."""
    return pointer in judged or pointer.rpartition("/")[0] in judged


def _places_of(shape: type[BaseModel], value: object, pointer: str) -> Iterator[_Place]:
    if not isinstance(value, dict):
        return
    for name, field in shape.model_fields.items():
        if value.get(name) is not None:
            yield from _places_in(field.annotation, value[name], pointer_to(pointer, name))


def _places_in(kind: Any, value: object, pointer: str) -> Iterator[_Place]:
    arms = [arm for arm in get_args(kind) if arm is not type(None)]
    if get_origin(kind) is list:
        for i, item in enumerate(value if isinstance(value, list) else []):
            yield from _places_in(arms[0], item, pointer_to(pointer, i))
    elif get_origin(kind) is dict:
        for name, item in value.items() if isinstance(value, dict) else ():
            yield from _places_in(arms[1], item, pointer_to(pointer, name))
    elif len(arms) == 1 and type(None) in get_args(kind):
        yield from _places_in(arms[0], value, pointer)
    elif isinstance(kind, type) and issubclass(kind, Wire):
        yield from _places_of(kind, value, pointer)
    else:
        yield _Place(pointer, kind, value)


def _place_faults(place: _Place) -> list[Fault]:
    judges: dict[Any, Callable[[str, object], list[Fault]]] = {
        Money: money_faults,
        date: _day_faults,
        AwareDatetime: _moment_faults,
    }
    judge = judges.get(place.kind) if isinstance(place.kind, type) else None
    return judge(place.pointer, place.value) if judge else []


def money_faults(pointer: str, value: object) -> list[Fault]:
    """Everything wrong with one amount; right is ``{"amount": "1286.40", "currency": "CNY"}``."""
    if not isinstance(value, dict):
        return [fault("AMOUNT_NOT_EXACT", pointer)]
    faults = [
        fault("MEMBER_UNKNOWN", pointer_to(pointer, name))
        for name in value
        if name not in {"amount", "currency"}
    ]
    faults += [
        fault("MEMBER_MISSING", pointer_to(pointer, name), name=name)
        for name in ("amount", "currency")
        if name not in value
    ]
    text = value.get("amount")
    if "amount" in value and not (isinstance(text, str) and _AMOUNT.fullmatch(text)):
        faults.append(fault("AMOUNT_NOT_EXACT", pointer))
    if "currency" in value and value["currency"] not in list(Currency):
        known = ", ".join(currency.value for currency in Currency)
        faults.append(fault("CURRENCY_UNKNOWN", pointer_to(pointer, "currency"), allowed=known))
    return faults


def _day_faults(pointer: str, value: object) -> list[Fault]:
    return _year_faults(pointer, read_day(value))


def _moment_faults(pointer: str, value: object) -> list[Fault]:
    moment = read_moment(value)
    if moment is None and isinstance(value, str) and re.fullmatch(r"[0-9.+\-]+", value):
        return [fault("TIME_NOT_VALID", pointer)]
    return _year_faults(pointer, moment)


def _year_faults(pointer: str, day: date | datetime | None) -> list[Fault]:
    low, high = YEARS
    if day is None or low <= day.year <= high:
        return []
    return [fault("DATE_OUT_OF_RANGE", pointer, low=low, high=high)]


def _fault_of(error: ErrorDetails) -> Fault:
    """One error of the model as a fault. Values are never repeated, so no personal data leak."""
    pointer = ""
    for member in error["loc"]:
        if member != _KEY:
            pointer = pointer_to(pointer, member)
    kind = error["type"]
    if kind == "missing":
        return fault("MEMBER_MISSING", pointer, name=str(error["loc"][-1]))
    if kind == "extra_forbidden":
        return fault("MEMBER_UNKNOWN", pointer)
    if kind in {"enum", "literal_error"}:
        allowed = re.findall(r"'([^']*)'", str(error["ctx"]["expected"]))
        code = _UNKNOWN_CODES.get(frozenset(allowed), "VALUE_NOT_ALLOWED")
        return fault(code, pointer, allowed=", ".join(allowed))
    if kind == "string_pattern_mismatch":
        return fault("CODE_FORM", pointer, pattern=error["ctx"]["pattern"])
    if kind in _EXPECTED_OF_ERROR:
        return fault("VALUE_TYPE", pointer, expected=_EXPECTED_OF_ERROR[kind])
    return fault(_CODE_OF_ERROR.get(kind, "VALUE_NOT_VALID"), pointer)


def unknown_choice(code: str, pointer: str, choices: list[StrEnum]) -> Fault:
    """A value that the shape knows and this installation does not work with."""
    return fault(code, pointer, allowed=", ".join(choice.value for choice in choices))
