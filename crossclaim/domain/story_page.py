"""A story as lines of text for a screen: facts, then what it waits for, then the money."""

from __future__ import annotations

from collections.abc import Iterator

from crossclaim.domain.allocation import Sentence
from crossclaim.domain.story import Story
from crossclaim.domain.story_phrase import Triple, filled, local_time, sentence_of
from crossclaim.domain.story_waiting import Waiting

_NONE: Triple = ("Waits for nothing.", "無須等待。", "无须等待。")
_SINCE: Triple = ("Since {since}.", "自{since}起。", "自{since}起。")
_UNTIL: Triple = (
    "Since {since}; crossclaim looks again by itself at {until}.",
    "自{since}起;系統於{until}自行再次查看。",
    "自{since}起;系统于{until}自行再次查看。",
)
_FUNDER: Triple = (
    "Bill {bill} version {version}: {name} {amount}{own}",
    "帳單{bill}第{version}版:{name} {amount}{own}",
    "账单{bill}第{version}版:{name} {amount}{own}",
)
_FORECAST: Triple = (
    "Bill {bill} version {version}, forecast: {name} {amount}{own}",
    "帳單{bill}第{version}版(預計):{name} {amount}{own}",
    "账单{bill}第{version}版(预计):{name} {amount}{own}",
)
_BALANCE: Triple = (
    "Ledger {account}: {balance}",
    "帳目 {account}:{balance}",
    "账目 {account}:{balance}",
)


def page_of(story: Story) -> list[str]:
    """Every line of the page, in the reader's language and the region's time."""
    return [
        *(f"{local_time(told.at)}  {story.spoken(told.text)}" for told in story.lines),
        *(story.spoken(sentence) for sentence in _waiting(story.waiting)),
        *(story.spoken(sentence) for sentence in _money(story)),
    ]


def _waiting(waiting: Waiting | None) -> Iterator[Sentence]:
    if waiting is None:
        yield sentence_of(_NONE)
        return
    yield waiting.text
    if waiting.until is None:
        yield filled(_SINCE, since=waiting.since)
    else:
        yield filled(_UNTIL, since=waiting.since, until=waiting.until)


def _money(story: Story) -> Iterator[Sentence]:
    for funder in story.money.funders:
        yield filled(
            _FORECAST if funder.forecast else _FUNDER,
            bill=funder.bill,
            version=funder.version,
            name=funder.name,
            amount=funder.amount,
            own=f" ({funder.own})" if funder.own else "",
        )
    for kept in story.money.balances:
        if kept.balance.amount_minor:
            yield filled(_BALANCE, account=kept.account, balance=kept.balance)
