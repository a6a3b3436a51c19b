"""What the FHIR server serves: one table for its routes, its CapabilityStatement and its guide."""

from __future__ import annotations

from dataclasses import dataclass

from crossclaim.security.roles import Operation

COMMON = {
    "_id": "token",
    "_lastUpdated": "date",
    "identifier": "token",
    "status": "token",
    "patient": "reference",
    "created": "date",
}
"""Search parameters that every type has unless its row says otherwise; FHIR's type of each."""
RESULT = ("_count", "_cursor", "_include", "_format", "_pretty", "_total", "_summary")
"""Parameters about the answer, not about what is looked for."""


@dataclass(frozen=True)
class Served:
    """One resource type. ``read_by``: the operation of the policy that lets a role read it."""

    type: str
    read_by: Operation
    about: str
    without: tuple[str, ...] = ()
    """Of the common parameters those that it has not."""
    includes: tuple[tuple[str, str], ...] = ()
    """What ``_include=Type:name`` adds: the parameter's name and the element that refers."""
    operations: tuple[str, ...] = ()

    @property
    def parameters(self) -> dict[str, str]:
        return {name: kind for name, kind in COMMON.items() if name not in self.without}


_EPISODE, _BILL = Operation.READ_EPISODE, Operation.READ_BILL
_PATIENT = ("patient", "patient")

SERVED: tuple[Served, ...] = (
    Served(
        "Claim",
        _BILL,
        "A bill as it is claimed (claim), a draft (predetermination), or a request for a letter "
        "of guarantee (preauthorization).",
        includes=(_PATIENT, ("encounter", "item.encounter"), ("coverage", "insurance.coverage")),
        operations=("submit", "inquire"),
    ),
    Served(
        "ClaimResponse",
        _BILL,
        "A funder's answer to a claim, or a letter of guarantee; money with its exchange rate.",
        includes=(_PATIENT, ("request", "request")),
    ),
    Served(
        "ExplanationOfBenefit",
        _BILL,
        "A decided claim line by line, with what each funder carries and what was paid.",
        includes=(
            _PATIENT,
            ("claim", "claim"),
            ("coverage", "insurance.coverage"),
            ("claimresponse", "claimResponse"),
        ),
    ),
    Served(
        "Coverage",
        _EPISODE,
        "A right of the patient's against one funder, voucher and pay-later too.",
        includes=(("beneficiary", "beneficiary"),),
    ),
    Served(
        "CoverageEligibilityResponse",
        _EPISODE,
        "What is known of a coverage: in force or not, and whether a letter is needed.",
        includes=(_PATIENT, ("coverage", "insurance.coverage")),
    ),
    Served("Consent", _EPISODE, "A consent; inactive once withdrawn.", includes=(_PATIENT,)),
    Served(
        "EpisodeOfCare", _EPISODE, "The episode that all else belongs to.", includes=(_PATIENT,)
    ),
    Served(
        "Encounter",
        _EPISODE,
        "The visit or stay of an episode.",
        includes=(("subject", "subject"), ("episode-of-care", "episodeOfCare")),
    ),
    Served(
        "Patient",
        _EPISODE,
        "The person of an episode; the numbers of documents are told to the hospital alone.",
        without=("identifier", "status"),
    ),
    Served(
        "PaymentNotice",
        _BILL,
        "One payout: ordered, paid, cleared.",
        includes=(("request", "request"), ("response", "response")),
    ),
    Served(
        "PaymentReconciliation",
        Operation.READ_SETTLEMENT,
        "What one funder settled with one hospital on one day.",
        without=("patient", "_lastUpdated"),
    ),
    Served(
        "CommunicationRequest",
        Operation.READ_INFORMATION_REQUESTS,
        "Documents that an insurer still wants to see of a claim.",
        includes=(("subject", "subject"), ("about", "about")),
    ),
    Served(
        "Communication",
        Operation.READ_INFORMATION_REQUESTS,
        "One document of such a request that came, or why it cannot be had.",
        includes=(("subject", "subject"), ("based-on", "basedOn")),
    ),
    Served(
        "Task",
        Operation.READ_INFORMATION_REQUESTS,
        "What is to be done for such a request, and by when.",
        includes=(_PATIENT, ("focus", "focus")),
    ),
    Served(
        "DocumentReference",
        _EPISODE,
        "A document of an episode, by its content's digest.",
        includes=(("subject", "subject"),),
    ),
)
OPERATIONS: dict[str, tuple[str, ...]] = {
    **{one.type: one.operations for one in SERVED if one.operations},
    "CoverageEligibilityRequest": ("submit",),
}
"""Operations of a type, by their codes."""


def served(kind: str) -> Served | None:
    return next((one for one in SERVED if one.type == kind), None)
