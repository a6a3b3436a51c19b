"""Steps about privacy: the audit's chain, a person's own copy, and erasure by keys."""

from __future__ import annotations

import asyncio
import json
from datetime import date, datetime

from temporalio import activity

from activities.privacy_ports import PrivacyPorts
from activities.world import World
from crossclaim.domain.allocation import Frozen
from crossclaim.domain.subject_request import Judged


class SubjectOrder(Frozen):
    """Work on one request of a person about his own data."""

    request_id: str
    at: datetime


class ErasureOrder(Frozen):
    """Destroy these keys, or go on with the batch that is open."""

    judged: list[Judged]
    at: datetime


class PrivacySteps:
    """What is due about privacy; each step may be repeated."""

    def __init__(self, world: World) -> None:
        self._world = world

    @activity.defn(name="seal_audit")
    def seal_audit(self) -> int:
        """Chains new rows of the audit and lays every root outside that lies nowhere but here."""
        ports = self._ports()
        sealed = ports.chain.seal()
        if ports.anchors is not None:
            for root in ports.chain.unanchored():
                ports.anchors.lay(root)
                ports.chain.note_anchored(root.block)
        return sealed

    @activity.defn(name="gather_subject_export")
    def gather_subject_export(self, order: SubjectOrder) -> str:
        return self._ports().exports.make(order.request_id, order.at)

    @activity.defn(name="judge_erasures")
    def judge_erasures(self, at: datetime) -> list[Judged]:
        """What may be erased now; what a rule keeps is closed from here on. Exports that were
        fetched lose their keys in the same round."""
        ports = self._ports()
        ports.exports.expire(at)
        return ports.erasures.judge(at)

    @activity.defn(name="end_erased_runs")
    async def end_erased_runs(self, judged: list[Judged]) -> int:
        """Open runs of the persons end first: their next step would find no key."""
        runs = self._ports().runs
        for one in judged:
            await runs.end_run(one.scope)
        return len(judged)

    @activity.defn(name="destroy_keys")
    def destroy_keys(self, order: ErasureOrder) -> int:
        """How many keys of persons are gone for good; the certificate lies under lock."""
        ports = self._ports()
        batch = ports.erasures.begin(order.judged, order.at)
        if batch is None:
            return 0
        erased = ports.erasures.finish(batch, order.at)
        if ports.anchors is not None:
            told = {"certificate": erased.certificate, "signature": erased.signature}
            body = json.dumps(told, sort_keys=True).encode()
            ports.anchors.keep(f"erasures/{batch}.json", body)
        return len(erased.scopes)

    @activity.defn(name="report_retention")
    async def report_retention(self, on: date) -> int:
        """How many records no rule keeps any more. None is removed by it."""
        return await asyncio.to_thread(self._ports().erasures.report_due, on)

    def _ports(self) -> PrivacyPorts:
        ports = self._world.privacy
        assert ports is not None, "a worker has what privacy needs"
        return ports
