"""A YAML text as a tree of keys, raw texts and lines; nothing is guessed about types.

Values stay the text that stands in the file (``0.10`` is never a float); what they mean is judged
by the parameter's unit. Repeated keys, anchors and tags are faults.
"""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from crossclaim.plans.fault import PlanFault, PlanInvalid, add

SAFE = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
"""The one in C reads the same, in a seventh of the time; every process of ours begins with that."""


class Tree:
    """One node with key path and line: one of ``text``, ``items``, ``members`` is set."""

    def __init__(self, key: str, line: int) -> None:
        self.key = key
        self.line = line
        self.text: str | None = None
        self.quoted = False
        self.items: list[Tree] | None = None
        self.members: dict[str, Tree] | None = None

    @property
    def null(self) -> bool:
        return self.text in ("null", "~", "") and not self.quoted


class TreeReader:
    """Reads one text; ``faults`` collects what is wrong with its form."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[PlanFault] = []

    def read(self, text: str) -> Tree:
        """The tree. Raises PlanInvalid when the text is not YAML at all."""
        try:
            self._refuse_aliases(text)
            node = yaml.compose(text, Loader=SAFE)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            line = mark.line + 1 if mark else 1
            reason = f"not readable as YAML: {error.problem or error.context}"
            raise PlanInvalid([self._fault(line, "", reason)]) from error
        except yaml.YAMLError as error:
            raise PlanInvalid([self._fault(1, "", "not readable as YAML")]) from error
        if node is None:
            raise PlanInvalid([self._fault(1, "", "the file is empty")])
        try:
            return self._tree(node, "")
        except RecursionError as error:
            raise PlanInvalid([self._fault(1, "", "lists are nested too deeply")]) from error

    def _fault(self, line: int, key: str, reason: str) -> PlanFault:
        return PlanFault(file=self.file, line=line, key=key, reason=reason)

    def _tree(self, node: yaml.Node, key: str) -> Tree:
        tree = Tree(key, node.start_mark.line + 1)
        if isinstance(node, yaml.ScalarNode):
            tree.text, tree.quoted = node.value, node.style in ("'", '"', "|", ">")
        elif isinstance(node, yaml.SequenceNode):
            tree.items = [self._tree(item, f"{key}[{n}]") for n, item in enumerate(node.value)]
        elif isinstance(node, yaml.MappingNode):
            tree.members = dict(self._members(node, key))
        return tree

    def _members(self, node: yaml.MappingNode, key: str) -> Iterator[tuple[str, Tree]]:
        seen: set[str] = set()
        for name_node, value in node.value:
            name = str(name_node.value)
            path = f"{key}.{name}" if key else name
            line = name_node.start_mark.line + 1
            if name in seen:
                add(self.faults, self._fault(line, path, "the key stands twice"))
                continue
            seen.add(name)
            tree = self._tree(value, path)
            tree.line = line
            yield name, tree

    def _refuse_aliases(self, text: str) -> None:
        """Anchors and tags would let a value stand elsewhere than where it is read."""
        for event in yaml.parse(text, Loader=SAFE):
            anchored = getattr(event, "anchor", None)
            tagged = getattr(event, "tag", None)
            if anchored or tagged:
                what = "anchors and aliases" if anchored else "tags"
                problem = f"{what} are not used in rule files"
                mark = event.start_mark
                line = mark.line + 1 if mark else 1
                raise PlanInvalid([self._fault(line, "", problem)])
