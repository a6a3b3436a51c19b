"""The decision on a claim, and the explanation of its benefits."""

from __future__ import annotations

from crossclaim.documents.claim_letter_words import CAUSES, LINE_REASONS, STATES, WORDS
from crossclaim.documents.sheets.sheet import (
    Grid,
    Notes,
    Pair,
    Sheet,
    moment,
    money,
    name_in,
    place_of,
)
from crossclaim.domain.claim_letter import ClaimLetter, LetterKind, LetterLine
from crossclaim.domain.issued_paper import PaperKind

_KINDS = {
    LetterKind.DECISION: PaperKind.DECISION_LETTER,
    LetterKind.BENEFITS: PaperKind.EXPLANATION_OF_BENEFITS,
}
_LINE = ("line", "description", "served_on", "billed", "benefit", "paid", "reasons")


def claim_sheet(
    told: ClaimLetter, kind: LetterKind, claim_id: str, issuer: str, language: str
) -> Sheet:
    place = place_of(language)
    words = {name: texts[place] for name, texts in WORDS.items()}
    benefits = kind is LetterKind.BENEFITS
    body: list[Grid | Notes] = []
    if benefits:
        rows = [_line(one) for one in told.lines]
        columns = [words[name] for name in _LINE]
        body.append(Grid(columns, [5, 24, 11, 14, 14, 14, 17], rows, figures=(3, 4, 5)))
    reasons = _reasons(told, place)
    if reasons:
        body.append(Notes(words["reasons"], reasons))
    if told.note:
        body.append(Notes(words["reviewer"], [told.note]))
    if benefits and told.why:
        spoken = [(text.en, text.zh_hant, text.zh_hans)[place] for text in told.why]
        body.append(Notes(words["why"], spoken))
    body.append(Notes("", [_appeal(told, words)]))
    return Sheet(
        kind=_KINDS[kind],
        subject=claim_id,
        title=words[f"title_{kind.value}"],
        number=told.reference,
        issuer=issuer,
        dated=told.decided_at,
        head=_head(told, words, place),
        body=body,
        totals=_totals(told, words),
    )


def _head(told: ClaimLetter, words: dict[str, str], place: int) -> list[Pair]:
    cause = CAUSES[told.cause][place] if told.cause else ""
    found = [
        (words["reference"], told.reference),
        (words["insurer"], name_in(told.insurer, place)),
        (words["hospital"], name_in(told.hospital, place)),
        (words["patient"], told.patient),
        (words["bill"], f"{told.bill_number} ({told.bill_version})"),
        (words["decided_at"], moment(told.decided_at)),
        (words["version"], f"{told.version} {cause}".strip()),
        (words["outcome"], STATES[told.state][place]),
    ]
    if told.claim_number and told.claim_number != told.reference:
        found.insert(1, (words["number"], told.claim_number))
    return [*found, (words["rate"], told.rate)] if told.rate else found


def _totals(told: ClaimLetter, words: dict[str, str]) -> list[Pair]:
    found = [
        (words["billed"], money(told.billed)),
        (words["benefit"], money(told.benefit)),
        (words["paid"], money(told.paid)),
    ]
    return found if told.change is None else [*found, (words["change"], money(told.change))]


def _line(one: LetterLine) -> list[str]:
    return [
        one.number,
        one.description,
        "" if one.served_on is None else one.served_on.isoformat(),
        money(one.billed),
        "" if one.benefit is None else money(one.benefit),
        "" if one.paid is None else money(one.paid),
        ", ".join(one.reasons),
    ]


def _reasons(told: ClaimLetter, place: int) -> list[str]:
    codes = dict.fromkeys(code for line in told.lines for code in line.reasons)
    known = {code: LINE_REASONS[code][place] for code in codes if code in LINE_REASONS}
    return [f"{code}: {known[code]}" if code in known else code for code in codes]


def _appeal(told: ClaimLetter, words: dict[str, str]) -> str:
    if told.appeal is None:
        return words["no_appeal"]
    return words["appeal"].format(level=told.appeal.level, until=told.appeal.until.isoformat())
