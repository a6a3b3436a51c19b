"""Which tests see a changed place: by the lines that they walk over."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from cosmic_ray.work_item import MutationSpec

from tests.mutation.lines import AT_IMPORT
from tests.mutation.mutants import source_of


@dataclass(frozen=True)
class Seen:
    """The tests that see a place, whether it lies in a function's body, and whether it is walked
    over before any test begins: then what was imported must be imported anew."""

    tests: tuple[str, ...]
    in_function: bool
    at_import: bool


@dataclass(frozen=True)
class Walked:
    seconds: dict[str, float]
    lines: dict[str, dict[str, set[int]]]  # by module, by test

    @classmethod
    def of(cls, found: dict[str, Any]) -> Walked:
        lines: dict[str, dict[str, set[int]]] = {}
        for test, modules in found["lines"].items():
            for module, numbers in modules.items():
                lines.setdefault(module, {})[test] = set(numbers)
        return cls(seconds=found["seconds"], lines=lines)

    def seen(self, spec: MutationSpec) -> Seen:
        module = spec.module_path.stem
        statement, in_function = _statement(module, spec.start_pos[0])
        tests = self.lines.get(module, {})
        hit = {test for test, lines in tests.items() if lines & statement} - {AT_IMPORT}
        at_import = bool(tests.get(AT_IMPORT, set()) & statement)
        asked = self._beside(tests) if at_import else hit
        order = sorted(asked, key=lambda test: (test not in hit, self.seconds[test], test))
        return Seen(tuple(order), in_function, at_import)

    def _beside(self, tests: Iterable[str]) -> set[str]:
        """What is only imported is seen by tests that walk over no line: whole files are asked."""
        files = {test.partition("::")[0] for test in tests if test != AT_IMPORT}
        return {test for test in self.seconds if test.partition("::")[0] in files}

    def cost(self, tests: tuple[str, ...]) -> float:
        return sum(self.seconds[test] for test in tests)


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@cache
def _statements(module: str) -> list[ast.stmt]:
    return [node for node in ast.walk(ast.parse(source_of(module))) if isinstance(node, ast.stmt)]


@cache
def _statement(module: str, line: int) -> tuple[frozenset[int], bool]:
    """The lines of the smallest statement around a line; of a compound one its head alone."""
    around = [node for node in _statements(module) if node.lineno <= line <= _last(node)]
    node = min(around, key=lambda one: _last(one) - one.lineno)
    in_function = any(isinstance(one, _FUNCTIONS) and one.body[0].lineno <= line for one in around)
    return frozenset(range(node.lineno, _head_end(node) + 1)), in_function


def _last(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def _head_end(node: ast.stmt) -> int:
    if isinstance(node, ast.Match):
        # What each case asks lies between the cases and belongs to no statement of its own.
        return _last(node)
    body = getattr(node, "body", None)
    return max(node.lineno, body[0].lineno - 1) if body else _last(node)
