"""What is known of hospitals, insurers, consent texts, rates and policies before anything is sent.

The data are handed in as one value (``Reference.model_validate``); ``examples/reference.yaml``
shows every member. Nothing here changes while a process runs.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

from crossclaim.domain.consent_wording import Wording
from crossclaim.domain.money import Currency, Money
from crossclaim.domain.submission import (
    BankAccount,
    Code,
    ConsentType,
    EncounterClass,
    FunderKind,
    Sha256,
    Text,
)


class Known(BaseModel):
    """Base of every reference shape: frozen, unknown members are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Names(Known):
    """One name in the languages of the region's paperwork."""

    en: Text
    zh_hant: Text
    zh_hans: Text


class Department(Known):
    id: Code
    name: Names


class VoucherWindow(Known):
    """A place of the dedicated channel: which visits are paid or seen there, and when."""

    id: Code
    name: Names
    place: Names | None = None
    encounter_classes: list[EncounterClass]
    hours: list[Annotated[str, StringConstraints(pattern=r"^[0-2]\d:[0-5]\d-[0-2]\d:[0-5]\d$")]]
    identity_checks: bool = False
    """Patients are seen in person there before their first use."""


class Designation(Known):
    """A designated institution of basic insurance: its code with the bureau, the administrative
    division that it stands in, and of a hospital its level (``level-1`` to ``level-3``)."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{12}$")]
    kind: Literal["hospital", "pharmacy"] = "hospital"
    level: Literal["level-1", "level-2", "level-3"] | None = None
    area: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]

    @model_validator(mode="after")
    def _hospitals_have_a_level(self) -> Designation:
        if (self.level is None) != (self.kind == "pharmacy"):
            raise ValueError("a designated hospital has a level, a pharmacy has none")
        return self


class Hospital(Known):
    """``currencies`` are those it bills in; ``account`` is where RMB payouts to it go."""

    id: Code
    name: Names
    region: Literal["CN", "HK", "MO"]
    city: Text
    currencies: list[Currency] = [Currency.CNY]
    departments: list[Department]
    account: BankAccount
    designation: Designation | None = None
    """None: basic insurance pays nothing there."""
    voucher_claims: Literal["provider", "clerk"] = "provider"
    """Who enters voucher claims: what a clerk enters, the provider confirms."""
    voucher_windows: list[VoucherWindow] = []
    voucher_register_first: list[Code] = []
    """Departments in which whoever uses vouchers has registered through the voucher entry."""

    def voucher_window(self, window: str) -> VoucherWindow | None:
        return next((w for w in self.voucher_windows if w.id == window), None)

    def has_department(self, department: str) -> bool:
        return any(known.id == department for known in self.departments)


class InsurerAccount(Known):
    """An account of the insurer that payouts may be ordered from (``bank``: a profile's id)."""

    holder: Text
    number: Text
    bank: Code
    agent_code: Text


class InsurerKnown(Known):
    """``decides``: ``here`` by our rules and desk, ``there`` by its own system over FHIR."""

    id: Code
    name: Names
    region: Literal["CN", "HK", "MO", "OTHER"]
    """``OTHER``: outside the Greater Bay Area, to where nothing of a patient may be sent."""
    decides: Literal["here", "there"]
    plans: list[Code]
    account: InsurerAccount


class TransferContract(Known):
    """A standard contract for personal data that leave the mainland, for one destination only."""

    id: Code
    name: Names
    destination: Literal["HK", "MO"]
    in_force_from: date
    source: Text


class ConsentText(Known):
    """One text that patients sign, in use until the day before ``superseded_on``."""

    type: ConsentType
    version: Code
    valid_from: date
    superseded_on: date | None = None
    sha256: Sha256 | None = None
    """Of the text as it was shown; a version's text never changes once it is known."""
    text: Wording | None = None
    """Absent: the words are kept elsewhere."""
    contract: Code | None = None
    """Of a PI_CROSS_BORDER text: the contract that it rests on; absent: that for Hong Kong."""

    def valid_on(self, day: date) -> bool:
        ended = self.superseded_on is not None and day >= self.superseded_on
        return day >= self.valid_from and not ended

    @property
    def digests(self) -> frozenset[str]:
        """What a signed copy's digest may be; empty: nobody here can say."""
        own = frozenset() if self.text is None else frozenset(self.text.digests.values())
        return own | ({self.sha256} if self.sha256 else frozenset())

    @model_validator(mode="after")
    def _digest_is_of_the_text(self) -> ConsentText:
        if self.text is not None and self.sha256 not in (None, *self.text.digests.values()):
            raise ValueError(f"the digest of {self.version} is that of none of its texts")
        return self


class ExchangeRateRow(Known):
    """``rate`` units of ``quote`` for one unit of ``base``, from ``as_of`` until the next row."""

    base: Currency
    quote: Currency
    rate: Decimal
    as_of: date
    source: Text
    fixed_by: Code | None = None
    """The insurer that fixes this rate for its own claims; absent: it holds for all others."""


class PolicyKnown(Known):
    """A policy of an insurer that decides here. Both days of force are included."""

    insurer: Code
    number: Text
    plan: Code
    in_force_from: date
    in_force_until: date
    cover_since: date | None = None
    """First day of unbroken cover, from which policy years count: a renewal keeps it. By default
    the first day of force. A number names one insured person; members of a group have one each."""
    guarantee_limit: Money
    """HKD; the most that one letter of guarantee may promise."""
    series: bool = False
    """Numbers that go on from this one after a hyphen are such policies too. For trials: reference
    data with one are an example."""

    @property
    def since(self) -> date:
        return self.cover_since or self.in_force_from

    def numbered(self, number: str) -> bool:
        return number == self.number or (self.series and number.startswith(f"{self.number}-"))

    def in_force(self, day: date) -> bool:
        return self.in_force_from <= day <= self.in_force_until


class RecordInstitution(Known):
    """A hospital that a record system of Hong Kong has designated; both days are included."""

    hospital: Code
    system: Literal["ehealth", "hospital-authority"]
    number: Code
    """The institution's own number at the system."""
    valid_from: date
    valid_until: date | None = None

    def valid_on(self, day: date) -> bool:
        return day >= self.valid_from and (self.valid_until is None or day <= self.valid_until)


class TransferInstitution(Known):
    """Beyond the border: patients are handed over to it, or taken over from it, by ambulance."""

    id: Code
    name: Names
    region: Literal["CN", "HK", "MO"]


class BankKnown(Known):
    """A bank that payouts are ordered from: its id in the settings, and its name."""

    id: Code
    name: Names


class Reference(Known):
    """Everything of above, found by id."""

    example: bool = False
    """Invented data; refused outside demonstration."""
    funders: list[FunderKind] = list(FunderKind)
    """Funders that this installation works with."""
    hospitals: list[Hospital]
    insurers: list[InsurerKnown]
    consent_texts: list[ConsentText]
    transfer_contracts: list[TransferContract] = []
    exchange_rates: list[ExchangeRateRow] = []
    policies: list[PolicyKnown] = []
    record_institutions: list[RecordInstitution] = []
    """Who may ask for records, or hand them in, and at which system."""
    transfer_institutions: list[TransferInstitution] = []
    banks: list[BankKnown] = []
    """Stories call a bank that is not here by its id."""

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Reference:
        _refuse_twice("hospital", [hospital.id for hospital in self.hospitals])
        for hospital in self.hospitals:
            _refuse_twice(f"department of {hospital.id}", [d.id for d in hospital.departments])
        transferring = [i.id for i in self.transfer_institutions]
        _refuse_twice("institution", [*transferring, *(h.id for h in self.hospitals)])
        _refuse_twice("bank", [bank.id for bank in self.banks])
        _refuse_twice("insurer", [insurer.id for insurer in self.insurers])
        self._check_accounts()
        _refuse_twice("consent text", [f"{t.type.value} {t.version}" for t in self.consent_texts])
        self._check_contracts()
        _refuse_twice("policy", [f"{p.insurer} {p.number}" for p in self.policies])
        if any(p.series for p in self.policies) and not self.example:
            raise ValueError("a series of policies stands in examples only")
        invented = any(t.text is not None and t.text.example for t in self.consent_texts)
        if invented and not self.example:
            raise ValueError("invented texts of consents stand in examples only")
        unknown = {p.insurer for p in self.policies} - {insurer.id for insurer in self.insurers}
        if unknown:
            raise ValueError(f"a policy names the unknown insurer {min(unknown)}")
        return self

    def _check_accounts(self) -> None:
        """What a bank books on an account is one insurer's; of two, either would be told of it."""
        holders: dict[tuple[str, str], str] = {}
        for insurer in self.insurers:
            account = (insurer.account.bank, insurer.account.number)
            holder = holders.setdefault(account, insurer.id)
            if holder != insurer.id:
                raise ValueError(f"{holder} and {insurer.id} pay from one account")

    def _check_contracts(self) -> None:
        """A text rests on a known contract, and not before that was in force."""
        _refuse_twice("transfer contract", [contract.id for contract in self.transfer_contracts])
        known = {contract.id: contract for contract in self.transfer_contracts}
        for text in self.consent_texts:
            if text.contract is None:
                continue
            contract = known.get(text.contract)
            if contract is None or text.type is not ConsentType.PI_CROSS_BORDER:
                raise ValueError(f"the text {text.version} names the contract {text.contract}")
            if text.valid_from < contract.in_force_from:
                raise ValueError(f"the text {text.version} is older than its contract")

    def destination_of(self, text: ConsentText) -> Literal["HK", "MO"]:
        """Where data may go under a PI_CROSS_BORDER text."""
        known = (c for c in self.transfer_contracts if c.id == text.contract)
        contract = next(known, None)
        return "HK" if contract is None else contract.destination

    def may_go(self, consent: ConsentType, version: str, recipient: str) -> bool:
        """Whether a text of this type lets data go to where the recipient stands."""
        if consent is not ConsentType.PI_CROSS_BORDER:
            return True
        text = self.consent_text(consent, version)
        destination = "HK" if text is None else self.destination_of(text)
        return (self.region_of(recipient) or "HK") in ("CN", destination)

    def region_of(self, organisation: str) -> str | None:
        """Where an insurer, a hospital or a transfer's institution stands; None: unknown."""
        found = self.insurer(organisation) or self.transfer_institution(organisation)
        return None if found is None else found.region

    @cached_property
    def _hospital_by_id(self) -> dict[str, Hospital]:
        return {hospital.id: hospital for hospital in self.hospitals}

    @cached_property
    def _insurer_by_id(self) -> dict[str, InsurerKnown]:
        return {insurer.id: insurer for insurer in self.insurers}

    def hospital(self, hospital_id: str) -> Hospital | None:
        return self._hospital_by_id.get(hospital_id)

    def insurer(self, insurer_id: str) -> InsurerKnown | None:
        return self._insurer_by_id.get(insurer_id)

    def bank(self, bank: str) -> BankKnown | None:
        return next((known for known in self.banks if known.id == bank), None)

    def transfer_institution(self, institution: str) -> TransferInstitution | Hospital | None:
        """One beyond the border, or a hospital of ours, that a patient may be handed over to."""
        beyond = (i for i in self.transfer_institutions if i.id == institution)
        return next(beyond, None) or self.hospital(institution)

    def consent_text(self, consent: ConsentType, version: str) -> ConsentText | None:
        return next(
            (t for t in self.consent_texts if t.type is consent and t.version == version), None
        )

    def policy(self, insurer: str, number: str) -> PolicyKnown | None:
        return next((p for p in self.policies if p.insurer == insurer and p.numbered(number)), None)

    def record_institution(self, hospital: str, system: str, on: date) -> RecordInstitution | None:
        found = (
            i for i in self.record_institutions if (i.hospital, i.system) == (hospital, system)
        )
        return next((i for i in found if i.valid_on(on)), None)

    def is_record_system(self, name: str) -> bool:
        return any(known.system == name for known in self.record_institutions)

    def exchange_rate(
        self, base: Currency, quote: Currency, on: date, insurer: str | None = None
    ) -> ExchangeRateRow | None:
        """The newest row that is not after ``on``, of the insurer's own rates where it fixes any;
        ``None`` when there is none yet."""
        rows = [r for r in self.exchange_rates if (r.base, r.quote) == (base, quote)]
        own = [r for r in rows if insurer is not None and r.fixed_by == insurer]
        held = own or [r for r in rows if r.fixed_by is None]
        return max((r for r in held if r.as_of <= on), key=lambda r: r.as_of, default=None)


def _refuse_twice(noun: str, ids: list[str]) -> None:
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        raise ValueError(f"the {noun} {twice[0]} is listed twice")
