"""Prints the record on use of vouchers and keeps it with the episode, in three languages."""

from __future__ import annotations

import hashlib

from temporalio import activity

from activities.orders import Subject
from activities.records import EpisodeTransaction
from activities.stock import standing_in
from activities.world import World
from crossclaim.domain.money import fen, hk_cents
from crossclaim.domain.non_medical import medical_part
from crossclaim.domain.records import ClaimRow, EpisodeRows
from crossclaim.domain.reference import Names
from crossclaim.domain.standing import Standing
from crossclaim.domain.voucher_rows import LANGUAGES, OWN
from crossclaim.domain.voucher_standing import part_of
from crossclaim.domain.voucher_use import VoucherUseRecord

HTML = "text/html"


class VoucherPapers:
    """A paper's key is made of the claim and its language, so a repeated print is the same one."""

    def __init__(self, world: World) -> None:
        self._world = world

    @activity.defn(name="print_use_record")
    def print_use_record(self, order: Subject) -> Standing:
        """The object first, then its row."""
        printer, documents = self._world.use_records, self._world.documents
        assert printer is not None and documents is not None, "records are only due with both"
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            claim = rows.claim(order.subject)
            if (
                claim.state not in ("approved", "voided")
                or rows.voucher is None
                or rows.voucher.rate is None
            ):
                return standing_in(tx, self._world, order.episode_id, order.at)
            record = self._record(tx, rows, claim)
            print_ = "-void" if record.void else ""
        papers: list[tuple[str, str, str, int]] = []
        for language in LANGUAGES:
            content = printer.use_record(record, language)
            key = f"{order.episode_id}/voucher-use/{claim.id}-{language}{print_}.html"
            documents.put(key, content, HTML)
            papers.append((language, hashlib.sha256(content).hexdigest(), key, len(content)))
        with self._world.records.transaction() as tx:
            tx.hold(order.episode_id)
            for language, sha256, key, size in papers:
                tx.add_use_record(
                    order.episode_id, claim.id, language, sha256, key, size, void=record.void
                )
            tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    def _record(
        self, tx: EpisodeTransaction, rows: EpisodeRows, claim: ClaimRow
    ) -> VoucherUseRecord:
        content, bill = tx.episode_content(rows.episode.id), tx.bill_content(claim.bill_id)
        receipt = tx.claim_receipt(claim.id)
        voucher = rows.voucher
        assert voucher is not None and voucher.rate is not None, "the caller looked"
        void = claim.state == "voided"
        balance = voucher.balance_minor
        if not void or claim.kind != OWN:
            balance = int(receipt.get("balance_minor", balance))
        completed = bill.service_completed_at or bill.issued_at
        return VoucherUseRecord(
            transaction_number=claim.number,
            reference=claim.reference,
            account="own" if claim.kind == OWN else "spouse",
            hospital=self._hospital(content.hospital),
            department=self._department(content.hospital, content.visit.department),
            served_at=completed,
            claimed_at=claim.submitted_at or completed,
            bill_number=bill.number,
            net_fee=medical_part(bill).total,
            used=hk_cents(claim.benefit_minor or 0),
            worth=fen(part_of(rows.allocation(claim.bill_id), claim.kind)[1]),
            rate=voucher.rate,
            balance=hk_cents(balance),
            void=void,
        )

    def _hospital(self, hospital: str) -> Names:
        known = self._world.reference.hospital(hospital)
        return known.name if known is not None else _same(hospital)

    def _department(self, hospital: str, department: str) -> Names:
        known = self._world.reference.hospital(hospital)
        found = [d for d in known.departments if d.id == department] if known is not None else []
        return found[0].name if found else _same(department)


def _same(word: str) -> Names:
    return Names(en=word, zh_hant=word, zh_hans=word)
