"""The blind index of a person's document, the same wherever the person is met."""

from __future__ import annotations

from crossclaim.domain.identity import macao_compared, normalised
from crossclaim.domain.submission import DocumentType, IdentityDocument
from crossclaim.security.keyring import Keyring


def document_index(keyring: Keyring, document: IdentityDocument) -> bytes:
    return keyring.blind_index(person_key(document.type, document.number), document.type.value)


def person_key(type_: DocumentType, number: str) -> str:
    """What two documents of one person share: a return permit's first nine characters."""
    if type_ is DocumentType.MACAO_RESIDENT_ID:
        return macao_compared(number)
    plain = normalised(number)
    return plain[:9] if type_ is DocumentType.HOME_RETURN_PERMIT else plain
