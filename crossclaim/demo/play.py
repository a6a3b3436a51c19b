"""Plays one run of the script at a hospital's window."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crossclaim.demo.script import Closed, Guaranteed, Run, Send, Step, Until, Upload
from crossclaim.demo.window import Desks, Window
from crossclaim.domain.records import CLOSED_STATUSES

CREDIT_ACCOUNTS = "/v1/credit-accounts"
FAMILY_BINDINGS = "/v1/family-bindings"


@dataclass(frozen=True)
class Played:
    """What became of a run."""

    run: Run
    episode_id: str
    episode: Mapping[str, Any]
    story: list[tuple[str, str]]
    charges: Mapping[str, list[dict[str, Any]]]
    """Bill version → its lines as sent."""
    account: Mapping[str, Any] | None = None
    """The pay-after-care account, where one was opened."""


class Player:
    """Sends the steps of one run, in order."""

    def __init__(self, run: Run, desks: Desks, examples: Path) -> None:
        self._run = run
        self._desks = desks
        self._window: Window = desks.of(run.sender)
        self._examples = examples
        self._known = dict(run.replaced)
        """What stands in the files → what is sent."""
        self._episode_id = ""
        self._account_id = ""
        self._binding_id = ""
        self._played_before = False
        self._documents: list[dict[str, str]] = []
        self._charges: dict[str, list[dict[str, Any]]] = {}

    def play(self, told: Callable[[str], None]) -> Played:
        """``told`` hears the title of each step as it begins."""
        for step in self._run.steps:
            told(step.title)
            self._take(step)
        found = self._window.episode(self._episode_id)
        story = self._window.story(self._episode_id)
        account = self._window.account(self._account_id) if self._account_id else None
        return Played(self._run, self._episode_id, found, story, self._charges, account)

    def _take(self, step: Step) -> None:
        match step:
            case Send():
                self._send(step)
            case Upload():
                self._upload(step)
            case Guaranteed():
                self._window.wait(self._episode_id, _guaranteed, step.title)
            case Until():
                self._until(step)
            case Closed():
                self._window.wait(
                    self._episode_id, lambda found: _closed(found, step.payouts), step.title
                )

    def _send(self, step: Send) -> None:
        content = replaced(part_of(self._examples, step.file), self._known)
        if step.with_documents:
            content["documents"] = self._documents
        path = step.path
        for text, known in {**self._known, "{id}": self._episode_id}.items():
            path = path.replace(text, known)
        window = self._desks.of(step.sender) if step.sender else self._window
        if step.refused:
            # A refusal leaves no trace; sent again later, the same may be right by then.
            if not self._played_before:
                window.refused(path, content, step.refused, step.legal)
            return
        self._charges.update(charges_of(content))
        answer, repeated = window.send(path, content, step.media_type)
        if step.path == CREDIT_ACCOUNTS:
            self._account_id = self._known["{account}"] = str(answer["account_id"])
        elif step.path == FAMILY_BINDINGS:
            self._binding_id = str(answer["binding_id"])
        elif not self._episode_id and "episode_id" in answer:
            self._episode_id, self._played_before = str(answer["episode_id"]), repeated

    def _until(self, step: Until) -> None:
        if step.of_binding:
            found = self._window.wait_binding(self._binding_id, step.holds, step.title)
        elif step.of_account:
            found = self._window.wait_account(self._account_id, step.holds, step.title)
        else:
            found = self._window.wait(self._episode_id, step.holds, step.title)
        self._known.update({text: learnt(found) for text, learnt in step.learns.items()})

    def _upload(self, step: Upload) -> None:
        """With its episode as a comment: the same paper in two claims goes to an examiner."""
        content = (self._examples / "documents" / step.file).read_bytes()
        own = content + f"% {self._episode_id}\n".encode()
        sha256 = self._window.upload(self._episode_id, step.file, own)
        self._known["{document}"] = sha256
        self._documents.append({"kind": step.kind, "name": step.file, "sha256": sha256})


def part_of(examples: Path, name: str) -> Any:
    """The content of ``file.json``, or of one member of it: ``file.json#part``."""
    file, _, part = name.partition("#")
    content = json.loads((examples / file).read_text(encoding="utf-8"))
    return content[part] if part else content


def replaced(content: Any, texts: Mapping[str, str]) -> Any:
    """The same JSON with each text that is a key of ``texts`` exchanged."""
    if isinstance(content, dict):
        return {name: replaced(member, texts) for name, member in content.items()}
    if isinstance(content, list):
        return [replaced(item, texts) for item in content]
    return texts.get(content, content) if isinstance(content, str) else content


def charges_of(content: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Version → charge lines of a bill, or of the claim of a FHIR Bundle; empty for the others."""
    if "lines" in content and "version" in content:
        return {str(content["version"]): content["lines"]}
    entries = content["entry"] if content.get("resourceType") == "Bundle" else []
    resources = [entry["resource"] for entry in entries]
    return {
        identifier["value"]: [_charge(item) for item in claim["item"]]
        for claim in resources
        if claim["resourceType"] == "Claim"
        for identifier in claim["identifier"]
        if identifier["system"].endswith("/bill-version")
    }


def _charge(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "number": item["sequence"],
        "description": item["productOrService"]["text"],
        "amount": {"amount": str(item["net"]["value"]), "currency": item["net"]["currency"]},
    }


def _guaranteed(found: Mapping[str, Any]) -> bool:
    asked = found["guarantees"]
    return bool(asked) and all(guarantee["number"] for guarantee in asked)


def _closed(found: Mapping[str, Any], payouts: int) -> bool:
    credited = [payout for payout in found["payouts"] if payout["state"] == "credited"]
    return found["episode"]["status"] in CLOSED_STATUSES and len(credited) >= payouts
