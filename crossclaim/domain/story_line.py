"""One line of a story, and the scene that all lines are told in: rows, names, words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from crossclaim.domain import (
    story_sentences,
    story_sentences_bill,
    story_sentences_guarantee,
    story_sentences_information,
    story_sentences_money,
    story_sentences_records,
    story_sentences_review,
    story_sentences_staff,
    story_sentences_transfer,
    story_sentences_voucher,
    story_sentences_withdrawal,
)
from crossclaim.domain.allocation import AllocationResult, Frozen, Sentence
from crossclaim.domain.money import Money
from crossclaim.domain.reference import Names, Reference
from crossclaim.domain.story_codes import CODES
from crossclaim.domain.story_facts import StoryFacts
from crossclaim.domain.story_phrase import Triple, Value, filled, joined, plain, sentence_of
from crossclaim.domain.story_sentences_appeals import APPEAL_SENTENCES
from crossclaim.domain.story_sentences_repair import REPAIR_LINES
from crossclaim.domain.story_words import FUNDERS, PARTIES
from crossclaim.domain.story_words_pay_later import PAY_LATER_LINES
from crossclaim.domain.story_words_payout import PAYOUT_LINES
from crossclaim.domain.story_words_tenders import TENDER_LINES
from crossclaim.domain.submission import FunderKind

SENTENCES = {
    **story_sentences.SENTENCES,
    **story_sentences_money.SENTENCES,
    **story_sentences_review.SENTENCES,
    **story_sentences_staff.SENTENCES,
    **PAY_LATER_LINES,
    **TENDER_LINES,
    **PAYOUT_LINES,
    **story_sentences_records.SENTENCES,
    **story_sentences_guarantee.SENTENCES,
    **story_sentences_transfer.SENTENCES,
    **story_sentences_voucher.SENTENCES,
    **story_sentences_withdrawal.SENTENCES,
    **story_sentences_bill.SENTENCES,
    **APPEAL_SENTENCES,
    **REPAIR_LINES,
    **story_sentences_information.SENTENCES,
}
_OWN_CODE = re.compile(r"(?!.*\d{5})[A-Za-z][A-Za-z0-9_.\-]{0,63}")
_REASON_CODE = re.compile(r"(?!.*\d{5})([A-Z]+(_[A-Z0-9]+)+|[A-Z]{2}\d{2}|[A-Z][A-Za-z]+Error)")
"""Ours, a bank's (ISO 20022) or a program's; a foreign word could be a name or a diagnosis."""
_OWN_WORDS: Triple = (
    "in words of its own, which are kept with the episode and not repeated here",
    "對方另有說明,原文存於個案,此處不轉述",
    "对方另有说明,原文存于个案,此处不转述",
)


class StoryLine(Frozen):
    """One fact. ``at`` is when we learned or did it; a time that it happened at is in the text."""

    at: datetime
    who: str
    """Id of the organisation that acted, or ``patient``, ``voucher``, ``crossclaim``."""
    text: Sentence
    money: list[Money] = []
    kind: str
    """Names the sentence, for instance ``guarantee_granted``."""
    source: str
    """``table/key`` of the row, or ``run/run id/event id``."""


def line(kind: str, at: datetime, who: str, source: str, **values: Value) -> StoryLine:
    """A line of this kind; the amounts among its values are its money."""
    money = [v for v in values.values() if isinstance(v, Money)]
    text = filled(SENTENCES[kind], **values)
    return StoryLine(at=at, who=who, text=text, money=money, kind=kind, source=source)


def word(words: dict[str, Triple], code: str) -> Sentence:
    """What a code of ours is called; one without a name is told as it is."""
    if code in words:
        return sentence_of(words[code])
    return plain(code) if _OWN_CODE.fullmatch(code) else sentence_of(_OWN_WORDS)


def reasons(codes: str) -> Sentence:
    """Of several, with commas between them, each in words."""
    return joined(reason(code) for code in codes.split(","))


def reason(code: str) -> Sentence:
    """Why something failed or was refused. A party's own words are never repeated."""
    if code in CODES:
        return sentence_of(CODES[code])
    return plain(code) if _REASON_CODE.fullmatch(code) else sentence_of(_OWN_WORDS)


def called(reference: Reference, party: str | None) -> Sentence:
    """An organisation's name as the reference has it; an id that it does not know as it is."""
    party = party or ""
    known = reference.transfer_institution(party) or reference.insurer(party)
    if known is not None:
        return _named(known.name)
    return word(PARTIES, party) if party in PARTIES else plain(party)


@dataclass(frozen=True)
class Scene:
    """The rows of one episode and the names of those who act in it."""

    facts: StoryFacts
    reference: Reference

    def name(self, party: str | None) -> Sentence:
        return called(self.reference, party)

    def bank(self, bank: str) -> Sentence:
        known = self.reference.bank(bank)
        return plain(bank) if known is None else _named(known.name)

    def hospital(self) -> Sentence:
        return self.name(self.facts.episode.hospital_id)

    def window(self, window: str) -> Sentence:
        """A place of the hospital's voucher service, by its name where the reference has one."""
        hospital = self.reference.hospital(self.facts.episode.hospital_id)
        known = hospital.voucher_window(window) if hospital is not None else None
        return plain(window) if known is None else _named(known.name)

    def department(self, department: str) -> Sentence:
        """One of the hospital's departments, by its name where the reference has one."""
        hospital = self.reference.hospital(self.facts.episode.hospital_id)
        known = hospital.departments if hospital is not None else []
        found = next((one for one in known if one.id == department), None)
        return plain(department) if found is None else _named(found.name)

    def answered_at(self, reference: str, at: datetime) -> datetime:
        """When the answer under a reference was kept, at the earliest ``at``."""
        kept = [a.finished_at for a in self.facts.attempts if a.reference == reference]
        return max([at, *(t for t in kept if t is not None)])

    def answered_later(self, reference: str, at: datetime | None) -> datetime | None:
        """When the party first said that it would answer later; None: it answered at once."""
        first = min(
            (
                a.finished_at
                for a in self.facts.attempts
                if a.reference == reference and a.outcome == "answered" and a.finished_at
            ),
            default=None,
        )
        return first if first is not None and (at is None or at > first) else None

    def split(self, result: AllocationResult) -> Sentence:
        """Who carries how much, the parts that are nothing left out."""
        return joined(
            filled(
                ("{who} {amount}{own}", "{who} {amount}{own}", "{who} {amount}{own}"),
                who=self.funder(total.funder, total.organisation),
                amount=total.amount,
                own=f" ({total.in_funder_currency})" if total.in_funder_currency else "",
            )
            for total in result.totals
            if total.amount.amount_minor
        )

    def funder(self, kind: FunderKind, organisation: str | None) -> Sentence:
        return self.name(organisation) if organisation else word(FUNDERS, kind.value)


def in_order(lines: Iterable[StoryLine]) -> list[StoryLine]:
    """By time; at one moment in the order in which they were told."""
    return sorted(lines, key=lambda told: told.at)


def _named(names: Names) -> Sentence:
    return Sentence(en=names.en, zh_hant=names.zh_hant, zh_hans=names.zh_hans)
