"""Builds the steps of a trace: the rule, its source and values, and the sentence for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from crossclaim.domain.allocation import Fault, TraceStep
from crossclaim.domain.plan import PlanAt
from crossclaim.domain.sentences import sentence, worded
from crossclaim.domain.trusted import trusted

EMPTY: Mapping[str, object] = MappingProxyType({})


_MEMBERS = set(TraceStep.model_fields)
_PLAIN_MEMBERS = _MEMBERS - {"source", "assumption"}


class Quoted(NamedTuple):
    """What a step says about its rules; lines that rest on the same rules share one."""

    rule: str
    on: date
    texts: tuple[tuple[str, str], ...]
    """Name and value of each rule."""
    source: str
    assumption: bool

    def step(
        self,
        reason: StrEnum,
        figure: str,
        words: Mapping[str, str],
        inputs: dict[str, str],
        assumed: bool = False,
    ) -> TraceStep:
        """``inputs`` becomes the step's own; the rules are put in after them."""
        inputs.update(self.texts)
        values: dict[str, object] = {
            "rule": self.rule,
            "on": self.on,
            "inputs": inputs,
            "result": f"{reason} {figure}" if figure else reason.value,
            "text": worded(reason, words),
            "source": self.source,
            "assumption": assumed or self.assumption,
        }
        return trusted(TraceStep, _MEMBERS, values)


def quoted(plan: PlanAt, keys: Sequence[str]) -> Quoted:
    """The first key names the rule, all that the plan has are quoted."""
    said = plan.derived(_quotes)
    names = tuple(keys)
    if names not in said:
        if len(said) >= _QUOTES_MAX:
            said.clear()
        rules = [plan.rules[key] for key in keys if key in plan.rules]
        said[names] = (
            f"{plan.plan}:{keys[0]}",
            tuple(rule.texts for rule in rules),
            "; ".join(dict.fromkeys(rule.source for rule in rules)),
            any(rule.assumption for rule in rules),
        )
    rule, texts, source, assumption = said[names]
    return Quoted(rule, plan.on, texts, source, assumption)


_Said = tuple[str, tuple[tuple[str, str], ...], str, bool]
_QUOTES_MAX = 1000
"""Far more than one plan's combinations of keys; a bound so that nothing can grow for ever."""


def _quotes(plan: PlanAt) -> dict[tuple[str, ...], _Said]:
    """What has been quoted of these rules so far."""
    return {}


def traced(
    plan: PlanAt,
    keys: Sequence[str],
    reason: StrEnum,
    result: object,
    *,
    words: Mapping[str, object] = EMPTY,
    inputs: Mapping[str, object] = EMPTY,
    assumed: bool = False,
) -> TraceStep:
    """One step that rests on rules of a plan; the first key names the rule, all are quoted.

    ``assumed`` marks a step that also used a fact which nobody gave.
    """
    return quoted(plan, keys).step(
        reason, str(result), _as_text(words), _as_text(inputs), assumed=assumed
    )


def _as_text(values: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}


def plain(
    rule: str,
    on: date,
    reason: StrEnum,
    result: object,
    inputs: Mapping[str, object] = EMPTY,
    **words: object,
) -> TraceStep:
    """One step that rests on arithmetic or on somebody's decision, not on a plan's value."""
    values: dict[str, object] = {
        "rule": rule,
        "on": on,
        "inputs": _as_text(inputs),
        "result": f"{reason} {result}",
        "text": worded(reason, _as_text(words)),
        "source": "",
        "assumption": False,
    }
    return trusted(TraceStep, _PLAIN_MEMBERS, values)


def fault(reason: StrEnum, pointer: str, **words: object) -> Fault:
    """A fault with its sentence. Pointers into the bill, or into the episode below ``/episode``."""
    return Fault(code=reason.value, pointer=pointer, text=sentence(reason, **words))
