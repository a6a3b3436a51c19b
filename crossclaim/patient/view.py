"""Renders a patient's page: the console's look in large letters, and words of its own."""

from __future__ import annotations

from datetime import date, datetime
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from ulid import ULID

from crossclaim.console.view import LANGUAGES, Speech, language_of, theme_of
from crossclaim.domain.allocation import Sentence
from crossclaim.domain.language import Language, spoken
from crossclaim.domain.money import Currency, Money, counted
from crossclaim.domain.reference import Reference
from crossclaim.domain.stay import local_day
from crossclaim.domain.story_phrase import Triple, filled
from crossclaim.patient.services import PatientSession, services_of
from crossclaim.patient.words import WORDS
from crossclaim.patient.words_consents import CONSENT_WORDS
from crossclaim.patient.words_money import FUNDER_WORDS

PREFIX = "/patient"
STATIC = files("crossclaim.patient") / "static"
_MONEY: dict[Currency, Triple] = {
    Currency.CNY: ("RMB {amount}", "人民幣 {amount} 元", "人民币 {amount} 元"),
    Currency.HKD: ("HKD {amount}", "港幣 {amount} 元", "港币 {amount} 元"),
    Currency.MOP: ("MOP {amount}", "澳門幣 {amount} 元", "澳门币 {amount} 元"),
}
_MONTHS = "January February March April May June July August September October November December"

_templates = Environment(
    loader=PackageLoader("crossclaim.patient"),
    autoescape=select_autoescape(default=True, default_for_string=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class Say:
    """Words, names, amounts and days for the templates, in one language."""

    def __init__(self, language: Language, reference: Reference) -> None:
        self._language = language
        self._names = Speech(language, reference)

    def __call__(self, key: str, **values: str | int) -> str:
        """A sentence of the pages with its values. Raises KeyError for one that is not there."""
        return self.sentence(filled(WORDS[key], **values))

    def sentence(self, sentence: Sentence) -> str:
        return spoken(sentence, self._language)

    def who(self, organisation: str) -> str:
        return self._names.organisation(organisation)

    def consent(self, kind: str) -> str:
        return self._names.triple(CONSENT_WORDS[kind]) if kind in CONSENT_WORDS else kind

    def funder(self, kind: str, organisation: str | None = None) -> str:
        if organisation:
            return self.who(organisation)
        return self._names.triple(FUNDER_WORDS[kind]) if kind in FUNDER_WORDS else kind

    def money(self, money: Money) -> str:
        minor, digits = money.amount_minor, f"{abs(money.amount_minor) % 100:02d}"
        text = f"{'-' if minor < 0 else ''}{abs(minor) // 100:,}.{digits}"
        return self.sentence(filled(_MONEY[money.currency], amount=text))

    def fen(self, minor: int) -> str:
        return self.minor(minor, "CNY")

    def minor(self, minor: int, currency: str) -> str:
        return self.money(counted(minor, Currency(currency)))

    def day(self, moment: datetime | date | None) -> str:
        """Written out, as one says it; nothing for ``None``."""
        if moment is None:
            return ""
        day = local_day(moment) if isinstance(moment, datetime) else moment
        if self._language is Language.EN:
            return f"{day.day} {_MONTHS.split()[day.month - 1]} {day.year}"
        return f"{day.year}年{day.month}月{day.day}日"


def page(
    request: Request,
    name: str,
    session: PatientSession | None,
    values: dict[str, Any],
    status: int = 200,
) -> Response:
    """``templates/NAME.html`` in the reader's language; ``values`` are the page's own."""
    language, services = language_of(request), services_of(request)
    body = _templates.get_template(f"{name}.html").render(
        say=Say(language, services.api.reference),
        language=language.value,
        languages={code.value: called for code, called in LANGUAGES.items()},
        theme=theme_of(request),
        session=session,
        home=f"{PREFIX}/",
        said_here=_said(request),
        new_number=lambda: f"P-{ULID()}",
        **values,
    )
    return HTMLResponse(body, status)


def _said(request: Request) -> str:
    """What a form that was just sent may tell on the next page: a word of the pages, or nothing."""
    said = request.query_params.get("said", "")
    return said if said in _SAID else ""


_SAID = frozenset({"received", "not_had", "is_taken_back", "is_passed_on", "appeal_sent"})
