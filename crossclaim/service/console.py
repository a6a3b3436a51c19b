"""Puts the console's services together out of one process's things."""

from __future__ import annotations

from temporalio.client import Client

from crossclaim.api.services import ApiServices
from crossclaim.console.services import ConsoleServices, Visitors
from crossclaim.engine import EpisodeEngine
from crossclaim.service.console_desk import ConsoleDesk
from crossclaim.service.console_examiner import ExaminerDesk
from crossclaim.service.story import teller_of
from crossclaim.wiring import House


def console_services(
    own: House, every: House, client: Client, api: ApiServices, visitors: Visitors
) -> ConsoleServices:
    """``own`` is the application's role; ``every`` the reader's, for staff of the platform."""
    settings = own.settings
    ui = settings.temporal_ui_url.rstrip("/")
    return ConsoleServices(
        desk=ConsoleDesk(
            own.database,
            every.database,
            own.keyring,
            teller_of(own, client),
            teller_of(every, client),
            EpisodeEngine(client),
        ),
        visitors=visitors,
        reference=api.reference,
        examiner=ExaminerDesk(own.database, own.keyring, api),
        temporal_ui=f"{ui}/namespaces/{settings.temporal_namespace}" if ui else "",
    )
