"""Turns the tree of one rule file into a ``Plan`` and collects every fault on the way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from typing import TypeVar, cast, get_args

from crossclaim.domain.allocation import Sentence
from crossclaim.domain.plan import (
    ClockBasis,
    DatedValue,
    FxBasis,
    Parameter,
    Plan,
    Source,
    Unit,
)
from crossclaim.domain.submission import FunderKind
from crossclaim.plans.fault import PlanFault, add
from crossclaim.plans.tree import Tree
from crossclaim.plans.values import CODE, ValueRefused, read_value

_NAME = re.compile(r"[a-z0-9][a-z0-9_\-]{0,63}")
_REQUIRED = (
    "id",
    "title",
    "funder",
    "jurisdiction",
    "owner",
    "fx_basis",
    "clock_basis",
    "last_reviewed",
    "sources",
    "parameters",
)
_OPTIONAL = ("note", "example", "terms")
_LEAF_REQUIRED = ("unit", "values", "source")
_LEAF_OPTIONAL = ("quote", "says", "last_reviewed", "assumption", "note")
_JURISDICTIONS = cast(tuple[str, ...], get_args(Plan.model_fields["jurisdiction"].annotation))
_MAY_BE: dict[str, Iterable[str]] = {
    "funder": FunderKind,
    "jurisdiction": _JURISDICTIONS,
    "fx_basis": FxBasis,
    "clock_basis": ClockBasis,
    "last_reviewed": "2026-01-01",
    "unit": Unit,
    "values": "{2026-01-01: value}",
}
"""What stands under a member, for whoever has left it out."""
Word = TypeVar("Word", bound=StrEnum)


class PlanReader:
    """Reads one file's tree. ``lines``: where each parameter stands, for checks that come later."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[PlanFault] = []
        self.lines: dict[str, int] = {}
        self._may_be = dict(_MAY_BE)

    def plan(self, root: Tree) -> Plan | None:
        """The plan without its version, or None when the file has faults."""
        top = self._members(root, _REQUIRED, _OPTIONAL)
        sources = {
            name: Source(**{k: self._text(v) for k, v in self._pair(tree).items()})
            for name, tree in self._named(top.get("sources"))
        }
        self._may_be["source"] = sources
        terms = {name: self._sentence(tree) for name, tree in self._named(top.get("terms"))}
        reviewed = self._date(top.get("last_reviewed"))
        funder = self._word(top.get("funder"), FunderKind)
        parameters = {
            parameter.key: parameter
            for leaf in self._leaves(top.get("parameters"))
            if (parameter := self._parameter(leaf, sources, reviewed)) is not None
        }
        fields = {
            "id": self._code(top.get("id")),
            "title": self._sentence(top.get("title")),
            "funder": funder,
            "jurisdiction": self._choice(top.get("jurisdiction"), _JURISDICTIONS),
            "owner": self._text(top.get("owner")),
            "fx_basis": self._word(top.get("fx_basis"), FxBasis),
            "clock_basis": self._word(top.get("clock_basis"), ClockBasis),
            "last_reviewed": reviewed,
            "note": self._text(top.get("note")) if "note" in top else "",
            "example": self._flag(top.get("example")),
            "sources": sources,
            "terms": terms,
            "parameters": parameters,
        }
        return None if self.faults else Plan.model_validate(fields)

    def fault(self, line: int, key: str, reason: str, allowed: str | Iterable[str] = "") -> None:
        words = allowed if isinstance(allowed, str) else ", ".join(sorted(allowed))
        found = PlanFault(file=self.file, line=line, key=key, reason=reason, allowed=words)
        add(self.faults, found)

    def _members(
        self, tree: Tree, required: tuple[str, ...], optional: tuple[str, ...]
    ) -> dict[str, Tree]:
        if tree.members is None:
            self.fault(tree.line, tree.key, "is not a mapping", required)
            return {}
        for name, member in tree.members.items():
            if name not in required and name not in optional:
                allowed = (*required, *optional)
                self.fault(member.line, member.key, "is not a known key", allowed)
        for name in required:
            if name not in tree.members:
                key = f"{tree.key}.{name}" if tree.key else name
                self.fault(tree.line, key, "is missing", self._may_be.get(name, ""))
        return tree.members

    def _named(self, tree: Tree | None) -> Iterator[tuple[str, Tree]]:
        if tree is None:
            return
        if tree.members is None:
            self.fault(tree.line, tree.key, "is not a mapping")
            return
        for name, member in tree.members.items():
            if not _NAME.fullmatch(name):
                self.fault(member.line, member.key, "is not a name", "a-z, 0-9, - and _")
            yield name, member

    def _pair(self, tree: Tree) -> dict[str, Tree | None]:
        members = self._members(tree, ("title", "reference"), ())
        return {name: members.get(name) for name in ("title", "reference")}

    def _sentence(self, tree: Tree | None) -> Sentence:
        names = ("en", "zh_hant", "zh_hans")
        members = self._members(tree, names, ()) if tree is not None else {}
        texts = {name: self._text(members.get(name)) for name in names}
        return Sentence(**texts)

    def _leaves(self, tree: Tree | None) -> Iterator[Tree]:
        """Branches are mappings of names; a leaf is a mapping that has a unit or values."""
        for _, member in self._named(tree):
            keys = member.members or {}
            if member.members is None or not keys:
                self.fault(member.line, member.key, "holds no parameter", _LEAF_REQUIRED)
            elif "values" in keys or "unit" in keys:
                yield member
            else:
                yield from self._leaves(member)

    def _parameter(
        self, leaf: Tree, sources: dict[str, Source], reviewed: date | None
    ) -> Parameter | None:
        before = len(self.faults)
        members = self._members(leaf, _LEAF_REQUIRED, _LEAF_OPTIONAL)
        unit = self._word(members.get("unit"), Unit)
        values = self._dated(members.get("values"), unit)
        source = self._choice(members.get("source"), tuple(sources))
        own = members.get("last_reviewed")
        reviewed = self._date(own) if own is not None else reviewed
        if len(self.faults) > before or unit is None or reviewed is None:
            return None
        key = leaf.key.removeprefix("parameters.")
        self.lines[key] = leaf.line
        return Parameter(
            key=key,
            unit=unit,
            values=values,
            source=source,
            quote=self._optional(members.get("quote")),
            says=self._optional(members.get("says")),
            last_reviewed=reviewed,
            assumption=self._flag(members.get("assumption")),
            note=self._optional(members.get("note")),
        )

    def _dated(self, tree: Tree | None, unit: Unit | None) -> tuple[DatedValue, ...]:
        if tree is None or unit is None:
            return ()
        if not tree.members:
            self.fault(tree.line, tree.key, "has no dated value", "{2026-01-01: value}")
            return ()
        found: list[DatedValue] = []
        for name, member in tree.members.items():
            try:
                since = date.fromisoformat(name)
                value = read_value(member, unit)
            except ValueRefused as refused:
                self.fault(refused.line, member.key, refused.reason, refused.allowed)
                continue
            except ValueError:
                self.fault(member.line, member.key, f"{name} is not a date", "2026-01-01")
                continue
            if found and since <= found[-1].since:
                self.fault(member.line, member.key, "dates do not ascend", "earliest first")
            found.append(DatedValue(since=since, value=value))
        if found and found[0].value is None:
            self.fault(tree.line, tree.key, "begins with null", "a value or unknown first")
        return tuple(found)

    def _text(self, tree: Tree | None) -> str:
        if tree is None:
            return ""
        if tree.text is None or tree.null or not tree.text.strip():
            self.fault(tree.line, tree.key, "is not a text")
            return ""
        return tree.text.strip()

    def _optional(self, tree: Tree | None) -> str:
        return "" if tree is None else self._text(tree)

    def _code(self, tree: Tree | None) -> str:
        text = self._text(tree)
        if tree is not None and text and not CODE.fullmatch(text):
            self.fault(tree.line, tree.key, f"{text!r} is not a code", "letters, digits, - and _")
        return text

    def _choice(self, tree: Tree | None, allowed: tuple[str, ...]) -> str:
        text = self._text(tree)
        if tree is not None and text and text not in allowed:
            self.fault(tree.line, tree.key, f"{text!r} is not known", allowed)
        return text

    def _word(self, tree: Tree | None, words: type[Word]) -> Word | None:
        text = self._choice(tree, tuple(word.value for word in words))
        return next((word for word in words if word.value == text), None)

    def _flag(self, tree: Tree | None) -> bool:
        return tree is not None and self._choice(tree, ("true", "false")) == "true"

    def _date(self, tree: Tree | None) -> date | None:
        if tree is None:
            return None
        try:
            return date.fromisoformat(tree.text or "")
        except ValueError:
            self.fault(tree.line, tree.key, f"{tree.text!r} is not a date", "2026-01-01")
            return None


def known_words(parameter: Parameter) -> Iterator[str]:
    """Every code that a parameter names, on any date."""
    for dated in parameter.values:
        if isinstance(dated.value, tuple):
            yield from dated.value
        elif isinstance(dated.value, str):
            yield dated.value
