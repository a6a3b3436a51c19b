"""The API asked along its links: what one answer tells is what the next request is made of.

A worker's steps answer in process, so that episodes are opened, bills split and claims decided for
real. Of what the description allows, most bodies are its own examples with numbers of their own.
"""

from __future__ import annotations

import asyncio
import copy
import itertools
import random
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.errors import Flaky, FlakyStrategyDefinition
from schemathesis.core.result import Ok
from schemathesis.core.transport import Response
from schemathesis.generation.case import Case
from schemathesis.generation.stateful.state_machine import StepInput, StepOutput
from schemathesis.openapi import from_dict

from activities.claims import ClaimSteps
from activities.orders import Apply, Receipt, Subject
from activities.submissions import SubmissionSteps
from crossclaim.domain.errors import Unavailable
from crossclaim.domain.money import fen
from crossclaim.domain.submission import SubmissionKind
from tests.flows.hospital import Body, cny
from tests.steps.rig import AT, HOSPITAL, MUTUAL, Rig, bill_of, insured_by, policy_number
from tests.web.described import DescribedApi

OTHER_RUNS = ("fb_", "fc_", "ca_")
_numbers = itertools.count(1)
_SIGNED = {"type": "VOUCHER_USE", "text_version": "2025-01", "channel": "paper"}


class StepEngine:
    """``crossclaim.engine.EpisodeEngine`` without an engine: the step, then a decision."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig

    async def submit(
        self, episode_id: str, submission_id: str, kind: str, wait_s: float
    ) -> Receipt:
        if episode_id.startswith(OTHER_RUNS):
            raise Unavailable("only episodes run here")
        return await asyncio.to_thread(self._applied, episode_id, submission_id, kind)

    def _applied(self, episode_id: str, submission_id: str, kind: str) -> Receipt:
        order = Apply(episode_id=episode_id, submission_id=submission_id, at=AT)
        receipt = SubmissionSteps(self._rig.world).apply_submission(order).receipt
        if kind == SubmissionKind.EPISODE.value and receipt.status == 201:
            self._rig._look_up(episode_id)
        if kind == SubmissionKind.TENDER.value and receipt.status == 200:
            for claim in self._rig.rows(episode_id).claims:
                if claim.kind == "direct" and claim.state == "due":
                    about = Subject(episode_id=episode_id, subject=claim.id, at=AT)
                    ClaimSteps(self._rig.world).decide_claim(about)
        return receipt


@dataclass
class FollowedApi:
    """Requests and answers in a row; what they break is collected by ``api``."""

    api: DescribedApi
    rig: Rig
    episode: Body
    followed: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    """Source, target and the status that the target answered."""
    dues: dict[str, str] = field(default_factory=dict)
    """Bill → what its split leaves to the patient."""
    chance: random.Random = field(default_factory=lambda: random.Random(7))

    def walk(self, requests: int, steps: int, below: str, wanted: set[str]) -> None:
        """Scenario after scenario, each from the beginning, until so many requests are answered and
        what is wanted was reached; at most ten times as many."""
        machine, before = self._machine(below), self.api.statuses.total()
        for round_ in itertools.count():
            answered = self.api.statuses.total() - before
            if answered >= (requests if wanted <= self.reached() else 10 * requests):
                return
            with suppress(Flaky, FlakyStrategyDefinition):
                # What is there already may answer the same request otherwise: another round then.
                seed(round_)(machine).run(settings=_walking(steps))

    def _machine(self, below: str) -> Any:
        followed = self
        schema = from_dict(self.api.app.openapi()).include(path_regex=below)

        class Follower(schema.as_state_machine()):  # type: ignore[misc]
            def setup(self) -> None:
                followed.chance = random.Random(7)
                super().setup()

            def step(self, input: StepInput) -> StepOutput:
                followed.fit(input)
                output: StepOutput = super().step(input)
                followed.note(input, output)
                return output

            def call(self, case: Case[Any], **_: Any) -> Response:
                return Response.from_any(followed.api.send(case))

            def validate_response(self, response: Response, case: Case[Any], **_: Any) -> None:
                followed.api.judge(case, followed.api.last)

        return Follower

    def fit(self, asked: StepInput) -> None:
        """Mostly a body that may be taken, with what the link told; sometimes what was drawn."""
        case = asked.case
        for name in [n for n in case.headers or () if n.lower() == "authorization"]:
            del case.headers[name]
        label = case.operation.label
        allowed = case.meta is None or case.meta.generation.mode.is_positive
        body = self._body(label, case) if allowed and self.chance.random() < 0.9 else None
        if body is None:
            return
        told = asked.transition.request_body if asked.transition else None
        if told is not None and isinstance(told.value, Ok) and isinstance(told.value.ok(), dict):
            linked = told.value.ok()
            body |= {k: v for k, v in linked.items() if isinstance(v, (str, int))}
        if label.endswith("/tenders"):
            body = self._tender(body)
        case.body, case.media_type = body, "application/json"

    def _body(self, label: str, case: Case[Any]) -> Body | None:
        number = f"FL-{next(_numbers)}"
        if label in ("POST /v1/episodes", "POST /v1/episode-checks"):
            visit = {**self.episode["visit"], "number": f"MZ-{number}"}
            return {**copy.deepcopy(self.episode), "visit": visit}
        if label.endswith(("/bills", "/bill-checks")):
            return bill_of(number)
        raw = case.operation.definition.raw.get("requestBody", {}).get("content", {})
        example = raw.get("application/json", {}).get("example")
        if example is None:
            return None
        body: Body = copy.deepcopy(example)
        return {**body, "number": number} if "number" in body else body

    def _tender(self, body: Body) -> Body:
        due = self.dues.get(str(body.get("bill_number")), "1.00")
        leg = {"method": "cash", "amount": cny(due), "reference": f"R-{next(_numbers)}"}
        signed = {**_SIGNED, "signed_at": "2026-04-02T10:44:00+08:00"}
        at = "2026-04-02T10:50:00+08:00"
        return {**body, "tendered_at": at, "legs": [leg], "consents": [signed]}

    def note(self, asked: StepInput, told: StepOutput) -> None:
        label = told.case.operation.label
        if label.endswith("/bills") and told.response.status_code == 200:
            split = {t["funder"]: t["amount"]["amount"] for t in told.response.json()["totals"]}
            self.dues[told.case.body["number"]] = split.get("patient", fen(0).decimal_text())
        if asked.transition is not None and asked.is_applied:
            source = asked.transition.id.partition(" -> ")[0]
            self.followed[source, label, told.response.status_code] += 1

    def reached(self) -> set[str]:
        """Targets that were answered with success, along a link."""
        return {target for _, target, status in self.followed if status < 300}


def _walking(steps: int) -> settings:
    return settings(
        max_examples=8,
        stateful_step_count=steps,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def opened_episode(rig: Rig) -> Body:
    """What opens an episode with vouchers and one insurer that decides here."""
    coverages: list[Body] = [{"funder": "voucher"}, insured_by(MUTUAL, policy_number())]
    submission = rig.submission(coverages)
    assert submission["hospital"] == HOSPITAL
    return submission
