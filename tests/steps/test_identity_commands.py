"""Clients, people and keys are kept by commands, whose answers scripts can read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import ECKey, RSAKey
from typer.testing import CliRunner

from crossclaim.cli.application import app
from crossclaim.domain.errors import CrossclaimError
from crossclaim.stack import Stack
from crossclaim.store.oauth_clients import SqlOAuthClients
from tests.steps.rig import HOSPITAL, MUTUAL, Rig

ISSUER = "https://id.example"


def run(stack: Stack, *words: str) -> Any:
    result = CliRunner().invoke(app, [*words, "--data-dir", str(stack.home.root)])
    if isinstance(result.exception, CrossclaimError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return json.loads(result.output) if "--json" in words else result.output


def test_a_system_is_registered_by_its_public_key_and_rotated(
    rig: Rig, stack: Stack, tmp_path: Path
) -> None:
    first = ECKey.generate_key("P-384").as_dict(private=False)
    (tmp_path / "jwk").write_text(json.dumps(first))
    (tmp_path / "pem").write_bytes(RSAKey.generate_key(2048).as_pem(private=False))
    made = run(
        stack,
        *("client", "create", HOSPITAL, "--role", "hospital_billing"),
        *("--key", str(tmp_path / "jwk"), "--scope", "read", "--days", "30", "--json"),
    )
    found = SqlOAuthClients(rig.database).find(made["client_id"])
    assert found is not None and found.scopes == frozenset({"read"}) and found.secret_argon2 is None
    assert [key["kid"] for key in found.keys] == [made["kid"]]
    words = ("client", "rotate", made["client_id"], "--key", str(tmp_path / "pem"), "--json")
    second = run(stack, *words)["kid"]
    run(stack, *words, "--end-others")
    (listed,) = [c for c in run(stack, "client", "list", "--json") if c["id"] == made["client_id"]]
    assert listed["keys"] == [second] and listed["expires_at"]
    run(stack, "client", "revoke", made["client_id"])
    with pytest.raises(CrossclaimError, match="no client"):
        run(stack, "client", "revoke", made["client_id"])


def test_a_small_system_gets_a_secret_that_is_shown_once(rig: Rig, stack: Stack) -> None:
    made = run(stack, "client", "create", MUTUAL, "--role", "insurer_system", "--json")
    assert made["client_secret"] not in json.dumps(run(stack, "client", "list", "--json"))
    again = run(stack, "client", "rotate", made["client_id"], "--json")
    assert again["client_secret"] != made["client_secret"]


def test_a_private_key_an_unknown_scope_and_organisation_are_refused(
    rig: Rig, stack: Stack, tmp_path: Path
) -> None:
    (tmp_path / "private").write_bytes(ECKey.generate_key("P-256").as_pem(private=True))
    (tmp_path / "words").write_text("no key")
    words = ("client", "create", HOSPITAL, "--role", "hospital_billing")
    for more, told in (
        (("--key", str(tmp_path / "private")), "private key"),
        (("--key", str(tmp_path / "words")), "no public key"),
        (("--scope", "everything"), "No operation is called everything"),
    ):
        with pytest.raises(CrossclaimError, match=told):
            run(stack, *words, *more)
    with pytest.raises(CrossclaimError, match="no organisation"):
        run(stack, "client", "create", "nobody", "--role", "hospital_billing")


def test_a_person_is_added_licensed_and_let_out(rig: Rig, stack: Stack) -> None:
    words = ("--issuer", ISSUER, "--subject", "wong", "--name", "黃美玲")
    person = run(stack, "user", "add", MUTUAL, *words, "--role", "insurer_examiner", "--json")[
        "person"
    ]
    with pytest.raises(CrossclaimError, match="known already"):
        run(stack, "user", "add", MUTUAL, *words, "--role", "insurer_examiner")
    run(stack, "user", "roles", person, "--role", "insurer_supervisor", "--role", "finance")
    run(stack, "user", "licence", person, "--number", "L-7", "--valid-from", "2026-01-01")
    with pytest.raises(CrossclaimError, match="is no day"):
        run(stack, "user", "licence", person, "--number", "L-8", "--valid-from", "tomorrow")
    (listed,) = [p for p in run(stack, "user", "list", "--json") if p["id"] == person]
    assert listed["roles"] == ["finance", "insurer_supervisor"]
    assert [one["valid_from"] for one in listed["licences"]] == ["2026-01-01"]
    assert "L-7" not in run(stack, "user", "list")
    assert run(stack, "user", "sessions", person, "--json") == []
    assert run(stack, "user", "sessions", person, "--end", "--json") == {"ended": 0}
    key = run(stack, "keys", "new", MUTUAL, "--role", "finance", "--person", person, "--days", "7")
    prefix = key.split("_")[2]
    (kept,) = [k for k in run(stack, "keys", "list", "--json") if k["prefix"] == prefix]
    assert kept["person"] == person and kept["hardened"] and kept["expires_at"]
    run(stack, "keys", "revoke", prefix)
    run(stack, "user", "disable", person)
    with pytest.raises(CrossclaimError, match="no person"):
        run(stack, "user", "disable", "pn_nobody")
