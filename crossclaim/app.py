"""The API process: builds its house and serves until it is told to stop."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.types import ASGIApp
from temporalio.client import Client
from temporalio.runtime import Runtime

from crossclaim import event_loop
from crossclaim.api.application import build_app
from crossclaim.api.services import ApiServices
from crossclaim.config import Settings
from crossclaim.console.application import PREFIX, build_console
from crossclaim.console.search_pages import start
from crossclaim.domain.fault_family import FAMILY_PLAN
from crossclaim.domain.plan import Plan
from crossclaim.engine import EpisodeEngine
from crossclaim.observability import configure_logging, temporal_runtime
from crossclaim.patient.application import build_patient_pages
from crossclaim.patient.view import PREFIX as PATIENT
from crossclaim.service.accesses import StoredAccesses
from crossclaim.service.audit import SqlAudit
from crossclaim.service.bank import BankDesk
from crossclaim.service.bills import SqlBills
from crossclaim.service.callbacks import SignedCallbacks
from crossclaim.service.claim_desk import ClaimDesk
from crossclaim.service.claim_reviews import StoredReviews
from crossclaim.service.codec_desk import CodecDesk
from crossclaim.service.consent_texts import StoredConsentTexts
from crossclaim.service.console import SessionVisitors, console_services
from crossclaim.service.credit_reads import SqlCreditReads
from crossclaim.service.directory import SqlDirectory
from crossclaim.service.documents import StoredDocuments
from crossclaim.service.exposures import ExposureDesk
from crossclaim.service.family import SqlFamily
from crossclaim.service.fhir_reads import FhirDesk, FhirShelf
from crossclaim.service.front_door import identity_desk, pacing
from crossclaim.service.hand_overs import StoredHandOvers
from crossclaim.service.hcx import HcxDoor
from crossclaim.service.health import EngineHealth
from crossclaim.service.health_records import StoredRecords
from crossclaim.service.information import StoredInformation
from crossclaim.service.insurer_answers import InsurerAnswers
from crossclaim.service.intake import EngineIntake
from crossclaim.service.issued_papers import IssuedPapers
from crossclaim.service.office_callbacks import SignedOfficeCallbacks
from crossclaim.service.paper_desk import PaperDesk
from crossclaim.service.patient_pages import patient_links, patient_services
from crossclaim.service.platform_staff import PlatformStaff
from crossclaim.service.reads import SqlReads
from crossclaim.service.repair_desk import RepairDesk
from crossclaim.service.settlements import SettlementDesk
from crossclaim.service.story import teller_of
from crossclaim.service.subject_requests import SubjectDesk
from crossclaim.service.upload_links import UploadLinks
from crossclaim.service.upload_slots import SqlUploadSlots
from crossclaim.service.use_records import StoredUseRecords
from crossclaim.service.webhooks import WebhookDesk
from crossclaim.store.hcx_notices import SqlHcxSubscriptions
from crossclaim.store.hcx_tables import SqlHcxArrivals
from crossclaim.store.intake_tables import SqlIntake
from crossclaim.store.keys import SqlApiKeys
from crossclaim.wiring import House, api_house, fault_hook

_log = logging.getLogger("crossclaim.api")


def api_services(
    settings: Settings, house: House, client: Client, every: House | None = None
) -> ApiServices:
    """What the API is handed, over the real store and engine; ``every`` is the reader's role."""
    engine = EpisodeEngine(client)
    all_ = every.database if every is not None else None
    rows = SqlIntake(house.database, house.keyring, fault_hook(settings), all_)
    staff = PlatformStaff(house.database, all_)
    answers = InsurerAnswers(rows, engine)

    def family_plan() -> Plan | None:
        return house.plan_shelf.plans().find(FAMILY_PLAN)

    issued = IssuedPapers(house.database, house.keyring, house.documents, settings.public_url)
    return ApiServices(
        intake=EngineIntake(rows, engine, settings.window_timeout_s),
        directory=SqlDirectory(house.database, house.keyring, SqlApiKeys(house.database)),
        reads=SqlReads(house.database, teller_of(house, client)),
        documents=StoredDocuments(house.database, house.documents, house.keyring),
        callbacks=SignedCallbacks(house.parties.insurers, house.database, answers),
        records=StoredRecords(house.database, house.documents, house.plan_shelf.plans),
        plans=house.plan_shelf.plans,
        reference=house.reference,
        engines=EngineHealth(house.database, client),
        audit=SqlAudit(house.database),
        scanner=house.scanner(),
        uploads=SqlUploadSlots(house.database, house.keyring, house.incoming),
        subject_requests=SubjectDesk(house.database, house.keyring, house.documents, engine),
        accesses=StoredAccesses(house.database),
        consent_texts=StoredConsentTexts(house.database, house.reference),
        decoder=_decoder(settings, house),
        use_records=StoredUseRecords(house.database, house.documents),
        hand_overs=StoredHandOvers(house.database, house.documents),
        bills=SqlBills(house.database),
        claims=_claims(house),
        information=StoredInformation(house.database, house.keyring, house.documents),
        upload_links=UploadLinks(
            house.database, house.keyring, house.plan_shelf.plans, lambda: datetime.now(UTC)
        ),
        patient_links=patient_links(settings, house.database, house.keyring),
        credit=SqlCreditReads(house.database),
        claim_reviews=StoredReviews(house.database, house.keyring),
        repairs=RepairDesk(house.database, staff, house.keyring, engine),
        bank=BankDesk(house.database, engine, settings.window_timeout_s),
        exposures=ExposureDesk(house.database),
        settlements=SettlementDesk(house.database, house.reference, issued),
        papers=PaperDesk(
            house.database, house.keyring, house.plan_shelf.plans, house.reference, issued
        ),
        verification=issued,
        webhooks=_webhooks(settings, house),
        fhir=FhirDesk(house.database, house.keyring, house.reference),
        fhir_messages=FhirShelf(house.database, house.keyring),
        body_limit_bytes=settings.body_limit_bytes,
        document_limit_bytes=settings.document_limit_bytes,
        family=SqlFamily(house.database, house.binding_habits, family_plan),
        office_callbacks=SignedOfficeCallbacks(
            house.parties.family_office, house.database, rows, engine
        ),
        family_plan=family_plan,
        hcx=_exchange(house, answers, engine),
        identity=identity_desk(settings, house.database, house.keyring),
        pacing=pacing(settings),
        claim_service_licence=settings.claim_service_licence,
    )


def _claims(house: House) -> ClaimDesk:
    plans, reference = house.plan_shelf.plans, house.reference
    return ClaimDesk(house.database, house.keyring, house.documents, plans, reference)


async def application(settings: Settings, house: House) -> ASGIApp:
    """The API, and the console beside it."""
    client = await house.client(lazy=True)
    reader = settings.database_reader_url.get_secret_value()
    every = House(settings, reader, house.runtime) if reader else None
    services = api_services(settings, house, client, every)
    api = build_app(services)
    own = Mount(PATIENT, build_patient_pages(patient_services(house, services)))
    if every is None:
        _log.warning("set CROSSCLAIM_DATABASE_READER_URL, and the console is served at /console")
        return Starlette(routes=[own, Mount("/", api)])
    console = build_console(
        console_services(house, every, client, services, SessionVisitors(services))
    )
    doors = [Route(PREFIX, start), Mount(PREFIX, console), own, Mount("/", api)]
    return Starlette(routes=doors)


def _decoder(settings: Settings, house: House) -> CodecDesk | None:
    if not settings.codec_enabled:
        return None
    return CodecDesk(house.database, house.keyring, settings.codec_origin)


def _webhooks(settings: Settings, house: House) -> WebhookDesk:
    allow_private = settings.webhooks_allow_private
    return WebhookDesk(
        house.database, house.keyring, lambda: datetime.now(UTC), allow_private=allow_private
    )


def _exchange(house: House, answers: InsurerAnswers, engine: EpisodeEngine) -> HcxDoor | None:
    book, known = house.hcx_book, house.parties.hcx
    if book is None or known is None:
        return None
    arrivals = SqlHcxArrivals(house.database, house.keyring)
    wishes, stale = SqlHcxSubscriptions(house.database), known.stale_after_s
    return HcxDoor(book, arrivals, wishes, answers, engine, stale, lambda: datetime.now(UTC))


async def serve(settings: Settings, runtime: Runtime) -> None:
    """Until SIGTERM or SIGINT; requests that run are answered first."""
    app = await application(settings, api_house(settings, runtime))
    config = uvicorn.Config(
        app,
        host=settings.api_host,
        port=settings.api_port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=10,
        # Longer than clients keep idle connections, so that none is closed under a request.
        timeout_keep_alive=75,
        server_header=False,
    )
    await uvicorn.Server(config).serve()


def main() -> int:
    settings = Settings()
    configure_logging("api", settings.log_level)
    runtime = temporal_runtime(settings)
    Runtime.set_default(runtime)
    _log.info("the API listens on port %s", settings.api_port)
    event_loop.run(serve(settings, runtime))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
