"""An account as people read it: where it stands, what happened, its money. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crossclaim.domain.credit_position import available, draws, owed
from crossclaim.domain.credit_rows import CreditEventRow, CreditRows
from crossclaim.domain.credit_sentences import (
    EVENT_TEXTS,
    EXCEPTION_TEXTS,
    WAITING_TEXTS,
    credit_sentence,
    spoken,
)
from crossclaim.domain.credit_standing import CreditStanding
from crossclaim.domain.money import fen
from crossclaim.domain.stay import local_day

_LABELS = {
    "title": ("Statement of the pay-after-care account", "惠民就醫對賬單", "惠民就医对账单"),
    "limit": ("Limit", "額度", "额度"),
    "available": ("Available", "可用額度", "可用额度"),
    "owed": ("Owed", "未還金額", "未还金额"),
    "charge": ("Paid to the hospital", "支付醫院", "支付医院"),
    "part": ("Part due", "到期款項", "到期款项"),
    "repaid": ("Repaid", "還款", "还款"),
    "refunded": ("Taken back", "撤回", "撤回"),
}


def _money(amount_minor: int) -> dict[str, str]:
    money: dict[str, str] = fen(amount_minor).model_dump()
    return money


def account_body(rows: CreditRows, standing: CreditStanding) -> dict[str, Any]:
    """The account as the API tells it; no name, paper, card or code is in it."""
    account = rows.account
    return {
        "account_id": account.id,
        "status": account.state,
        "plan": account.plan,
        "insured_status": account.insured_status,
        "code": account.code,
        "card_tail": account.card_tail or None,
        "credit": {
            "status": account.credit_state,
            "limit": _money(account.limit_minor),
            "available": _money(available(rows)),
            "owed": _money(owed(rows)),
        },
        "orders": [
            {
                "reference": order.reference,
                "kind": order.kind,
                "status": order.state,
                "code": order.code,
            }
            for order in rows.orders
        ],
        "draws": [
            {
                "draw": draw.charge_reference,
                "drawn": _money(draw.drawn_minor),
                "repaid": _money(draw.repaid_minor),
                "owed": _money(draw.left_minor),
                "instalments": [
                    {
                        "due_on": part.due_on.isoformat(),
                        "amount": _money(part.amount_minor),
                        "owed": _money(part.left_minor),
                    }
                    for part in draw.instalments
                ],
            }
            for draw in draws(rows)
        ],
        "exceptions": [
            {"code": one.code, "reference": one.reference, "details": one.details}
            for one in rows.exceptions
            if one.resolved_at is None
        ],
        "waiting_for": standing.waiting_for,
        "look_again_at": (
            standing.look_again_at.isoformat() if standing.look_again_at is not None else None
        ),
    }


def event_words(event: CreditEventRow) -> dict[str, str]:
    words = dict(event.details)
    if event.amount_minor is not None:
        words.setdefault("amount", str(fen(event.amount_minor)))
    return words


def story_lines(rows: CreditRows, language: str) -> Iterator[dict[str, str]]:
    """What happened, oldest first, one sentence each."""
    for event in rows.events:
        sentence = credit_sentence(EVENT_TEXTS, event.code, event_words(event))
        yield {
            "at": event.occurred_at.isoformat(),
            "code": event.code,
            "text": spoken(sentence, language),
        }


def open_exceptions(rows: CreditRows, language: str) -> Iterator[dict[str, str]]:
    for one in rows.exceptions:
        if one.resolved_at is None:
            sentence = credit_sentence(EXCEPTION_TEXTS, one.code, {})
            yield {"code": one.code, "text": spoken(sentence, language)}


def waiting_line(standing: CreditStanding, language: str) -> str:
    if standing.waiting_for not in WAITING_TEXTS:
        return ""
    return spoken(credit_sentence(WAITING_TEXTS, standing.waiting_for, {}), language)


def statement_body(rows: CreditRows, standing: CreditStanding, language: str) -> dict[str, Any]:
    """Every charge, part, repayment and refund, with the words of the reader's language."""
    place = {"en": 0, "zh-Hant": 1, "zh-Hans": 2}[language]
    label = {name: texts[place] for name, texts in _LABELS.items()}
    return {
        "account_id": rows.account.id,
        "language": language,
        "title": label["title"],
        "totals": [
            {"label": label["limit"], "amount": _money(rows.account.limit_minor)},
            {"label": label["owed"], "amount": _money(owed(rows))},
            {"label": label["available"], "amount": _money(available(rows))},
        ],
        "lines": sorted(_lines(rows, label), key=lambda line: line["on"]),
        "story": list(story_lines(rows, language)),
        "exceptions": list(open_exceptions(rows, language)),
        "waiting": waiting_line(standing, language),
    }


def _lines(rows: CreditRows, label: dict[str, str]) -> Iterator[dict[str, Any]]:
    for charge in rows.charges:
        yield _line("charge", label, charge.charged_on.isoformat(), charge.total_minor) | {
            "draw": charge.reference,
            "credit": _money(charge.credit_minor),
        }
        if charge.refunded_minor is not None:
            told = next(
                e for e in rows.events if e.code == "REFUNDED" and e.reference == charge.reference
            )
            day = local_day(told.occurred_at).isoformat()
            yield _line("refunded", label, day, charge.total_minor) | {"draw": charge.reference}
    for draw in draws(rows):
        for part in draw.instalments:
            yield _line("part", label, part.due_on.isoformat(), part.amount_minor) | {
                "draw": draw.charge_reference,
                "owed": _money(part.left_minor),
            }
    for repaid in rows.repaid:
        day = local_day(repaid.occurred_at).isoformat()
        yield _line("repaid", label, day, repaid.amount_minor) | {"draw": repaid.charge_reference}


def _line(kind: str, label: dict[str, str], on: str, amount_minor: int) -> dict[str, Any]:
    return {"kind": kind, "label": label[kind], "on": on, "amount": _money(amount_minor)}
