"""A desk at which persons ask for their data or to be erased, and a thief with a backup."""

from __future__ import annotations

import asyncio
import io
import itertools
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from ulid import ULID

from activities.privacy import ErasureOrder, PrivacySteps, SubjectOrder
from activities.privacy_ports import PrivacyPorts
from crossclaim.documents.subject_pages import SubjectPages
from crossclaim.domain.audit_chain import Root
from crossclaim.domain.errors import Final
from crossclaim.domain.subject_request import SubjectRequest
from crossclaim.domain.submission import DocumentType, IdentityDocument, SubmissionKind
from crossclaim.security.data_key import WrappedKey
from crossclaim.security.errors import KeyDestroyed, Undecipherable
from crossclaim.security.keyring import Keyring
from crossclaim.security.keys import EpochKeystore
from crossclaim.security.roles import Principal, Role
from crossclaim.security.signing import Signer
from crossclaim.service.reads import SqlEpisodes
from crossclaim.service.subject_requests import SubjectDesk
from crossclaim.stack import Stack
from crossclaim.store.audit_blocks import SqlAuditChain
from crossclaim.store.erasures import SqlErasures
from crossclaim.store.person_index import document_index
from crossclaim.store.subject_export import SqlSubjectExports
from crossclaim.wiring import House, api_house, worker_house
from tests.flows.hospital import Body, example, varied
from tests.steps.rig import AT, HOSPITAL, Rig
from tests.unit.data_key_shelf import DataKeyShelf

CANARY = "FLAMINGO Peregrine"
SUPPORT = Principal(organisation="crossclaim", role=Role.SUPPORT, key_id="first")
SECOND = SUPPORT.model_copy(update={"key_id": "second"})
WINDOW = Principal(organisation=HOSPITAL, role=Role.HOSPITAL_BILLING, key_id="window")
IN_FORCE = AT + timedelta(days=400)
OVER = datetime(2061, 1, 1, tzinfo=UTC)
"""Fifteen years of care records and seven of the insurer's are over; thirty would be too."""


@dataclass(frozen=True)
class Stolen:
    """What a thief has of one person from before the erasure."""

    scope: str
    key: WrappedKey
    text: bytes


class Shelf:
    """Objects, sealed as the store's own are, and what was laid under lock."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self.objects: dict[str, bytes] = {}
        self.laid: dict[str, bytes] = {}
        self.ended: list[str] = []

    def put(self, key: str, content: bytes, content_type: str) -> None:
        self.objects[key] = self._keyring.encrypt(key.partition("/")[0], content, "document")

    def get(self, key: str) -> bytes:
        if key not in self.objects:
            raise Final("no such document", code="DOCUMENT_MISSING")
        return self._keyring.decrypt(key.partition("/")[0], self.objects[key], "document")

    def keep(self, key: str, body: bytes) -> None:
        self.laid[key] = body

    def lay(self, root: Root) -> None:
        self.laid[str(root.block)] = root.model_dump_json().encode()

    async def end_run(self, scope: str) -> None:
        self.ended.append(scope)

    async def export_subject(self, request_id: str) -> None:
        """The step is called by the test itself."""


@dataclass
class Desk:
    rig: Rig
    worker: House
    api: House
    shelf: Shelf
    subjects: SubjectDesk
    steps: PrivacySteps
    ports: PrivacyPorts

    def ask(self, kind: str, document: IdentityDocument) -> str:
        asked = SubjectRequest.model_validate(
            {
                "kind": kind,
                "document": document.model_dump(mode="json"),
                "identity_seen": "hkid",
                "identity_seen_at": AT.isoformat(),
            }
        )
        return str(asyncio.run(self.subjects.ask(SUPPORT, asked, None))["id"])

    def state(self, request_id: str) -> Body:
        found: Body = asyncio.run(self.subjects.read(SUPPORT, request_id))
        return found

    def erasure(self, document: IdentityDocument) -> str:
        request = self.ask("erasure", document)
        asyncio.run(self.subjects.confirm(SECOND, request))
        return request

    def round(self, at: datetime) -> int:
        judged = self.steps.judge_erasures(at)
        asyncio.run(self.steps.end_erased_runs(judged))
        return self.steps.destroy_keys(ErasureOrder(judged=judged, at=at))

    def visit(self, person: IdentityDocument) -> str:
        """An outpatient episode of somebody with this identity card."""
        submission = varied(
            example("episode-2-voucher"),
            hospital=HOSPITAL,
            visit={"number": f"MZ-ERASE-{ULID()}"},
            coverages=[{"funder": "voucher"}],
        )
        submission["patient"]["name"] = {"en": CANARY, "zh": "火烈鳥"}
        submission["patient"]["documents"] = [person.model_dump(mode="json", exclude_none=True)]
        episode, answer = self.rig.say(SubmissionKind.EPISODE, submission)
        assert answer.status == 201, answer.body
        return episode

    def export_of(self, person: IdentityDocument) -> Body:
        request = self.ask("access", person)
        order = SubjectOrder(request_id=request, at=AT)
        assert self.steps.gather_subject_export(order) == "ready"
        content = asyncio.run(self.subjects.fetch(SUPPORT, request))
        told: Body = json.loads(zipfile.ZipFile(io.BytesIO(content)).read("data.json"))
        return told

    def read(self, episode: str) -> Body:
        return asyncio.run(SqlEpisodes(self.api.database).episode(WINDOW, episode))

    def reads(self, episode: str) -> bool:
        """Whether the hospital reads its own episode; ``NotFound`` is raised when not."""
        return episode in json.dumps(self.read(episode), default=str)

    def found(self, person: IdentityDocument) -> int:
        """Episodes by the person's document."""
        who = document_index(self.worker.keyring, person)
        return len(self.select("select 1 as x from identity_index where value = %(who)s", who=who))

    def select(self, statement: str, **values: object) -> list[Body]:
        with self.worker.database.begin() as connection:
            return connection.execute(statement, values).mappings()

    def close(self, episode: str) -> None:
        self.rig.change(
            "update episode set status = 'closed', closed_at = %(at)s where id = %(id)s",
            at=AT,
            id=episode,
        )


@contextmanager
def erasing(rig: Rig, stack: Stack) -> Iterator[Desk]:
    """A desk over the worker's and the API's database; its documents and locks are on a shelf."""
    worker, api = worker_house(stack.settings), api_house(stack.settings)
    shelf = Shelf(worker.keyring)
    with worker.database.begin() as connection:
        connection.execute(
            "insert into organisation (id, kind, name)"
            " values ('crossclaim', 'operator', 'Platform') on conflict do nothing"
        )
    plans = worker.plan_shelf.plans
    ports = PrivacyPorts(
        chain=SqlAuditChain(worker.database, Signer(worker.keystore)),
        anchors=shelf,
        exports=SqlSubjectExports(worker.database, worker.keyring, shelf, SubjectPages(), plans),
        erasures=SqlErasures(worker.database, worker.keyring, worker.keystore, plans),
        runs=shelf,
    )
    steps = PrivacySteps(replace(rig.world, privacy=ports))
    subjects = SubjectDesk(api.database, api.keyring, shelf, shelf)
    yield Desk(rig, worker, api, shelf, subjects, steps, ports)
    worker.database.close()
    api.database.close()


_serials = itertools.count(910_001)


def new_hkid() -> IdentityDocument:
    """A valid number that no other test has."""
    text = f"Y{next(_serials)}"
    values = [36, ord("Y") - 55, *(int(digit) for digit in text[1:])]
    left = -sum(v * w for v, w in zip(values, range(9, 1, -1), strict=True)) % 11
    number = f"{text}({'A' if left == 10 else left})"
    return IdentityDocument(type=DocumentType.HKID, number=number)


def stolen_before(desk: Desk, scope: str) -> Stolen:
    """What a backup of the day before holds of a person: his wrapped key and a sealed text."""
    with desk.worker.database.begin() as connection:
        key = connection.execute(
            "select key_id, epoch, wrapped from data_key where scope = %(s)s", {"s": scope}
        ).one()
        text = connection.execute(
            "select sealed from episode where id = %(s)s", {"s": scope}
        ).scalar_one()
    wrapped = WrappedKey(key_id=key.key_id, epoch=key.epoch, wrapped=bytes(key.wrapped))
    return Stolen(scope, wrapped, bytes(text))


def opens(desk: Desk, stolen: Stolen) -> bool:
    """A thief with the backup, every key file that is left and the master key tries each epoch."""
    keystore = EpochKeystore(desk.worker.settings.keystore_dir)
    for epoch in keystore.epochs():
        shelf = DataKeyShelf()
        shelf.create(stolen.scope, stolen.key.model_copy(update={"epoch": epoch}))
        try:
            Keyring(shelf, keystore).decrypt(stolen.scope, stolen.text, "episode")
        except (KeyDestroyed, Undecipherable):
            continue
        return True
    return False
