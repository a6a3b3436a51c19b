"""The organisation's identity provider over OpenID Connect: discovery, code exchange, keys."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import httpx
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core.claims import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, ConfigDict, SecretStr

from crossclaim.domain.errors import Unavailable

ALGORITHMS = ("RS256", "PS256", "ES256", "ES384")
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
LEEWAY_S = 60
_KEYS_AGE_S = 600.0
_ASK_AGAIN_S = 10.0


class ProviderRefused(Exception):
    """The provider did not say what a sign-in needs; ``str`` names why, and nobody."""


class ProvenIdentity(BaseModel):
    """Whom the provider vouches for."""

    model_config = ConfigDict(frozen=True)

    issuer: str
    subject: str
    session: str = ""
    signed_in_at: datetime


class IdentityProvider:
    """A relying party of one provider."""

    def __init__(
        self,
        issuer: str,
        client_id: str,
        client_secret: SecretStr | None,
        redirect_uri: str,
        *,
        ca_file: str | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.issuer = issuer.rstrip("/")
        self._client_id = client_id
        self._secret = client_secret
        self._redirect_uri = redirect_uri
        self._verify: str | bool = ca_file or True
        self._clock = clock
        self._lock = threading.Lock()
        self._described: dict[str, Any] | None = None
        self._keys: tuple[float, KeySet] | None = None

    async def address(
        self, *, state: str, nonce: str, verifier: str, anew: bool, language: str
    ) -> str:
        """Where the person signs in."""
        described = await asyncio.to_thread(self._describe)
        asked = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": self._redirect_uri,
            "scope": "openid",
            "state": state,
            "nonce": nonce,
            "code_challenge": create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
            "ui_locales": language,
        }
        if anew:
            asked |= {"max_age": "0", "prompt": "login"}
        return f"{described['authorization_endpoint']}?{urlencode(asked)}"

    async def identity(self, *, code: str, nonce: str, verifier: str) -> ProvenIdentity:
        """Exchanges the code. Raises ``ProviderRefused`` or ``Unavailable``."""
        return await asyncio.to_thread(self._identity, code, nonce, verifier)

    def _identity(self, code: str, nonce: str, verifier: str) -> ProvenIdentity:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri,
            "code_verifier": verifier,
            "client_id": self._client_id,
        }
        basic = (self._client_id, self._secret.get_secret_value()) if self._secret else None
        answer = self._call("POST", self._describe()["token_endpoint"], data=form, auth=basic)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise ProviderRefused("the provider gave no id token")
        claims = self._claims(token, nonce=nonce)
        at = claims.get("auth_time", claims["iat"])
        return ProvenIdentity(
            issuer=self.issuer,
            subject=str(claims["sub"]),
            session=str(claims.get("sid", "")),
            signed_in_at=datetime.fromtimestamp(int(at), UTC),
        )

    async def logged_out(self, logout_token: str) -> str:
        """The subject whom a back-channel logout token names. Raises ``ProviderRefused``."""
        return await asyncio.to_thread(self._logged_out, logout_token)

    def _logged_out(self, logout_token: str) -> str:
        claims = self._claims(logout_token, nonce=None)
        events = claims.get("events")
        if not isinstance(events, Mapping) or LOGOUT_EVENT not in events or "nonce" in claims:
            raise ProviderRefused("this is no logout token")
        return str(claims["sub"])

    def _claims(self, token: str, *, nonce: str | None) -> CodeIDToken:
        try:
            told = jwt.decode(token, self._key_set(), algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            try:
                # The provider may have a new key.
                told = jwt.decode(token, self._key_set(anew=True), algorithms=ALGORITHMS)
            except (JoseError, ValueError):
                raise ProviderRefused("the provider's signature does not hold") from None
        options = {
            "iss": {"essential": True, "values": [self.issuer]},
            "aud": {"essential": True, "value": self._client_id},
            "sub": {"essential": True},
        }
        params = {"client_id": self._client_id, "nonce": nonce}
        claims = CodeIDToken(told.claims, told.header, options, params)
        try:
            claims.validate(leeway=LEEWAY_S)
        except Exception as error:  # noqa: BLE001 - the library has no one base for its refusals
            raise ProviderRefused(f"the token does not hold: {type(error).__name__}") from None
        return claims

    def _describe(self) -> dict[str, Any]:
        with self._lock:
            if self._described is None:
                url = f"{self.issuer}/.well-known/openid-configuration"
                described = self._call("GET", url)
                if str(described.get("issuer", "")).rstrip("/") != self.issuer:
                    raise ProviderRefused("the provider calls itself by another issuer")
                self._described = described
            return self._described

    def _key_set(self, *, anew: bool = False) -> KeySet:
        known, at = self._keys, self._clock()
        if known is not None and at - known[0] < (_ASK_AGAIN_S if anew else _KEYS_AGE_S):
            return known[1]
        keys = KeySet.import_key_set(self._call("GET", self._describe()["jwks_uri"]))  # type: ignore[arg-type]
        self._keys = (at, keys)
        return keys

    def _call(self, method: str, url: str, **more: Any) -> dict[str, Any]:
        try:
            with httpx.Client(verify=self._verify, timeout=5.0, trust_env=False) as client:
                answer = client.request(method, url, **more)
        except httpx.HTTPError as error:
            raise Unavailable(
                "the identity provider does not answer; try again in a moment"
            ) from error
        if answer.status_code >= 500:
            raise Unavailable("the identity provider does not answer; try again in a moment")
        try:
            body = answer.json()
        except ValueError:
            raise ProviderRefused("the provider's answer is no JSON") from None
        if answer.status_code != 200 or not isinstance(body, dict):
            raise ProviderRefused("the provider refused")
        return body
