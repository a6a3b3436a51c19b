"""``crossclaim episode hold``, ``release``, ``cancel``, ``skip`` and ``reset``: through the API."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crossclaim.cli.options import AsJson
from crossclaim.domain.errors import CrossclaimError
from crossclaim.domain.repair_submission import CancelReason, HoldReason, SkipReason

if TYPE_CHECKING:
    import httpx

EpisodeId = Annotated[str, typer.Argument(metavar="ID")]
KeyFile = Annotated[Path, typer.Option("--key-file", help="Holds the API key.", exists=True)]
Api = Annotated[str, typer.Option(help="Address of the API.", envvar="CROSSCLAIM_API_URL")]
Note = Annotated[str, typer.Option(help="In your words, for whoever looks next.")]
HERE = "http://127.0.0.1:8080"


def register(app: typer.Typer) -> None:
    """Adds the commands to ``crossclaim episode``."""
    for name, command in (
        ("hold", hold),
        ("release", release),
        ("cancel", cancel),
        ("skip", skip),
        ("reset", reset),
    ):
        app.command(name)(command)


def hold(
    episode_id: EpisodeId,
    key: KeyFile,
    note: Note,
    reason: Annotated[HoldReason, typer.Option(help="Told to the episode's parties.")],
    until: Annotated[datetime | None, typer.Option(help="UTC; else until released.")] = None,
    at_end: Annotated[str, typer.Option(help="`release` or `remind`.")] = "remind",
    api: Api = HERE,
    as_json: AsJson = False,
) -> None:
    """Hold an episode: nothing new is sent and no money moves until it is released."""
    body = {**_ordered("H"), "reason": reason.value, "note": note, "at_end": at_end}
    if until is not None:
        body["until"] = until.replace(tzinfo=UTC).isoformat()
    with _client(api, key) as http:
        _tell(_post(http, episode_id, "holds", body), as_json, "The episode is held.")


def release(
    episode_id: EpisodeId, key: KeyFile, note: Note, api: Api = HERE, as_json: AsJson = False
) -> None:
    """Release a held episode; it goes on where it was."""
    with _client(api, key) as http:
        state = _get(http, episode_id, "repairs")
        if state["hold"] is None:
            raise CrossclaimError("The episode is not held.", code="HOLD_UNKNOWN")
        body = {"hold": state["hold"]["number"], "note": note, "asked_at": _now()}
        _tell(_post(http, episode_id, "releases", body), as_json, "The episode goes on.")


def cancel(
    episode_id: EpisodeId,
    key: KeyFile,
    note: Note = "",
    reason: Annotated[CancelReason, typer.Option()] = CancelReason.BILLED_WRONGLY,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the effect alone.")] = False,
    effect: Annotated[str, typer.Option(help="Of a preview that was read; asks nothing.")] = "",
    api: Api = HERE,
    as_json: AsJson = False,
) -> None:
    """Cancel an episode: shows what would be reversed and what is out, then asks."""
    with _client(api, key) as http:
        plan = _get(http, episode_id, "cancellation")
        if dry_run:
            _show(plan, as_json)
            return
        if not note:
            raise CrossclaimError("Say why with --note.", code="REPAIR_REASON_MISSING")
        if not effect:
            _show(plan, False)
            typer.confirm("Cancel the episode with this effect?", abort=True, err=True)
        body = {
            **_ordered("EC"),
            "effect": effect or plan["effect"],
            "reason": reason.value,
            "note": note,
        }
        _tell(_post(http, episode_id, "cancellations", body), as_json, "The episode is cancelled.")


def skip(
    episode_id: EpisodeId,
    key: KeyFile,
    note: Note,
    step: Annotated[str, typer.Option(help="As `GET …/repairs` lists it.")] = "",
    subject: Annotated[str, typer.Option(help="What the step is about.")] = "",
    reason: Annotated[SkipReason, typer.Option()] = SkipReason.NOT_NEEDED,
    decide: Annotated[str, typer.Option(help="Number of a proposal to decide on.")] = "",
    refuse: Annotated[
        bool, typer.Option("--refuse", help="With --decide: the step stays.")
    ] = False,
    api: Api = HERE,
    as_json: AsJson = False,
) -> None:
    """Propose to leave out a step, or decide on another person's proposal."""
    with _client(api, key) as http:
        if decide:
            word = {"number": decide, "approved": not refuse, "note": note, "decided_at": _now()}
            said = "The step stays." if refuse else "The step is left out."
            _tell(_post(http, episode_id, "skip-decisions", word), as_json, said)
            return
        body = {**_ordered("SK"), "step": step, "subject": subject, "note": note}
        told = _post(http, episode_id, "skips", {**body, "reason": reason.value})
        _tell(told, as_json, f"Proposal {body['number']} waits for a second person.")


def reset(
    episode_id: EpisodeId, key: KeyFile, note: Note, api: Api = HERE, as_json: AsJson = False
) -> None:
    """Begin an episode's run anew from our rows, which stay as they are."""
    with _client(api, key) as http:
        told = _post(http, episode_id, "resets", {"reason": note})
        _tell(told, as_json, "The run has begun anew.")


def _client(api: str, key: Path) -> httpx.Client:
    import httpx

    headers = {"Authorization": f"Bearer {key.read_text(encoding='utf-8').strip()}"}
    return httpx.Client(base_url=api, headers=headers, timeout=60)


def _post(http: httpx.Client, episode_id: str, what: str, body: dict[str, Any]) -> dict[str, Any]:
    return _answer(http, "POST", f"/v1/episodes/{episode_id}/{what}", body)


def _get(http: httpx.Client, episode_id: str, what: str) -> dict[str, Any]:
    return _answer(http, "GET", f"/v1/episodes/{episode_id}/{what}", None)


def _answer(
    http: httpx.Client, method: str, path: str, body: dict[str, Any] | None
) -> dict[str, Any]:
    """Raises one sentence for all that was refused."""
    import httpx

    try:
        answer = http.request(method, path, json=body)
        told: dict[str, Any] = answer.json()
    except (httpx.HTTPError, json.JSONDecodeError) as error:
        raise CrossclaimError("The API did not answer; nothing is known to be done.") from error
    if answer.is_success:
        return told
    errors = [str(one["detail"]) for one in told.get("errors", [])]
    sentence = " ".join(errors) or str(told.get("detail", answer.reason_phrase))
    raise CrossclaimError(sentence, code=str(told.get("code", "REFUSED")))


def _ordered(prefix: str) -> dict[str, Any]:
    from ulid import ULID

    return {"number": f"{prefix}-{ULID()}", "asked_at": _now()}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _tell(told: dict[str, Any], as_json: bool, sentence: str) -> None:
    kept = told.get("status") == "accepted"
    words = "The order is kept and is worked on." if kept else sentence
    typer.echo(json.dumps(told, indent=2, ensure_ascii=False) if as_json else words)


def _show(plan: dict[str, Any], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(plan, indent=2, ensure_ascii=False))
        return
    for fault in plan["errors"]:
        typer.echo(f"not now: {fault['text']['en']}")
    for step in plan["steps"]:
        typer.echo(f"- {step['text']['en']}" + ("  [out already]" if step["out"] else ""))
    for party in plan["parties"]:
        back, owed = (
            f"{party[name]['currency']} {party[name]['amount']}" for name in ("reversed", "owed")
        )
        typer.echo(f"{party['who']}: {back} reversed, {owed} given back")
    typer.echo(f"effect {plan['effect']}")
