"""What the demonstration sends, in which order, and what it waits for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

HOSPITAL_INPATIENT = "hku-szh"
HOSPITAL_OUTPATIENT = "jiangmen-central"


@dataclass(frozen=True)
class Send:
    """One example file to one address; ``{id}`` in it is the episode's.

    ``file.json#part`` is one member of a file that holds a whole scenario.
    """

    title: str
    path: str
    file: str
    with_documents: bool = False
    """Whether the bill names the documents that were uploaded before."""
    media_type: str = "application/json"
    sender: str = ""
    """Who sends it where it is not the run's own sender."""
    refused: tuple[str, ...] = ()
    """The codes with which it must be refused."""
    legal: tuple[str, ...] = ()
    """What a refused bill must be answered with, in order: the coverages, what the patient pays
    at the window, and what it costs him in the end."""


@dataclass(frozen=True)
class Upload:
    """A document, which bills then name by its SHA-256."""

    title: str
    file: str
    kind: str


@dataclass(frozen=True)
class Guaranteed:
    """Waits until the insurer has answered the request for a guarantee."""

    title: str = "Insurer answers the guarantee"


@dataclass(frozen=True)
class Until:
    """Waits until the episode, the credit account or the family binding is as ``holds`` says."""

    title: str
    holds: Callable[[Mapping[str, Any]], bool]
    of_account: bool = False
    of_binding: bool = False
    learns: Mapping[str, Callable[[Mapping[str, Any]], str]] = field(default_factory=dict)
    """Text that stands in later files and addresses for what is only known now."""


@dataclass(frozen=True)
class Closed:
    """Waits until the episode is closed and so many payouts have been credited."""

    payouts: int = 0
    title: str = "The episode closes"


Step = Send | Upload | Guaranteed | Until | Closed


@dataclass(frozen=True)
class Run:
    """One episode of the demonstration."""

    name: str
    """Names its part of ``examples/expected.yaml``."""
    title: str
    about: str
    sender: str
    """The hospital whose window it is, or the insurer that sends a claim."""
    steps: tuple[Step, ...]
    insurer: str = ""
    replaced: Mapping[str, str] = field(default_factory=dict)
    """Texts of the example files that are others in this run."""
    after: str = ""
    """The run that has to end before, because it uses the same account."""


def _send(title: str, path: str, file: str, *, with_documents: bool = False) -> Send:
    address = f"/v1/episodes/{{id}}/{path}" if path else "/v1/episodes"
    return Send(title, address, file, with_documents)


def first_refund(found: Mapping[str, Any]) -> str:
    return str(found["refunds"][0]["reference"])


CASHIER_REFUNDS = Until(
    "The cashier is to give the payment back",
    lambda found: bool(found["refunds"]),
    learns={"{refund}": first_refund},
)

_VOUCHER = (
    _send("Opens the episode", "", "episode-2-voucher.json"),
    _send("Bill of CNY 1,286.40", "bills", "episode-2-bill-1.json"),
    _send("Patient signs and pays the rest", "tenders", "episode-2-tender-1.json"),
    Closed(title="The vouchers are claimed"),
    _send("A test was not done: void", "voids", "episode-2-void.json"),
    CASHIER_REFUNDS,
    _send("The cashier has given it back", "refund-confirmations", "episode-2-refund.json"),
    _send("Corrected bill of CNY 1,086.40", "bills", "episode-2-bill-2.json"),
    _send("Patient signs and pays the rest", "tenders", "episode-2-tender-2.json"),
    Closed(title="The vouchers are claimed again"),
)

_STAY = (
    _send("Opens the episode", "", "episode-1-inpatient.json"),
    Guaranteed(),
)
DOCUMENTS = (
    Upload("Uploads the itemised bill", "itemised-bill.pdf", "itemised_bill"),
    Upload("Uploads the discharge summary", "discharge-summary.pdf", "discharge_summary"),
)
_INPATIENT = (
    *_STAY,
    _send("Admission", "admission", "episode-1-admission.json"),
    _send("Interim bill", "bills", "episode-1-bill-interim.json"),
    _send("Discharge", "discharge", "episode-1-discharge.json"),
    *DOCUMENTS,
    _send("Final bill", "bills", "episode-1-bill-final.json", with_documents=True),
)
WHOLE_STAY = (
    *_INPATIENT,
    _send("Patient pays his part", "tenders", "episode-1-tender.json"),
    Closed(payouts=1, title="Decision, payout, credit in RMB"),
)
_LIMITED = (
    *_INPATIENT,
    _send("Patient pays his part", "tenders", "episode-1-tender-limited.json"),
    Closed(payouts=1, title="Decision, payout, credit in RMB"),
    _send("Asks for the reimbursement", "reimbursements", "episode-1-reimbursement.json"),
    Closed(payouts=2, title="Payout to patient, credit in RMB"),
)
_FHIR = (
    *_STAY,
    Send(
        "Bundle with stay and final bill",
        "/fhir/Claim/$submit",
        "fhir-claim-bundle.json",
        media_type="application/fhir+json",
    ),
    _send("Patient pays his part", "tenders", "episode-1-tender.json"),
    Closed(payouts=1, title="Decision, payout, credit in RMB"),
)

TWO_INSURERS = (
    _send("Opens the episode", "", "episode-3-dual-cover.json"),
    Guaranteed("Both insurers answer the guarantees"),
    _send("Admission", "admission", "episode-3-admission.json"),
    _send("Discharge", "discharge", "episode-3-discharge.json"),
    _send("Final bill", "bills", "episode-3-bill-final.json"),
    _send("Patient pays his part", "tenders", "episode-3-tender.json"),
    Closed(payouts=2, title="Both decide in turn, two payouts in RMB"),
)


def numbered(ending: str, insurer: str, policy: str) -> dict[str, str]:
    """Every run is a visit of its own, with a bill of its own."""
    return {
        "ZY20260311-0087": f"ZY20260311-0087{ending}",
        "F20260314-0087": f"F20260314-0087{ending}",
        "harbour-life": insurer,
        "HL-2025-000051": policy,
    }


def _inpatient(
    name: str, title: str, about: str, steps: tuple[Step, ...], number: tuple[str, str, str]
) -> Run:
    ending, insurer, policy = number
    replaced = numbered(ending, insurer, policy)
    return Run(name, title, about, HOSPITAL_INPATIENT, steps, insurer, replaced)


RUNS = (
    Run(
        "voucher",
        "Voucher, with void and re-claim",
        "An outpatient pays with health care vouchers; a test on the first bill was not done.",
        HOSPITAL_OUTPATIENT,
        _VOUCHER,
    ),
    _inpatient(
        "inpatient",
        "Inpatient, decided there",
        "The insurer's own system answers over FHIR R4, later and by callback.",
        WHOLE_STAY,
        ("", "harbour-life", "HL-2025-000051"),
    ),
    _inpatient(
        "inpatient-limited",
        "Inpatient, decided there, limited guarantee",
        "The guarantee covers less than the plan pays; the patient is repaid the rest later.",
        _LIMITED,
        ("-B", "harbour-life", "HL-2025-000053"),
    ),
    _inpatient(
        "inpatient",
        "Inpatient, decided here",
        "The insurer has no system of its own for this; our rules decide for it.",
        WHOLE_STAY,
        ("-C", "kowloon-mutual", "KM-2025-000052"),
    ),
    _inpatient(
        "inpatient-limited",
        "Inpatient, decided here, limited guarantee",
        "The same with a guarantee below what the plan pays, and a reimbursement to the patient.",
        _LIMITED,
        ("-D", "kowloon-mutual", "KM-2025-000054"),
    ),
    _inpatient(
        "inpatient-fhir",
        "Inpatient, sent as a FHIR R4 Bundle",
        "Stay and final bill come in one message, as a hospital system would send them.",
        _FHIR,
        ("-E", "harbour-life", "HL-2025-000051"),
    ),
    Run(
        "dual-cover",
        "Inpatient, two insurers",
        "The first decides there; the second decides here, on what the first left.",
        HOSPITAL_INPATIENT,
        TWO_INSURERS,
    ),
)
