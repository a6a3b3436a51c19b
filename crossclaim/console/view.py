"""Renders a page: the templates, and what every page is given."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from ulid import ULID

from crossclaim.console.message_words import BANK_FILES, OPERATIONS, OUTCOMES, RAILS, ROLES
from crossclaim.console.services import Visitor, services_of
from crossclaim.console.words import STATES, WORDS
from crossclaim.console.words_accounts import ACCOUNTS
from crossclaim.console.words_desk import DOCUMENTS
from crossclaim.console.words_finance import MOVEMENTS, SOURCES
from crossclaim.console.words_search import CITIES
from crossclaim.console.words_webhooks import WEBHOOK_OUTCOMES, WEBHOOK_STATES
from crossclaim.domain import sentence_words
from crossclaim.domain.allocation import Sentence
from crossclaim.domain.bank_sentences import bank_sentence
from crossclaim.domain.chinese_marks import full_width
from crossclaim.domain.language import Language, preferred_language, spoken, written_in
from crossclaim.domain.money import Currency, counted, fen
from crossclaim.domain.plan_reading import jurisdiction
from crossclaim.domain.preferences import LANGUAGE_COOKIE, THEME_COOKIE, THEMES
from crossclaim.domain.reference import Reference
from crossclaim.domain.sentence_alone import said_alone
from crossclaim.domain.stay import REGION_ZONE
from crossclaim.domain.story_codes import CODES
from crossclaim.domain.story_line import called, reason
from crossclaim.domain.story_phrase import Triple, local_time, plain, sentence_of
from crossclaim.domain.story_words import CONSENTS, FUNDERS
from crossclaim.domain.work_causes import CAUSES, WORK_TO_DO
from crossclaim.plans.fault_words import reason_told
from crossclaim.plans.told import told
from crossclaim.security.roles import Operation, may

STATIC = files("crossclaim.console") / "static"
LANGUAGES = {
    Language.ZH_HANT: "繁體中文",
    Language.ZH_HANS: "简体中文",
    Language.EN: "English",
}

_FILE_KINDS = {
    "application/pdf": "file_pdf",
    "application/ofd": "file_ofd",
    "application/xml": "file_xml",
    "text/xml": "file_xml",
}

_templates = Environment(
    loader=PackageLoader("crossclaim.console"),
    autoescape=select_autoescape(default=True, default_for_string=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def chosen_now(request: Request, *, language: str = "", theme: str = "") -> None:
    """This request is answered in these, as far as they are ours."""
    if language in set(LANGUAGES):
        request.state.language = language
    if theme in THEMES:
        request.state.theme = theme


def language_of(request: Request) -> Language:
    """As chosen just now or on a page before, else as the browser asks."""
    chosen = getattr(request.state, "language", "")
    try:
        return Language(chosen or request.cookies.get(LANGUAGE_COOKIE, ""))
    except ValueError:
        return preferred_language(request.headers.get("accept-language"))


def theme_of(request: Request) -> str:
    chosen = getattr(request.state, "theme", "") or request.cookies.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else THEMES[0]


def remember(response: Response, request: Request, *, language: str = "", theme: str = "") -> None:
    """Keeps a preference with the browser; what is no choice of ours is not kept."""
    secure = request.url.scheme == "https"
    year = int(timedelta(days=365).total_seconds())
    kept = {}
    if language in set(LANGUAGES):
        kept[LANGUAGE_COOKIE] = language
    if theme in THEMES:
        kept[THEME_COOKIE] = theme
    for name, value in kept.items():
        response.set_cookie(
            name, value, max_age=year, path="/", secure=secure, httponly=True, samesite="lax"
        )


def page(
    request: Request,
    name: str,
    visitor: Visitor | None,
    values: dict[str, Any],
    status: int = 200,
) -> Response:
    """``templates/NAME.html`` in the visitor's language; ``values`` are the page's own."""
    language, services = language_of(request), services_of(request)
    words = Speech(language, services.reference)
    body = _templates.get_template(f"{name}.html").render(
        say=words,
        language=language.value,
        languages={code.value: called for code, called in LANGUAGES.items()},
        theme=theme_of(request),
        themes=THEMES,
        visitor=visitor,
        here=request.url.path,
        sign_out=services.visitors.sign_out_path,
        examines=visitor is not None and may(visitor.principal, Operation.READ_CLAIM_REVIEW),
        reconciles=visitor is not None and may(visitor.principal, Operation.READ_BANK),
        settles=visitor is not None and may(visitor.principal, Operation.READ_SETTLEMENT),
        hears=visitor is not None and may(visitor.principal, Operation.READ_WEBHOOKS),
        repairs=visitor is not None and may(visitor.principal, Operation.READ_REPAIRS),
        reads_rules=visitor is not None and may(visitor.principal, Operation.READ_RULES),
        operates=visitor is not None and may(visitor.principal, Operation.READ_OPERATIONS),
        said_here=lambda: _said(request),
        new_number=lambda: f"C-{ULID()}",
        **values,
    )
    return HTMLResponse(body, status)


def _said(request: Request) -> str:
    """What a form that was just sent may tell on the next page: a word of the pages, or nothing."""
    said = request.query_params.get("said", "")
    return said if said in WORDS else ""


class Speech:
    """Words, names, amounts and times for the templates, in one language."""

    def __init__(self, language: Language, reference: Reference) -> None:
        self._language = language
        self._reference = reference

    def __call__(self, key: str) -> str:
        """A word of the page. Raises KeyError for one that is not there."""
        return self.triple(WORDS[key])

    def sentence(self, sentence: Sentence) -> str:
        text = spoken(sentence, self._language)
        return text if self._language is Language.EN else full_width(text)

    def triple(self, triple: Triple) -> str:
        return self.sentence(sentence_of(triple))

    def state(self, code: str) -> str:
        return self._or_readable(STATES, code)

    def stage(self, code: str) -> str:
        return self(f"stage_{code}")

    def work(self, kind: str) -> str:
        return self(f"work_{kind}")

    def work_state(self, state: str) -> str:
        return self(f"work_state_{state}")

    def charge(self, category: str) -> str:
        return self._or_readable(sentence_words.WORDS, category)

    def operation(self, code: str) -> str:
        return self._or_readable(OPERATIONS, code)

    def outcome(self, code: str) -> str:
        return self._or_readable(OUTCOMES, code)

    def webhook_state(self, code: str) -> str:
        return self._or_readable(WEBHOOK_STATES, code)

    def webhook_outcome(self, code: str) -> str:
        return self._or_readable(WEBHOOK_OUTCOMES, code)

    def bank_file(self, kind: str) -> str:
        return self._or_readable(BANK_FILES, kind)

    def role(self, role: str) -> str:
        return self._or_readable(ROLES, role)

    def _or_readable(self, words: dict[str, Triple], code: str) -> str:
        """One without words stays as it is, readable."""
        return self.triple(words[code]) if code in words else code.replace("_", " ")

    def told(self, text: str) -> str:
        """Of a rule file; what we have no words for stands as the file has it."""
        return self.sentence(told(text))

    def written_in(self, quote: str) -> str:
        """The language of a source's own words, which stay as they are."""
        return written_in(quote).value

    def plan_fault(self, reason: str) -> str:
        """What is wrong with a rule file."""
        return self.sentence(reason_told(reason))

    def organisation(self, organisation_id: str) -> str:
        bank = self._reference.bank(organisation_id)
        if bank is not None:
            return self.triple((bank.name.en, bank.name.zh_hant, bank.name.zh_hans))
        return self.sentence(called(self._reference, organisation_id))

    def funder(self, kind: str) -> str:
        return self.triple(FUNDERS[kind]) if kind in FUNDERS else kind

    def plan_funder(self, kind: str) -> str:
        """A plan of nobody's money says how the platform works."""
        return self("plan_platform") if kind == "patient" else self.funder(kind)

    def jurisdiction(self, code: str) -> str:
        return self.sentence(jurisdiction(code))

    def city(self, city: str) -> str:
        return self._or_readable(CITIES, city)

    def party(self, name: str) -> str:
        """An organisation by its name, a system of ours by its word."""
        known = f"party_{name}"
        return self(known) if known in WORDS else self.organisation(name)

    def place(self, name: str) -> str:
        """A part of operations as its heading names it."""
        for key in (f"line_{name}", name):
            if key in WORDS:
                return self(key)
        head, _, rest = name.partition(" ")
        return f"{self.organisation(head)} {rest}".strip()

    def size(self, size: int | None) -> str:
        """Of a disk or a database, in MiB, from a GiB on with one decimal."""
        if size is None:
            return "–"
        small = size < 2**30
        return f"{size / 2**20:,.0f} MiB" if small else f"{size / 2**30:,.1f} GiB"

    def consent(self, kind: str) -> str:
        return self.triple(CONSENTS[kind]) if kind in CONSENTS else kind

    def exception(self, code: str) -> str:
        return self.triple(CAUSES[code]) if code in CAUSES else code

    def to_do(self, code: str) -> str:
        return self.triple(WORK_TO_DO[code]) if code in WORK_TO_DO else ""

    def reason(self, code: str) -> str:
        return self.sentence(reason(code) if code else plain(""))

    def file_kind(self, content_type: str) -> str:
        """What one calls a file of this kind."""
        if content_type.startswith("image/"):
            return self("file_image")
        return self(_FILE_KINDS[content_type]) if content_type in _FILE_KINDS else content_type

    def share_reason(self, code: str) -> str:
        """Why a funder carries its part of a line: in words, else the code as one reads it."""
        if code in CODES:
            return self.reason(code)
        known = said_alone(code)
        return self.sentence(known) if known else code.replace("_", " ").capitalize()

    def time(self, moment: datetime | None) -> str:
        """To the minute, in the region's zone; nothing for ``None``."""
        return local_time(moment) if moment else ""

    def date(self, moment: datetime | None) -> str:
        return f"{moment.astimezone(REGION_ZONE):%Y-%m-%d}" if moment else ""

    def field(self, moment: datetime) -> str:
        """As a browser's field for a moment holds it."""
        return f"{moment.astimezone(REGION_ZONE):%Y-%m-%dT%H:%M:%S}"

    def rail(self, code: str) -> str:
        return self._or_readable(RAILS, code)

    def clock(self, moment: datetime) -> str:
        return f"{moment.astimezone(REGION_ZONE):%H:%M:%S}"

    def iso(self, moment: datetime) -> str:
        return moment.astimezone(REGION_ZONE).isoformat(timespec="seconds")

    def bank(self, code: str) -> str:
        """What is told of a status or a reason of the reconciliation; nothing for none."""
        return self.sentence(bank_sentence(code)) if code else ""

    def document_kind(self, kind: str) -> str:
        return self._or_readable(DOCUMENTS, kind)

    def movement(self, kind: str) -> str:
        return self._or_readable(MOVEMENTS, kind)

    def source(self, source: str) -> str:
        return self._or_readable(SOURCES, source)

    def account_kind(self, kind: str) -> str:
        return self._or_readable(ACCOUNTS, kind)

    def minor(self, minor: int, currency: str) -> str:
        return str(counted(minor, Currency(currency)))

    def signed(self, minor: int, currency: str) -> str:
        """With its sign where it leaves; a true minus, which is as wide as a plus."""
        told = str(counted(abs(minor), Currency(currency)))
        return f"\u2212{told}" if minor < 0 else told

    def funder_or(self, funder: str) -> str:
        """A kind of funder by its name, else an organisation."""
        return self.funder(funder) if funder in FUNDERS else self.organisation(funder)

    def moved(self, minor: int) -> str:
        """An amount by which something moves, with its sign before the figure."""
        told = str(fen(minor))
        return told if minor <= 0 else told.replace(" ", " +", 1)

    def fen(self, minor: int | None) -> str:
        return "" if minor is None else str(fen(minor))
