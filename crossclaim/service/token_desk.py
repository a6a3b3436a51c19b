"""Access tokens for systems: OAuth 2.0 client credentials, by private key or by secret."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc.jwk import ECKey, KeySet

from crossclaim.api.identity_ports import IssuedToken, OAuthRefused
from crossclaim.security import access_tokens, client_assertion
from crossclaim.security.api_keys import is_hash_of
from crossclaim.security.expiring_cache import ExpiringCache
from crossclaim.security.principal import Principal, Role
from crossclaim.security.roles import READ, Operation
from crossclaim.store.oauth_clients import SqlOAuthClients, SqlTokenKeys, StoredClient

REVOKED_WITHIN_S = 5.0
TOKEN_LIFE = timedelta(minutes=10)
TOKEN_PATH = "/oauth/token"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ALL_KEYS = "keys"


def _utc_now() -> datetime:
    return datetime.now(UTC)


class TokenDesk:
    """Implements ``crossclaim.api.identity_ports.Tokens``.

    A token names its client alone: role and organisation are read from the client's row, at most
    5 s ago, so a revoked client's tokens end with it.
    """

    def __init__(
        self,
        clients: SqlOAuthClients,
        keys: SqlTokenKeys,
        public_url: str,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._clients = clients
        self._stored_keys = keys
        self._issuer = public_url.rstrip("/")
        self._now = now
        self._known: ExpiringCache[str, StoredClient] = ExpiringCache(
            entries_max=1024, age_max_s=REVOKED_WITHIN_S
        )
        self._keys: ExpiringCache[str, KeySet] = ExpiringCache(
            entries_max=1, age_max_s=REVOKED_WITHIN_S
        )

    async def issue(self, form: Mapping[str, str], basic: tuple[str, str] | None) -> IssuedToken:
        if form.get("grant_type") != "client_credentials":
            raise OAuthRefused("only client_credentials is granted", code="unsupported_grant_type")
        return await asyncio.to_thread(self._issue, form, basic)

    def _issue(self, form: Mapping[str, str], basic: tuple[str, str] | None) -> IssuedToken:
        client = self._authenticated(form, basic)
        scopes = _granted(client, form.get("scope"))
        keys = self._key_set()
        newest = keys.keys[0]
        assert isinstance(newest, ECKey), "we sign with elliptic curves alone"
        token = access_tokens.minted(
            newest,
            issuer=self._issuer,
            client_id=client.id,
            scopes=scopes,
            at=self._now(),
            life=TOKEN_LIFE,
        )
        told = None if scopes is None else " ".join(sorted(scopes))
        life = int(TOKEN_LIFE.total_seconds())
        return IssuedToken(access_token=token, expires_in=life, scope=told)

    def _authenticated(
        self, form: Mapping[str, str], basic: tuple[str, str] | None
    ) -> StoredClient:
        """By exactly one way. Which part was wrong is never told."""
        asserted = form.get("client_assertion")
        ways = (asserted is not None, "client_secret" in form, basic is not None)
        if sum(ways) != 1:
            raise _nobody()
        if asserted is not None:
            return self._by_assertion(form, asserted)
        name, secret = basic or (form.get("client_id", ""), form["client_secret"])
        client = self._found(name)
        if client is None or client.secret_argon2 is None:
            raise _nobody()
        if not is_hash_of(client.secret_argon2, secret):
            raise _nobody()
        return client

    def _found(self, client_id: str) -> StoredClient | None:
        """Strangers may write anything here; what no row can hold is nobody's id."""
        plain = client_id.isascii() and client_id.isprintable()
        return self._clients.find(client_id) if plain else None

    def _by_assertion(self, form: Mapping[str, str], assertion: str) -> StoredClient:
        if form.get("client_assertion_type") != ASSERTION_TYPE:
            raise _nobody()
        said = client_assertion.issuer_of(assertion)
        client = self._found(said) if said else None
        if client is None or form.get("client_id", client.id) != client.id:
            raise _nobody()
        proof = client_assertion.proven(
            assertion,
            client.keys,
            client_id=client.id,
            audience=f"{self._issuer}{TOKEN_PATH}",
            now=self._now,
        )
        if proof is None or not self._clients.spend(client.id, proof.jti_sha256, proof.expires_at):
            raise _nobody()
        return client

    async def principal_of(self, token: str) -> Principal | None:
        keys = self._keys.get(_ALL_KEYS)
        if keys is None:
            keys = await asyncio.to_thread(self._key_set)
        told = access_tokens.read(token, keys, issuer=self._issuer, now=self._now)
        if told is None:
            return None
        client = self._known.get(told.client_id)
        if client is None:
            client = await asyncio.to_thread(self._clients.find, told.client_id)
            if client is None:
                return None
            self._known.put(client.id, client)
        return Principal(
            organisation=client.organisation,
            role=Role(client.role),
            key_id=client.id,
            scopes=_narrowed(client.scopes, told.scopes),
        )

    async def jwks(self) -> dict[str, Any]:
        keys = await asyncio.to_thread(self._key_set)
        return dict(keys.as_dict(private=False))

    def metadata(self) -> dict[str, Any]:
        return {
            "issuer": self._issuer,
            "token_endpoint": f"{self._issuer}{TOKEN_PATH}",
            "jwks_uri": f"{self._issuer}/oauth/jwks",
            "grant_types_supported": ["client_credentials"],
            "response_types_supported": [],
            "token_endpoint_auth_methods_supported": [
                "private_key_jwt",
                "client_secret_basic",
                "client_secret_post",
            ],
            "token_endpoint_auth_signing_alg_values_supported": list(client_assertion.ALGORITHMS),
            "scopes_supported": [READ, *(operation.value for operation in Operation)],
            "service_documentation": f"{self._issuer}/docs",
        }

    def _key_set(self) -> KeySet:
        """The newest key first; made when there is none yet."""
        known = self._keys.get(_ALL_KEYS)
        if known is not None:
            return known
        stored = self._stored_keys.load()
        if not stored:
            key = access_tokens.new_signing_key()
            private = json.dumps(key.as_dict(private=True))
            self._stored_keys.add(str(key.kid), dict(key.as_dict(private=False)), private)
            stored = self._stored_keys.load()
        keys = KeySet([ECKey.import_key(json.loads(private)) for _, private in stored])
        self._keys.put(_ALL_KEYS, keys)
        return keys


def _granted(client: StoredClient, asked: str | None) -> frozenset[str] | None:
    """What was asked for, and no more than the client may; everything it may without a wish."""
    if asked is None:
        return client.scopes
    wished = frozenset(asked.split())
    known = {READ, *(operation.value for operation in Operation)}
    if not wished or not wished <= known or (client.scopes and not wished <= client.scopes):
        raise OAuthRefused("a scope is unknown or not this client's", code="invalid_scope")
    return wished


def _narrowed(
    by_client: frozenset[str] | None, by_token: frozenset[str] | None
) -> frozenset[str] | None:
    """A scope that was taken from the client since is taken from its tokens too."""
    if by_client is None or by_token is None:
        return by_token if by_client is None else by_client
    return by_client & by_token


def _nobody() -> OAuthRefused:
    return OAuthRefused("the client is not known by this", code="invalid_client")
