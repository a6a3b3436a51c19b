"""The tables of ``docs/wire/fhir-server.md``: what is served, as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator

from crossclaim.fhir.served import COMMON, OPERATIONS, SERVED
from crossclaim.fhir.structure import STRUCTURES
from crossclaim.security.roles import POLICY


def types_table() -> list[str]:
    return ["| type | what it is | read by | includes |", "|---|---|---|---|", *_types()]


def _types() -> Iterator[str]:
    for one in SERVED:
        roles = ", ".join(f"`{role.value}`" for role in sorted(POLICY[one.read_by]))
        includes = ", ".join(f"`{name}`" for name, _ in one.includes)
        lacks = ", ".join(f"`{name}`" for name in one.without)
        about = f"{one.about} Not searched by {lacks}." if lacks else one.about
        yield f"| `{one.type}` | {about} | {roles} | {includes} |"


def parameters_table() -> list[str]:
    rows = [f"| `{name}` | {kind} | {_MEANINGS[name]} |" for name, kind in COMMON.items()]
    return ["| parameter | type | meaning |", "|---|---|---|", *rows]


_MEANINGS = {
    "_id": "one or more ids, separated by commas",
    "_lastUpdated": "eq, ge, gt, le, lt, sa, eb; a partial date is its whole span",
    "identifier": "`system|value`, or `value` of any system",
    "status": "R4's codes of the type; our own word stands in the extension `state`",
    "patient": "`Patient/ep-…`: everything of one episode",
    "created": "when it was issued, asked or decided, as `_lastUpdated`",
}


def operations_table() -> list[str]:
    rows = [
        f"| `{kind}/${name}` | {_OPERATIONS[kind, name]} |"
        for kind, names in OPERATIONS.items()
        for name in names
    ]
    return ["| operation | what it does |", "|---|---|", *rows]


_OPERATIONS = {
    ("Claim", "submit"): "takes a claim, a predetermination or a preauthorization",
    ("Claim", "inquire"): "finds ClaimResponses by any identifier of theirs, the claim's or the "
    "episode's",
    ("CoverageEligibilityRequest", "submit"): "asks whether a cover is in force; with patient and "
    "visit it opens their episode",
}


def extensions_table() -> list[str]:
    rows = [
        f"| `{one.name}` | {one.about} | {', '.join(f'`{where}`' for where in one.contexts)} |"
        for one in STRUCTURES
    ]
    return ["| extension | what it says | stands in |", "|---|---|---|", *rows]


def tables() -> list[list[str]]:
    return [types_table(), parameters_table(), operations_table(), extensions_table()]
