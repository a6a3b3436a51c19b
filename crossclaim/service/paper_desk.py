"""Papers for whoever may read them: of a claim, a letter of guarantee, a list of one day."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from crossclaim.api.paper_ports import PaperFile
from crossclaim.documents.sheets.claim import claim_sheet
from crossclaim.documents.sheets.covering import CoveringLetter, Enclosed, covering_sheet
from crossclaim.documents.sheets.guarantee import GuaranteeLetter, guarantee_sheet
from crossclaim.documents.sheets.settlement_list import settlement_list
from crossclaim.documents.sheets.sheet import Sheet, name_in, place_of
from crossclaim.documents.sheets.voucher import consent_sheet, use_sheet
from crossclaim.domain.allocation import AllocationResult
from crossclaim.domain.claim_letter import LetterKind
from crossclaim.domain.errors import NotFound
from crossclaim.domain.issued_paper import PaperKind
from crossclaim.domain.money import Money, fen
from crossclaim.domain.non_medical import medical_part
from crossclaim.domain.plan import PlanSet
from crossclaim.domain.records import ClaimRow, ConsentRow, EpisodeRows
from crossclaim.domain.reference import Names, Reference
from crossclaim.domain.submission import BillSubmission, ConsentType, EpisodeSubmission
from crossclaim.domain.voucher_use import VoucherUseRecord
from crossclaim.domain.voucher_use_facts import use_record_of
from crossclaim.security.keyring import Keyring
from crossclaim.security.roles import Principal
from crossclaim.service.claim_desk import seen_claim
from crossclaim.service.claim_letter_facts import letter_of
from crossclaim.service.issued_papers import IssuedPapers
from crossclaim.service.party_view import is_closed_off
from crossclaim.service.settlement_forms import funder_name, number_of
from crossclaim.store.connection import Connection
from crossclaim.store.rows import read_party_rows
from crossclaim.store.session import Database
from crossclaim.store.settlement_reads import SqlSettlements

_LETTERS = {
    PaperKind.DECISION_LETTER: LetterKind.DECISION,
    PaperKind.EXPLANATION_OF_BENEFITS: LetterKind.BENEFITS,
}
_VOUCHER_CLAIMS = frozenset({"voucher", "voucher_spouse"})
_NOTHING = "there is no such paper"


class PaperDesk:
    """Implements ``crossclaim.api.paper_ports.Papers`` under row-level security."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        plans: Callable[[], PlanSet],
        reference: Reference,
        issued: IssuedPapers,
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._plans = plans
        self._reference = reference
        self._issued = issued
        self._settlements = SqlSettlements(database)

    async def of_claim(
        self, principal: Principal, claim_id: str, kind: PaperKind, language: str
    ) -> PaperFile:
        return await asyncio.to_thread(self._of_claim, principal, claim_id, kind, language)

    def _of_claim(
        self, principal: Principal, claim_id: str, kind: PaperKind, language: str
    ) -> PaperFile:
        with self._database.begin(principal.organisation) as connection:
            rows, claim = seen_claim(connection, principal, claim_id)
            sheet = self._claim_sheet(connection, principal, rows, claim, kind, language)
        return self._file(principal, sheet, language, rows.episode.id)

    def _claim_sheet(
        self,
        connection: Connection,
        principal: Principal,
        rows: EpisodeRows,
        claim: ClaimRow,
        kind: PaperKind,
        language: str,
    ) -> Sheet:
        if kind in _LETTERS:
            told = letter_of(
                connection, self._keyring, self._plans(), self._reference, rows, claim, None
            )
            issuer = claim.organisation_id or rows.episode.hospital_id
            return claim_sheet(told, _LETTERS[kind], claim.id, issuer, language)
        if principal.organisation != rows.episode.hospital_id:
            # A hospital's letters and its patients' vouchers are nobody else's.
            raise NotFound(_NOTHING)
        content, bill = self._contents(connection, rows, claim)
        if kind is PaperKind.COVERING_LETTER:
            return covering_sheet(self._covering(connection, rows, claim, content, bill), language)
        record = self._use(connection, rows, claim, content, bill)
        hospital = rows.episode.hospital_id
        if kind is PaperKind.VOUCHER_USE_RECORD:
            return use_sheet(record, hospital, claim.id, language)
        consent = _consent(rows, claim)
        signed = (consent.text_version, consent.signed_at, consent.withdrawn_at)
        return consent_sheet(record, *signed, hospital, claim.id, language)

    def _contents(
        self, connection: Connection, rows: EpisodeRows, claim: ClaimRow
    ) -> tuple[EpisodeSubmission, BillSubmission]:
        read = "select sealed from bill where id = %(id)s"
        sealed = connection.execute(read, {"id": claim.bill_id}).scalar_one()
        plain = self._keyring.decrypt(rows.episode.id, bytes(sealed), "bill")
        return self._episode(connection, rows), BillSubmission.model_validate_json(plain)

    def _episode(self, connection: Connection, rows: EpisodeRows) -> EpisodeSubmission:
        read = "select sealed from episode where id = %(id)s"
        sealed = connection.execute(read, {"id": rows.episode.id}).scalar_one()
        plain = self._keyring.decrypt(rows.episode.id, bytes(sealed), "episode")
        return EpisodeSubmission.model_validate_json(plain)

    def _use(
        self,
        connection: Connection,
        rows: EpisodeRows,
        claim: ClaimRow,
        content: EpisodeSubmission,
        bill: BillSubmission,
    ) -> VoucherUseRecord:
        told = claim.kind in _VOUCHER_CLAIMS and claim.state in ("approved", "voided")
        if not told or rows.voucher is None or rows.voucher.rate is None:
            raise NotFound(_NOTHING)
        read = "select decision from claim where id = %(id)s"
        receipt: dict[str, Any] = (
            connection.execute(read, {"id": claim.id}).scalar_one_or_none() or {}
        )
        return use_record_of(rows, claim, content, bill, receipt, self._reference)

    def _covering(
        self,
        connection: Connection,
        rows: EpisodeRows,
        claim: ClaimRow,
        content: EpisodeSubmission,
        bill: BillSubmission,
    ) -> CoveringLetter:
        """Of a claim on an insurer that was sent or decided; its papers are the bill's."""
        insurer, made_at = claim.organisation_id, claim.submitted_at or claim.decided_at
        known = self._reference.insurer(insurer or "")
        if insurer is None or known is None or made_at is None:
            raise NotFound(_NOTHING)
        uploaded = "select sha256 from document where episode_id = %(id)s"
        held = set(connection.execute(uploaded, {"id": rows.episode.id}).scalars())
        return CoveringLetter(
            claim_id=claim.id,
            reference=claim.reference,
            funder=known.name,
            hospital=self._hospital(rows.episode.hospital_id),
            hospital_id=rows.episode.hospital_id,
            patient=_patient(content),
            visit=content.visit.number,
            bill_number=bill.number,
            bill_version=bill.version,
            made_at=made_at,
            basis=basis_of(rows, insurer, self._reference),
            billed=medical_part(bill).total,
            asked=self._asked(connection, rows, claim),
            enclosed=[
                Enclosed(kind=one.kind.value, name=one.name, sha256=one.sha256)
                for one in bill.documents
                if one.sha256 in held
            ],
        )

    def _asked(self, connection: Connection, rows: EpisodeRows, claim: ClaimRow) -> Money:
        """The insurer's share by the first split of the bill: what the claim was made with."""
        first = "select result from allocation where bill_id = %(bill)s order by version limit 1"
        found = connection.execute(first, {"bill": claim.bill_id}).scalar_one_or_none()
        if found is None:
            return fen(0)
        part = AllocationResult.model_validate(found).insurer(claim.organisation_id)
        return part.amount if part is not None else fen(0)

    async def of_guarantee(
        self, principal: Principal, guarantee_id: str, language: str
    ) -> PaperFile:
        return await asyncio.to_thread(self._of_guarantee, principal, guarantee_id, language)

    def _of_guarantee(self, principal: Principal, guarantee_id: str, language: str) -> PaperFile:
        find = "select episode_id from guarantee where id = %(id)s"
        with self._database.begin(principal.organisation) as connection:
            episode = connection.execute(find, {"id": guarantee_id}).scalar_one_or_none()
            rows = None if episode is None else read_party_rows(connection, episode)
            if rows is None:
                raise NotFound(_NOTHING)
            row = rows.letter(guarantee_id)
            own = principal.organisation in (rows.episode.hospital_id, row.insurer_id)
            known = self._reference.insurer(row.insurer_id)
            own = own and not is_closed_off(principal.organisation, rows)
            if not own or known is None or not row.number or row.answered_at is None:
                raise NotFound(_NOTHING)
            content = self._episode(connection, rows)
        told = GuaranteeLetter(
            row=row,
            insurer=known.name,
            hospital=self._hospital(rows.episode.hospital_id),
            patient=_patient(content),
            visit=content.visit.number,
            given_at=row.answered_at,
        )
        return self._file(principal, guarantee_sheet(told, language), language, rows.episode.id)

    async def settlement_list(
        self, principal: Principal, hospital: str, day: date, language: str
    ) -> PaperFile:
        return await asyncio.to_thread(self._list, principal, hospital, day, language)

    def _list(self, principal: Principal, hospital: str, day: date, language: str) -> PaperFile:
        """Of every funder: the hospital's own alone."""
        if principal.organisation != hospital:
            raise NotFound(_NOTHING)
        found = self._settlements.listed(day, None, hospital)
        place = place_of(language)
        told = [
            (funder_name(self._reference, one.funder, place), number_of(one), one)
            for one in found
            if one.hospital == hospital
        ]
        name = name_in(self._hospital(hospital), place)
        sheet = settlement_list(hospital, name, day, told, language)
        return self._file(principal, sheet, language, None)

    def _file(
        self, principal: Principal, sheet: Sheet, language: str, episode_id: str | None
    ) -> PaperFile:
        made = self._issued.issue(principal.organisation, sheet, language, episode_id)
        return PaperFile(
            number=made.number, code=made.code, content=made.content, episode_id=episode_id or ""
        )

    def _hospital(self, hospital: str) -> Names:
        known = self._reference.hospital(hospital)
        return known.name if known else Names(en=hospital, zh_hant=hospital, zh_hans=hospital)


def _patient(content: EpisodeSubmission) -> str:
    name = content.patient.name
    return " ".join(part for part in (name.zh, name.en) if part)


def _consent(rows: EpisodeRows, claim: ClaimRow) -> ConsentRow:
    """What stood behind this use: the newest that was signed before it, of the account's holder."""
    at: datetime | None = claim.submitted_at
    wanted = ConsentType.SPOUSE_SHARE if claim.kind == "voucher_spouse" else ConsentType.VOUCHER_USE
    given = [c for c in rows.consents if c.type is wanted and (at is None or c.signed_at <= at)]
    if not given:
        raise NotFound(_NOTHING)
    return max(given, key=lambda one: (one.signed_at, one.id))


def basis_of(rows: EpisodeRows, insurer: str, reference: Reference) -> str:
    """The consent text, and the contract that it rests on, by which papers go to this insurer."""
    wanted = ConsentType.PI_CROSS_BORDER
    given = [c for c in rows.consents if c.type is wanted and c.recipient in ("", insurer)]
    if not given:
        return ""
    newest = max(given, key=lambda one: (one.signed_at, one.id))
    text = reference.consent_text(wanted, newest.text_version)
    contract = f" / {text.contract}" if text is not None and text.contract else ""
    return f"{wanted.value} {newest.text_version}{contract}"
