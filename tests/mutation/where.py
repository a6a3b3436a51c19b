"""Which tests see a changed place: by the statement it stands in and the lines that tests walked."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from typing import Any

from cosmic_ray.work_item import MutationSpec

from tests.mutation.lines import AT_IMPORT
from tests.mutation.mutants import source_of


@dataclass(frozen=True)
class Seen:
    """The tests that see a place, quick ones first, and whether it lies in a function's body."""

    tests: tuple[str, ...]
    in_function: bool


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
        hit = [test for test, lines in tests.items() if lines & statement]
        if AT_IMPORT in hit:
            hit = [test for test in tests if test != AT_IMPORT]
        return Seen(tuple(sorted(hit, key=lambda test: (self.seconds[test], test))), in_function)

    def cost(self, tests: tuple[str, ...]) -> float:
        return sum(self.seconds[test] for test in tests)


@cache
def _statements(module: str) -> list[tuple[ast.stmt, bool]]:
    found: list[tuple[ast.stmt, bool]] = []

    def walk(node: ast.AST, inside: bool) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.stmt):
                found.append((child, inside))
            inner = inside or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            within = inner or (
                isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) and inside
            )
            walk(child, within)

    walk(ast.parse(source_of(module)), False)
    return found


@cache
def _statement(module: str, line: int) -> tuple[frozenset[int], bool]:
    """The lines of the smallest statement around a line; of a compound one its head alone."""
    around = [
        (node, inside)
        for node, inside in _statements(module)
        if node.lineno <= line <= (node.end_lineno or node.lineno)
    ]
    node, _ = min(around, key=lambda one: (one[0].end_lineno or 0) - one[0].lineno)
    bodies: list[Any] = [getattr(node, "body", None), getattr(node, "cases", None)]
    inner = next((body for body in bodies if body), None)
    last = node.end_lineno or node.lineno
    if inner:
        first = inner[0]
        last = max(node.lineno, getattr(first, "lineno", getattr(first, "pattern", node).lineno) - 1)
    in_function = any(
        isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef) and outer.body[0].lineno <= line
        for outer, _ in around
    )
    return frozenset(range(node.lineno, last + 1)), in_function
