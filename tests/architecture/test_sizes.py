"""Files and functions stay small enough to be read at once."""

from __future__ import annotations

import ast

from tests.architecture.house import place, shipped, tree

FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = 400


def length(node: ast.AST) -> int:
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    return (node.end_lineno or node.lineno) - node.lineno + 1


def long_functions(module: ast.Module) -> list[tuple[int, str, int]]:
    functions = [
        node
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return [(f.lineno, f.name, length(f)) for f in functions if length(f) > FUNCTION_LINES_MAX]


def test_no_function_is_longer_than_seventy_lines() -> None:
    found = [
        f"{place(file, line)} {name} has {lines} lines"
        for file in shipped()
        for line, name, lines in long_functions(tree(file))
    ]
    assert found == []


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    lengths = {file: len(file.read_text("utf-8").splitlines()) for file in shipped()}
    found = [f"{place(file)} has {n} lines" for file, n in lengths.items() if n > FILE_LINES_MAX]
    assert found == []


def test_the_measure_sees_a_function_that_is_too_long() -> None:
    body = "\n".join(f"    x = {n}" for n in range(FUNCTION_LINES_MAX))
    assert long_functions(ast.parse(f"def long():\n{body}\n")) == [(1, "long", 71)]
