"""No message, order or answer of ours can grow with what a patient, a hospital or a bank sends.

Content stands in rows and objects; histories carry ids, codes, times and amounts. So nothing has to
be kept outside the engine by reference: a payload of more than 128 KiB cannot come to be.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import typing
from collections.abc import Callable, Iterator
from typing import Any

from pydantic import BaseModel

import activities
from crossclaim.domain.standing import Standing
from crossclaim.domain.subject_request import JUDGED_AT_ONCE, Judged
from workers.registry import WORKFLOWS

LIMIT = 128 * 1024
GROWING = (list, tuple, dict, set, frozenset, bytes)
_A_LOOK = "of a bill of LOOK_BYTES at most, and about as long as it"
_A_ROUND = "at most JUDGED_AT_ONCE and what one more person has"
BOUNDED = {
    "ErasureOrder.judged": _A_ROUND,
    "end_erased_runs: judged": _A_ROUND,
    "judge_erasures: return": _A_ROUND,
    "BillLook.content": _A_LOOK,
    "BillLooked.faults": _A_LOOK,
    "BillDifference.lines": _A_LOOK,
    "BillDifference.funders": _A_LOOK,
    "LineDifference.funders": _A_LOOK,
    "FunderDifference.reasons": _A_LOOK,
}
"""``Model.member`` or ``step: what`` that holds several of something → why they stay few."""


def steps() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every activity by its name."""
    for module in pkgutil.iter_modules(activities.__path__):
        room = importlib.import_module(f"activities.{module.name}")
        for _, kind in inspect.getmembers(room, inspect.isclass):
            for _, method in inspect.getmembers(kind, inspect.isfunction):
                found = getattr(method, "__temporal_activity_definition", None)
                if found is not None:
                    yield found.name, method


def messages() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every run, update, signal and query of a workflow."""
    marks = ("run", "update", "signal", "query")
    for workflow in WORKFLOWS:
        for name, method in inspect.getmembers(workflow, inspect.isfunction):
            told = [f"__temporal_workflow_{mark}" for mark in marks]
            known = any(hasattr(method, mark) for mark in told) or hasattr(method, "_defn")
            if known:
                yield f"{workflow.__name__}.{name}", method


def growing(place: str, told: Any, seen: set[type]) -> Iterator[str]:
    """Members, at any depth, that hold as many of something as somebody sends."""
    for part in (told, *typing.get_args(told)):
        origin = typing.get_origin(part) or part
        if origin in GROWING or origin is Any:
            yield place
        if inspect.isclass(part) and issubclass(part, BaseModel) and part not in seen:
            seen.add(part)
            for name, member in part.model_fields.items():
                yield from growing(f"{part.__name__}.{name}", member.annotation, seen)
        elif typing.get_args(part) and part is not told:
            yield from growing(place, part, seen)


def found() -> set[str]:
    places: set[str] = set()
    for name, method in [*steps(), *messages()]:
        for what, told in typing.get_type_hints(method).items():
            places |= set(growing(f"{name}: {what}", told, set()))
    return places


def test_what_can_hold_several_is_known_and_bounded() -> None:
    assert len(dict(steps())) > 60
    assert found() == set(BOUNDED)


def test_a_round_of_erasures_and_a_full_standing_are_far_from_the_limit() -> None:
    judged = Judged(scope=f"ep_{'0' * 26}-spouse", request_id=f"sr_{'0' * 26}")
    assert 2 * JUDGED_AT_ONCE * (len(judged.model_dump_json()) + 1) < LIMIT
    longest = dict.fromkeys(Standing.model_fields, "x" * 200)
    assert len(Standing.model_construct(**longest).model_dump_json(warnings=False)) < LIMIT


def test_a_member_that_grows_is_found() -> None:
    class Lines(BaseModel):
        lines: list[str]

    class Order(BaseModel):
        bill: Lines | None

    assert set(growing("order", Order, set())) == {"Lines.lines"}
