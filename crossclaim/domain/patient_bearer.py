"""Who comes to a patient's pages by a link, and how he shows that he is the one. Pure.

Whoever holds a link says one thing more: a date of birth, or how the number of his document ends.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.identity import normalised

PATIENT_KEY = "pt_"
"""How the key begins of what was sent from a patient's own pages."""
LAST_CHARACTERS = 4


class Bearer(StrEnum):
    PATIENT = "patient"
    SUBSTITUTE = "substitute"
    """The parent, guardian or carer who signed for the patient in this episode."""
    SPOUSE = "spouse"
    """Whose vouchers were used beside the patient's."""


class Sight(StrEnum):
    """What a page shows."""

    EPISODE = "episode"
    """Where the care stands, its money, its papers, what is missing."""
    CONSENTS = "consents"
    LOOKS = "looks"
    """Who has looked at the record."""
    ACTS = "acts"
    """Sending documents, appealing, asking for an estimate."""
    OWN_VOUCHERS = "own_vouchers"
    """What was taken of the spouse's own vouchers, and nothing of the care they paid for."""


MAY_SEE: dict[Bearer, frozenset[Sight]] = {
    Bearer.PATIENT: frozenset({Sight.EPISODE, Sight.CONSENTS, Sight.LOOKS, Sight.ACTS}),
    # Who decides for a patient sees what the patient would, of the episode that he signed for.
    Bearer.SUBSTITUTE: frozenset({Sight.EPISODE, Sight.CONSENTS, Sight.LOOKS, Sight.ACTS}),
    # Money may be shared, medical records are not: the spouse sees his vouchers and his consents.
    Bearer.SPOUSE: frozenset({Sight.CONSENTS, Sight.OWN_VOUCHERS}),
}


def may_see(bearer: Bearer, sight: Sight) -> bool:
    return sight in MAY_SEE[bearer]


def gives(bearer: Bearer) -> str:
    """Whose consents the bearer reads and withdraws: ``patient`` or ``spouse``."""
    return "spouse" if bearer is Bearer.SPOUSE else "patient"


class Factor(Frozen):
    """What was typed beside the link; everything that was typed must be right."""

    birth_date: str = ""
    document: str = ""


class Persona(Frozen):
    """Of whom the link was made: what he may be asked for."""

    birth_date: date | None = None
    documents: tuple[str, ...] = ()


def is_the_one(given: Factor, known: Persona) -> bool:
    """Whether what was typed is this person's; nothing typed is nobody."""
    born, ends = given.birth_date.strip(), _ending(given.document)
    if not born and not ends:
        return False
    if born and (known.birth_date is None or _day(born) != known.birth_date):
        return False
    return not ends or ends in set(_endings(known.documents))


def _day(text: str) -> date | None:
    """As a browser sends it (1950-01-31), or written with slashes, dots or nothing between."""
    digits = "".join(c for c in normalised(text).replace("/", "").replace(".", "") if c.isdigit())
    try:
        return (
            date(int(digits[:4]), int(digits[4:6]), int(digits[6:])) if len(digits) == 8 else None
        )
    except ValueError:
        return None


def _endings(documents: Iterable[str]) -> Iterable[str]:
    return (_ending(number) for number in documents if len(_plain(number)) >= LAST_CHARACTERS)


def _ending(text: str) -> str:
    """The last characters; a whole number that was typed counts by its end. Fewer are none."""
    plain = _plain(text)
    return plain[-LAST_CHARACTERS:] if len(plain) >= LAST_CHARACTERS else plain


def _plain(number: str) -> str:
    return normalised(number).replace("/", "")
