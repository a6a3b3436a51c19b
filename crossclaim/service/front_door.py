"""The ways in of one installation, out of its settings."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from crossclaim.api.identity import IdentityDesk
from crossclaim.api.pacing import Pacing
from crossclaim.config import Settings
from crossclaim.domain.errors import CrossclaimError
from crossclaim.gateways.identity_provider import IdentityProvider
from crossclaim.security.keyring import Keyring
from crossclaim.security.pace import Pace
from crossclaim.service.sign_ins import ProvidedSignIns
from crossclaim.service.token_desk import TokenDesk
from crossclaim.store.oauth_clients import SqlOAuthClients, SqlTokenKeys
from crossclaim.store.people import SqlPeople
from crossclaim.store.session import Database
from crossclaim.store.sessions import SqlSessions

_BURST_S = 5
_ENTRY_BURST_S = 20


def utc_now() -> datetime:
    return datetime.now(UTC)


def identity_desk(
    settings: Settings,
    database: Database,
    keyring: Keyring,
    now: Callable[[], datetime] = utc_now,
) -> IdentityDesk:
    """Tokens always; sign-ins where a provider is configured."""
    url = settings.public_url.rstrip("/")
    tokens = TokenDesk(SqlOAuthClients(database), SqlTokenKeys(database, keyring), url, now)
    people, sessions = SqlPeople(database, keyring), SqlSessions(database)
    return IdentityDesk(
        public_url=url,
        tokens=tokens,
        sign_ins=_sign_ins(settings, people, sessions, url, now),
        step_up_within=timedelta(seconds=settings.step_up_s),
        now=now,
    )


def _sign_ins(
    settings: Settings,
    people: SqlPeople,
    sessions: SqlSessions,
    url: str,
    now: Callable[[], datetime],
) -> ProvidedSignIns | None:
    if not settings.oidc_issuer:
        return None
    for address, name in ((url, "CROSSCLAIM_PUBLIC_URL"), (settings.oidc_issuer, "the issuer")):
        if not address.startswith("https://") and not is_loopback(address):
            raise CrossclaimError(
                f"people sign in over https alone; {name} is plain http, which only this machine"
                " itself may use for development",
                code="SETTING_REFUSED",
            )
    provider = IdentityProvider(
        settings.oidc_issuer,
        settings.oidc_client_id,
        settings.oidc_client_secret,
        f"{url}/sign-in/back",
        ca_file=str(settings.oidc_ca_file) if settings.oidc_ca_file else None,
    )
    return ProvidedSignIns(
        people,
        sessions,
        provider,
        idle=timedelta(seconds=settings.session_idle_s),
        life=timedelta(seconds=settings.session_life_s),
        now=now,
    )


def is_loopback(address: str) -> bool:
    """Whether a URL is of this machine itself."""
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def pacing(settings: Settings) -> Pacing:
    return Pacing(
        reading=_pace(settings.reads_per_s, _BURST_S),
        writing=_pace(settings.writes_per_s, _BURST_S),
        entering=_pace(settings.entries_per_s, _ENTRY_BURST_S),
    )


def _pace(per_s: float, burst_s: int) -> Pace:
    return Pace(per_s=per_s, burst=max(1.0, per_s * burst_s))
