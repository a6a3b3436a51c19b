"""Changes that cosmic-ray lacks and that money suffers from, written as its operators are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import parso
from cosmic_ray.operators.operator import Example, Operator
from cosmic_ray.plugins import get_operator

Node = Any
Place = tuple[tuple[int, int], tuple[int, int]]
_SYMMETRIC = {"min", "max", "isinstance", "zip"}


class SwapArguments(Operator):  # type: ignore[misc]
    """Exchanges two neighbouring arguments, or the values of two neighbouring keywords."""

    def mutation_positions(self, node: Node) -> Iterator[Place]:
        for one, other in _pairs(node):
            yield one.start_pos, other.end_pos

    def mutate(self, node: Node, index: int) -> Node:
        one, other = _pairs(node)[index]
        holders = [_holder(one), _holder(other)]
        code = [holder.children[at].get_code(include_prefix=False) for holder, at in holders]
        for (holder, at), text in zip(holders, reversed(code), strict=True):
            holder.children[at] = _parsed(text, holder.children[at])
        return node

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        return (Example("f(a, b)", "f(b, a)"), Example("f(x=a, y=b)", "f(x=b, y=a)"))


def _pairs(node: Node) -> list[tuple[Node, Node]]:
    """The neighbours that can be exchanged; of a call alone, not of a definition."""
    if node.type != "arglist" or node.parent.type != "trailer":
        return []
    callee = node.parent.parent.children[0]
    if callee.type == "name" and callee.value in _SYMMETRIC:
        return []
    arguments = [child for child in node.children if child.type != "operator"]
    kinds = [_kind(argument) for argument in arguments]
    return [
        (arguments[at], arguments[at + 1])
        for at in range(len(arguments) - 1)
        if kinds[at]
        and kinds[at] == kinds[at + 1]
        and _text(arguments[at]) != _text(arguments[at + 1])
    ]


def _kind(argument: Node) -> str:
    if argument.type != "argument":
        return "" if argument.type in ("string", "strings", "fstring") else "position"
    if argument.children[0].type == "name" and argument.children[1].type == "operator":
        value = argument.children[-1].type
        return "" if value in ("string", "strings", "fstring") else "keyword"
    return ""


def _holder(argument: Node) -> tuple[Node, int]:
    if argument.type == "argument":
        return argument, len(argument.children) - 1
    return argument.parent, argument.parent.children.index(argument)


def _text(argument: Node) -> str:
    value = argument.children[-1] if argument.type == "argument" else argument
    return str(value.get_code(include_prefix=False))


def _parsed(text: str, before: Node) -> Node:
    prefix = before.get_first_leaf().prefix
    made = parso.parse(f"({text})").children[0]
    made.get_first_leaf().prefix = prefix
    return made


class OppositeMembership(Operator):  # type: ignore[misc]
    """``in`` for ``not in`` and back."""

    def mutation_positions(self, node: Node) -> Iterator[Place]:
        if node.type == "comparison":
            for asked in self._asked(node):
                yield asked.start_pos, asked.end_pos

    def mutate(self, node: Node, index: int) -> Node:
        asked = self._asked(node)[index]
        opposite = " in" if asked.type == "comp_op" else " not in"
        node.children[node.children.index(asked)] = parso.parse(opposite)
        return node

    @staticmethod
    def _asked(node: Node) -> list[Node]:
        names = (child.get_code().split() for child in node.children)
        pairs = zip(node.children, names, strict=True)
        return [child for child, words in pairs if words in (["in"], ["not", "in"])]

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        return (Example("a in b", "a not in b"), Example("a not in b", "a in b"))


class _NameReplacer(Operator):  # type: ignore[misc]
    names: dict[str, str] = {}

    def mutation_positions(self, node: Node) -> Iterator[Place]:
        if node.type == "name" and node.value in self.names and self._fits(node):
            yield node.start_pos, node.end_pos

    def _fits(self, node: Node) -> bool:
        return bool(node.parent.type not in ("import_from", "import_as_names", "param"))

    def mutate(self, node: Node, index: int) -> Node:
        node.value = self.names[node.value]
        return node

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        return tuple(Example(f"{one}(a)", f"{other}(a)") for one, other in cls.names.items())


class OppositeFunction(_NameReplacer):
    """The smaller for the larger, one for all."""

    names = {"min": "max", "max": "min", "any": "all", "all": "any"}

    def _fits(self, node: Node) -> bool:
        follows = node.get_next_leaf()
        return super()._fits(node) and follows is not None and follows.value == "("


class OppositeRounding(_NameReplacer):
    """Rounds the other way; the names need not be imported where they are put."""

    names = {
        "ROUND_HALF_UP": '"ROUND_DOWN"',
        "ROUND_DOWN": '"ROUND_UP"',
        "ROUND_UP": '"ROUND_DOWN"',
        "ROUND_CEILING": '"ROUND_FLOOR"',
        "ROUND_FLOOR": '"ROUND_CEILING"',
    }


_OURS = {
    one.__name__: one
    for one in (OppositeMembership, SwapArguments, OppositeFunction, OppositeRounding)
}


def operator(name: str) -> Operator:
    provider, _, own = name.partition("/")
    return _OURS[own]() if provider == "ours" else get_operator(name)()
