"""What a message says beyond its submissions: rewritten to our references, kept, and named.

Nothing is dropped in silence. What is kept comes back when the resource is read; what no rule looks
at is named in the answer, and so is what belongs to nothing and is not kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from crossclaim.api.fhir_element import Element
from crossclaim.api.fhir_request import FhirRequest
from crossclaim.domain.submission import BillSubmission, EpisodeSubmission
from crossclaim.fhir.coverage import coverage_key
from crossclaim.fhir.datatypes import Resource, fhir_id

NAMED_MAX = 50
_UNDERSTOOD = frozenset(
    {
        *("resourceType", "id", "meta", "language", "text", "contained", "identifier", "status"),
        *("type", "subType", "use", "patient", "billablePeriod", "created", "insurer", "provider"),
        *("priority", "payee", "supportingInfo", "diagnosis", "insurance", "accident", "item"),
        *("total", "purpose", "servicedDate", "servicedPeriod"),
    }
)
_PARTS = {
    "diagnosis": frozenset({"sequence", "diagnosisCodeableConcept"}),
    "insurance": frozenset({"sequence", "focal", "coverage"}),
    "payee": frozenset({"type"}),
    "accident": frozenset({"date", "type"}),
    "item": frozenset(
        {
            *("sequence", "productOrService", "modifier", "servicedDate", "quantity"),
            *("unitPrice", "net"),
        }
    ),
}
"""Members of a claim's parts that our submissions are made of."""


class Keeping:
    """The resources of one message that are kept for an episode."""

    def __init__(self, request: FhirRequest, episode_id: str) -> None:
        self._request = request
        self._episode_id = episode_id
        self._served = dict(self._places())
        self._used: set[str] = set()

    def resources(self) -> dict[str, Resource]:
        """What each is about → the resource; the claim under its number and version."""
        request, bundle = self._request, self._request.bundle
        found = {_about(request): self._alone(request.focus)}
        for n, insurance in enumerate(request.focus.each("insurance")):
            cover = self._target(insurance.maybe("coverage"))
            if cover is not None and cover.maybe("resourceType").value == "Coverage":
                found[f"Coverage/{n}"] = self._alone(cover)
        episode = request.episode
        if episode is not None:
            for kind in ("Patient", "Encounter"):
                found |= {
                    str(one.value["resourceType"]): self._alone(one)
                    for one in bundle.of_type(kind)[:1]
                }
        given = episode.consents if episode else []
        for one, consent in zip(given, bundle.of_type("Consent"), strict=False):
            found[f"Consent/{one.type.value}/{one.recipient or ''}"] = self._alone(consent)
        return {about: resource for about, resource in found.items() if about}

    @property
    def keeps_focus(self) -> bool:
        """False for what is not read again by itself: a change of a letter, an eligibility."""
        return bool(_about(self._request))

    def not_kept(self) -> list[str]:
        """Places of resources that nothing refers to; ``resources`` is asked for before."""
        kept = ("Patient", "Encounter", "Coverage", "Consent")
        return [
            f"{one.path} ({one.value['resourceType']})"
            for one in self._request.bundle.all()
            if one.path not in self._used and one.value["resourceType"] not in kept
        ][:NAMED_MAX]

    def _places(self) -> Iterator[tuple[str, str]]:
        """Path of a resource in the message → what it is called here."""
        request, bundle = self._request, self._request.bundle
        own = fhir_id(self._episode_id)
        for kind in ("Patient", "Encounter"):
            for one in bundle.of_type(kind)[:1]:
                yield one.path, f"{kind}/{own}"
        for n, insurance in enumerate(request.focus.each("insurance")):
            cover = self._target(insurance.maybe("coverage"))
            if cover is not None and cover.maybe("resourceType").value == "Coverage":
                yield cover.path, f"Coverage/{fhir_id(coverage_key(self._episode_id, n))}"

    def _target(self, reference: Element) -> Element | None:
        url = reference.maybe("reference").value
        return self._request.bundle.pointed_at(url) if isinstance(url, str) else None

    def _alone(self, root: Element) -> Resource:
        """With everything it refers to that is not served by itself, as contained resources."""
        self._used.add(root.path)
        names: dict[str, str] = {}
        waiting: list[Element] = []
        plain = {k: v for k, v in _without_version(root.value).items() if k != "contained"}
        told = self._rewritten(plain, names, waiting)
        contained = []
        while waiting:
            one = waiting.pop(0)
            self._used.add(one.path)
            inner = _without_version(one.value)
            contained.append({**self._rewritten(inner, names, waiting), "id": names[one.path]})
        return {**told, "contained": contained} if contained else dict(told)

    def _rewritten(self, node: Any, names: dict[str, str], waiting: list[Element]) -> Any:
        if isinstance(node, list):
            return [self._rewritten(one, names, waiting) for one in node]
        if not isinstance(node, dict):
            return node
        found = {k: self._rewritten(v, names, waiting) for k, v in node.items()}
        url = node.get("reference")
        target = self._request.bundle.pointed_at(url) if isinstance(url, str) else None
        if target is not None:
            found["reference"] = self._called(target, names, waiting)
        return found

    def _called(self, target: Element, names: dict[str, str], waiting: list[Element]) -> str:
        if target.path in self._served:
            return self._served[target.path]
        if target.path not in names:
            names[target.path] = f"r{len(names) + 1}"
            waiting.append(target)
        return f"#{names[target.path]}"


def _without_version(resource: Resource) -> Resource:
    """Ids and versions are the server's to give; what else stands in ``meta`` stays."""
    meta = resource.get("meta") or {}
    kept = {k: v for k, v in meta.items() if k not in ("versionId", "lastUpdated")}
    plain = {k: v for k, v in resource.items() if k not in ("id", "meta")}
    return {**plain, "meta": kept} if kept else plain


def not_acted_on(request: FhirRequest) -> list[str]:
    """Elements that are kept as sent and that no rule looks at."""
    focus, found = request.focus, []
    for name, value in focus.value.items():
        corrects = name == "related" and request.bill is not None and request.bill.correction
        if name not in _UNDERSTOOD and not corrects:
            found.append(f"{focus.path}.{name}")
        elif name in _PARTS:
            found += _parts(f"{focus.path}.{name}", value, _PARTS[name])
    return list(dict.fromkeys(found))[:NAMED_MAX]


def _parts(path: str, value: Any, known: Iterable[str]) -> Iterator[str]:
    if isinstance(value, list):
        for n, one in enumerate(value):
            yield from _parts(f"{path}[{n}]", one, known)
    elif isinstance(value, dict):
        yield from (f"{path}.{name}" for name in value if name not in known)


def _about(request: FhirRequest) -> str:
    """Empty for what is not read again as it was sent."""
    bill: BillSubmission | None = request.bill
    if bill is not None:
        return f"Claim/{bill.number}/{bill.version}"
    episode: EpisodeSubmission | None = request.episode
    if request.use == "preauthorization" and episode is not None:
        insurers = [c.organisation for c in episode.coverages if c.organisation]
        return f"Claim/preauthorization/{insurers[0]}" if insurers else ""
    return ""
