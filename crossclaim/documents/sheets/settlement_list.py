"""What every funder settled with one hospital on one day, a line each."""

from __future__ import annotations

from datetime import date, datetime, time

from crossclaim.documents.sheets.sheet import Grid, Notes, Sheet, Triple, place_of
from crossclaim.domain.issued_paper import PaperKind
from crossclaim.domain.money import Currency, Money
from crossclaim.domain.settlement import LineKind, Settlement
from crossclaim.domain.settlement_sentences import words_of
from crossclaim.domain.stay import REGION_ZONE

_WORDS: dict[str, Triple] = {
    "title": ("Settlement List", "結算清單", "结算清单"),
    "advices": ("Remittance advices", "匯款通知書", "汇款通知书"),
    "lines": ("Lines", "筆數", "笔数"),
    "nothing": ("Nothing was settled on this day.", "當日沒有結算。", "当日没有结算。"),
    "counted": (
        "Sums of the ledger as it stands; what is told of this day later makes a new list.",
        "按帳簿現有記錄計算;其後就當日入帳的項目會另出新清單。",
        "按账簿现有记录计算;其后就当日入账的项目会另出新清单。",
    ),
}


def settlement_list(
    hospital: str,
    hospital_name: str,
    day: date,
    told: list[tuple[str, str, Settlement]],
    language: str,
) -> Sheet:
    """``told``: the funder's name, the number of its advice, and the settlement."""
    place, words = place_of(language), words_of(language)
    own = {name: texts[place] for name, texts in _WORDS.items()}
    columns = [words["funder"], words["number"], own["lines"], words["currency"]]
    moved = ("payments", "claw_backs", "returns", "given_back", "payable", "carried_out")
    columns += [words[name] for name in moved]
    rows = [[name, number, *_figures(one)] for name, number, one in told]
    shares = [18, 24, 6, 8, 12, 12, 12, 12, 12, 12]
    grid = Grid(columns, shares, rows, own["advices"], (2, 4, 5, 6, 7, 8, 9))
    body: list[Grid | Notes] = [grid] if rows else [Notes("", [own["nothing"]])]
    currencies = sorted({one.currency for _, _, one in told})
    return Sheet(
        kind=PaperKind.SETTLEMENT_LIST,
        subject=f"{hospital}|{day.isoformat()}",
        title=own["title"],
        number=f"SL-{hospital}-{day:%Y%m%d}",
        issuer=hospital,
        dated=datetime.combine(day, time(23, 59, 59), REGION_ZONE),
        head=[(words["hospital"], hospital_name), (words["day"], day.isoformat())],
        body=[*body, Notes("", [own["counted"]])],
        totals=[
            (f"{words['payable']} ({code})", _text(_payable(told, code), code))
            for code in currencies
        ],
        wide=True,
    )


def _figures(one: Settlement) -> list[str]:
    minors = [one.total(kind) for kind in LineKind]
    minors += [one.payable_minor, one.carried_out_minor]
    told = [_text(minor, one.currency) for minor in minors]
    return [str(len(one.lines)), one.currency, *told]


def _payable(told: list[tuple[str, str, Settlement]], currency: str) -> int:
    return sum(one.payable_minor for _, _, one in told if one.currency == currency)


def _text(minor: int, currency: str) -> str:
    return Money(amount_minor=minor, currency=Currency(currency)).decimal_text()
