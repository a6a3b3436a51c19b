"""One thing that a cancellation takes back, with its parties by their names."""

from __future__ import annotations

from crossclaim.domain.allocation import Sentence
from crossclaim.domain.episode_cancellation import step_sentence
from crossclaim.domain.reference import Reference
from crossclaim.domain.settlement_cancellation import Undoing
from crossclaim.domain.story_line import called
from crossclaim.domain.story_phrase import Triple, plain, sentence_of
from crossclaim.domain.story_words import FUNDERS, METHODS

_GIVES_BACK: dict[str, Triple] = {
    "hospital": ("hospital", "醫院", "医院"),
    "patient": ("patient", "病人", "病人"),
}


def undoing_told(one: Undoing, reference: Reference) -> Sentence:
    """The sentence as a person reads it: no ids of organisations, no codes of tenders."""
    who, by = _who(one, reference), _by(one)
    told = {
        name: getattr(
            step_sentence(
                one.model_copy(update={"who": getattr(who, name), "by": getattr(by, name)})
            ),
            name,
        )
        for name in Sentence.model_fields
    }
    return Sentence(**{name: text[:1].upper() + text[1:] for name, text in told.items()})


def _who(one: Undoing, reference: Reference) -> Sentence:
    return sentence_of(FUNDERS[one.who]) if one.who in FUNDERS else called(reference, one.who)


def _by(one: Undoing) -> Sentence:
    method = one.by.partition("/")[0]
    words = {**METHODS, **_GIVES_BACK}
    return sentence_of(words[method]) if method in words else plain(method)
