"""Puts the console's services together out of one process's things."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.requests import Request
from temporalio.client import Client

from crossclaim.api.access import session_of
from crossclaim.api.services import ApiServices
from crossclaim.console.services import ConsoleServices, Visitor, Visitors
from crossclaim.engine import EpisodeEngine
from crossclaim.service.bill_corrections import BillCorrections
from crossclaim.service.console_claw_backs import ClawBackDesk
from crossclaim.service.console_desk import ConsoleDesk
from crossclaim.service.console_door import ApiDoor
from crossclaim.service.console_episode import EpisodeDesk
from crossclaim.service.console_examiner import ExaminerDesk
from crossclaim.service.console_letters import LetterDesk
from crossclaim.service.console_matching import MatchingDesk
from crossclaim.service.console_money import MoneyDesk
from crossclaim.service.console_operations import PlatformOperations
from crossclaim.service.console_people import OwnPeople
from crossclaim.service.console_rules import SqlRulesDesk
from crossclaim.service.console_webhooks import ConsoleWebhooks
from crossclaim.service.engine_state import EngineState
from crossclaim.service.front_door import utc_now
from crossclaim.service.platform_staff import PlatformStaff
from crossclaim.service.repair_desk import RepairForms
from crossclaim.service.story import teller_of
from crossclaim.wiring import House


class SessionVisitors:
    """Implements ``crossclaim.console.services.Visitors`` by the API's sessions of people."""

    sign_out_path = "/sign-out"

    def __init__(self, api: ApiServices) -> None:
        self._api = api

    async def visitor(self, request: Request) -> Visitor | None:
        """Raises ``TooFast``, as the API does: once for a request, however often it is asked."""
        signed_in = await session_of(request, self._api)
        pacing = None if getattr(request.state, "paced", False) else self._api.pacing
        request.state.paced = True
        if signed_in is None:
            desk = self._api.identity
            if pacing is not None and desk is not None and desk.session_cookie in request.cookies:
                pacing.check_entry(request)
            return None
        if pacing is not None:
            pacing.check(signed_in.principal, request.method)
        return Visitor(
            principal=signed_in.principal,
            name=signed_in.name,
            csrf=signed_in.csrf,
            roles=tuple(signed_in.roles),
        )

    async def act_as(self, request: Request, role: str) -> None:
        desk = self._api.identity
        if desk is not None and desk.sign_ins is not None:
            await desk.sign_ins.act_as(request.cookies.get(desk.session_cookie, ""), role)

    def sign_in_path(self, back: str) -> str:
        desk = self._api.identity
        if desk is None or desk.sign_ins is None:
            return "/console/no-sign-in"
        return f"/sign-in?{urlencode({'return_to': back})}"


def console_services(
    own: House, every: House, client: Client, api: ApiServices, visitors: Visitors
) -> ConsoleServices:
    """``own`` is the application's role; ``every`` the reader's, for staff of the platform."""
    settings = own.settings
    ui = settings.temporal_ui_url.rstrip("/")
    documents = own.documents if settings.s3_endpoint else None
    people = OwnPeople(own.database, own.keyring)
    engine, staff = EpisodeEngine(client), PlatformStaff(own.database, every.database)
    desk = ConsoleDesk(
        own.database,
        every.database,
        own.keyring,
        teller_of(own, client),
        teller_of(every, client),
        engine,
    )
    return ConsoleServices(
        desk=desk,
        rules=SqlRulesDesk(
            own.database,
            every.database,
            own.plan_shelf.plans,
            api.reference,
            engine,
            staff.looks_after_all,
            demonstration=settings.demonstration,
        ),
        operations=PlatformOperations(
            every.database,
            EngineState(client),
            desk,
            staff.looks_after_all,
            settings,
            own.parties.banks,
        ),
        operation_limits=settings.operations,
        visitors=visitors,
        reference=api.reference,
        examiner=ExaminerDesk(own.database, own.keyring, api, people, own.documents),
        webhooks=_webhooks(every, api),
        repairs=RepairForms(
            own.database,
            staff,
            own.keyring,
            engine,
            api,
        ),
        corrections=BillCorrections(staff, own.keyring, engine, api),
        episode=EpisodeDesk(desk, own.keyring, documents),
        matching=MatchingDesk(desk.seen_by, people, api.bank),
        money=MoneyDesk(desk.seen_by, own.keyring, api.settlements),
        claw_backs=ClawBackDesk(desk.seen_by),
        letters=LetterDesk(own.database, own.keyring),
        door=ApiDoor(api),
        temporal_ui=f"{ui}/namespaces/{settings.temporal_namespace}" if ui else "",
    )


def _webhooks(every: House, api: ApiServices) -> ConsoleWebhooks | None:
    desk = api.webhooks
    return None if desk is None else ConsoleWebhooks(desk, every.database, utc_now)
