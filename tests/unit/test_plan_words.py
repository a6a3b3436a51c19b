"""What a person reads about the program's rules stands in three languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

import crossclaim.plans as plans_room
from crossclaim.domain.allocation import Sentence
from crossclaim.domain.language import Language, written_in
from crossclaim.domain.plan import Plan
from crossclaim.domain.plan_reading import named, read_on
from crossclaim.plans.fault_words import reason_told
from crossclaim.plans.loader import load_plans
from crossclaim.plans.told import TEXTS, told

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
    alone = [p.id for p in _plans() if p.note and _alone(told(p.note))]
    assert alone + [p.id for p in _plans() if _alone(told(p.owner))] == []


def _beside(plan: Plan) -> Iterator[str]:
    """What stands beside single values; quotes are the sources' own words."""
    for source in plan.sources.values():
        yield from (source.title, source.reference)
    for one in plan.parameters.values():
        yield from (one.says, one.note)


_PLACE = re.compile(
    "yxsq|participant-information-notice|mingpao|reportify|chinadailyasia|scmp|generalichina"
)
"""Addresses, numbers, and names of papers as their addresses have them need no words."""
_NAMES_KEPT = {"docs", "reportify", "bastillepost", "CIPS", "Lei", "Protecção", "Dados", "Pessoais"}


def test_every_note_and_every_source_of_a_value_is_told_in_three_languages() -> None:
    texts = {text for plan in _plans() for text in _beside(plan) if text}
    assert len(texts) > 250
    alone = [text for text in texts if _alone(told(text)) and re.search("[a-z]{3}", text)]
    assert [one for one in sorted(alone) if not _only_places(one)] == []
    assert [
        one for one in texts if re.search("[\u4e00-\u9fff]", told(one).en) and _alone(told(one))
    ] == []


def _only_places(text: str) -> bool:
    return all(re.search("[0-9./]", word) or _PLACE.fullmatch(word) for word in text.split())


def test_chinese_of_a_note_has_no_english_word_left() -> None:
    for text in sorted({text for plan in _plans() for text in _beside(plan) if text}):
        for chinese in (told(text).zh_hant, told(text).zh_hans):
            words = set(re.findall(r"(?<![\w./-])[A-Za-z]{4,}(?![\w./-])", chinese)) - _NAMES_KEPT
            assert not words or chinese == text, (text, words)


@pytest.mark.parametrize("changed", ["{}x", "{} Nothing else.", "x{}"])
def test_a_changed_text_of_a_file_is_told_as_it_is_written(changed: str) -> None:
    for plan in _plans():
        for text in (plan.note, *_beside(plan)):
            assert _alone(told(changed.format(text)))


def test_words_are_kept_for_texts_that_stand_in_a_file_alone() -> None:
    stand = {text for plan in _plans() for text in (plan.note, plan.owner, *_beside(plan))}
    for path in TEXTS.glob("*.yaml"):
        kept = [one.get("text", one["en"]) for one in yaml.safe_load(path.read_text("utf-8"))]
        assert [one for one in kept if one not in stand] == []
        assert len(set(kept)) == len(kept)


def test_simplified_words_have_no_traditional_character() -> None:
    for path in TEXTS.glob("*.yaml"):
        for one in yaml.safe_load(path.read_text("utf-8")):
            assert written_in(one["zh_hans"]) in (Language.ZH_HANS, Language.EN), one


def test_a_quote_says_which_language_it_is_in() -> None:
    assert written_in("首期上线的医疗机构为中医院") is Language.ZH_HANS
    assert written_in("市場調節價") is Language.ZH_HANT
    assert written_in("¥800–600, cannot use") is Language.EN


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
