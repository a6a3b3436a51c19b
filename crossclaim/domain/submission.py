"""What a hospital or insurer sends us: one model per kind of submission, exactly as on the wire.

These models hold shapes only. What the values mean together (check digits, sums, dates, known
codes) is judged by ``faults.py``, which reports every fault of a submission at once.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, StringConstraints

from crossclaim.domain.correction import Correction as Correction
from crossclaim.domain.money import Money
from crossclaim.domain.service_type import ServiceType
from crossclaim.domain.submission_kind import OPENING as OPENING
from crossclaim.domain.submission_kind import OPENS as OPENS
from crossclaim.domain.submission_kind import SubmissionKind as SubmissionKind
from crossclaim.domain.wire_shape import Code as Code
from crossclaim.domain.wire_shape import Text as Text
from crossclaim.domain.wire_shape import Wire as Wire

Place = Annotated[str, StringConstraints(pattern=r"^(0|[1-9][0-9]?)$")]
PayerCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_\-]{8,64}$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class FunderKind(StrEnum):
    """Who may carry part of a bill."""

    VOUCHER = "voucher"
    BASIC_INSURANCE = "basic_insurance"
    INSURER = "insurer"
    PAY_LATER = "pay_later"
    PERSONAL_ACCOUNT = "personal_account"
    PATIENT = "patient"


class DocumentType(StrEnum):
    """Identity documents of the region; FHIR systems are in ``identity.py``."""

    HKID = "hkid"
    CERT_EXEMPTION = "cert_exemption"
    HOME_RETURN_PERMIT = "home_return_permit"
    RESIDENCE_PERMIT = "residence_permit"
    MAINLAND_ID = "mainland_id"
    MACAO_RESIDENT_ID = "macao_resident_id"


class IdentityDocument(Wire):
    type: DocumentType
    number: Text
    valid_until: date | None = None
    """Last day a stay permission holds; absent for permanent residents."""


class PersonName(Wire):
    zh: Text | None = None
    en: Text | None = None


class Patient(Wire):
    name: PersonName
    birth_date: date
    documents: list[IdentityDocument]
    mobile: Text | None = None


class BankAccount(Wire):
    """A payee's RMB account. ``number``: account or UnionPay card; ``bank_code``: CNAPS."""

    holder: Text
    number: Text
    bank_name: Text
    bank_code: Text


class ConsentType(StrEnum):
    """Consents of ``domain.md`` B7 that episodes carry."""

    EHEALTH_JOIN = "EHEALTH_JOIN"
    EHEALTH_SHARE = "EHEALTH_SHARE"
    VOUCHER_USE = "VOUCHER_USE"
    VOUCHER_ACCOUNT = "VOUCHER_ACCOUNT"
    """To a voucher account, at the first use."""
    SPOUSE_SHARE = "SPOUSE_SHARE"
    PI_SENSITIVE = "PI_SENSITIVE"
    PI_PROVIDE = "PI_PROVIDE"
    PI_CROSS_BORDER = "PI_CROSS_BORDER"
    CLAIM_AUTH = "CLAIM_AUTH"
    AMBULANCE_TRANSFER = "AMBULANCE_TRANSFER"
    """To the transfer itself and to handing the patient over to the named institution."""


class SubstituteSigner(Wire):
    """Who decides for a person who cannot consent: a minor, or a person incapable of it."""

    capacity: Literal["parent", "guardian", "carer"]
    name: PersonName
    document: IdentityDocument
    paper: Code
    """Kind of the paper that was seen, which shows the capacity."""
    paper_seen_at: AwareDatetime
    patient_incapable: bool = False
    """The patient is old enough and cannot consent; ``paper`` shows that too."""


class ConsentGiven(Wire):
    type: ConsentType
    text_version: Code
    text_sha256: Sha256 | None = None
    """Of the text that was shown: its UTF-8 bytes, in the language in which it was signed."""
    signed_at: AwareDatetime
    channel: Literal["paper", "electronic", "app"]
    recipient: Code | None = None
    """Organisation the data go to, for PI_PROVIDE, PI_CROSS_BORDER and CLAIM_AUTH."""
    signed_by: SubstituteSigner | None = None
    """Absent: the patient signed."""
    given_by: Literal["patient", "spouse"] = "patient"
    evidence_sha256: Sha256 | None = None
    """Of what shows that it was given: the scan of the signed paper, the record of a signature."""


class PayLaterClaimed(Wire):
    """Pay-after-care (惠民就医): whose account pays, and how."""

    account: Code
    """The payer's account with us; the payer need not be present."""
    relation: (
        Literal[
            "spouse",
            "parent",
            "child",
            "sibling",
            "paternal_grandparent",
            "maternal_grandparent",
            "paternal_grandchild",
            "maternal_grandchild",
            "other",
        ]
        | None
    ) = None
    """What the patient is to the payer in family pay (亲情付); absent: they are the same person."""
    agreement_signed_at: AwareDatetime | None = None
    """Of 东莞惠民就医亲情付服务协议, for a relative."""
    confirmation: Literal["seamless", "confirmed"] = "seamless"
    """无感支付 or 有感支付."""


class CoverStated(Wire):
    """What is said of a cover by an insurer. What nobody says a rule that needs it asks for."""

    order: int | None = None
    """1: this insurer pays first; the next pays on what it left. Asked for beside another one."""
    covered_since: date | None = None
    """First day of unbroken cover, which renewals keep: policy years and waiting count from it."""
    covered_until: date | None = None
    """Last day of cover; absent: it goes on."""
    pre_existing: bool | None = None
    """The insurer found a condition from before the cover that the member did not know of."""
    deductible_used: Money | None = None
    """Of the policy year's deductible, what earlier care used up; in what the plan counts in."""
    annual_benefit_used: Money | None = None
    """What the insurer has paid in the policy year before this bill."""


class CoverageClaimed(CoverStated):
    """A right the patient says to have against one funder."""

    funder: FunderKind
    organisation: Code | None = None
    """The insurer, for ``insurer``."""
    plan: Code | None = None
    policy_number: Text | None = None
    pay_later: PayLaterClaimed | None = None
    """For ``pay_later``."""


class EncounterClass(StrEnum):
    INPATIENT = "inpatient"
    OUTPATIENT = "outpatient"
    EMERGENCY = "emergency"
    CHECK_UP = "check_up"
    DAY_PROCEDURE = "day_procedure"
    PHARMACY = "pharmacy"
    """A purchase at a designated pharmacy (定点零售药店购药); ``hospital`` names the pharmacy."""
    AMBULANCE_TRANSFER = "ambulance_transfer"


class Diagnosis(Wire):
    system: Literal["icd-10"]
    code: Code
    text: Text | None = None


class Visit(Wire):
    number: Code
    encounter_class: EncounterClass
    department: Code
    channel: Literal["voucher_dedicated", "international", "ordinary"]
    service: ServiceType | None = None
    """Absent: an ordinary visit."""
    planned_admission: AwareDatetime | None = None
    planned_nights: int | None = None
    maternity: bool | None = None
    """A stay for childbirth, which basic insurance judges by rules of its own."""
    out_of_area_filing: Code | None = None
    """Number under which the patient filed care outside the area of his basic insurance with the
    bureau (异地就医备案)."""
    guarantee_requested_at: AwareDatetime | None = None
    """Date of the pre-authorisation form; planned care needs it two working days ahead."""


class EpisodeSubmission(Wire):
    """``POST /v1/episodes``. Business key: hospital + visit number."""

    hospital: Code
    visit: Visit
    patient: Patient
    diagnoses: list[Diagnosis]
    coverages: list[CoverageClaimed]
    consents: list[ConsentGiven]
    estimate: Money | None = None
    """Expected total of the bill, asked for as the guarantee."""


class AdmissionSubmission(Wire):
    """``POST /v1/episodes/{id}/admission``. Business key: hospital + visit + ``admission``."""

    admitted_at: AwareDatetime


class DischargeSubmission(Wire):
    """``POST /v1/episodes/{id}/discharge``. Business key: hospital + visit + ``discharge``."""

    discharged_at: AwareDatetime


class ChargeCategory(StrEnum):
    """What a charge line is for; benefit schedules, exclusions and voucher rules speak of these."""

    ROOM = "room"
    ATTENDING_DOCTOR = "attending_doctor"
    SURGEON = "surgeon"
    ANAESTHETIST = "anaesthetist"
    THEATRE = "theatre"
    MISCELLANEOUS = "miscellaneous"
    CONSULTATION = "consultation"
    EXAMINATION = "examination"
    LABORATORY = "laboratory"
    TREATMENT = "treatment"
    DRUG = "drug"
    GOODS = "goods"
    SPECIAL_DRUG = "special_drug"
    CROSS_BORDER_AMBULANCE = "cross_border_ambulance"
    LONG_TERM_PHYSIOTHERAPY = "long_term_physiotherapy"
    CARER_WAGES = "carer_wages"
    CASH = "cash"
    DEPOSIT = "deposit"
    INTENSIVE_CARE = "intensive_care"
    SPECIALIST = "specialist"
    IMAGING = "imaging"
    CANCER_TREATMENT = "cancer_treatment"
    TRAVEL = "travel"
    INSURANCE_PREMIUM = "insurance_premium"


class SurgeryClass(StrEnum):
    """VHIS schedule classes of a surgeon's fee."""

    COMPLEX = "complex"
    MAJOR = "major"
    INTERMEDIATE = "intermediate"
    MINOR = "minor"


class ChargeLine(Wire):
    number: int
    category: ChargeCategory
    code: Code
    description: Text
    service_date: date
    quantity: int
    unit_price: Money
    amount: Money
    surgery_class: SurgeryClass | None = None
    bundle: Code | None = None
    """The bundled price (打包付费) that the line is a part of, by its code in the price list."""


class DocumentKind(StrEnum):
    ITEMISED_BILL = "itemised_bill"
    EBILL = "ebill"
    DISCHARGE_SUMMARY = "discharge_summary"
    CLAIM_FORM = "claim_form"
    OTHER = "other"


class DocumentNamed(Wire):
    """A document uploaded before through ``POST /v1/episodes/{id}/documents``, by its content."""

    kind: DocumentKind
    name: Text
    sha256: Sha256


class SpouseUse(Wire):
    """The paired spouse's vouchers are asked for too, after the own; with the papers shown."""

    papers: list[Literal["spouse_id_copy"]] = []


class BillSubmission(Wire):
    """``POST /v1/episodes/{id}/bills``. Business key: hospital + visit + bill number + version.

    An interim bill is replaced by the final one of its number; a draft moves nothing.
    """

    number: Code
    version: int
    status: Literal["interim", "draft", "final"]
    correction: Correction | None = None
    """Absent: the first final version of its number."""
    issued_at: AwareDatetime
    service_completed_at: AwareDatetime | None = None
    lines: list[ChargeLine]
    total: Money
    documents: list[DocumentNamed] = []
    coverages: list[int] | None = None
    """Places (from 0) of the episode's coverages that the patient uses for this bill; absent: all.
    An alternative of a refused bill names them."""
    spouse: SpouseUse | None = None
    """Absent: the spouse's vouchers are not asked for."""
    own_voucher_dollars: int | None = None
    """Whole dollars of the own vouchers that the patient wants to use; absent: all that may be."""
    window: Code | None = None
    """Where the bill is paid, by the hospital's reference data."""
    accident: bool | None = None
    """The treatment follows an accident, not an illness; asked for within a waiting period."""
    cover_facts: dict[Place, CoverStated] = {}
    """By the place of an insurer's coverage: what the episode left open, or says otherwise now."""


class TenderLeg(Wire):
    method: Literal["wechat", "alipay", "bank_card", "foreign_card", "cash", "ecny"]
    amount: Money
    """RMB, whatever currency a foreign card is in."""
    reference: Code
    """The window's own number of the payment."""
    payer_code: PayerCode | None = None
    """What the window scanned or the terminal read: the hospital's acquirer charges the payer.
    Absent: the window has the money already."""


class TenderSubmission(Wire):
    """``POST /v1/episodes/{id}/tenders``: the patient accepts a split and pays his share.

    Business key: the bill's + ``tender`` + the reference of the first leg, so that a patient may
    pay in several steps.
    """

    bill_number: Code
    bill_version: int
    tendered_at: AwareDatetime
    legs: list[TenderLeg]
    consents: list[ConsentGiven] = []


class VoidSubmission(Wire):
    """``POST /v1/episodes/{id}/voids``: takes back a bill version. Key: bill's + ``void``."""

    bill_number: Code
    bill_version: int
    voided_at: AwareDatetime
    reason: Text


class ConsentSubmission(Wire):
    """``POST /v1/episodes/{id}/consents``: one more consent, or the withdrawal of one."""

    number: Code
    given: ConsentGiven | None = None
    withdrawn: ConsentType | None = None
    withdrawn_by: Literal["patient", "spouse"] = "patient"
    recipient: Code | None = None
    """Of a withdrawal: only what was given for this organisation; absent: for every one."""
    stated_at: AwareDatetime


class ReimbursementSubmission(Wire):
    """``POST /v1/episodes/{id}/reimbursements``: for what was paid beyond the guarantee."""

    bill_number: Code
    bill_version: int
    account: BankAccount
    requested_at: AwareDatetime
