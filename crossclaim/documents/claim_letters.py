"""Letters about decided claims as pages to print, in one of three languages."""

from __future__ import annotations

from datetime import datetime

from jinja2 import Environment, PackageLoader, StrictUndefined

from crossclaim.documents.claim_letter_words import CAUSES, LINE_REASONS, STATES, WORDS
from crossclaim.domain.allocation import Sentence
from crossclaim.domain.claim_letter import ClaimLetter, LetterKind, LetterLine
from crossclaim.domain.money import Money
from crossclaim.domain.reference import Names
from crossclaim.domain.stay import REGION_ZONE

_PLACES = {"en": 0, "zh-Hant": 1, "zh-Hans": 2}


class PrintedLetters:
    """One template for both kinds; what stands in them differs."""

    def __init__(self) -> None:
        environment = Environment(
            loader=PackageLoader("crossclaim.documents"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._template = environment.get_template("claim_letter.html")

    def letter(self, told: ClaimLetter, kind: LetterKind, language: str) -> bytes:
        """The same facts give the same bytes."""
        place = _PLACES[language]
        words = {name: texts[place] for name, texts in WORDS.items()}
        benefits = kind is LetterKind.BENEFITS
        page = self._template.render(
            language=language,
            words=words,
            title=words[f"title_{kind.value}"],
            rows=_rows(told, place),
            lines=[_line(one, place) for one in told.lines] if benefits else [],
            reasons=_reasons(told, place),
            why=[_spoken(text, place) for text in told.why] if benefits else [],
            note=told.note,
            appeal=_appeal(told, words),
        )
        return page.encode()


def _rows(told: ClaimLetter, place: int) -> list[tuple[str, str]]:
    cause = CAUSES[told.cause][place] if told.cause else ""
    rows = [
        ("reference", told.reference),
        ("insurer", _name(told.insurer, place)),
        ("hospital", _name(told.hospital, place)),
        ("patient", told.patient),
        ("bill", f"{told.bill_number} ({told.bill_version})"),
        ("decided_at", _moment(told.decided_at)),
        ("version", f"{told.version} {cause}".strip()),
        ("outcome", STATES[told.state][place]),
        ("billed", _money(told.billed)),
        ("benefit", _money(told.benefit)),
        ("paid", _money(told.paid)),
    ]
    if told.claim_number and told.claim_number != told.reference:
        rows.insert(1, ("number", told.claim_number))
    if told.change is not None:
        rows.append(("change", _money(told.change)))
    if told.rate:
        rows.append(("rate", told.rate))
    return rows


def _line(one: LetterLine, place: int) -> dict[str, str]:
    return {
        "number": one.number,
        "description": one.description,
        "served_on": "" if one.served_on is None else one.served_on.isoformat(),
        "billed": _money(one.billed),
        "benefit": "" if one.benefit is None else _money(one.benefit),
        "paid": "" if one.paid is None else _money(one.paid),
        "reasons": ", ".join(one.reasons),
    }


def _reasons(told: ClaimLetter, place: int) -> list[tuple[str, str]]:
    """Every code once, with words where a person chose it; the rules' own stand below."""
    codes = dict.fromkeys(code for line in told.lines for code in line.reasons)
    return [(code, LINE_REASONS[code][place] if code in LINE_REASONS else "") for code in codes]


def _appeal(told: ClaimLetter, words: dict[str, str]) -> str:
    if told.appeal is None:
        return words["no_appeal"]
    return words["appeal"].format(level=told.appeal.level, until=told.appeal.until.isoformat())


def _spoken(text: Sentence, place: int) -> str:
    return (text.en, text.zh_hant, text.zh_hans)[place]


def _money(amount: Money) -> str:
    return f"{amount.currency.value} {amount.decimal_text()}"


def _name(names: Names, place: int) -> str:
    return (names.en, names.zh_hant, names.zh_hans)[place]


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(REGION_ZONE):%Y-%m-%d %H:%M}"
