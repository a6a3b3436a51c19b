"""The console, patients' pages and the sign-in on a port of this machine, over these rows."""

from __future__ import annotations

import asyncio
import itertools
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import httpx
import uvicorn
from axe_playwright_python.base import AXE_SCRIPT
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from crossclaim.api.services import ApiServices, Intake
from crossclaim.api.signing_in import pages as sign_in_pages
from crossclaim.app import api_services
from crossclaim.config import Settings
from crossclaim.console.application import PREFIX, build_console
from crossclaim.console.search_pages import start
from crossclaim.console.services import ConsoleServices, Visitor
from crossclaim.domain.allocation import Fault
from crossclaim.domain.errors import NotFound, Refused, Unavailable
from crossclaim.domain.operations import EngineSeen, QueueSeen, ScheduleSeen, WorkerSeen
from crossclaim.domain.submission import SubmissionKind
from crossclaim.patient.application import PREFIX as PATIENT
from crossclaim.patient.application import build_patient_pages
from crossclaim.patient.services import PatientServices
from crossclaim.security.roles import Principal, Role
from crossclaim.service.bank import BankDesk
from crossclaim.service.console import SessionVisitors, console_services
from crossclaim.service.console_episode import EpisodeDesk
from crossclaim.service.console_examiner import ExaminerDesk
from crossclaim.service.console_people import OwnPeople
from crossclaim.service.documents import StoredDocuments
from crossclaim.service.engine_state import EngineState
from crossclaim.service.patient_desk import PatientReads
from crossclaim.service.patient_pages import patient_links
from crossclaim.stack import Stack
from crossclaim.store.people import SqlPeople
from crossclaim.wiring import House
from tests.gateways.simulated_party import SimulatedParty
from tests.steps.desk_house import AtOnce, RigDoor
from tests.steps.patient_door import AtOnce as AppliedAtOnce
from tests.steps.record_parties import Shelf
from tests.steps.repairing import Repairer
from tests.steps.rig import AT, Rig

WALKER = "walker"
"""The cookie that says who walks, where a test is not about signing in."""
CSRF = "c"
PATIENTS_DAY = AT + timedelta(days=1)
"""On which a decision of the scene may still be appealed against."""
_numbers = itertools.count(1)
AXE_AT = "/axe.js"
"""Beside the pages: a browser keeps a script of an address as it was read and compiled once."""


class Walkers(SessionVisitors):
    """Whoever the browser's cookie names; else who has signed in."""

    def __init__(self, api: ApiServices) -> None:
        super().__init__(api)
        self.known: dict[str, Visitor] = {}

    async def visitor(self, request: Request) -> Visitor | None:
        walker = self.known.get(request.cookies.get(WALKER, ""))
        return walker or await super().visitor(request)


class EngineAsDrawn(EngineState):
    """What the engine would say of itself; ``down``: it says nothing."""

    def __init__(self) -> None:
        self.down = False
        self.said: list[tuple[str, str]] = []

    def _answers(self) -> None:
        if self.down:
            raise Unavailable("the workflow engine does not answer")

    async def queues(self) -> list[QueueSeen]:
        self._answers()
        now = datetime.now(UTC)
        workers = [WorkerSeen(identity=f"{n}@host", build="b1", last_poll=now) for n in (41, 42)]
        seen = {"added_per_s": 1.5, "taken_per_s": 1.5, "oldest_s": 0.0}
        return [
            QueueSeen(name="episodes", kind="workflow", backlog=0, workers=workers, **seen),
            QueueSeen(name="insurer-harbour-life", kind="activity", backlog=812, **seen),
        ]

    async def schedules(self) -> list[ScheduleSeen]:
        return [await self.schedule(one) for one in ("audit-seal", "voucher-months")]

    async def schedule(self, schedule_id: str) -> ScheduleSeen:
        self._answers()
        if schedule_id not in ("audit-seal", "voucher-months"):
            raise NotFound("the workflow engine does not know it")
        now = datetime.now(UTC)
        return ScheduleSeen(
            id=schedule_id,
            workflow="AuditSeal",
            paused=schedule_id != "audit-seal",
            note="p-1: the month is closed",
            last_run=now - timedelta(minutes=1),
            next_run=now + timedelta(minutes=1),
        )

    async def change(self, schedule_id: str, word: str, note: str) -> None:
        self._answers()
        self.said.append((schedule_id, word))

    async def version(self) -> str:
        self._answers()
        return "1.31.0"

    async def pace(self) -> EngineSeen:
        self._answers()
        return EngineSeen(answers_s=0.004, tasks=12, starts_p50_s=0.02, starts_most_s=0.4)

    async def try_again_now(self, episode_id: str) -> list[str]:
        self._answers()
        return ["decide_claim"]

    async def begin_anew(self, episode_id: str) -> None:
        self._answers()


@dataclass
class BrowserHouse:
    """One address for every page; what is sent there is applied in the same call."""

    rig: Rig
    own: House
    every: House
    url: str
    shelf: Shelf = field(default_factory=Shelf)
    engine: EngineAsDrawn = field(default_factory=EngineAsDrawn)
    walkers: Walkers = field(init=False)
    console: ConsoleServices = field(init=False)
    patients: PatientServices = field(init=False)
    application: Starlette = field(init=False)

    async def build(self) -> None:
        own, rig = self.own, self.rig
        client = await own.client(lazy=True)
        api = replace(
            api_services(own.settings, own, client, self.every),
            intake=cast(Intake, AppliedAtOnce(rig)),
            documents=StoredDocuments(own.database, self.shelf, own.keyring),
            bank=BankDesk(own.database, AtOnce(rig), 5.0),  # type: ignore[arg-type]
            reference=rig.world.reference,
        )
        self.walkers = Walkers(api)
        services = console_services(own, self.every, client, api, self.walkers)
        assert services.repairs is not None and services.operations is not None
        services.repairs.say = self._order  # type: ignore[method-assign]
        for one in (services.operations, services.repairs, services.desk):
            one._engine = self.engine  # type: ignore[union-attr]
        people, door = OwnPeople(own.database, own.keyring), RigDoor(rig)
        examiner = ExaminerDesk(own.database, own.keyring, api, people, self.shelf)  # type: ignore[arg-type]
        examiner._door = door  # type: ignore[assignment]
        self.console = replace(
            services,
            examiner=examiner,
            episode=EpisodeDesk(services.desk, own.keyring, self.shelf),  # type: ignore[arg-type]
            door=door,
        )
        desk = PatientReads(
            own.database, own.keyring, rig.world.plan_shelf, api.reference, lambda: PATIENTS_DAY
        )
        links = patient_links(own.settings, own.database, own.keyring)
        self.patients = PatientServices(links, desk, replace(api, patient_links=links))
        sign_in = FastAPI(openapi_url=None)
        sign_in.state.services = api
        sign_in.include_router(sign_in_pages)
        self.application = Starlette(
            routes=[
                Route(PREFIX, start),
                Mount(PREFIX, build_console(self.console)),
                Mount(PATIENT, build_patient_pages(self.patients)),
                Mount("/", sign_in),
            ]
        )

    async def _order(
        self, principal: Principal, kind: SubmissionKind, episode_id: str, word: dict[str, Any]
    ) -> int:
        desk = Repairer(self.rig, episode_id, principal.organisation, principal.key_id)
        answer = await asyncio.to_thread(desk.say, kind, word)
        if answer.status == 422:
            raise Refused("refused", [Fault.model_validate(f) for f in answer.body["errors"]])
        return answer.status

    def walker(self, organisation: str, role: Role, name: str, *more: Role) -> str:
        """A person of the organisation with this name; the value of his cookie."""
        people = SqlPeople(self.rig.database, self.own.keyring)
        subject = f"walker-{next(_numbers)}"
        roles = [one.value for one in (role, *more)]
        person = people.add(organisation, "https://idp.test", subject, name, roles)
        principal = Principal(organisation=organisation, role=role, key_id=subject, person=person)
        visitor = Visitor(principal=principal, name=name, csrf=CSRF, roles=tuple(roles))
        self.walkers.known[subject] = visitor
        return subject

    def principal(self, walker: str) -> Principal:
        return self.walkers.known[walker].principal

    def sends(self, walker: str, path: str, **form: str) -> str:
        """What a person's form does without his browser; where he is sent."""
        answer = httpx.post(
            f"{self.url}{path}",
            data={"csrf": CSRF, **form},
            headers={"sec-fetch-site": "same-origin", "accept-language": "en"},
            cookies={WALKER: walker},
            trust_env=False,
        )
        assert answer.status_code == 303, (path, answer.status_code, answer.text)
        return answer.headers["location"]


async def _axe(_: Request) -> Response:
    keep = {"Cache-Control": "max-age=86400, immutable"}
    return Response(AXE_SCRIPT, media_type="text/javascript", headers=keep)


@contextmanager
def served(rig: Rig, stack: Stack, folder: Path) -> Iterator[BrowserHouse]:
    """With a provider where one picks a name, at any pace; no engine answers, and none of another
    stack on this machine may."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with SimulatedParty("identity", folder, "--redirect-uri", f"{url}/sign-in/back") as people:
            chosen = settings_of(stack, public_url=url, oidc_issuer=people.url)
            own = House(chosen, chosen.database_url.get_secret_value())
            every = House(chosen, chosen.database_reader_url.get_secret_value())
            with _serving(BrowserHouse(rig, own, every, url), listener) as house:
                yield house
            own.database.close()
            every.database.close()


@contextmanager
def _serving(house: BrowserHouse, listener: socket.socket) -> Iterator[BrowserHouse]:
    over, ready = threading.Event(), threading.Event()
    thread = threading.Thread(target=_serve, args=(house, listener, over, ready))
    thread.start()
    ready.wait()
    try:
        assert hasattr(house, "application"), "the pages were not put together"
        yield house
    finally:
        over.set()
        thread.join()


def settings_of(stack: Stack, **settings: Any) -> Settings:
    paces = {"entries_per_s": 0, "reads_per_s": 0, "writes_per_s": 0}
    nowhere = {"temporal_address": "127.0.0.1:9", "demonstration": True}
    return stack.settings.model_copy(update={**paces, **nowhere, **settings})


def _serve(
    house: BrowserHouse,
    listener: socket.socket,
    over: threading.Event,
    ready: threading.Event,
) -> None:
    async def until_over() -> None:
        try:
            await house.build()
        finally:
            ready.set()
        routes = [Route(AXE_AT, _axe), Mount("/", house.application)]
        config = uvicorn.Config(Starlette(routes=routes), log_config=None, lifespan="off")
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve([listener]))
        await asyncio.to_thread(over.wait)
        server.should_exit = server.force_exit = True
        await serving

    asyncio.run(until_over())
