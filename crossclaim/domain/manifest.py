"""What goes with every package of claim papers that leaves: what is in it, and why it may go."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.reference import Reference
from crossclaim.domain.submission import ConsentType


class PaperListed(Frozen):
    """``name`` is told and is never a path."""

    kind: str
    name: str
    content_type: str
    size: int
    sha256: str


class ConsentListed(Frozen):
    """The text that the patient signed; who he is stands nowhere here."""

    type: str
    text_version: str
    signed_at: datetime


class Manifest(Frozen):
    """The same package has the same manifest, to the byte."""

    format: Literal["crossclaim-manifest/1"] = "crossclaim-manifest/1"
    package: str
    """Our reference of the send."""
    purpose: str
    issuer: str
    recipient: str
    made_at: datetime
    consents: list[ConsentListed]
    transfer_basis: str
    """The standard contract that the cross-border consent rests on; empty: nothing crossed on
    one."""
    licence: str
    """What the sender states to be licensed by; empty: nothing was stated."""
    papers: list[PaperListed]


class Package(Frozen):
    """A manifest before its papers are read."""

    package: str
    purpose: str
    issuer: str
    recipient: str
    made_at: datetime
    consents: list[ConsentListed]
    transfer_basis: str

    def listing(self, papers: list[PaperListed], licence: str) -> Manifest:
        return Manifest(**self.model_dump(), licence=licence, papers=papers)


def package_of(
    rows: EpisodeRows,
    reference: Reference,
    recipient: str,
    package: str,
    purpose: str,
    needs: list[ConsentType],
    at: datetime,
) -> Package:
    """The consents in force that the send needs: the newest of each type for this recipient."""
    found = {}
    for row in sorted(rows.consents_in_force(), key=lambda one: (one.signed_at, one.id)):
        if row.type in needs and row.recipient in ("", recipient):
            found[row.type] = row
    border = found.get(ConsentType.PI_CROSS_BORDER)
    text = reference.consent_text(border.type, border.text_version) if border else None
    return Package(
        package=package,
        purpose=purpose,
        issuer=rows.episode.hospital_id,
        recipient=recipient,
        made_at=at,
        consents=[
            ConsentListed(
                type=row.type.value, text_version=row.text_version, signed_at=row.signed_at
            )
            for _, row in sorted(found.items())
        ],
        transfer_basis=(text.contract or "") if text else "",
    )
