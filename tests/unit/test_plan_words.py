"""What a person reads about the program's rules stands in three languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import crossclaim.plans as plans_room
from crossclaim.domain.allocation import Sentence
from crossclaim.domain.plan import Plan
from crossclaim.domain.plan_introductions import introduced, owned
from crossclaim.domain.plan_reading import named, read_on
from crossclaim.plans.fault_words import reason_told
from crossclaim.plans.loader import load_plans

_SAYS = {"fault": 2, "_fault": 2, "ValueRefused": 1}
"""Who is told a reason, and the place of it."""
_NAMES = ("reason", "why", "problem")


def _alone(sentence: Sentence) -> bool:
    return sentence.zh_hant == sentence.en


def _plans() -> tuple[Plan, ...]:
    return load_plans(demonstration=True).plans


def _wordless(plan: Plan) -> Iterator[str]:
    """Rules of which a part is in English alone; codes of price lists, days and numbers are."""
    for key in plan.parameters:
        parts = [one for one in key.split(".") if not key.startswith("prices.")]
        for part in parts:
            if _alone(named(plan, part)):
                yield f"{plan.id}: {part}"
    days = {dated.since for one in plan.parameters.values() for dated in one.values}
    for day in days:
        for rule in (rule for group in read_on(plan, day) for rule in group.rules):
            words = re.sub(r"CNY|HKD|MOP|MiB|[A-Z]+-", "", rule.value.en)
            if re.search("[a-z]{3}", words) and _alone(rule.value):
                yield f"{plan.id}: {rule.key} = {rule.value.en}"


def test_every_rule_of_the_program_is_told_in_three_languages() -> None:
    found = sorted({one for plan in _plans() for one in _wordless(plan)})
    assert [one for one in found if "hku-szh" not in one] == []


def test_every_introduction_and_every_owner_is_told_in_three_languages() -> None:
    alone = [p.id for p in _plans() if p.note and _alone(introduced(p.note))]
    assert alone + [p.id for p in _plans() if _alone(owned(p.owner))] == []


def test_every_fault_of_a_rule_file_is_told_in_three_languages() -> None:
    room = Path(str(plans_room.__file__)).parent
    reasons = {
        one
        for path in sorted(room.glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for one in _reasons(node)
    }
    assert len(reasons) > 45
    assert [one for one in sorted(reasons) if _alone(reason_told(one))] == []
    told = reason_told("leaves a gap from 2026-01-01 on, when per_day holds")
    assert "2026-01-01" in told.zh_hans and "per_day" in told.zh_hans


def _reasons(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        place = _SAYS.get(name)
        if place is not None and len(node.args) > place:
            yield from _text(node.args[place])
        yield from (t for k in node.keywords if k.arg == "reason" for t in _text(k.value))
    if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in _NAMES:
        yield from _text(node.value)


def _text(node: ast.expr) -> Iterator[str]:
    """As it reads with something in its places; nothing for what is handed on."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    if isinstance(node, ast.JoinedStr):
        parts = (p.value if isinstance(p, ast.Constant) else "X" for p in node.values)
        yield "".join(str(part) for part in parts)
