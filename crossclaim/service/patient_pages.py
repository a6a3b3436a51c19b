"""Puts the services of patients' own pages together out of one process's things."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from crossclaim.api.services import ApiServices
from crossclaim.config import Settings
from crossclaim.patient.services import PatientServices
from crossclaim.security.keyring import Keyring
from crossclaim.service.front_door import utc_now
from crossclaim.service.patient_desk import PatientReads
from crossclaim.service.patient_links import PatientLinks, PatientTimes
from crossclaim.store.session import Database
from crossclaim.wiring import House


def patient_links(
    settings: Settings,
    database: Database,
    keyring: Keyring,
    now: Callable[[], datetime] = utc_now,
) -> PatientLinks:
    times = PatientTimes(
        link=timedelta(seconds=settings.patient_link_s),
        idle=timedelta(seconds=settings.patient_idle_s),
        life=timedelta(seconds=settings.patient_life_s),
        tries=settings.patient_link_tries,
    )
    return PatientLinks(database, keyring, settings.public_url, times, now)


def patient_services(
    house: House, api: ApiServices, now: Callable[[], datetime] = utc_now
) -> PatientServices:
    """As the application's role: a patient reads as whoever let him in, and less."""
    return PatientServices(
        doorkeeper=patient_links(house.settings, house.database, house.keyring, now),
        desk=PatientReads(
            house.database, house.keyring, house.plan_shelf.plans, house.reference, now
        ),
        api=api,
    )
