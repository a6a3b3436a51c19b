"""An element whose descendants are looked at once: a large statement has a million of them."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from crossclaim.domain.money import Money
from crossclaim.gateways.bank.document import Node, amount_of

_APART = frozenset({"NtryDtls/TxDtls"})
"""Repeated parts, which are nodes of their own."""


class FlatNode(Node):
    """Answers as ``Node`` does, from a table of its paths."""

    __slots__ = ("_found", "_texts")

    _found: dict[str, list[etree._Element]]
    _texts: dict[str, str]

    def __init__(self, element: etree._Element, namespace: str) -> None:
        super().__init__(element, namespace)
        found: dict[str, list[etree._Element]] = {}
        texts: dict[str, str] = {}
        _walk(element, "", f"{{{namespace}}}", found, texts)
        object.__setattr__(self, "_found", found)
        object.__setattr__(self, "_texts", texts)

    def child(self, path: str) -> Node | None:
        found = self._found.get(path)
        return FlatNode(found[0], self.namespace) if found else None

    def children(self, path: str) -> Iterator[Node]:
        for found in self._found.get(path, ()):
            yield FlatNode(found, self.namespace)

    def text(self, *paths: str) -> str:
        for path in paths:
            text = self._texts.get(path)
            if text:
                return text
        return ""

    def money(self, path: str) -> Money | None:
        found = self._found.get(path)
        if not found:
            return None
        return amount_of(self.name, path, self._texts[path], found[0].get("Ccy", ""))


def _walk(
    element: etree._Element,
    prefix: str,
    tag: str,
    found: dict[str, list[etree._Element]],
    texts: dict[str, str],
) -> None:
    cut = len(tag)
    for child in element:
        name = child.tag
        if not isinstance(name, str) or not name.startswith(tag):
            continue
        path = prefix + name[cut:]
        known = found.get(path)
        if known is None:
            found[path] = [child]
            texts[path] = (child.text or "").strip()
        else:
            known.append(child)
        if len(child) and path not in _APART:
            _walk(child, f"{path}/", tag, found, texts)
