"""A place in a FHIR message: reads values there and notes a fault, with its path, if it cannot."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from crossclaim.api.fhir_fault import FhirFault, fault
from crossclaim.domain.allocation import Fault
from crossclaim.domain.money import Currency
from crossclaim.gateways import fhir_terms as terms

_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_AMOUNT_END = Decimal(10) ** 13


@dataclass(frozen=True)
class Leaf:
    """A value for our submission and the place that it came from."""

    value: Any
    path: str


@dataclass(frozen=True)
class Element:
    """``value`` is None where nothing stands; reading on from there notes no further fault."""

    value: Any
    path: str
    faults: list[Fault]

    def __bool__(self) -> bool:
        return self.value is not None

    def note(self, code: FhirFault) -> None:
        self.faults.append(fault(code, self.path))

    def maybe(self, name: str) -> Element:
        """The member, absent or not."""
        member = self.value.get(name) if isinstance(self.value, dict) else None
        return Element(member, f"{self.path}.{name}", self.faults)

    def need(self, name: str) -> Element:
        """The member; its absence is a fault, unless the parent's already was."""
        member = self.maybe(name)
        if self and not member:
            member.note(FhirFault.ELEMENT_MISSING)
        return member

    def each(self, name: str) -> list[Element]:
        """The elements of a repeating member."""
        members = self.maybe(name).value
        if not isinstance(members, list):
            return []
        path = f"{self.path}.{name}"
        return [Element(m, f"{path}[{i}]", self.faults) for i, m in enumerate(members)]

    def first(self, name: str) -> Element:
        """The first of a repeating member, or nothing."""
        absent = Element(None, f"{self.path}.{name}", self.faults)
        return next(iter(self.each(name)), absent)

    def text(self) -> Leaf | None:
        """A string."""
        if not self:
            return None
        if not isinstance(self.value, str) or not self.value.strip():
            self.note(FhirFault.ELEMENT_INVALID)
            return None
        return Leaf(self.value, self.path)

    def whole(self) -> Leaf | None:
        """A whole number, also from digits in a string (an identifier's value)."""
        number = self._number() if not isinstance(self.value, str) else _digits(self.value)
        if not self:
            return None
        if number is None or number != number.to_integral_value() or abs(number) >= _AMOUNT_END:
            self.note(FhirFault.ELEMENT_INVALID)
            return None
        return Leaf(int(number), self.path)

    def day(self) -> Leaf | None:
        """A full date; a dateTime gives its date."""
        text = self.text()
        if text is None:
            return None
        shown = str(text.value)[:10]
        if not _DATE.fullmatch(shown) or not _on_the_calendar(shown):
            self.note(FhirFault.ELEMENT_INVALID)
            return None
        return Leaf(shown, self.path)

    def instant(self) -> Leaf | None:
        """A dateTime with time and offset."""
        text = self.text()
        if text and not _INSTANT.fullmatch(str(text.value)):
            self.note(FhirFault.TIME_WITHOUT_OFFSET)
            return None
        if text and not _on_the_calendar(str(text.value)):
            self.note(FhirFault.ELEMENT_INVALID)
            return None
        return text

    def quantity_of_money(self) -> Leaf | None:
        """A ``Quantity`` whose code is a currency of ISO 4217."""
        if self and self.maybe("system").value != terms.CURRENCY:
            self.maybe("system").note(FhirFault.SYSTEM_UNKNOWN)
        return self.money("code")

    def money(self, currency_name: str = "currency") -> Leaf | None:
        """``Money`` as our own wire writes it."""
        if not self:
            return None
        currency = self.maybe(currency_name)
        if not currency:
            currency.note(FhirFault.CURRENCY_MISSING)
        elif currency.value not in list(Currency):
            currency.note(FhirFault.CURRENCY_UNKNOWN)
        value = self.need("value")
        number = value._number()
        if not value:
            return None
        if number is None or abs(number) >= _AMOUNT_END or number != round(number, 2):
            value.note(FhirFault.AMOUNT_INVALID)
            return None
        if currency.value not in list(Currency):
            return None
        return Leaf({"amount": f"{number:.2f}", "currency": currency.value}, self.path)

    def expect(self, code: str) -> None:
        """Anything but ``code`` is a fault; nothing at all is none."""
        if self and self.value != code:
            self.note(FhirFault.CODE_UNKNOWN)

    def expect_code(self, system: str, code: str) -> None:
        """The same for a CodeableConcept."""
        found = self.code_in(system)
        if found and found.value != code:
            self.faults.append(fault(FhirFault.CODE_UNKNOWN, found.path))

    def code_in(self, *systems: str) -> Leaf | None:
        """The code in the first of ``systems`` that is there; a fault when none is."""
        code = self.maybe_code_in(*systems)
        if self and code is None:
            self.note(FhirFault.SYSTEM_UNKNOWN)
        return code

    def maybe_code_in(self, *systems: str) -> Leaf | None:
        """The code of a CodeableConcept or Coding in the first of ``systems`` that it has."""
        codings = self.each("coding") or ([self] if self.maybe("code") else [])
        for system in systems:
            for coding in codings:
                if coding.maybe("system").value == system:
                    return coding.need("code").text()
        return None

    def identifier_in(self, system: str) -> Element:
        """The value of the identifier under ``system``; its absence is a fault."""
        for identifier in self.each("identifier"):
            if identifier.maybe("system").value == system:
                return identifier.need("value")
        absent = Element(None, f"{self.path}.identifier", self.faults)
        if self:
            absent.note(FhirFault.SYSTEM_UNKNOWN)
        return absent

    def _number(self) -> Decimal | None:
        if isinstance(self.value, bool) or not isinstance(self.value, int | float | Decimal):
            return None
        try:
            number = Decimal(str(self.value))
        except (InvalidOperation, ValueError):
            return None
        return number if number.is_finite() and number.adjusted() < 20 else None


def _on_the_calendar(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _digits(text: str) -> Decimal | None:
    return Decimal(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def separate(tree: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Splits a tree with ``Leaf`` ends into plain values and JSON pointer → FHIRPath.

    Members without a value are left out.
    """
    origins: dict[str, str] = {}
    plain: dict[str, Any] = _plain(tree, "", origins)
    return plain, origins


def _plain(node: Any, pointer: str, origins: dict[str, str]) -> Any:
    if isinstance(node, Leaf):
        origins[pointer] = node.path
        return node.value
    if isinstance(node, Mapping):
        return {
            name: _plain(member, f"{pointer}/{name}", origins)
            for name, member in node.items()
            if member is not None
        }
    if isinstance(node, list):
        return [_plain(member, f"{pointer}/{i}", origins) for i, member in enumerate(node)]
    return node
