"""Other people in a person's own data (spouse, payer, signer) are shown masked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

IsSubject = Callable[[Mapping[str, Any]], bool]
"""Whether an identity document (``type``, ``number``) is the person's own."""
_NAMED = ("zh", "en")
_OF_A_PERSON = ("birth_date", "mobile", "card_number")


def masked_text(text: str) -> str:
    """The first character only: enough to know whom of the family is meant."""
    return f"{text[:1]}***" if text else text


def masked_number(text: str) -> str:
    """The last two characters only."""
    return f"***{text[-2:]}" if len(text) > 2 else "***"


def others_masked(told: Any, is_subject: IsSubject, own_names: frozenset[str]) -> Any:
    """The same, with everybody but the subject masked. ``own_names``: how he is called."""
    if isinstance(told, list):
        return [others_masked(one, is_subject, own_names) for one in told]
    if not isinstance(told, Mapping):
        return told
    within = {name: others_masked(value, is_subject, own_names) for name, value in told.items()}
    documents = _documents(told)
    if documents and not any(is_subject(one) for one in documents):
        return _person(within)
    holder = told.get("holder")
    if isinstance(holder, str) and "number" in told and _plain(holder) not in own_names:
        number = masked_number(str(told["number"]))
        return {**within, "holder": masked_text(holder), "number": number}
    return within


def names_of(told: Any, is_subject: IsSubject) -> frozenset[str]:
    """Every name under which the subject himself stands in it."""
    if isinstance(told, list):
        return frozenset().union(*(names_of(one, is_subject) for one in told))
    if not isinstance(told, Mapping):
        return frozenset()
    found = frozenset().union(*(names_of(value, is_subject) for value in told.values()))
    if any(is_subject(one) for one in _documents(told)) and isinstance(told.get("name"), Mapping):
        found |= {_plain(str(n)) for n in told["name"].values() if n}
    return found


def _documents(told: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    several, one = told.get("documents"), told.get("document")
    found = [*several] if isinstance(several, list) else []
    found += [one] if isinstance(one, Mapping) else []
    return [d for d in found if isinstance(d, Mapping) and {"type", "number"} <= set(d)]


def _person(told: dict[str, Any]) -> dict[str, Any]:
    masked = dict(told)
    if isinstance(told.get("name"), Mapping):
        masked["name"] = {
            key: masked_text(value) if key in _NAMED and isinstance(value, str) else value
            for key, value in told["name"].items()
        }
    for key in _OF_A_PERSON:
        if isinstance(told.get(key), str):
            masked[key] = masked_number(told[key])
    if isinstance(told.get("document"), Mapping):
        masked["document"] = _document(told["document"])
    if isinstance(told.get("documents"), list):
        masked["documents"] = [_document(one) for one in told["documents"]]
    return masked


def _document(told: Any) -> Any:
    if not isinstance(told, Mapping) or "number" not in told:
        return told
    return {**told, "number": masked_number(str(told["number"]))}


def _plain(name: str) -> str:
    return " ".join(name.upper().replace(",", " ").split())
