"""The console over the folder's database; what people say there is applied at once."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.routing import Mount

from crossclaim.api.entry import canonical
from crossclaim.console.application import PREFIX, build_console
from crossclaim.console.services import ConsoleServices
from crossclaim.domain.allocation import Fault
from crossclaim.domain.errors import Refused
from crossclaim.domain.fault_context import Context
from crossclaim.domain.faults import read_submission, refusal_text
from crossclaim.domain.stay import Stay
from crossclaim.domain.submission import SubmissionKind
from crossclaim.engine import EpisodeEngine
from crossclaim.security.roles import INSURER_ROLES, Principal, Role
from crossclaim.service.bank import BankDesk
from crossclaim.service.console_claw_backs import ClawBackDesk
from crossclaim.service.console_desk import ConsoleDesk
from crossclaim.service.console_examiner import ExaminerDesk
from crossclaim.service.console_letters import LetterDesk
from crossclaim.service.console_matching import MatchingDesk
from crossclaim.service.console_money import MoneyDesk
from crossclaim.service.console_people import OwnPeople
from crossclaim.service.settlements import SettlementDesk
from crossclaim.service.story import teller_of
from crossclaim.stack import Stack
from crossclaim.store.match_orders import SqlMatchOrders
from crossclaim.store.people import SqlPeople
from crossclaim.wiring import House
from tests.flows.hospital import Body
from tests.steps.console_visitor import SignedIn
from tests.steps.paper_claims import APPROVED
from tests.steps.rig import Rig

_numbers = itertools.count(1)


class RigDoor:
    """Takes a submission in and applies it in the same breath."""

    def __init__(self, rig: Rig, at: datetime = APPROVED) -> None:
        self.rig = rig
        self.at = at
        self.said: list[Body] = []

    async def say(
        self, principal: Principal, kind: SubmissionKind, episode_id: str, word: dict[str, Any]
    ) -> int:
        self.said.append(word)
        return await asyncio.to_thread(self._say, principal, kind, episode_id, word)

    def _say(
        self, principal: Principal, kind: SubmissionKind, episode_id: str, word: dict[str, Any]
    ) -> int:
        insurer = principal.organisation if principal.role in INSURER_ROLES else None
        context = Context(received_at=self.at, hospital=None, insurer=insurer, stay=Stay())
        model, faults = read_submission(kind, word, self.rig.world.reference, context)
        if model is None or faults:
            raise Refused(refusal_text(len(faults)), faults)
        _, answer = self.rig.say(
            kind,
            canonical(model),
            episode_id,
            organisation=principal.organisation,
            key_id=principal.actor,
            at=self.at,
        )
        if answer.status == 422:
            faults = [Fault.model_validate(one) for one in answer.body["errors"]]
            raise Refused(faults[0].text.en, faults)
        return answer.status


class AtOnce:
    """Applies an order to the matching where the engine would."""

    def __init__(self, rig: Rig) -> None:
        self._orders = SqlMatchOrders(rig.database)

    async def reconcile(self, order_id: str, wait_s: float) -> None:
        await asyncio.to_thread(self._orders.apply_order, order_id, datetime.now(UTC))


class Shelf:
    """Keeps documents by their place."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def put(self, key: str, content: bytes, content_type: str) -> None:
        self.kept[key] = content

    def get(self, key: str) -> bytes:
        return self.kept[key]


@dataclass
class DeskHouse(SignedIn):
    """One browser after the other, each whoever signed in last."""

    rig: Rig
    own: House
    every: House
    door: RigDoor = field(init=False)
    shelf: Shelf = field(default_factory=Shelf)
    money: MoneyDesk = field(init=False)

    def __post_init__(self) -> None:
        super().__init__()
        self.door = RigDoor(self.rig)

    async def app(self) -> Starlette:
        own, every = self.own, self.every
        client = await own.client(lazy=True)
        desk = ConsoleDesk(
            own.database,
            every.database,
            own.keyring,
            teller_of(own, client),
            teller_of(every, client),
            EpisodeEngine(client),
        )
        settlements = SettlementDesk(own.database, own.reference)
        self.money = MoneyDesk(desk.seen_by, own.keyring, settlements)
        people = OwnPeople(own.database, own.keyring)
        bank = BankDesk(own.database, AtOnce(self.rig), 5.0)  # type: ignore[arg-type]
        examiner = ExaminerDesk(own.database, own.keyring, None, people, self.shelf)  # type: ignore[arg-type]
        examiner._door = self.door  # type: ignore[assignment]
        services = ConsoleServices(
            desk=desk,
            visitors=self,
            reference=self.rig.world.reference,
            examiner=examiner,
            matching=MatchingDesk(desk.seen_by, people, bank),
            money=MoneyDesk(desk.seen_by, own.keyring, SettlementDesk(own.database, own.reference)),
            claw_backs=ClawBackDesk(desk.seen_by),
            letters=LetterDesk(own.database, own.keyring),
            door=self.door,
        )
        return Starlette(routes=[Mount(PREFIX, build_console(services))])

    def person(self, organisation: str, role: Role, name: str) -> str:
        """Somebody with a name of the organisation, signed in; the id."""
        people = SqlPeople(self.rig.database, self.own.keyring)
        subject = f"desk-{next(_numbers)}"
        found = people.add(organisation, "https://idp.test", subject, name, [role.value])
        self.sign_in(organisation, role, person=found)
        return found

    def again(self, organisation: str, role: Role, person: str) -> None:
        self.sign_in(organisation, role, person=person)

    def uploaded(self, episode: str, content: bytes, kind: str, organisation: str) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        key = f"{episode}/documents/{sha256}"
        self.shelf.put(key, content, kind)
        self.rig.change(
            "insert into document (episode_id, sha256, organisation_id, object_key, content_type,"
            " size_bytes) values (%(id)s, %(sha256)s, %(organisation)s, %(key)s, %(type)s, %(n)s)"
            " on conflict do nothing",
            id=episode,
            sha256=sha256,
            organisation=organisation,
            key=key,
            type=kind,
            n=len(content),
        )
        return sha256


@dataclass
class Pages:
    """A browser at the desk."""

    house: DeskHouse
    client: httpx.AsyncClient

    async def get(self, path: str, status: int = 200, language: str = "en") -> str:
        answer = await self.client.get(f"{PREFIX}{path}", headers={"accept-language": language})
        assert answer.status_code == status, f"{path}: {answer.status_code} {answer.text[-600:]}"
        return unescape(answer.text)

    async def send(self, path: str, form: dict[str, Any], **headers: str) -> httpx.Response:
        data = {"csrf": self.house.csrf, "number": f"N-{next(_numbers)}", **form}
        return await self.client.post(f"{PREFIX}{path}", data=data, headers=headers)


@asynccontextmanager
async def pages_of(house: DeskHouse) -> AsyncIterator[Pages]:
    transport = httpx.ASGITransport(await house.app(), raise_app_exceptions=True)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://desk", headers={"accept-language": "en"}
    ) as client:
        yield Pages(house, client)


def houses_of(stack: Stack) -> tuple[House, House]:
    settings = stack.settings.model_copy(update={"temporal_address": "127.0.0.1:9"})
    own = House(settings, settings.database_url.get_secret_value())
    every = House(settings, settings.database_reader_url.get_secret_value())
    return own, every


def main_of(page: str) -> str:
    """What is the page's own, as one reads it."""
    body = page.split("<main", 1)[1]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))
