"""Prints the record on use of vouchers and keeps it with the episode, in three languages."""

from __future__ import annotations

import hashlib

from temporalio import activity

from activities.orders import Subject
from activities.stock import standing_in
from activities.world import World
from crossclaim.domain.standing import Standing
from crossclaim.domain.voucher_rows import LANGUAGES
from crossclaim.domain.voucher_use_facts import use_record_of

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
            record = use_record_of(
                rows,
                claim,
                tx.episode_content(rows.episode.id),
                tx.bill_content(claim.bill_id),
                tx.claim_receipt(claim.id),
                self._world.reference,
            )
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
