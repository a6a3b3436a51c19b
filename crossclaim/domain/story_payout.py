"""Tells of payouts: what was fixed, every file to the bank, every word of the bank."""

from __future__ import annotations

from collections.abc import Iterator

from crossclaim.domain.money import Currency, Money, fen
from crossclaim.domain.story_facts import FileFact, PayoutFact, ReportFact
from crossclaim.domain.story_line import Scene, StoryLine, line, reason
from crossclaim.domain.story_phrase import Value

_GAVE_WAY = {"DECISION_LOWERED": "payout_lowered", "RAIL_DAY_PASSED": "payout_rail_day_passed"}
_QUESTIONS = {"recall": "bank_recall_sent", "account_check": "account_check_sent"}


def tell_payouts(scene: Scene) -> Iterator[StoryLine]:
    by_reference = {p.reference: p for p in scene.facts.payouts}
    for payout in scene.facts.payouts:
        yield from _fixed(scene, payout)
    for file in scene.facts.files:
        yield _file(scene, by_reference[file.reference], file)
    for report in scene.facts.reports:
        yield _report(scene, report)


def _fixed(scene: Scene, payout: PayoutFact) -> Iterator[StoryLine]:
    source, who = f"payout_intent/{payout.reference}", payout.debtor_organisation_id
    yield line(
        "payout_reserved",
        payout.recorded_at,
        who,
        source,
        reference=payout.reference,
        amount=fen(payout.amount_minor),
        insurer=scene.name(who),
        payee=scene.name(payout.payee_organisation_id or payout.payee),
        bank=scene.bank(payout.bank),
    )
    if payout.replaces:
        yield line(
            "payout_replaces",
            payout.recorded_at,
            who,
            source,
            reference=payout.reference,
            old=payout.replaces,
        )
    if payout.less_at is not None and payout.less_minor:
        yield line(
            "payout_goes_out_less",
            max(payout.recorded_at, payout.less_at),
            who,
            source,
            reference=payout.reference,
            amount=fen(payout.less_minor),
            insurer=scene.name(who),
        )
    if payout.state == "cancelled" and payout.reason in _GAVE_WAY:
        yield line(
            _GAVE_WAY[payout.reason],
            max(payout.recorded_at, payout.closed_at or payout.recorded_at),
            who,
            source,
            reference=payout.reference,
            amount=fen(payout.amount_minor),
        )


def _file(scene: Scene, payout: PayoutFact, file: FileFact) -> StoryLine:
    source = f"payout_attempt/{file.reference}/{file.kind}/{file.attempt}"
    values: dict[str, Value] = {"reference": file.reference, "bank": scene.bank(payout.bank)}
    if file.kind == "inquiry":
        kind = "bank_asked" if file.file_name else "bank_awaited"
        values |= {"number": file.attempt}
        return line(kind, file.recorded_at, "crossclaim", source, **values)
    if file.kind in _QUESTIONS:
        values |= {"number": file.attempt}
        return line(_QUESTIONS[file.kind], file.recorded_at, "crossclaim", source, **values)
    values |= {"amount": fen(payout.amount_minor), "number": file.attempt}
    if file.released_at is None:
        kind = "order_written"
    else:
        kind = "order_sent" if file.attempt == 1 else "order_sent_again"
    return line(kind, file.recorded_at, "crossclaim", source, **values)


def _report(scene: Scene, report: ReportFact) -> StoryLine:
    values: dict[str, Value] = {
        "bank": scene.bank(report.bank),
        "reference": report.reference,
        "reason": reason(report.reason),
        "happened_at": report.happened_at,
    }
    kind = {"pending": "bank_accepted"}.get(report.state, f"bank_{report.state}")
    if kind == "bank_credited" and report.amount_minor is not None and report.currency:
        kind = "bank_credited_amount"
        values["amount"] = Money(
            amount_minor=report.amount_minor, currency=Currency(report.currency)
        )
    source = f"payout_report/{report.bank}/{report.message_id}/{report.entry}"
    return line(kind, report.recorded_at, report.bank, source, **values)
