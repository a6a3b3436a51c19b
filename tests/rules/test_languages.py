"""What people read is there in three languages, each in its own script, with every gap filled.

Big5 holds the characters of Traditional Chinese and GB 2312 those of Simplified Chinese, so that a
character of the wrong script cannot be written in the encoding of the language that it stands in.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from enum import StrEnum
from string import Formatter

import pytest

import crossclaim.domain
from crossclaim.api import problem_sentences
from crossclaim.domain import (
    fault_sentences,
    sentence_words,
    sentences,
    step_faults,
    story_codes,
)
from crossclaim.domain.allocation import Sentence
from crossclaim.domain.family_account import Place
from crossclaim.domain.insured import Relation
from crossclaim.domain.payout_rail import Payer, Rail
from crossclaim.domain.plan import FxBasis, Plan
from crossclaim.domain.service_type import ServiceType
from crossclaim.domain.submission import (
    ChargeCategory,
    ConsentType,
    DocumentType,
    EncounterClass,
    FunderKind,
    SurgeryClass,
)
from tests.rules import facts as given
from tests.rules import scenario_runs

Triple = tuple[str, str, str]
SHARED_WITH_BIG5 = frozenset("后余并于里")
"""Simplified forms that Big5 holds too, as rare characters that no sentence of ours needs."""
LEFT_OVER = re.compile(r"[{}]|\bNone\b|\bTrue\b|\bFalse\b|\bDecimal\b|datetime|  ")
WHOLE_SENTENCES = {
    "crossclaim.domain.sentences._TEXTS": sentences._TEXTS,
    "crossclaim.domain.fault_sentences.FAULT_TEXTS": fault_sentences.FAULT_TEXTS,
    "crossclaim.domain.step_faults._TEXTS": step_faults._TEXTS,
}


def is_table(value: object) -> bool:
    return (
        isinstance(value, dict)
        and bool(value)
        and all(
            isinstance(one, tuple) and len(one) == 3 and all(isinstance(t, str) for t in one)
            for one in value.values()
        )
    )


def tables() -> Iterator[tuple[str, dict[str, Triple]]]:
    """Every table of sentences of the domain, wherever it stands, each once."""
    seen: set[int] = set()
    modules = [
        importlib.import_module(f"crossclaim.domain.{found.name}")
        for found in pkgutil.iter_modules(crossclaim.domain.__path__)
    ]
    for module in (*modules, problem_sentences):
        for name, value in vars(module).items():
            if is_table(value) and id(value) not in seen:
                seen.add(id(value))
                yield f"{module.__name__}.{name}", value


TABLES = dict(tables())
ALL = {
    f"{name.removeprefix('crossclaim.')}:{code}": triple
    for name, table in TABLES.items()
    for code, triple in table.items()
}


def gaps(text: str) -> list[str]:
    return sorted({name for _, name, _, _ in Formatter().parse(text) if name is not None})


def foreign(text: str, encoding: str) -> str:
    """The characters that the encoding of a language does not hold."""
    return "".join(c for c in text if c.encode(encoding, "ignore") == b"")


def wrong_script(traditional: str, simplified: str) -> str:
    rare = "".join(c for c in traditional if c in SHARED_WITH_BIG5)
    return foreign(traditional, "big5") + rare + foreign(simplified, "gb2312")


def faults_of(english: str, traditional: str, simplified: str) -> list[str]:
    """What is wrong with one statement in three languages."""
    found = [] if english.strip() and traditional.strip() and simplified.strip() else ["empty"]
    if not english.replace("…", "").isascii():
        found.append("English is not English")
    if traditional.isascii() or simplified.isascii():
        found.append("Chinese is not Chinese")
    if english in (traditional, simplified):
        found.append("two languages are one")
    if script := wrong_script(traditional, simplified):
        found.append(f"wrong script: {script}")
    return found


def test_the_tables_that_are_known_are_among_those_that_are_walked() -> None:
    known = (sentences._TEXTS, step_faults._TEXTS, fault_sentences.FAULT_TEXTS)
    walked = {id(table) for table in TABLES.values()}
    assert {id(table) for table in (*known, story_codes.EXCEPTIONS, story_codes.CODES)} <= walked
    assert len(ALL) >= 700


def gap_faults(english: str, traditional: str, simplified: str) -> list[str]:
    same = set(gaps(traditional)) == set(gaps(simplified)) <= set(gaps(english))
    return [] if same else ["gaps differ"]


def test_every_sentence_stands_in_three_languages_each_in_its_own_script() -> None:
    found = {code: [*faults_of(*one), *gap_faults(*one)] for code, one in ALL.items()}
    assert {code: faults for code, faults in found.items() if faults} == {}


@pytest.mark.parametrize("name", WHOLE_SENTENCES)
def test_what_is_told_alone_is_a_whole_sentence(name: str) -> None:
    for code, (english, traditional, simplified) in WHOLE_SENTENCES[name].items():
        assert english[0].isupper() or english[0] in "{", code
        assert english.endswith((".", "?")), code
        assert traditional.endswith(("。", "?", "?")), code
        assert simplified.endswith(("。", "?", "?")), code


def test_traditional_and_simplified_differ_wherever_their_characters_do() -> None:
    same = {
        code
        for table in WHOLE_SENTENCES.values()
        for code, (_, traditional, simplified) in table.items()
        if traditional == simplified
    }
    assert same == set()


def test_a_code_is_told_in_one_way_but_where_shape_and_rules_both_refuse() -> None:
    codes = [str(code) for table in WHOLE_SENTENCES.values() for code in table]
    assert {code for code in codes if codes.count(code) > 1} == {"AMOUNT_NEGATIVE", "PLAN_UNKNOWN"}


@pytest.mark.parametrize("plan", given.PLANS.plans, ids=lambda plan: plan.id)
def test_titles_and_terms_of_a_plan_stand_in_three_languages(plan: Plan) -> None:
    for text in (plan.title, *plan.terms.values()):
        assert text.en.strip()
        assert wrong_script(text.zh_hant, text.zh_hans) == ""


def told(file: str, name: str) -> list[Sentence]:
    found = scenario_runs.run(file, name)
    return [*(step.text for step in found.trace), *found.texts]


Case = tuple[str, str]
"""A file of cases, and the name of one of them. There are thousands: a test walks all of a file."""
CASES = {file: [case["name"] for case in scenario_runs.table(file)] for file in scenario_runs.RUNS}
of_each_file = pytest.mark.parametrize("file", CASES)


@of_each_file
def test_what_a_case_tells_is_whole_in_every_language(file: str) -> None:
    found: dict[Case, list[str]] = {}
    for name in CASES[file]:
        for text in told(file, name):
            three = (text.en, text.zh_hant, text.zh_hans)
            wrong = [*faults_of(*three), *(one for one in three if LEFT_OVER.search(one))]
            if wrong:
                found.setdefault((file, name), []).extend([*wrong, text.en])
    assert found == {}


@of_each_file
def test_every_step_and_refusal_of_a_case_has_a_code_with_a_sentence(file: str) -> None:
    known = {str(reason) for reason in sentences._TEXTS}
    found: list[tuple[str, str]] = []
    for name in CASES[file]:
        run = scenario_runs.run(file, name)
        codes = [*(step.result.split()[0] for step in run.trace), *run.codes]
        found += [(name, code) for code in codes if code not in known]
        found += [
            (name, step.result)
            for step in run.trace
            if not step.rule or not isinstance(step.inputs, dict)
        ]
    assert found == []


@pytest.mark.parametrize(
    "codes",
    [
        Relation,
        Place,
        EncounterClass,
        ServiceType,
        ChargeCategory,
        SurgeryClass,
        DocumentType,
        ConsentType,
        FunderKind,
        FxBasis,
        Rail,
        Payer,
    ],
)
def test_every_code_that_a_sentence_may_hold_has_its_words(codes: type[StrEnum]) -> None:
    assert {code.value for code in codes} <= set(sentence_words.WORDS)


OF_STEPS = {"ACCOUNT_NOT_CHECKED"}
"""No rule says it but the step that chooses a rail, by the bank's profile:
``tests/steps/test_account_checks.py``."""


def test_every_code_of_the_rules_is_told_by_a_case() -> None:
    found = [scenario_runs.run(file, name) for file, names in CASES.items() for name in names]
    codes = {code for one in found for code in one.codes}
    codes |= {step.result.split()[0] for one in found for step in one.trace}
    assert {str(reason) for reason in sentences._TEXTS} - codes == OF_STEPS


def bare_codes(text: Sentence) -> set[str]:
    chinese = f"{text.zh_hant} {text.zh_hans}"
    return set(re.findall(r"(?<![(\w-])[a-z_]+(?![\w-])", chinese)) & set(sentence_words.WORDS)


@of_each_file
def test_no_chinese_sentence_of_a_case_holds_a_bare_code(file: str) -> None:
    """Names of rules and facts are alike in every language; a code to be written is in brackets."""
    found: list[tuple[str, set[str]]] = []
    for name in CASES[file]:
        run = scenario_runs.run(file, name)
        texts = [(step.result.split()[0], step.text) for step in run.trace]
        for code, text in (*texts, *zip(run.codes, run.texts, strict=False)):
            if code not in {"RULE_NEEDS_PERSON", "BASIC_FACT_NOT_STATED"} and bare_codes(text):
                found.append((name, bare_codes(text)))
    assert found == []


@pytest.mark.parametrize(
    ("triple", "fault"),
    [
        (("", "有", "有"), "empty"),
        (("The bill.", "帳單。", "帳單。"), "wrong script: 帳單"),
        (("The bill.", "账单。", "账单。"), "wrong script: 账单"),
        (("The rest.", "之后。", "之后。"), "wrong script: 后"),
        (("The bill.", "The bill.", "账单。"), "Chinese is not Chinese"),
        (("帐单", "帳單", "账单"), "English is not English"),
    ],
)
def test_a_sentence_in_the_wrong_language_is_seen(triple: Triple, fault: str) -> None:
    assert fault in faults_of(*triple)


@pytest.mark.parametrize("text", ["{amount} left", "None left", "a  b", "paid True"])
def test_an_unfilled_gap_is_seen(text: str) -> None:
    assert LEFT_OVER.search(text)
