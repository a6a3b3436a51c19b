"""Documents that go with a request to an insurer: where they are kept, and their contents."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from activities.ports import ManifestSigner
from activities.records import EpisodeTransaction
from activities.world import World
from crossclaim.domain.manifest import Package, PaperListed
from crossclaim.domain.party import ClaimDocument
from crossclaim.domain.submission import DocumentNamed


@dataclass(frozen=True)
class StoredDocument:
    """A document that a request names, and where the document store keeps it."""

    named: DocumentNamed
    key: str
    content_type: str


def stored_documents(
    tx: EpisodeTransaction, episode_id: str, named: Sequence[DocumentNamed]
) -> list[StoredDocument]:
    """Those that the hospital has uploaded."""
    places = ((one, tx.document_key(episode_id, one.sha256)) for one in named)
    return [StoredDocument(one, *place) for one, place in places if place is not None]


def contents(
    world: World, stored: Sequence[StoredDocument], package: Package
) -> list[ClaimDocument]:
    """With the signed manifest of the package, last. Raises ``Final`` when one of them can never
    be had."""
    store = world.documents
    if store is None:
        return []
    papers = [
        ClaimDocument(
            kind=document.named.kind.value,
            name=document.named.name,
            sha256=document.named.sha256,
            content_type=document.content_type,
            content=store.get(document.key),
        )
        for document in stored
    ]
    if not papers or world.manifests is None:
        return papers
    return [*papers, _manifest(world.manifests, package, papers, world.transfer_licence)]


def _manifest(
    signer: ManifestSigner, package: Package, papers: list[ClaimDocument], licence: str
) -> ClaimDocument:
    listed = [
        PaperListed(
            kind=one.kind,
            name=one.name,
            content_type=one.content_type,
            size=len(one.content),
            sha256=one.sha256,
        )
        for one in papers
    ]
    signed = signer.signed(package.listing(listed, licence))
    return ClaimDocument(
        kind="manifest",
        name="manifest.json",
        sha256=hashlib.sha256(signed).hexdigest(),
        content_type="application/json",
        content=signed,
    )
