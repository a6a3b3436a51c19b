"""Staff at the console see no more than the law and the patient's hospital let them see."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import datetime

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from crossclaim.console.application import LONGEST_BODY, PREFIX, build_console
from crossclaim.console.services import ConsoleServices
from crossclaim.domain.errors import NotAllowed
from crossclaim.domain.subject_request import SubjectRequest
from crossclaim.domain.submission import IdentityDocument
from crossclaim.engine import EpisodeEngine
from crossclaim.security.roles import Role
from crossclaim.service.console_desk import ConsoleDesk
from crossclaim.service.story import teller_of
from crossclaim.stack import Stack
from crossclaim.wiring import House
from tests.steps.console_visitor import SignedIn
from tests.steps.rig import AT, HOSPITAL, Rig, policy_number
from tests.steps.test_erasure import CANARY, IN_FORCE, OVER, SECOND, SUPPORT, new_hkid
from tests.steps.test_erasure import Desk as Privacy
from tests.steps.test_erasure import desk as privacy

__all__ = ["privacy"]

STAFF = [Role.SUPPORT, Role.SUPPORT_SUPERVISOR, Role.AUDITOR, Role.OPERATOR]


class Console(SignedIn):
    """The console's pages over the folder's database, as whoever signed in last."""

    def __init__(self, own: House, desk: ConsoleDesk) -> None:
        super().__init__()
        services = ConsoleServices(desk=desk, visitors=self, reference=own.reference)
        app = Starlette(routes=[Mount(PREFIX, build_console(services))])
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(
            transport=transport, base_url="http://desk", headers={"accept-language": "en"}
        )

    async def get(self, path: str) -> httpx.Response:
        return await self.client.get(f"{PREFIX}{path}")

    async def find(self, text: str) -> str:
        answer = await self.client.post(f"{PREFIX}/episodes", data={"text": text})
        return f"{answer.text} {answer.headers.get('location', '')}"

    async def send(self, path: str, **form: str) -> httpx.Response:
        return await self.client.post(f"{PREFIX}{path}", data={"csrf": self.csrf, **form})


@pytest.fixture(scope="module")
def houses(stack: Stack) -> Iterator[tuple[House, House]]:
    settings = stack.settings.model_copy(update={"temporal_address": "127.0.0.1:9"})
    own = House(settings, settings.database_url.get_secret_value())
    every = House(settings, settings.database_reader_url.get_secret_value())
    yield own, every
    own.database.close()
    every.database.close()


@pytest.fixture
async def console(houses: tuple[House, House]) -> AsyncIterator[Console]:
    own, every = houses
    client = await own.client(lazy=True)
    tellers = teller_of(own, client), teller_of(every, client)
    keyring, engine = own.keyring, EpisodeEngine(client)
    reads = ConsoleDesk(own.database, every.database, keyring, *tellers, engine)
    console = Console(own, reads)
    yield console
    await console.client.aclose()


def _asked(document: IdentityDocument) -> SubjectRequest:
    return SubjectRequest.model_validate(
        {
            "kind": "erasure",
            "document": document.model_dump(mode="json"),
            "identity_seen": "hkid",
            "identity_seen_at": AT.isoformat(),
        }
    )


async def _erased_at(privacy: Privacy, document: IdentityDocument, at: datetime) -> str:
    """How the request of two persons stands after that day's round."""
    request = str((await privacy.subjects.ask(SUPPORT, _asked(document), None))["id"])
    await privacy.subjects.confirm(SECOND, request)
    await asyncio.to_thread(privacy.round, at)
    return str((await privacy.subjects.read(SUPPORT, request))["state"])


@pytest.mark.parametrize("role", STAFF)
async def test_what_is_only_stored_is_shown_to_nobody_of_the_platform(
    console: Console, privacy: Privacy, role: Role
) -> None:
    person = new_hkid()
    episode = await asyncio.to_thread(privacy.visit, person)
    privacy.rig.change(
        "insert into exception_item (episode_id, code, opened_at)"
        " values (%(id)s, 'BILL_FLAGGED', now())",
        id=episode,
    )
    console.sign_in("crossclaim", role)
    assert episode in (await console.get("/episodes")).text
    # Whoever runs the platform sees that an episode waits, and looks for nobody's.
    looks = role is not Role.OPERATOR
    for text in (person.number, CANARY):
        assert (f"episodes/{episode}" in await console.find(text)) is looks, text
    privacy.close(episode)
    assert await _erased_at(privacy, person, IN_FORCE) == "storage_only"
    for path in ("/episodes", "/episodes.csv", "/exceptions"):
        assert episode not in (await console.get(path)).text, path
    for text in (episode, person.number, CANARY):
        assert f"episodes/{episode}" not in await console.find(text), text
    seen = 403 if role is Role.OPERATOR else 404
    assert (await console.get(f"/episodes/{episode}")).status_code == seen
    assert (await console.get(f"/episodes/{episode}/history")).status_code == 404
    assert (await console.get(f"/episodes/{episode}/live")).status_code == 404
    if role is Role.SUPPORT:
        for what in ("notes", "try-again"):
            answer = await console.send(f"/episodes/{episode}/{what}", text="why")
            assert answer.status_code == 404


async def test_an_erased_persons_pages_stand_without_his_notes(
    console: Console, houses: tuple[House, House], privacy: Privacy
) -> None:
    person = new_hkid()
    episode = await asyncio.to_thread(privacy.visit, person)
    console.sign_in("crossclaim", Role.SUPPORT)
    sent = await console.send(f"/episodes/{episode}/notes", text="FLAMINGO called again")
    assert sent.status_code == 303
    assert "FLAMINGO called" in (await console.get(f"/episodes/{episode}")).text
    privacy.close(episode)
    assert await _erased_at(privacy, person, OVER) == "erased"
    houses[0].keyring.forget(episode)
    for path in (f"/episodes/{episode}", f"/episodes/{episode}/history", "/episodes"):
        answer = await console.get(path)
        assert answer.status_code == 200, (path, answer.text)
        assert "FLAMINGO" not in answer.text
    assert (await console.send(f"/episodes/{episode}/notes", text="x")).status_code == 410


@pytest.mark.parametrize("role", STAFF)
async def test_support_of_a_hospital_sees_that_hospitals_episodes_alone(
    console: Console, rig: Rig, role: Role
) -> None:
    visit = rig.visit(policy_number())
    console.sign_in(HOSPITAL, role)
    assert visit.episode in (await console.get("/episodes")).text
    console.sign_in("jiangmen-central", role)
    assert visit.episode not in (await console.get("/episodes")).text
    assert (await console.get(f"/episodes/{visit.episode}/history")).status_code == 404
    if role is Role.SUPPORT:
        answer = await console.send(f"/episodes/{visit.episode}/notes", text="nosy")
        assert answer.status_code == 404


@pytest.mark.parametrize("declared", [True, False])
async def test_a_stranger_has_us_keep_no_more_than_a_forms_length(
    console: Console, declared: bool
) -> None:
    body = b"text=" + b"x" * LONGEST_BODY

    async def pieces() -> AsyncIterator[bytes]:
        for at in range(0, len(body), 65_536):
            yield body[at : at + 65_536]

    answer = await console.client.post(
        f"{PREFIX}/episodes/ep_1/notes",
        content=body if declared else pieces(),
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == 413


async def test_a_form_in_an_encoding_that_none_of_ours_speaks_is_refused(console: Console) -> None:
    console.sign_in("crossclaim", Role.SUPPORT)
    body = b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\nx\r\n--b--\r\n'
    for charset in ("undefined", "idna", "x\x00y", "utf-16"):
        told = f"multipart/form-data; boundary=b; charset={charset}"
        answer = await console.client.post(
            f"{PREFIX}/episodes/ep_1/notes", content=body, headers={b"content-type": told.encode()}
        )
        assert answer.status_code == 415, charset


@pytest.mark.parametrize("csrf", ["%ff", "%ed%a0%80", "é", "\x00"])
async def test_a_form_of_odd_bytes_is_refused_and_no_fault_of_ours(
    console: Console, csrf: str
) -> None:
    console.sign_in("crossclaim", Role.SUPPORT)
    answer = await console.client.post(
        f"{PREFIX}/episodes/ep_1/notes",
        content=f"csrf={csrf}&text={csrf}".encode(),
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == 403


async def test_a_person_with_two_credentials_is_one_person_for_an_erasure(privacy: Privacy) -> None:
    asked = _asked(new_hkid())
    person = SUPPORT.model_copy(update={"key_id": "pn_1", "person": "pn_1"})
    key = SUPPORT.model_copy(update={"key_id": "cc_demo_1", "person": "pn_1"})
    request = str((await privacy.subjects.ask(key, asked, None))["id"])
    with pytest.raises(NotAllowed):
        await privacy.subjects.confirm(person, request)
    with pytest.raises(NotAllowed):
        await privacy.subjects.confirm(key, request)
    other = SUPPORT.model_copy(update={"key_id": "pn_2", "person": "pn_2"})
    assert (await privacy.subjects.confirm(other, request))["state"] == "confirmed"
