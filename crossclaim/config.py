"""Settings, read once from the environment (prefix ``CROSSCLAIM_``) into a frozen object.

This module alone reads the environment. Every setting is explained in ``docs/settings.md``.
"""

from __future__ import annotations

import difflib
import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from crossclaim.domain.errors import CrossclaimError
from crossclaim.domain.operations import OperationLimits

PREFIX = "CROSSCLAIM_"
# Of the embedded stack and of the test suite, which read them elsewhere.
ELSEWHERE = ("CROSSCLAIM_PORT_", "CROSSCLAIM_FULL", "CROSSCLAIM_FIXTURES")


class HcxPeer(BaseModel):
    """An insurer that is spoken to over HCX: between which two participants."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    participant: str
    """The insurer's code in the registry."""
    sender: str
    """The participant of ours in whose name we send."""
    wait_s: float = 8.0
    """How long a step waits for a callback that usually comes at once."""


class HcxSelf(BaseModel):
    """A participant that we are, for an organisation that we serve."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    organisation: str


class HcxParticipant(BaseModel):
    """Another participant: who it is, where it is, and its key set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    organisation: str
    role: Literal["provider", "payor", "gateway"]
    base_url: str
    jwks_file: Path


class HcxConnection(BaseModel):
    """Our part in an HCX-style exchange and the registry of the others."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    keys_dir: Path
    """Our private keys, sealed, and their public halves."""
    own: list[HcxSelf] = []
    participants: list[HcxParticipant] = []
    stale_after_s: float = 300
    """How far a message's timestamp may be from now."""


class InsurerConnection(BaseModel):
    """How to reach one insurer. ``decides``: ``here`` (our rules) or ``there`` (its system)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    organisation: str
    base_url: str
    api_key: SecretStr = SecretStr("")
    callback_secret: SecretStr | None = None
    """``whsec_`` + base64, Standard Webhooks; absent, no callback of it is taken."""
    decides: Literal["here", "there"]
    answer_within_s: float = 900
    """How long a queued answer may take before we inquire."""
    hcx: HcxPeer | None = None
    """Spoken to over HCX instead of FHIR calls; then key and secret are not used."""


class RailWire(BaseModel):
    """How one bank names a rail in a pain.001; empty members are left out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    service_level: str = ""
    """``SvcLvl/Cd``."""
    local_instrument: str = ""
    """``LclInstrm/Prtry``."""
    batch_booking: bool | None = None
    """``BtchBookg``."""


class BankProfile(BaseModel):
    """One bank's host-to-host folders and habits."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bank: str
    folder: Path
    """Holds ``staging``, ``outbound``, ``inbound`` with ``done`` and ``bad``; one filesystem."""
    initiating_party: str = "crossclaim"
    status_request: bool = True
    """Answers pacs.028."""
    credit_advice: bool = True
    """Proves the payee's credit (ACCC or camt.054); without it settlement counts, as assumed."""
    dedupes: bool = False
    """Refuses a second order with the same end-to-end id."""
    recalls: bool = False
    """Takes a request to cancel a payment (camt.056) and answers it (camt.029)."""
    account_checks: bool = False
    """Says before a first payout whether the account is its holder's (acmt.023, acmt.024)."""
    rails: dict[str, RailWire] = {}
    """How this bank wants to be told by which rail a payment goes; none: it is not told."""
    answer_within_s: float = 600
    """No word for so long: the payment is ``unknown``."""
    inquire_every_s: float = 3600
    statement_limit_mib: int = 150
    """A statement or notification that is larger is refused; other files are at 25 MiB."""
    max_execution_s: float = 172800
    """The fence: after so long an unexecuted order never executes any more."""


class Settings(BaseSettings):
    """All that a process of ours may be told from outside."""

    model_config = SettingsConfigDict(
        env_prefix="CROSSCLAIM_", env_nested_delimiter="__", frozen=True, extra="ignore"
    )

    data_dir: Path = Path(".crossclaim")
    demonstration: bool = False
    """Allows plans and lists flagged as examples."""

    database_url: SecretStr = SecretStr("")
    """As role ``crossclaim_app``: API and console."""
    database_worker_url: SecretStr = SecretStr("")
    """As role ``crossclaim_worker``: activities."""
    database_owner_url: SecretStr = SecretStr("")
    """As role ``crossclaim_owner``: migrations only."""
    database_reader_url: SecretStr = SecretStr("")
    """As role ``crossclaim_reader``: reports."""

    temporal_address: str = "127.0.0.1:7233"
    temporal_namespace: str = "crossclaim"
    temporal_tls: bool = False
    temporal_api_key: SecretStr | None = None
    temporal_ui_url: str = ""
    codec_enabled: bool = False
    """Opens payloads for Temporal's UI and CLI at ``/codec/decode``; see ``docs/privacy.md``."""
    codec_origin: str = ""
    """The one page (scheme, host, port) whose browser may ask there: that of Temporal's UI."""
    build_id: str = "dev"

    s3_endpoint: str = ""
    s3_region: str = "us-east-1"
    s3_bucket: str = "crossclaim-documents"
    s3_incoming_bucket: str = "crossclaim-incoming"
    """Files between being sent and being judged; without versions."""
    s3_public_endpoint: str = ""
    """How senders reach the store; empty: as we do."""
    s3_access_key: SecretStr = SecretStr("")
    s3_secret_key: SecretStr = SecretStr("")
    audit_lock_days: int = 3650
    """How long nobody can remove a root of the audit from the store; see ``docs/privacy.md``."""

    keystore_dir: Path = Path(".crossclaim/keystore")
    """Master key file and epoch keys; never inside a database backup."""

    api_host: str = "127.0.0.1"
    api_port: int = 8080
    public_url: str = "http://127.0.0.1:8080"
    """Where outside parties reach our callbacks."""
    window_timeout_s: float = 8.0
    body_limit_bytes: int = 1_048_576
    document_limit_bytes: int = 26_214_400
    clamd_address: Annotated[str, StringConstraints(pattern=r"^(\S+:\d{1,5})?$")] = ""
    """Host and port of a ClamAV daemon; empty: none is asked."""

    oidc_issuer: str = ""
    """The identity provider where people sign in; empty: nobody does."""
    oidc_client_id: str = "crossclaim"
    oidc_client_secret: SecretStr | None = None
    oidc_ca_file: Path | None = None
    session_idle_s: float = 900
    session_life_s: float = 36_000
    step_up_s: float = 300
    """How fresh a sign-in must be for what releases money or says where it goes."""
    patient_link_s: float = 259_200
    """How long a link to a patient's own pages may be opened."""
    patient_link_tries: int = 5
    patient_idle_s: float = 1_800
    patient_life_s: float = 14_400
    claim_service_licence: bool = True
    """People need a mainland licence on file for claim service in the mainland."""
    reads_per_s: float = 300
    """Of one client of an organisation; 0 is without limit."""
    writes_per_s: float = 100
    entries_per_s: float = 5
    """Sign-ins, tokens and wrong credentials of one address."""

    parties_file: Path = Path("parties.yaml")
    """Connections to voucher system, insurers and banks; see ``docs/settings.md``."""
    folders_file: Path = Path("folders.yaml")
    """Whose folders are watched for files; see ``docs/operations.md``."""

    workers: int = 1
    worker_threads: int = 16
    """Steps that one process runs at once on each of its task queues."""
    worker_roles: str = "all"
    """Comma-separated task queues this process serves, or ``all``."""
    max_cached_workflows: int = Field(default=500, ge=1)
    """Not 0: the SDK then drops a run with its local steps under way, and may do so for ever."""
    metrics_port: int = 0
    ready_file: Path | None = None
    """A worker touches it every few seconds while it polls, the watch over folders after each look;
    the stack and the health check look."""
    bank_scan_every_s: float = 2.0
    transfer_licence: str = ""
    """What the sender of claim papers is licensed by, as the signed manifest states it."""
    purpose_code: str = "INSC"
    """The rail's purpose of claim payments; no published code was found, so it is configured."""
    payout_rails_plan: str = "payout-rails"
    """The plan whose rails, clocks and refusals payouts follow."""
    payout_approval_above_fen: int | None = None
    """A payout of more fen waits for a second key of its insurer; without it none does."""
    payout_check_first_account: bool = False
    """The first payout to a person's account waits until a second key has compared account and
    name: no bank's check of them is in our sources."""
    webhooks_allow_private: bool = False
    """Webhooks may go to private addresses and over plain HTTP: on a laptop, never outside."""
    webhooks_keep_days: int = 30
    """How long the delivery log is kept; a week at least."""
    webhooks_scan_s: float = 1.0
    operations: OperationLimits = OperationLimits()
    """From where on the page of operations says "look here"."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    fault_hook: str = ""
    """Test wiring only: the point at which this process kills itself, once, with a marker file."""


class VoucherConnection(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: str
    api_key: SecretStr


class FamilyOfficeConnection(BaseModel):
    """The medical insurance offices of the cities, behind the province's service."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: str
    api_key: SecretStr
    callback_secret: SecretStr | None = None
    """``whsec_`` + base64, Standard Webhooks; absent, it is only asked."""
    ask_every_s: float = 259200
    """How long a review may be silent before we ask again."""
    recheck_every_s: float = 31536000
    """How often a binding in force is asked about; 0 is never."""
    settle_after_s: float = 86400
    """After so long a request that the office does not know never reaches it any more."""


class BureauConnection(BaseModel):
    """The healthcare security bureau, over the national interface."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: str
    api_key: SecretStr
    signing_secret: SecretStr
    """Signs our messages and its answers."""
    answer_within_s: float = 900
    """How long a settlement whose answer cannot be believed waits before it is reversed."""
    hold_account_s: float = 86_400
    """How long a split that has not been settled keeps others from what it takes of an account."""


class RecordConnection(BaseModel):
    """eHealth, or the Hospital Authority over the direct link: one wire, two channels."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: str
    api_key: SecretStr
    again_s: float = 30
    """Pause before it is asked again after it did not answer; it doubles."""


class HuiminConnection(BaseModel):
    """The pay-after-care platform of Dongguan, 惠民就医."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: str
    api_key: SecretStr
    answer_within_s: float = 60
    """How long the bank looks at an application before we ask; then twice as long, and so on."""
    remind_days: int = 3
    """How long before its due day a repayment is reminded of."""


class AcquirerConnection(BaseModel):
    """The acquirer through which hospitals take wallets, digital RMB and cards."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: str
    api_key: SecretStr
    signing_secret: SecretStr
    merchants: dict[str, str] = {}
    """Hospital → its merchant id. A hospital that is not here takes payments at its own window."""
    pay_within_s: float = 120
    """An order that is not paid by then is closed."""
    again_s: float = 2
    """Pause before it is asked again about a payment or refund; it doubles."""
    refund_late_after_days: int = 7
    """A refund that is still on its way then is told to a person."""


class Parties(BaseModel):
    """The parties file: where every outside party is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ca_file: Path | None = None
    """Trusted certificate authority of the parties; the system's when absent."""
    timeout_s: float = 10.0
    voucher: VoucherConnection | None = None
    family_office: FamilyOfficeConnection | None = None
    huimin: HuiminConnection | None = None
    acquirer: AcquirerConnection | None = None
    bureau: BureauConnection | None = None
    ehealth: RecordConnection | None = None
    hospital_authority: RecordConnection | None = None
    insurers: list[InsurerConnection] = []
    banks: list[BankProfile] = []
    hcx: HcxConnection | None = None

    def hcx_senders(self) -> list[str]:
        """Codes of the participants that we are."""
        return [one.code for one in self.hcx.own] if self.hcx else []


class SettingRefused(CrossclaimError):
    """An environment variable that nothing of ours reads, or whose value cannot be used."""

    code = "SETTING_REFUSED"


def checked_settings() -> Settings:
    """The settings. Raises ``SettingRefused``, which names the variable and never its value."""
    known = [f"{PREFIX}{name.upper()}" for name in Settings.model_fields]
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and not name.startswith(ELSEWHERE) and name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            meant = f"did you mean {close[0]}?" if close else "docs/settings.md lists all."
            raise SettingRefused(f"There is no setting {name}; {meant}")
    try:
        return Settings()
    except ValidationError as error:
        fault = error.errors()[0]
        name = f"{PREFIX}{str(fault['loc'][0]).upper()}"
        raise SettingRefused(f"{name} cannot be used: {fault['msg']}.") from None
