"""StructureDefinitions of our extensions: R4 has no element for what they say."""

from __future__ import annotations

from dataclasses import dataclass

from crossclaim.fhir.datatypes import PROFILES, Resource

_PUBLISHED = "2026-11-22"
_EXTENSION = "http://hl7.org/fhir/StructureDefinition/Extension"


@dataclass(frozen=True)
class Part:
    """One value: its type, how often it stands, and what it says."""

    type: str
    about: str
    least: int = 1
    most: str = "1"


@dataclass(frozen=True)
class Structure:
    """An extension with a single ``value``, or with ``parts`` by name."""

    name: str
    title: str
    about: str
    on: tuple[str, ...]
    """The elements that it stands in; the first step of each is the resource type."""
    value: Part | None = None
    parts: tuple[tuple[str, Part], ...] = ()
    contexts: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        return f"{PROFILES}/{self.name}"


STRUCTURES: tuple[Structure, ...] = (
    Structure(
        "fx-evidence",
        "Exchange rate and its evidence",
        "How an amount of one currency became another: both amounts, the rate as a decimal, when "
        "it was fixed, by whom, and under which number.",
        ("ClaimResponse", "ExplanationOfBenefit", "PaymentNotice"),
        parts=(
            ("source", Part("Money", "The amount as the funder counts it.")),
            ("target", Part("Money", "What it is in the currency that is paid.")),
            ("rate", Part("decimal", "Units of the target for one of the source.")),
            ("rateTime", Part("dateTime", "When the rate was fixed.")),
            ("rateSource", Part("string", "Who fixed it.")),
            ("quoteId", Part("string", "Its number with whoever fixed it.", least=0)),
        ),
        contexts=("ClaimResponse.payment", "ExplanationOfBenefit.payment", "PaymentNotice"),
    ),
    Structure(
        "e-bill",
        "Electronic medical bill",
        "The mainland's electronic medical bill (医疗收费电子票据) of what is claimed.",
        ("Claim", "ExplanationOfBenefit"),
        parts=(
            ("code", Part("string", "票据代码.")),
            ("number", Part("string", "票据号码.")),
            ("check", Part("string", "校验码.", least=0)),
            ("issued", Part("date", "开票日期.", least=0)),
        ),
        contexts=("Claim", "ExplanationOfBenefit"),
    ),
    Structure(
        "allocation",
        "What one funder carries",
        "A charge line's or a bill's part of one funder. All parts of a line are the line, to the "
        "fen.",
        ("ClaimResponse", "ExplanationOfBenefit"),
        parts=(
            ("funder", Part("code", "voucher, basic_insurance, insurer, pay_later, patient …")),
            ("organisation", Part("Identifier", "The insurer, where there may be several.", 0)),
            ("amount", Part("Money", "Its part.")),
            ("reason", Part("code", "Why it is this much.", 0, "*")),
        ),
        contexts=(
            "ClaimResponse",
            "ClaimResponse.item",
            "ExplanationOfBenefit",
            "ExplanationOfBenefit.item",
        ),
    ),
    Structure(
        "episode",
        "The episode that it belongs to",
        "Our id of the episode, where a resource has no element for it.",
        ("PaymentReconciliation", "PaymentNotice", "Coverage", "Consent", "Claim"),
        value=Part("Identifier", "System https://crossclaim.example/fhir/identifier/episode."),
        contexts=(
            "PaymentReconciliation.detail",
            "PaymentNotice",
            "Coverage",
            "Consent",
            "Claim",
        ),
    ),
    Structure(
        "state",
        "Our own word for where it stands",
        "R4's statuses are few: this is the state as our own API tells it.",
        ("ClaimResponse", "PaymentNotice", "EpisodeOfCare", "Claim"),
        value=Part("code", "For instance submitted, credited, superseded."),
        contexts=("ClaimResponse", "PaymentNotice", "EpisodeOfCare", "Claim"),
    ),
    Structure(
        "guarantee",
        "Letter of guarantee",
        "Reserved money: what still stands of a letter, what bills have used, what it excludes.",
        ("ClaimResponse",),
        parts=(
            ("limit", Part("Money", "The whole promise, as the insurer counts.")),
            ("used", Part("Money", "What bills have taken of it.")),
            ("condition", Part("string", "As code, or code:value.", 0, "*")),
            ("exclusion", Part("code", "Charge category that it does not cover.", 0, "*")),
        ),
        contexts=("ClaimResponse",),
    ),
)


def structure_definition(name: str) -> Resource | None:
    found = next((one for one in STRUCTURES if one.name == name), None)
    return None if found is None else _definition(found)


def _definition(one: Structure) -> Resource:
    elements = [_root(one)]
    if one.value is not None:
        elements += [_none("Extension.extension"), _fixed("Extension.url", one.url)]
        elements.append(_value("Extension.value[x]", one.value, id_="Extension.value[x]"))
    else:
        elements.append(_slicing())
        for name, part in one.parts:
            elements += _sliced(name, part)
        elements += [_fixed("Extension.url", one.url), _none("Extension.value[x]")]
    return {
        "resourceType": "StructureDefinition",
        "id": one.name,
        "url": one.url,
        "version": "1",
        "name": "".join(step.capitalize() for step in one.name.split("-")),
        "title": one.title,
        "status": "active",
        "date": _PUBLISHED,
        "description": one.about,
        "fhirVersion": "4.0.1",
        "kind": "complex-type",
        "abstract": False,
        "context": [{"type": "element", "expression": where} for where in one.contexts],
        "type": "Extension",
        "baseDefinition": _EXTENSION,
        "derivation": "constraint",
        "differential": {"element": elements},
    }


def _root(one: Structure) -> Resource:
    return {
        "id": "Extension",
        "path": "Extension",
        "short": one.title,
        "definition": one.about,
        "min": 0,
        "max": "*",
    }


def _none(path: str) -> Resource:
    return {"id": path, "path": path, "max": "0"}


def _fixed(path: str, uri: str, id_: str = "") -> Resource:
    return {"id": id_ or path, "path": path, "fixedUri": uri}


def _slicing() -> Resource:
    rule = {"discriminator": [{"type": "value", "path": "url"}], "rules": "closed"}
    path = "Extension.extension"
    return {"id": path, "path": path, "slicing": rule, "min": 1}


def _value(path: str, part: Part, id_: str) -> Resource:
    return {"id": id_, "path": path, "short": part.about, "min": 1, "type": [{"code": part.type}]}


def _sliced(name: str, part: Part) -> list[Resource]:
    path, id_ = "Extension.extension", f"Extension.extension:{name}"
    return [
        {
            "id": id_,
            "path": path,
            "sliceName": name,
            "short": part.about,
            "min": part.least,
            "max": part.most,
        },
        {"id": f"{id_}.extension", "path": f"{path}.extension", "max": "0"},
        _fixed(f"{path}.url", name, f"{id_}.url"),
        _value(f"{path}.value[x]", part, f"{id_}.value[x]"),
    ]
