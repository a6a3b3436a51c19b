"""The console with rules and operations over the folder's database; the engine is down."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from starlette.applications import Starlette
from starlette.routing import Mount

from crossclaim.config import BankProfile, Settings
from crossclaim.console.application import PREFIX, build_console
from crossclaim.console.services import ConsoleServices
from crossclaim.domain.plan import PlanSet
from crossclaim.domain.reference import Reference
from crossclaim.engine import EpisodeEngine
from crossclaim.service.console_desk import ConsoleDesk
from crossclaim.service.console_operations import PlatformOperations
from crossclaim.service.console_rules import SqlRulesDesk
from crossclaim.service.engine_state import EngineState
from crossclaim.service.platform_staff import PlatformStaff
from crossclaim.service.story import teller_of
from crossclaim.wiring import House
from tests.steps.console_visitor import SignedIn


class Begun:
    """Back-tests that the engine was asked to begin."""

    def __init__(self) -> None:
        self.ids: list[str] = []

    async def backtest_plan(self, backtest_id: str) -> None:
        if backtest_id not in self.ids:
            self.ids.append(backtest_id)


class Console(SignedIn):
    """The console over two roles of the database."""

    def __init__(
        self,
        own: House,
        every: House,
        reference: Reference,
        plans: Callable[[], PlanSet],
        settings: Settings,
        banks: list[BankProfile],
    ) -> None:
        super().__init__()
        self.begun = Begun()
        self._parts = (own, every, reference, plans, settings, banks)

    async def app(self) -> Starlette:
        own, every, reference, plans, settings, banks = self._parts
        client = await own.client(lazy=True)
        staff = PlatformStaff(own.database, every.database)
        desk = ConsoleDesk(
            own.database,
            every.database,
            own.keyring,
            teller_of(own, client),
            teller_of(every, client),
            EpisodeEngine(client),
        )
        rules = partial(SqlRulesDesk, own.database, every.database, plans, reference)
        services = ConsoleServices(
            desk=desk,
            rules=rules(self.begun, staff.looks_after_all, demonstration=True),
            operations=PlatformOperations(
                every.database, EngineState(client), desk, staff.looks_after_all, settings, banks
            ),
            visitors=self,
            reference=reference,
        )
        return Starlette(routes=[Mount(PREFIX, build_console(services))])
