"""Tells of money of payouts that goes back to funders."""

from __future__ import annotations

from collections.abc import Iterator

from crossclaim.domain.money import fen
from crossclaim.domain.story_line import Scene, StoryLine, line


def tell_claw_backs(scene: Scene) -> Iterator[StoryLine]:
    for back in scene.facts.claw_backs:
        hospital = scene.facts.episode.hospital_id
        payee = hospital if back.payee == "hospital" else back.payee
        source, insurer = f"claw_back/{back.reference}", scene.name(back.organisation_id)
        amount = fen(back.amount_minor)
        yield line(
            "claw_back_ordered",
            back.recorded_at,
            "crossclaim",
            source,
            payee=scene.name(payee),
            amount=amount,
            insurer=insurer,
            reference=back.reference,
        )
        if back.received_at is not None:
            yield line(
                "claw_back_received",
                max(back.recorded_at, back.received_at),
                back.organisation_id,
                source,
                amount=amount,
                insurer=insurer,
                reference=back.reference,
            )
        elif back.state == "needless":
            yield line(
                "claw_back_needless",
                max(back.recorded_at, back.ended_at or back.ordered_at),
                "crossclaim",
                source,
                payee=scene.name(payee),
                amount=amount,
                insurer=insurer,
                reference=back.reference,
            )
