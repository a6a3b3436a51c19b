"""Faults of consents: texts not in use when signed, recipients, consents an insurer needs."""

from __future__ import annotations

from collections.abc import Iterator

from crossclaim.domain.allocation import Fault
from crossclaim.domain.bureau import BUREAU
from crossclaim.domain.fault_context import Context
from crossclaim.domain.fault_piece import Piece
from crossclaim.domain.fault_sentences import fault
from crossclaim.domain.reference import ConsentText, Reference
from crossclaim.domain.stay import local_day
from crossclaim.domain.submission import ConsentType, FunderKind
from crossclaim.domain.substitute import signer_faults

NAMES_RECIPIENT = frozenset(
    {
        ConsentType.PI_PROVIDE,
        ConsentType.PI_CROSS_BORDER,
        ConsentType.CLAIM_AUTH,
        ConsentType.AMBULANCE_TRANSFER,
    }
)
NEEDED_FOR_INSURER = (
    ConsentType.PI_SENSITIVE,
    ConsentType.PI_PROVIDE,
    ConsentType.PI_CROSS_BORDER,
    ConsentType.CLAIM_AUTH,
)
"""PIPL 29, 23 and 39 and the insurer's claim form (``domain.md`` B7)."""


def given_faults(consent: Piece, reference: Reference) -> Iterator[Fault]:
    """One consent: its text existed and was in use when it was signed, its recipient is known."""
    kind = consent.choice("type", ConsentType)
    if kind is None:
        return
    yield from _text_faults(kind, consent, reference)
    yield from _destination_faults(kind, consent, reference)
    recipient = consent.code("recipient")
    if kind in NAMES_RECIPIENT and not consent.has("recipient"):
        yield fault("CONSENT_RECIPIENT_MISSING", consent.at("recipient"), type=kind.value)
    elif recipient and not _is_known(recipient, reference):
        pointer = consent.at("recipient")
        yield fault("CONSENT_RECIPIENT_UNKNOWN", pointer, recipient=recipient)


def _is_known(recipient: str, reference: Reference) -> bool:
    organisation = reference.insurer(recipient) or reference.transfer_institution(recipient)
    ours = organisation is not None or recipient == BUREAU
    return ours or reference.is_record_system(recipient)


def _text_faults(kind: ConsentType, consent: Piece, reference: Reference) -> Iterator[Fault]:
    version, signed_at = consent.code("text_version"), consent.moment("signed_at")
    if version is None:
        return
    pointer = consent.at("text_version")
    text = reference.consent_text(kind, version)
    if text is None:
        yield fault("CONSENT_TEXT_UNKNOWN", pointer, type=kind.value, version=version)
    elif signed_at is not None and not text.valid_on(local_day(signed_at)):
        yield fault(
            "CONSENT_TEXT_VERSION",
            pointer,
            type=kind.value,
            version=version,
            signed_on=local_day(signed_at),
            period=_period(text),
        )
    shown = consent.text("text_sha256")
    if text is not None and shown and text.digests and shown not in text.digests:
        pointer = consent.at("text_sha256")
        yield fault("CONSENT_TEXT_DIGEST", pointer, type=kind.value, version=version)


def _destination_faults(kind: ConsentType, consent: Piece, reference: Reference) -> Iterator[Fault]:
    """The standard contracts for Hong Kong and for Macao never stand for each other."""
    version, recipient = consent.code("text_version"), consent.code("recipient")
    if kind is not ConsentType.PI_CROSS_BORDER or version is None or recipient is None:
        return
    text, region = reference.consent_text(kind, version), reference.region_of(recipient)
    if region == "OTHER":
        yield fault("CONSENT_OUTSIDE_AREA", consent.at("recipient"), recipient=recipient)
    if text is None or region not in ("HK", "MO"):
        return
    destination = reference.destination_of(text)
    if destination != region:
        yield fault(
            "CONSENT_OTHER_DESTINATION",
            consent.at("text_version"),
            version=version,
            destination=destination,
            recipient=recipient,
            region=region,
        )


def _period(text: ConsentText) -> str:
    return f"{text.valid_from} – {text.superseded_on or ''}".rstrip()


def missing_faults(episode: Piece) -> Iterator[Fault]:
    """Per insurer, the consents without which nothing may be sent to it."""
    if not isinstance(episode.member("consents").value, list):
        return
    given = [
        (consent.choice("type", ConsentType), consent.code("recipient"))
        for consent in episode.items("consents")
        if consent.text("given_by") != "spouse"
    ]
    insurers = {
        coverage.code("organisation")
        for coverage in episode.items("coverages")
        if coverage.choice("funder", FunderKind) is FunderKind.INSURER
    }
    for insurer in sorted(name for name in insurers if name):
        for kind in NEEDED_FOR_INSURER:
            # A consent without a recipient has a fault of its own and is not called missing too.
            fits = {None, insurer} if kind in NAMES_RECIPIENT else {to for _, to in given}
            if not any(of is kind and to in fits for of, to in given):
                code = f"CONSENT_MISSING_{kind.value}"
                yield fault(code, episode.at("consents"), insurer=insurer)


def consent_faults(consent: Piece, reference: Reference, context: Context) -> Iterator[Fault]:
    """``POST …/consents``: exactly one of ``given`` and ``withdrawn``."""
    if consent.has("given") == consent.has("withdrawn"):
        yield fault("CONSENT_GIVEN_OR_WITHDRAWN", consent.pointer)
    recipient = consent.code("recipient")
    if recipient and not _is_known(recipient, reference):
        yield fault("CONSENT_RECIPIENT_UNKNOWN", consent.at("recipient"), recipient=recipient)
    given = consent.member("given")
    yield from given_faults(given, reference)
    yield from signer_faults(given, context.records_plan, context.stay.birth_date, frozenset())
