"""Finds every place that an operator can change, and makes the changed source of one of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import MutationVisitor
from cosmic_ray.work_item import MutationSpec, WorkItem

from tests.mutation.operators import operator
from tests.mutation.scope import DOMAIN, MODULES, OPERATORS, REPOSITORY

# Annotations are no behaviour here; what an error of ours says is a text.
_LEFT_ALONE = {
    "assert_stmt",
    "decorator",
    "decorators",
    "fstring",
    "import_from",
    "import_name",
    "raise_stmt",
    "tfpdef",
}


def path_of(module: str) -> Path:
    return DOMAIN / f"{module}.py"


@cache
def source_of(module: str) -> str:
    return (REPOSITORY / path_of(module)).read_text("utf-8")


@cache
def tree_of(module: str) -> Any:
    return get_ast(source_of(module))


def every_mutant() -> Iterator[WorkItem]:
    for module in MODULES:
        digest = hashlib.sha256(source_of(module).encode()).hexdigest()[:12]
        nodes = list(ast_nodes(tree_of(module)))
        for name in OPERATORS:
            yield from _mutants(module, digest, name, nodes)


def _mutants(module: str, digest: str, name: str, nodes: list[Any]) -> Iterator[WorkItem]:
    change, occurrence = operator(name), -1
    for node in nodes:
        for start, end in change.mutation_positions(node):
            occurrence += 1
            if _left_alone(node):
                continue
            spec = MutationSpec(path_of(module), name, occurrence, start, end)
            yield WorkItem.single(f"{module}:{digest}:{name}:{occurrence}", spec)


def _left_alone(node: Any) -> bool:
    child, parent = node, node.parent
    while parent is not None:
        if parent.type in _LEFT_ALONE or _form_only(child, parent):
            return True
        if parent.type == "annassign" and child is parent.children[1]:
            return True
        if parent.type == "funcdef" and child is parent.annotation:
            return True
        child, parent = parent, parent.parent
    return False


def _form_only(child: Any, parent: Any) -> bool:
    """The ``*`` before keywords, and ``strict=True``, which states what is so anyway."""
    if parent.type == "parameters":
        return bool(child.type == "operator")
    return bool(parent.type == "argument" and parent.children[0].get_code().strip() == "strict")


def changed_source(spec: MutationSpec) -> str:
    """The module with that one change. Spoils the parsed tree: for a process of its own."""
    tree = tree_of(spec.module_path.stem)
    visitor = MutationVisitor(spec.occurrence, operator(spec.operator_name))
    visitor.walk(tree)
    assert visitor.mutation_applied, spec
    return str(tree.get_code())
