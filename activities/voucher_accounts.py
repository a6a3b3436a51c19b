"""Voucher accounts: the patient's, the paired spouse's, and a temporary one at the first use."""

from __future__ import annotations

from dataclasses import replace

from temporalio import activity

from activities.orders import Subject
from activities.records import EpisodeTransaction
from activities.sending import open_attempt, recorded
from activities.stock import standing_in
from activities.voucher_receipts import system_of
from activities.world import World
from crossclaim.domain.errors import Final
from crossclaim.domain.party import NewVoucherAccount, SpouseAccount, VoucherAccount
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.standing import Standing
from crossclaim.domain.submission import ConsentType, DocumentType

_HOLDER = (DocumentType.HKID, DocumentType.CERT_EXEMPTION)
NO_ACCOUNT = "VOUCHER_ACCOUNT_NOT_FOUND"


class VoucherAccounts:
    """One call each. What is known stays: a later answer of the same question changes nothing."""

    def __init__(self, world: World) -> None:
        self._world = world

    @activity.defn(name="look_up_voucher")
    def look_up_voucher(self, order: Subject) -> Standing:
        """Account, balance and the rate that is frozen for this episode."""
        with self._world.records.transaction() as tx:
            tx.hold(order.episode_id)
            content = tx.episode_content(order.episode_id)
            document = next((d for d in content.patient.documents if d.type in _HOLDER), None)
            reference = f"VL{order.episode_id.partition('_')[2]}"
            attempt = open_attempt(tx, order, "voucher", "look-up", reference, [])
            assert attempt is not None, "a look-up at the scheme's own system needs no consent row"
        account: VoucherAccount | None = None
        code = "VOUCHER_DOCUMENT_MISSING"
        if document is not None:
            code = NO_ACCOUNT
            try:
                with recorded(self._world, attempt):
                    account = system_of(self._world).look_up(
                        document, content.patient.birth_date, content.hospital, order.at
                    )
            except Final as error:
                code = error.code
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            if rows is None or rows.voucher is not None:
                return standing_in(tx, self._world, order.episode_id, order.at)
            if account is None:
                return self._no_account(tx, order, code)
            tx.close_attempt(reference, "look-up", attempt.number, "answered")
            tx.put_voucher_account(order.episode_id, account, order.at)
            tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    def _no_account(self, tx: EpisodeTransaction, order: Subject, code: str) -> Standing:
        """Nothing to claim from: the bill can be priced, all of it without vouchers, and a note.
        Only where the system has no account may one be opened."""
        tx.put_no_voucher_account(order.episode_id, order.at)
        if code != NO_ACCOUNT:
            tx.change_voucher_account(order.episode_id, status="refused")
        tx.open_exception(order.episode_id, code, "", {}, order.at)
        tx.change_episode(order.episode_id)
        return standing_in(tx, self._world, order.episode_id, order.at)

    @activity.defn(name="open_voucher_account")
    def open_voucher_account(self, order: Subject) -> Standing:
        """The first use: a temporary account for a patient who was seen and who agreed to it."""
        needs = [ConsentType.VOUCHER_ACCOUNT, ConsentType.EHEALTH_JOIN]
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            if rows.voucher is None or rows.voucher.status != "none":
                return standing_in(tx, self._world, order.episode_id, order.at)
            reference = f"VA{order.episode_id.partition('_')[2]}"
            attempt = open_attempt(tx, order, "voucher", "open-account", reference, needs)
            if attempt is None:
                tx.change_voucher_account(order.episode_id, status="refused")
                tx.open_exception(
                    order.episode_id, "VOUCHER_CONSENT_MISSING", reference, {}, order.at
                )
                tx.change_episode(order.episode_id)
                return standing_in(tx, self._world, order.episode_id, order.at)
            request = self._new_account(tx, rows, reference)
        account: VoucherAccount | None = None
        code = ""
        try:
            with recorded(self._world, attempt):
                account = system_of(self._world).open_account(request, order.at)
        except Final as error:
            code = error.code
        with self._world.records.transaction() as tx:
            now = tx.lock(order.episode_id)
            assert now is not None, "the episode is open"
            tx_open = now.voucher is not None and now.voucher.status == "none"
            if account is not None:
                tx.close_attempt(reference, "open-account", attempt.number, "answered")
            if tx_open and account is not None:
                tx.put_voucher_account(order.episode_id, account, order.at)
                tx.resolve_exceptions(order.episode_id, [NO_ACCOUNT], order.at)
            elif tx_open:
                tx.change_voucher_account(order.episode_id, status="refused")
                tx.open_exception(
                    order.episode_id,
                    "VOUCHER_ACCOUNT_REFUSED",
                    reference,
                    {"code": code},
                    order.at,
                )
            tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    @staticmethod
    def _new_account(
        tx: EpisodeTransaction, rows: EpisodeRows, reference: str
    ) -> NewVoucherAccount:
        content, check = tx.episode_content(rows.episode.id), rows.identity_checks[-1]
        signed = {c.type: c.signed_at for c in rows.consents_in_force() if c.given_by == "patient"}
        document = next(d for d in content.patient.documents if d.type in _HOLDER)
        return NewVoucherAccount(
            reference=reference,
            document=document,
            name=content.patient.name,
            birth_date=content.patient.birth_date,
            institution=content.hospital,
            consent_signed_at=signed[ConsentType.VOUCHER_ACCOUNT],
            ehealth_consent_signed_at=signed[ConsentType.EHEALTH_JOIN],
            checked_by=check.checked_by,
            checked_at=check.checked_at,
        )

    @activity.defn(name="look_up_spouse")
    def look_up_spouse(self, order: Subject) -> Standing:
        """Whether the two are paired, and what the spouse's account holds."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            if rows.spouse is None or rows.spouse.looked_up_at is not None:
                return standing_in(tx, self._world, order.episode_id, order.at)
            if rows.voucher is None or rows.voucher.rate is None:
                # Without an own account there is no pairing.
                tx.put_spouse_account(order.episode_id, None, order.at)
                tx.change_episode(order.episode_id)
                return standing_in(tx, self._world, order.episode_id, order.at)
            spouse = tx.spouse_content(order.episode_id)
            own = tx.voucher_account_id(order.episode_id)
            reference = f"VP{order.episode_id.partition('_')[2]}"
            attempt = open_attempt(tx, order, "voucher", "pairing", reference, [])
            assert attempt is not None, "the pairing is the scheme's own"
            attempt = replace(attempt, of_spouse=True)
        found: SpouseAccount | None = None
        try:
            with recorded(self._world, attempt):
                found = system_of(self._world).find_pairing(own, spouse, rows.episode.hospital_id)
        except Final:
            found = None
        with self._world.records.transaction() as tx:
            now = tx.lock(order.episode_id)
            assert now is not None and now.spouse is not None, "the spouse is named"
            if now.spouse.looked_up_at is None:
                if found is not None:
                    tx.close_attempt(reference, "pairing", attempt.number, "answered")
                tx.put_spouse_account(order.episode_id, found, order.at)
                tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)
