"""The resources of one FHIR message: checked against R4 and found by reference."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crossclaim.api.fhir_element import Element, Leaf
from crossclaim.api.fhir_fault import FhirFault, fault
from crossclaim.api.fhir_r4 import r4_faults, without_resource
from crossclaim.domain.allocation import Fault
from crossclaim.gateways import fhir_terms as terms


class FhirBundle:
    """A collection Bundle, or its ``focus`` alone, which holds the rest as contained resources.

    All that is wrong is noted in ``faults``; what can be read is there none the less.
    """

    def __init__(self, resource: Any, focus: str = "Claim") -> None:
        self.faults: list[Fault] = []
        self._by_url: dict[str, Element] = {}
        self._all: list[Element] = []
        self._lacking = ""
        """Where a resource is missing; empty for a Bundle, where its type is named as well."""
        kind = resource.get("resourceType") if isinstance(resource, dict) else None
        if kind == "Bundle":
            self._take_bundle(Element(resource, "Bundle", self.faults))
        elif kind == focus:
            self._lacking = f"{focus}.contained"
            self._take(Element(resource, focus, self.faults), "")
        else:
            # What stands there may be anything; only what can be a type's name is said again.
            named = isinstance(kind, str) and kind.isascii() and kind.isalpha() and len(kind) < 64
            path = f"{kind}.resourceType" if named else "resourceType"
            self.faults.append(fault(FhirFault.RESOURCE_TYPE, path))

    def of_type(self, kind: str) -> list[Element]:
        """Every resource of this type, in the order of the message."""
        return [r for r in self._all if r.maybe("resourceType").value == kind]

    def only(self, kind: str) -> Element:
        """The one resource of this type; none or several is a fault."""
        found = self.of_type(kind)
        if not found and not self.faults:
            place = self._lacking or f"Bundle.entry.resource.{kind}"
            self.faults.append(fault(FhirFault.RESOURCE_MISSING, place))
        for another in found[1:]:
            another.note(FhirFault.RESOURCE_TWICE)
        return found[0] if found else Element(None, "Bundle.entry.resource", self.faults)

    def resolve(self, reference: Element, kind: str) -> Element:
        """What ``reference`` points at; a fault when that is absent or of another type."""
        url = reference.maybe("reference").value
        target = self._by_url.get(url) if isinstance(url, str) else None
        if target and target.maybe("resourceType").value == kind:
            return target
        if reference:
            reference.note(FhirFault.REFERENCE_UNRESOLVED)
        return Element(None, reference.path, self.faults)

    def pointed_at(self, url: str) -> Element | None:
        """The resource of the message that a reference names, of whatever type."""
        return self._by_url.get(url)

    def all(self) -> list[Element]:
        """Every resource, in the order of the message."""
        return list(self._all)

    def organisation(self, reference: Element) -> Leaf | None:
        """Our id of the organisation that ``reference`` names, by identifier or by resource."""
        named = reference.maybe("identifier")
        if named.maybe("system").value == terms.ORGANISATION:
            return named.need("value").text()
        return self.resolve(reference, "Organization").identifier_in(terms.ORGANISATION).text()

    def _take_bundle(self, bundle: Element) -> None:
        entries = bundle.value.get("entry")
        if isinstance(entries, list):
            bare = [without_resource(entry) for entry in entries]
            self._check({**bundle.value, "entry": bare}, "Bundle", "Bundle")
        else:
            self._check(bundle.value, "Bundle", "Bundle")
        kind = bundle.maybe("type")
        if kind and kind.value != "collection":
            kind.note(FhirFault.CODE_UNKNOWN)
        for entry in bundle.each("entry"):
            if isinstance(entry.value, dict):
                url = entry.maybe("fullUrl").value
                self._take(entry.need("resource"), url if isinstance(url, str) else "")

    def _take(self, resource: Element, url: str) -> None:
        if not resource:
            return
        kind = resource.maybe("resourceType").value
        if not isinstance(kind, str) or not self._check(resource.value, kind, resource.path):
            resource.note(FhirFault.RESOURCE_TYPE)
            return
        _refuse_modifiers(resource)
        self._index(resource, url)
        own = resource.maybe("id").value
        if isinstance(own, str) and own and not url.endswith(f"/{kind}/{own}"):
            self._index_as(resource, f"{kind}/{own}")
        for contained in resource.each("contained"):
            name = contained.maybe("id").value
            self._index(contained, f"#{name}" if isinstance(name, str) else "")

    def _index(self, resource: Element, url: str) -> None:
        self._all.append(resource)
        if url:
            self._index_as(resource, url)
            kind = resource.maybe("resourceType").value
            own = resource.maybe("id").value
            if isinstance(own, str) and url.endswith(f"/{kind}/{own}"):
                self._index_as(resource, f"{kind}/{own}")

    def _index_as(self, resource: Element, url: str) -> None:
        if url in self._by_url:
            resource.note(FhirFault.RESOURCE_TWICE)
        self._by_url[url] = resource

    def _check(self, resource: Any, kind: str, path: str) -> bool:
        """Notes what R4 does not allow; False when it has no such resource at all."""
        found = r4_faults(resource, kind, path)
        self.faults.extend(found or ())
        return found is not None


def _refuse_modifiers(element: Element) -> None:
    """R4 wants a message refused whose meaning is changed by something that we do not know."""
    level = [element]
    while level:
        for place in level:
            for name in ("modifierExtension", "implicitRules"):
                if place.maybe(name):
                    place.maybe(name).note(FhirFault.MODIFIER_UNKNOWN)
        level = [child for place in level for child in _children(place)]


def _children(element: Element) -> Iterator[Element]:
    members = element.value if isinstance(element.value, dict) else {}
    for name, value in members.items():
        if isinstance(value, dict):
            yield element.maybe(name)
        elif isinstance(value, list):
            yield from (one for one in element.each(name) if isinstance(one.value, dict))
