"""The gateways of outside parties, as the parties file names them."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property

from pydantic import SecretStr

from activities.ports import Insurer
from activities.voucher_months import VoucherReimbursements
from crossclaim.config import InsurerConnection, Parties, RecordConnection
from crossclaim.domain.credit_standing import CreditHabits
from crossclaim.domain.errors import CrossclaimError
from crossclaim.domain.family_binding import BindingHabits
from crossclaim.domain.record_submission import EHEALTH, HOSPITAL_AUTHORITY
from crossclaim.domain.tender_habits import TenderHabits
from crossclaim.gateways import fhir_answer, fhir_terms, huimin
from crossclaim.gateways.acquirer import AcquirerGateway
from crossclaim.gateways.acquirer_envelope import AcquirerCall
from crossclaim.gateways.bureau import BureauGateway
from crossclaim.gateways.ehealth import ANSWER_LIMIT_BYTES, EhealthGateway
from crossclaim.gateways.family_office import FamilyOfficeGateway
from crossclaim.gateways.hcx_answers import HcxAnswerGateway
from crossclaim.gateways.hcx_call import HcxCall, Signature
from crossclaim.gateways.hcx_call import read_refusal as read_hcx_refusal
from crossclaim.gateways.hcx_insurer import HcxInsurerGateway
from crossclaim.gateways.hcx_keys import KeyBook
from crossclaim.gateways.http import PartyHttp
from crossclaim.gateways.huimin import HuiminGateway
from crossclaim.gateways.insurer import InsurerGateway
from crossclaim.gateways.voucher import VoucherGateway, read_refusal
from crossclaim.security.keyring import SYSTEM, Keyring
from crossclaim.store.hcx_tables import SqlHcxMessages
from crossclaim.store.session import Database
from crossclaim.store.transaction import SqlRecords
from crossclaim.store.voucher_months import SqlVoucherMonths


class OutsideParties:
    """Part of ``House``: a party that is not named is absent, and no gateway of it is built."""

    @property
    def database(self) -> Database:
        raise NotImplementedError

    @property
    def keyring(self) -> Keyring:
        raise NotImplementedError

    @property
    def parties(self) -> Parties:
        raise NotImplementedError

    def voucher(self) -> VoucherGateway | None:
        known, parties = self.parties.voucher, self.parties
        if known is None:
            return None
        return VoucherGateway(
            PartyHttp(
                known.base_url,
                known.api_key,
                parties.ca_file,
                parties.timeout_s,
                "voucher",
                read_refusal=read_refusal,
            )
        )

    def voucher_reimbursements(self) -> VoucherReimbursements | None:
        """What reconciles the voucher system's months; None without that system."""
        system = self.voucher()
        if system is None:
            return None
        records = SqlRecords(self.database, self.keyring)
        return VoucherReimbursements(records, SqlVoucherMonths(self.database), system)

    def pay_later(self) -> HuiminGateway | None:
        known, parties = self.parties.huimin, self.parties
        if known is None:
            return None
        return HuiminGateway(
            PartyHttp(
                known.base_url,
                known.api_key,
                parties.ca_file,
                parties.timeout_s,
                "huimin",
                read_refusal=huimin.read_refusal,
            )
        )

    def acquirer(self) -> AcquirerGateway | None:
        known, parties = self.parties.acquirer, self.parties
        if known is None:
            return None
        http = PartyHttp(
            known.base_url, known.api_key, parties.ca_file, parties.timeout_s, "acquirer"
        )
        return AcquirerGateway(AcquirerCall(http, known.signing_secret), known.merchants)

    def tender_habits(self) -> TenderHabits:
        known = self.parties.acquirer
        if known is None:
            return TenderHabits()
        return TenderHabits(
            pay_within_s=known.pay_within_s,
            again_s=known.again_s,
            refund_late_after=timedelta(days=known.refund_late_after_days),
        )

    def credit_habits(self) -> CreditHabits:
        known = self.parties.huimin
        if known is None:
            return CreditHabits()
        return CreditHabits(answer_within_s=known.answer_within_s, remind_days=known.remind_days)

    def bureau(self) -> BureauGateway | None:
        known, parties = self.parties.bureau, self.parties
        if known is None:
            return None
        http = PartyHttp(
            known.base_url, known.api_key, parties.ca_file, parties.timeout_s, "bureau"
        )
        return BureauGateway(http, known.signing_secret)

    @cached_property
    def hcx_book(self) -> KeyBook | None:
        """Participants and keys of the exchange; None without one."""
        known = self.parties.hcx
        if known is None:
            return None
        return KeyBook(
            known.own,
            known.participants,
            known.keys_dir,
            lambda sealed, field: self.keyring.decrypt(SYSTEM, sealed, field),
        )

    @cached_property
    def hcx_messages(self) -> SqlHcxMessages:
        return SqlHcxMessages(self.database, self.keyring)

    @cached_property
    def hcx_calls(self) -> dict[str, HcxCall]:
        """One for each participant, by its code."""
        book, parties = self.hcx_book, self.parties
        if book is None:
            return {}
        return {
            one.code: HcxCall(
                PartyHttp(
                    one.base_url,
                    SecretStr(""),
                    parties.ca_file,
                    parties.timeout_s,
                    one.organisation,
                    read_refusal=read_hcx_refusal,
                    sign=Signature(book),
                ),
                book,
            )
            for one in book.others.values()
        }

    def hcx_answers(self) -> HcxAnswerGateway | None:
        if self.hcx_book is None:
            return None
        return HcxAnswerGateway(self.hcx_calls, self.hcx_messages)

    def insurer(self, known: InsurerConnection) -> Insurer:
        if known.hcx is not None:
            call = self.hcx_calls.get(known.hcx.participant)
            if call is None or known.hcx.sender not in self.parties.hcx_senders():
                raise CrossclaimError(
                    f"{known.organisation} is spoken to over HCX, but its participant or ours is"
                    " not in the registry; see parties.yaml, hcx",
                    code="HCX_PARTICIPANT_UNKNOWN",
                )
            return HcxInsurerGateway(call, known.organisation, known.hcx, self.hcx_messages)
        return InsurerGateway(
            PartyHttp(
                known.base_url,
                known.api_key,
                self.parties.ca_file,
                self.parties.timeout_s,
                known.organisation,
                media_type=fhir_terms.MEDIA_TYPE,
                read_refusal=fhir_answer.read_refusal,
            )
        )

    def record_systems(self) -> dict[str, RecordConnection]:
        """The connections there are, by the channel's name."""
        known = {EHEALTH: self.parties.ehealth, HOSPITAL_AUTHORITY: self.parties.hospital_authority}
        return {name: one for name, one in known.items() if one is not None}

    def record_system(self, name: str, known: RecordConnection) -> EhealthGateway:
        return EhealthGateway(
            PartyHttp(
                known.base_url,
                known.api_key,
                self.parties.ca_file,
                self.parties.timeout_s,
                name,
                answer_limit_bytes=ANSWER_LIMIT_BYTES,
            )
        )

    def family_office(self) -> FamilyOfficeGateway | None:
        known, parties = self.parties.family_office, self.parties
        if known is None:
            return None
        return FamilyOfficeGateway(
            PartyHttp(
                known.base_url, known.api_key, parties.ca_file, parties.timeout_s, "family-office"
            )
        )

    @property
    def binding_habits(self) -> BindingHabits:
        known = self.parties.family_office
        if known is None:
            return BindingHabits()
        return BindingHabits(
            ask_every_s=known.ask_every_s,
            recheck_every_s=known.recheck_every_s,
            settle_after_s=known.settle_after_s,
        )
