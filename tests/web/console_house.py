"""The console over one episode in memory: what its pages show of rows that a test writes down."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.routing import Mount

from crossclaim.console.application import PREFIX, build_console
from crossclaim.console.episode_port import EpisodeDetails, SentMessage
from crossclaim.console.services import ConsoleServices, Desk, StaffNote, ToldEpisode
from crossclaim.domain.bill_difference import BillDifference
from crossclaim.domain.episode_clocks import clocks_of
from crossclaim.domain.errors import NotFound
from crossclaim.domain.habits import Habits
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.reference import Reference
from crossclaim.domain.standing import standing_of
from crossclaim.domain.story import tell
from crossclaim.domain.story_facts import Runs, StoryFacts
from crossclaim.domain.story_line import Scene
from crossclaim.domain.why_unpaid import why_unpaid
from crossclaim.security.roles import Principal, Role
from tests.steps.console_visitor import SignedIn
from tests.unit.story_scene import reference


@cache
def _reference() -> Reference:
    return reference()


@dataclass
class Pages(SignedIn):
    """One episode; ``runs``: what the engine tells of it."""

    facts: StoryFacts
    rows: EpisodeRows
    runs: Runs = field(default_factory=Runs)
    detail: EpisodeDetails = field(default_factory=EpisodeDetails)
    said: list[SentMessage] = field(default_factory=list)
    compared: BillDifference | None = None
    paper_: tuple[str, bytes] = ("application/pdf", b"%PDF-1.7")
    notes: list[StaffNote] = field(default_factory=list)
    looks: list[tuple[str, str]] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.reference = _reference()
        services = ConsoleServices(
            desk=self.as_desk(),
            visitors=self,
            reference=self.reference,
            episode=self,
            temporal_ui="https://temporal.example/namespaces/default",
        )
        app = Starlette(routes=[Mount(PREFIX, build_console(services))])
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://desk")
        self.sign_in("crossclaim", Role.SUPPORT)

    def as_desk(self) -> Desk:
        return self  # type: ignore[return-value]

    async def told(self, principal: Principal, episode_id: str, language: str) -> ToldEpisode:
        if episode_id != self.rows.episode.id:
            raise NotFound("there is no such episode")
        now = datetime.now(UTC)
        standing = standing_of(self.rows, Habits(), now)
        story = tell(self.facts, self.rows, standing, self.runs, self.reference, now, language)
        clocks = clocks_of(self.rows, None, now)
        wait = story.waiting.code if story.waiting else ""
        return ToldEpisode(
            story=story,
            facts=self.facts,
            rows=self.rows,
            notes=self.notes,
            clocks=clocks,
            answer=why_unpaid(Scene(self.facts, self.reference), self.rows, wait, clocks),
        )

    async def looked(self, principal: Principal, operation: str, about: str, outcome: str) -> None:
        self.looks.append((operation, outcome))

    async def saw_in_clear(self, principal: Principal, episode_id: str, reason: str) -> None:
        self.reasons.append(reason)

    async def details(self, principal: Principal, episode_id: str) -> EpisodeDetails:
        return self.detail

    async def difference(
        self, principal: Principal, episode_id: str, number: str, old: int, new: int
    ) -> BillDifference:
        if self.compared is None:
            raise NotFound("there is no such version")
        return self.compared

    async def messages(
        self, principal: Principal, episode_id: str, attempt_id: int, *, in_clear: bool
    ) -> list[SentMessage]:
        return [one.model_copy(update={"masked": not in_clear}) for one in self.said]

    async def paper(self, principal: Principal, episode_id: str, sha256: str) -> tuple[str, bytes]:
        return self.paper_

    def signed(self, about: str) -> str:
        return f"signed {about}"

    async def page(self, path: str, language: str = "en", status: int = 200) -> str:
        answer = await self.get(path, language)
        assert answer.status_code == status, (path, answer.status_code, answer.text[-300:])
        return answer.text

    async def get(self, path: str, language: str = "en") -> httpx.Response:
        headers = {"accept-language": language}
        return await self.client.get(f"{PREFIX}{path}", headers=headers)

    async def send(self, path: str, **form: Any) -> httpx.Response:
        data = {"csrf": self.csrf, **form}
        headers = {"accept-language": "en"}
        return await self.client.post(f"{PREFIX}{path}", data=data, headers=headers)
