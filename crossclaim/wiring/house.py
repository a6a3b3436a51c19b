"""One process's things, each built when it is first asked for."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import yaml
from temporalio.client import Client
from temporalio.runtime import Runtime

from activities.privacy_ports import PrivacyPorts
from activities.world import BankHabits, World, no_fault
from crossclaim.config import Parties, Settings
from crossclaim.documents.hand_over_record import PrintedHandOvers
from crossclaim.documents.subject_pages import SubjectPages
from crossclaim.documents.voucher_use_record import PrintedRecords
from crossclaim.domain.errors import CrossclaimError
from crossclaim.domain.reference import Reference
from crossclaim.engine import EpisodeEngine, connect
from crossclaim.gateways.audit_anchors import S3Anchors
from crossclaim.gateways.bank.host_to_host import HostToHostBank
from crossclaim.gateways.bank.sealed_copies import SealedBankCopies
from crossclaim.gateways.clamd import ClamScanner
from crossclaim.gateways.document_holds import DocumentHolds
from crossclaim.gateways.documents import S3Documents
from crossclaim.gateways.incoming import IncomingFiles
from crossclaim.gateways.s3 import s3_client
from crossclaim.gateways.webhook_receiver import WebhookReceiver
from crossclaim.plans.loader import load_plans, read_stored
from crossclaim.plans.shelf import PlanShelf
from crossclaim.security.codec import data_converter
from crossclaim.security.keyring import Keyring
from crossclaim.security.keys import EpochKeystore
from crossclaim.security.manifest import ManifestKey
from crossclaim.security.signing import Signer
from crossclaim.store.audit_blocks import SqlAuditChain
from crossclaim.store.bank_books import SqlBankBooks
from crossclaim.store.bank_copies import SqlBankCopies
from crossclaim.store.binding_tables import SqlBindings
from crossclaim.store.console_totals import SqlConsoleTotals
from crossclaim.store.erasures import SqlErasures
from crossclaim.store.inbox_tables import SqlInbox
from crossclaim.store.intake_tables import SqlQueue
from crossclaim.store.keys import SqlDataKeys
from crossclaim.store.match_orders import SqlMatchOrders
from crossclaim.store.plan_backtests import SqlPlanBacktests
from crossclaim.store.plan_tables import SqlPlans
from crossclaim.store.reference_tables import load_reference
from crossclaim.store.session import Database
from crossclaim.store.subject_export import SqlSubjectExports
from crossclaim.store.transaction import SqlRecords
from crossclaim.store.voucher_months import SqlVoucherMonths
from crossclaim.store.webhook_outbox import SqlWebhookOutbox
from crossclaim.wiring.outside import OutsideParties


def read_parties(file: Path) -> Parties:
    """The parties file; an absent one means no outside parties."""
    if not file.exists():
        return Parties()
    return Parties.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")) or {})


@dataclass(frozen=True)
class House(OutsideParties):
    """One process's things, each built when first asked for, as the role that ``url`` names."""

    settings: Settings
    url: str = field(repr=False)
    runtime: Runtime | None = None

    @cached_property
    def database(self) -> Database:
        if not self.url:
            raise CrossclaimError(
                "no database is configured; set CROSSCLAIM_DATABASE_URL and its siblings",
                code="DATABASE_NOT_CONFIGURED",
            )
        return Database(self.url, pool_size=self.settings.worker_threads)

    @cached_property
    def keyring(self) -> Keyring:
        return Keyring(SqlDataKeys(self.database), self.keystore)

    @cached_property
    def keystore(self) -> EpochKeystore:
        return EpochKeystore(self.settings.keystore_dir)

    @cached_property
    def parties(self) -> Parties:
        return read_parties(self.settings.parties_file)

    @cached_property
    def reference(self) -> Reference:
        reference = load_reference(self.database, self.keyring)
        if reference.example and not self.settings.demonstration:
            raise CrossclaimError(
                "the reference data are an example; load your own, or set"
                " CROSSCLAIM_DEMONSTRATION=true to try things out",
                code="REFERENCE_IS_EXAMPLE",
            )
        return reference

    @cached_property
    def plan_shelf(self) -> PlanShelf:
        demonstration = self.settings.demonstration
        return PlanShelf(
            load_plans(demonstration=demonstration),
            SqlPlans(self.database),
            demonstration=demonstration,
        )

    @cached_property
    def documents(self) -> S3Documents:
        settings = self.settings
        return S3Documents(
            self.keyring,
            endpoint=settings.s3_endpoint,
            region=settings.s3_region,
            bucket=settings.s3_bucket,
            access_key=settings.s3_access_key.get_secret_value(),
            secret_key=settings.s3_secret_key.get_secret_value(),
        )

    @cached_property
    def manifests(self) -> ManifestKey:
        return ManifestKey(EpochKeystore(self.settings.keystore_dir))

    @cached_property
    def incoming(self) -> IncomingFiles:
        settings = self.settings

        public = self._s3(settings.s3_public_endpoint or settings.s3_endpoint)
        return IncomingFiles(self._s3(settings.s3_endpoint), public, settings.s3_incoming_bucket)

    @cached_property
    def document_holds(self) -> DocumentHolds:
        return DocumentHolds(self._s3(self.settings.s3_endpoint), self.settings.s3_bucket)

    def _s3(self, endpoint: str) -> Any:
        settings = self.settings
        return s3_client(
            endpoint=endpoint,
            region=settings.s3_region,
            access_key=settings.s3_access_key.get_secret_value(),
            secret_key=settings.s3_secret_key.get_secret_value(),
        )

    def scanner(self) -> ClamScanner | None:
        host, _, port = self.settings.clamd_address.rpartition(":")
        return ClamScanner(host, int(port)) if host else None

    async def client(self, *, lazy: bool) -> Client:
        converter = data_converter(self.keyring)
        return await connect(self.settings, converter, self.runtime, lazy=lazy)

    @cached_property
    def anchors(self) -> S3Anchors | None:
        """Where roots of the audit lie; None without a document store."""
        settings = self.settings
        if not settings.s3_endpoint and not settings.s3_access_key.get_secret_value():
            return None
        return S3Anchors(
            endpoint=settings.s3_endpoint,
            region=settings.s3_region,
            bucket=f"{settings.s3_bucket}-audit",
            access_key=settings.s3_access_key.get_secret_value(),
            secret_key=settings.s3_secret_key.get_secret_value(),
            lock_days=settings.audit_lock_days,
        )

    @property
    def audit_chain(self) -> SqlAuditChain:
        return SqlAuditChain(self.database, Signer(self.keystore))

    def privacy(self, engine: EpisodeEngine) -> PrivacyPorts:
        plans = self.plan_shelf.plans
        return PrivacyPorts(
            chain=self.audit_chain,
            anchors=self.anchors,
            exports=SqlSubjectExports(
                self.database, self.keyring, self.documents, SubjectPages(), plans
            ),
            erasures=SqlErasures(self.database, self.keyring, self.keystore, plans),
            runs=engine,
        )

    def bank_copies(self) -> SealedBankCopies:
        """Of files that banks sent; their folders are on the host of the bank-files role."""
        folders = {bank.bank: bank.folder for bank in self.parties.banks}
        rows = SqlBankCopies(self.database, self.keyring)
        return SealedBankCopies(rows, self.keyring, folders)

    def world(self, engine: EpisodeEngine) -> World:
        """What activities are handed."""
        settings, parties = self.settings, self.parties
        return World(
            records=SqlRecords(self.database, self.keyring),
            plan_shelf=self.plan_shelf.plans,
            reference=self.reference,
            voucher=self.voucher(),
            pay_later=self.pay_later(),
            credit_habits=self.credit_habits(),
            bureau=self.bureau(),
            bureau_answer_within_s=parties.bureau.answer_within_s if parties.bureau else 900.0,
            hold_account_s=parties.bureau.hold_account_s if parties.bureau else 86_400.0,
            insurers={
                i.organisation: self.insurer(i) for i in parties.insurers if i.decides == "there"
            },
            insurer_answer_within_s={i.organisation: i.answer_within_s for i in parties.insurers},
            record_systems={n: self.record_system(n, c) for n, c in self.record_systems().items()},
            record_again_s=min((c.again_s for c in self.record_systems().values()), default=30.0),
            banks={b.bank: HostToHostBank(b) for b in parties.banks},
            bank_habits={
                b.bank: BankHabits(
                    answer_within_s=b.answer_within_s,
                    inquire_every_s=b.inquire_every_s,
                    max_execution_s=b.max_execution_s,
                    status_request=b.status_request,
                    credit_advice=b.credit_advice,
                    recalls=b.recalls,
                    account_checks=b.account_checks,
                    told_rails=bool(b.rails),
                )
                for b in parties.banks
            },
            documents=self.documents if settings.s3_endpoint else None,
            manifests=self.manifests,
            transfer_licence=settings.transfer_licence,
            use_records=PrintedRecords(),
            hand_over_printer=PrintedHandOvers(),
            voucher_months=SqlVoucherMonths(self.database),
            inbox=SqlInbox(self.database),
            bank_books=SqlBankBooks(self.database),
            bank_copies=self.bank_copies(),
            match_orders=SqlMatchOrders(self.database),
            queue=SqlQueue(self.database),
            console_totals=SqlConsoleTotals(self.database),
            runs=engine,
            bindings=SqlBindings(self.database, self.keyring),
            family_office=self.family_office(),
            binding_habits=self.binding_habits,
            acquirer=self.acquirer(),
            hcx=self.hcx_answers(),
            tender_habits=self.tender_habits(),
            privacy=self.privacy(engine),
            plan_backtests=SqlPlanBacktests(
                self.database, partial(read_stored, demonstration=settings.demonstration)
            ),
            purpose_code=settings.purpose_code,
            payout_rails_plan=settings.payout_rails_plan,
            payout_approval_above_fen=settings.payout_approval_above_fen,
            payout_check_first_account=settings.payout_check_first_account,
            scan_every_s=settings.bank_scan_every_s,
            webhooks=SqlWebhookOutbox(self.database, self.keyring),
            webhook_sender=WebhookReceiver(
                allow_private=settings.webhooks_allow_private, ca_file=parties.ca_file
            ),
            webhook_scan_s=settings.webhooks_scan_s,
            webhook_keep_days=settings.webhooks_keep_days,
            public_url=settings.public_url,
            fault_point=fault_hook(settings),
        )


def worker_house(settings: Settings, runtime: Runtime | None = None) -> House:
    return House(settings, settings.database_worker_url.get_secret_value(), runtime)


def api_house(settings: Settings, runtime: Runtime | None = None) -> House:
    return House(settings, settings.database_url.get_secret_value(), runtime)


def fault_hook(settings: Settings) -> Callable[[str], None]:
    """Kills this process at the named point, once: only when a test has set the hook."""
    point = settings.fault_hook
    if not point:
        return no_fault
    marker = settings.data_dir / f"fault-{point}"

    def strike(reached: str) -> None:
        if reached != point:
            return
        try:
            with marker.open("x") as file:
                file.write(str(os.getpid()))
        except FileExistsError:
            return
        os.kill(os.getpid(), signal.SIGKILL)

    return strike
