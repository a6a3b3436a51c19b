"""Whether something is an R4 resource: every fault by its FHIRPath, and no text of the message."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from fhir.resources.R4B import get_fhir_model_class
from fhir.resources.R4B.resource import Resource as AnyResource
from pydantic import BaseModel, ValidationError

from crossclaim.api.fhir_fault import FhirFault, fault
from crossclaim.domain.allocation import Fault

_ABSTRACT = frozenset({"Resource", "DomainResource"})


def r4_faults(resource: Any, kind: str, path: str) -> list[Fault] | None:
    """What R4 does not allow; None when it has no such resource at all."""
    model = _model(kind)
    if model is None:
        return None
    try:
        model.model_validate(resource)
    except ValidationError as error:
        return list(_findings(error, path))
    except RecursionError:
        return [fault(FhirFault.NESTED_TOO_DEEPLY, path)]
    except (KeyError, TypeError, AttributeError, ValueError):
        # The models look up contained types by name and stumble over names that R4 lacks.
        return [fault(FhirFault.ELEMENT_INVALID, path)]
    return []


def is_resource_type(kind: str) -> bool:
    return _model(kind) is not None


def checked(resource: dict[str, Any], expected: str = "") -> list[Fault]:
    """Every fault of a resource, or of each in a Bundle; ``expected``: the type it has to be."""
    kind = resource.get("resourceType")
    if not isinstance(kind, str) or not is_resource_type(kind):
        return [fault(FhirFault.RESOURCE_TYPE, "resourceType")]
    if expected and kind != expected:
        return [fault(FhirFault.RESOURCE_TYPE, f"{kind}.resourceType")]
    if kind != "Bundle" or not isinstance(resource.get("entry"), list):
        return r4_faults(resource, kind, kind) or []
    entries = resource["entry"]
    bare = [without_resource(entry) for entry in entries]
    found = r4_faults({**resource, "entry": bare}, kind, kind) or []
    for number, entry in enumerate(entries):
        if isinstance(entry, dict) and "resource" in entry:
            found += _entry_faults(entry["resource"], f"Bundle.entry[{number}].resource")
    return found


def without_resource(entry: Any) -> Any:
    if not isinstance(entry, dict):
        return entry
    return {name: value for name, value in entry.items() if name != "resource"}


def _entry_faults(resource: Any, path: str) -> list[Fault]:
    kind = resource.get("resourceType") if isinstance(resource, dict) else None
    found = r4_faults(resource, kind, path) if isinstance(kind, str) else None
    return [fault(FhirFault.RESOURCE_TYPE, path)] if found is None else found


@cache
def _known(kind: str) -> type[BaseModel] | None:
    try:
        model = get_fhir_model_class(kind)
    except (LookupError, ValueError, ImportError):
        return None
    return model if issubclass(model, AnyResource) else None


def _model(kind: str) -> type[BaseModel] | None:
    """Only what can be a type's name is looked up, and remembered."""
    named = kind.isascii() and kind.isalpha() and len(kind) < 64 and kind not in _ABSTRACT
    return _known(kind) if named else None


def _findings(error: ValidationError, path: str) -> Iterator[Fault]:
    """The models' findings without their texts, which quote the message."""
    for finding in error.errors(include_url=False, include_context=False, include_input=False):
        if finding["type"] == "extra_forbidden":
            code = FhirFault.ELEMENT_UNKNOWN
        elif finding["type"].endswith("missing"):
            code = FhirFault.ELEMENT_MISSING
        else:
            code = FhirFault.ELEMENT_INVALID
        steps = (f"[{s}]" if isinstance(s, int) else f".{s[:64]}" for s in finding["loc"])
        yield fault(code, path + "".join(steps))
