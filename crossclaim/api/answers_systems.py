"""What programs are answered at the doors of the installation itself: tokens, health, exchange."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from crossclaim.api.answers_bills import Told
from crossclaim.domain.allocation import Frozen


class TokenAnswer(Told):
    """RFC 6749 5.1."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    scope: str | None = None


class PublicKeyAnswer(Frozen):
    """RFC 7517; no private member, whatever the kind of key."""

    model_config = ConfigDict(json_schema_extra={"not": {"required": ["d"]}})

    kid: str
    kty: str
    alg: str | None = None
    use: str | None = None


class KeySetAnswer(Told):
    keys: list[PublicKeyAnswer]


class TokenServerAnswer(Told):
    """RFC 8414."""

    issuer: str
    token_endpoint: str
    jwks_uri: str
    grant_types_supported: list[str]
    response_types_supported: list[str]
    token_endpoint_auth_methods_supported: list[str]
    token_endpoint_auth_signing_alg_values_supported: list[str]
    scopes_supported: list[str]
    service_documentation: str


class RoleAnswer(Told):
    role: str


class HealthAnswer(Told):
    status: Literal["ok", "degraded"]
    engines: dict[str, bool]


class AcknowledgedAnswer(Told):
    """That a message of the exchange is kept; its answer comes on the sender's callback."""

    timestamp: datetime
    api_call_id: str
    correlation_id: str


class PayloadsAnswer(Told):
    """As Temporal's own tools read them."""

    payloads: list[dict[str, Any]] = []


SYSTEM_ANSWERS: tuple[type[BaseModel], ...] = (
    *(TokenAnswer, KeySetAnswer, TokenServerAnswer, RoleAnswer, HealthAnswer),
    *(AcknowledgedAnswer, PayloadsAnswer),
)
