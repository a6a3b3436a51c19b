"""What the provider remembers and signs: people, codes that work once, its own key."""

from __future__ import annotations

import hashlib
import secrets
import urllib.parse
from base64 import urlsafe_b64encode
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

from crossclaim.simulators.party import Party

TABLES = """
CREATE TABLE IF NOT EXISTS code (
  code TEXT PRIMARY KEY, subject TEXT NOT NULL, client_id TEXT NOT NULL, redirect TEXT NOT NULL,
  nonce TEXT NOT NULL, challenge TEXT NOT NULL, at_s REAL NOT NULL, used INTEGER NOT NULL);
"""
FAULTS = frozenset({"wrong-nonce", "wrong-issuer", "wrong-audience", "foreign-key", "expired"})
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
LIFE_S = 300


class Refused(Exception):
    """An error of OAuth 2.0, by its code."""


class Provider:
    def __init__(self, party: Party, issuer: str, client_id: str, redirects: list[str]) -> None:
        self._party = party
        self.issuer = issuer
        self.client_id = client_id
        self._redirects = redirects
        self._key = self._own_key()

    def _own_key(self) -> RSAKey:
        """Kept on disk: a restart signs with the same key."""
        file = self._party.folder / "signing-key.pem"
        if not file.exists():
            new = RSAKey.generate_key(2048, private=True)
            file.touch(mode=0o600)
            file.write_bytes(new.as_pem(private=True))
        return RSAKey.import_key(file.read_bytes(), {"kid": "development", "use": "sig"})

    @property
    def people(self) -> dict[str, dict[str, str]]:
        return dict(self._party.tables["people"])

    def jwks(self) -> dict[str, Any]:
        return {"keys": [self._key.as_dict(private=False, alg="RS256")]}

    def check(self, asked: dict[str, str]) -> None:
        """Raises ``Refused`` for a client, an address or a way that is not ours."""
        if asked.get("client_id") != self.client_id:
            raise Refused("unauthorized_client")
        if asked.get("redirect_uri") not in self._redirects:
            raise Refused("invalid_request")
        if asked.get("response_type") != "code" or asked.get("code_challenge_method") != "S256":
            raise Refused("invalid_request")
        if not asked.get("code_challenge") or "openid" not in asked.get("scope", "").split():
            raise Refused("invalid_request")

    def signed_in(self, asked: dict[str, str], subject: str) -> str:
        """The address to go back to, with a code."""
        self.check(asked)
        if subject not in self.people:
            raise Refused("access_denied")
        code = secrets.token_urlsafe(24)
        with self._party.state.transaction():
            self._party.state.execute(
                "INSERT INTO code VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
                code,
                subject,
                asked["client_id"],
                asked["redirect_uri"],
                asked.get("nonce", ""),
                asked["code_challenge"],
                self._party.clock.now_s(),
            )
        told = {"code": code, "state": asked.get("state", ""), "iss": self.issuer}
        return f"{asked['redirect_uri']}?{urllib.parse.urlencode(told)}"

    def tokens(self, form: dict[str, str]) -> dict[str, Any]:
        """For a code, once, to whoever has what its challenge was made of."""
        state, now_s = self._party.state, self._party.clock.now_s()
        with state.transaction():
            row = state.one("SELECT * FROM code WHERE code = ? AND used = 0", form.get("code", ""))
            state.execute("UPDATE code SET used = 1 WHERE code = ?", form.get("code", ""))
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            row is None
            or form.get("grant_type") != "authorization_code"
            or row["client_id"] != form.get("client_id")
            or row["redirect"] != form.get("redirect_uri")
            or row["challenge"] != challenge
            or now_s - row["at_s"] > float(self._party.tables["code_life_s"])
        ):
            raise Refused("invalid_grant")
        claims = {
            "sub": row["subject"],
            "nonce": row["nonce"],
            "auth_time": int(row["at_s"]),
            "sid": secrets.token_hex(8),
        }
        return {
            "access_token": secrets.token_urlsafe(24),
            "token_type": "Bearer",
            "expires_in": LIFE_S,
            "id_token": self._signed(claims, form.get("code", "")),
        }

    def logout_token(self, subject: str) -> str:
        events: dict[str, object] = {LOGOUT_EVENT: {}}
        return self._signed({"sub": subject, "events": events, "jti": secrets.token_hex(8)}, "")

    def _signed(self, claims: dict[str, Any], about: str) -> str:
        fault = self._party.faults.take(operation="token") if about else None
        name = fault.fault if fault is not None else ""
        now = int(self._party.clock.now_s())
        ours: dict[str, Any] = {
            "iss": self.issuer,
            "aud": self.client_id,
            "iat": now,
            "exp": now + LIFE_S,
        }
        wrong: dict[str, dict[str, Any]] = {
            "wrong-nonce": {"nonce": "another"},
            "wrong-issuer": {"iss": "https://elsewhere.example"},
            "wrong-audience": {"aud": "another-client"},
            "expired": {"iat": now - 7200, "exp": now - 7200 + LIFE_S},
        }
        key = RSAKey.generate_key(2048, private=True) if name == "foreign-key" else self._key
        header = {"alg": "RS256", "kid": "development"}
        return jwt.encode(header, ours | claims | wrong.get(name, {}), key, algorithms=["RS256"])
