"""What can be wrong with a well-formed submission given where the credit account stands."""

from __future__ import annotations

from crossclaim.domain.allocation import Fault, Sentence
from crossclaim.domain.fault_sentences_credit import CREDIT_STEP_TEXTS


def credit_fault(code: str, pointer: str, **values: object) -> Fault:
    """The fault ``code`` at ``pointer``, with its sentences filled in."""
    en, hant, hans = (text.format(**values) for text in CREDIT_STEP_TEXTS[code])
    return Fault(code=code, pointer=pointer, text=Sentence(en=en, zh_hant=hant, zh_hans=hans))
