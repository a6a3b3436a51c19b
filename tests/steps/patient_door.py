"""Patients' own pages over the folder's database, in process; what is sent is applied at once."""

from __future__ import annotations

import itertools
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.routing import Mount
from ulid import ULID

from activities.orders import Apply
from activities.submissions import SubmissionSteps
from crossclaim.api.answer import Answer
from crossclaim.api.application import build_app
from crossclaim.app import api_services
from crossclaim.domain.errors import Final
from crossclaim.domain.patient_bearer import Bearer
from crossclaim.domain.submission import SubmissionKind
from crossclaim.patient.application import build_patient_pages
from crossclaim.patient.services import PatientServices
from crossclaim.patient.view import PREFIX
from crossclaim.security.roles import Principal, Role
from crossclaim.service.documents import StoredDocuments
from crossclaim.service.front_door import identity_desk
from crossclaim.service.issued_papers import IssuedPapers
from crossclaim.service.paper_desk import PaperDesk
from crossclaim.service.patient_desk import PatientReads
from crossclaim.service.patient_links import PatientLinks
from crossclaim.service.patient_pages import patient_links
from crossclaim.soak.persons import hkid
from crossclaim.stack import Stack
from crossclaim.wiring import House, api_house
from tests.flows.hospital import Body, example, varied
from tests.steps.front_door import HERE, PUBLIC_URL, Clock
from tests.steps.rig import AT, HOSPITAL, Rig

WINDOW = Principal(organisation=HOSPITAL, role=Role.HOSPITAL_BILLING, key_id="window")
BORN = "1950-01-31"
_numbers = itertools.count(710_000)


@dataclass
class Objects:
    """Documents in memory."""

    kept: dict[str, bytes] = field(default_factory=dict)

    def put(self, key: str, content: bytes, content_type: str) -> None:
        self.kept[key] = content

    def get(self, key: str) -> bytes:
        if key not in self.kept:
            raise Final("no such document", code="DOCUMENT_MISSING")
        return self.kept[key]


@dataclass(frozen=True)
class AtOnce:
    """The intake, with the workflow's step done in the same call: a row first, as always."""

    rig: Rig

    async def submit(
        self,
        principal: Principal,
        kind: SubmissionKind,
        *,
        episode_id: str | None,
        business_key: str,
        content: dict[str, Any],
        idempotency_key: str | None,
    ) -> Answer:
        assert episode_id is not None
        received = self.rig.intake.receive(
            principal.organisation,
            kind,
            submission_id=f"sb_{ULID()}",
            episode_id=episode_id,
            business_key=business_key,
            content=content,
            idempotency_key=idempotency_key,
            key_id=principal.key_id,
        )
        order = Apply(episode_id=received.episode_id, submission_id=received.id, at=AT)
        SubmissionSteps(self.rig.world).apply_submission(order)
        (found,) = self.rig._select(
            "select outcome from submission where id = %(id)s", id=received.id
        )
        outcome = found["outcome"]
        return Answer(
            status=outcome["status"], body=outcome["body"], episode_id=received.episode_id
        )

    async def answered(self, *_: object, **__: object) -> None:
        return None

    async def status(self, principal: Principal, submission_id: str) -> dict[str, Any]:
        raise NotImplementedError


@dataclass(frozen=True)
class Person:
    """Somebody with an identity card of his own."""

    number: str
    born: str = BORN

    @property
    def ends(self) -> str:
        return self.number[-4:]

    def visit(self, rig: Rig, hospital: str = HOSPITAL, **changes: Any) -> str:
        """An outpatient episode with vouchers."""
        submission = varied(
            example("episode-2-voucher"),
            hospital=hospital,
            visit={"number": f"MZ-OWN-{ULID()}"},
            patient=self.told(),
            coverages=[{"funder": "voucher"}],
            **changes,
        )
        episode, answer = rig.say(SubmissionKind.EPISODE, submission, organisation=hospital)
        assert answer.status == 201, answer.body
        return episode

    def told(self) -> Body:
        document = {"type": "hkid", "number": self.number}
        return {"birth_date": self.born, "documents": [document]}


def someone(born: str = BORN) -> Person:
    return Person(hkid(next(_numbers)), born)


@dataclass(frozen=True)
class PatientDoor:
    rig: Rig
    api: House
    clock: Clock
    links: PatientLinks
    browser: httpx.AsyncClient
    objects: Objects

    async def link(self, episode: str, bearer: str = "patient", by: Principal = WINDOW) -> str:
        return (await self.links.make(by, episode, Bearer(bearer))).url.rpartition("/")[2]

    async def say(self, link: str, **typed: str) -> httpx.Response:
        return await self.browser.post(f"{PREFIX}/in", data={"link": link, **typed})

    async def enter(self, episode: str, ends: str, bearer: str = "patient", **by: Any) -> None:
        """The browser has a session of whoever the link is for."""
        self.browser.cookies.clear()
        answer = await self.say(await self.link(episode, bearer, **by), document=ends)
        assert answer.status_code == 303, answer.text

    async def page(self, path: str, status: int = 200, language: str = "en") -> str:
        headers = {"accept-language": language}
        answer = await self.browser.get(f"{PREFIX}{path}", headers=headers)
        assert answer.status_code == status, (path, answer.status_code, answer.text)
        return answer.text

    async def send(self, path: str, **fields: Any) -> httpx.Response:
        """A form of the page at hand, with its session's token."""
        shown = (await self.browser.get(f"{PREFIX}/", follow_redirects=True)).text
        found = re.search(r'name="csrf" value="(\w+)"', shown)
        data = {"csrf": found[1] if found else "", **fields}
        files = data.pop("files", None)
        return await self.browser.post(f"{PREFIX}{path}", data=data, files=files)


@contextmanager
def patients_house(stack: Stack) -> Iterator[House]:
    """The API's house, at any pace."""
    paces = {"entries_per_s": 0, "reads_per_s": 0, "writes_per_s": 0}
    house = api_house(stack.settings.model_copy(update={**HERE, **paces}))
    yield house
    house.database.close()


@asynccontextmanager
async def patient_door(
    api: House, rig: Rig, *, with_api: bool = False
) -> AsyncIterator[PatientDoor]:
    """The pages alone; the routes of the API beside them cost more than most tests."""
    chosen, clock = api.settings, Clock()
    plans, reference = rig.world.plan_shelf, rig.world.reference
    links = patient_links(chosen, api.database, api.keyring, clock)
    objects = Objects()
    issued = IssuedPapers(api.database, api.keyring, objects, PUBLIC_URL)
    services = replace(
        api_services(chosen, api, await api.client(lazy=True)),
        identity=identity_desk(chosen, api.database, api.keyring, clock),
        intake=AtOnce(rig),
        documents=StoredDocuments(api.database, objects, api.keyring),
        papers=PaperDesk(api.database, api.keyring, plans, reference, issued),
        patient_links=links,
        reference=reference,
    )
    desk = PatientReads(api.database, api.keyring, plans, reference, clock)
    routes = [Mount(PREFIX, build_patient_pages(PatientServices(links, desk, services)))]
    if with_api:
        routes.append(Mount("/", build_app(services)))
    app = Starlette(routes=routes)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as browser:
        yield PatientDoor(rig, api, clock, links, browser, objects)
