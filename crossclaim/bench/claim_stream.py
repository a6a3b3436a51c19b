"""Invented claims with papers: honest ones, and one in twenty in which something is not as it is.

What is clean and what is dirty is said here in terms of what people do, and nowhere in terms of the
rules that will judge it; docs/performance.md publishes both lists.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from random import Random
from typing import Any

Body = dict[str, Any]

FIRST_DAY, DAYS = date(2026, 3, 10), 100
INSURER, POLICY, PLAN = "victoria-health", "VH-2026-000001", "outpatient-visits-hk"
OTHER_INSURER, OTHER_POLICY, OTHER_PLAN = "tolo-mutual", "TM-2025-E12C", "gba-network-hk"
APART = 20
"""Claims between an honest one and the dirty one that repeats it."""
_DEPARTMENTS = {
    "hku-szh": ("internal-medicine", "orthopaedics", "gynaecology", "ophthalmology"),
    "jiangmen-central": ("internal-medicine", "dermatology", "ent", "orthopaedics"),
    "dongguan-tcm": ("internal-medicine", "chinese-medicine"),
}
_DIAGNOSES = ("M54.5", "J06.9", "I10", "E11.9", "K29.7", "L20.9", "H10.1", "N39.0", "M17.1")
_CALL = (("specialist", 20_000, 90_000), ("consultation", 5_000, 40_000))
_BESIDE = (
    ("examination", 8_000, 60_000),
    ("laboratory", 4_000, 50_000),
    ("imaging", 15_000, 90_000),
    ("treatment", 6_000, 60_000),
    ("drug", 2_000, 40_000),
)
_SURNAMES = ("CHAN", "LEE", "WONG", "LAU", "CHEUNG", "NG", "LAM", "HO", "LEUNG", "TSANG")


class Dirt(StrEnum):
    """What is not as it is in a dirty claim."""

    PAPERS_AGAIN = "papers_again"
    """All papers of an honest claim, under another claim number."""
    PAPER_AGAIN = "paper_again"
    """One paper of an honest claim among new ones."""
    EBILL_AGAIN = "ebill_again"
    """A new paper that carries the electronic bill of an honest claim."""
    OTHER_INSURER = "other_insurer"
    """The papers of an honest claim, sent to a second insurer that is not told of the first."""
    STAYS_OVERLAP = "stays_overlap"
    """Two stays in two hospitals on the same days."""
    UNITS = "units"
    """Dozens of consultations on one day."""
    PAIR = "pair"
    """A scan without and one with and without contrast, of the same day."""
    LEVEL = "level"
    """A complex operation for a disorder of a nail."""
    GOODS = "goods"
    """A frame of glasses as a treatment."""
    SUM = "sum"
    """A total above the sum of its lines."""
    NOT_INSURED = "not_insured"
    """A visit from before the cover began."""


@dataclass(frozen=True)
class Drawn:
    """One claim of the stream. ``dirt``: None in a clean one."""

    insurer: str
    body: Body
    dirt: Dirt | None = None


def stream(seed: int, count: int, dirty_share: float = 0.05) -> list[Drawn]:
    """So many claims in the order in which they are sent.

    A dirty one repeats none of those just before it: which of two at once is first nobody can say.

    The same seed gives the same claims. Every kind of dirt has its turn, again and again.
    """
    random = Random(seed)
    kinds = list(Dirt)
    claims: list[Drawn] = []
    dirty = 0
    for number in range(count):
        honest = [one for one in claims[:-APART] if one.dirt is None]
        if honest and dirty < int(dirty_share * (number + 1)):
            kind = kinds[dirty % len(kinds)]
            claims.append(_dirty(random, seed, number, kind, random.choice(honest).body))
            dirty += 1
        else:
            claims.append(Drawn(INSURER, clean_claim(random, seed, number)))
    return claims


def clean_claim(random: Random, seed: int, number: int) -> Body:
    """One to three visits of one member to one hospital, each paid and proved by its own papers."""
    hospital = random.choice(sorted(_DEPARTMENTS))
    days = sorted(random.sample(range(DAYS), random.randint(1, 3)))
    department = random.choice(_DEPARTMENTS[hospital])
    papers = [
        _paper(seed, number, at, department, FIRST_DAY + timedelta(days=day), _visit(random))
        for at, day in enumerate(days, 1)
    ]
    return _claim(seed, number, hospital, random, papers)


def _visit(random: Random) -> list[tuple[str, int, int]]:
    """(category, fen a unit, units): who was seen, and what was done and prescribed besides."""
    name, low, high = random.choice(_CALL)
    lines = [(name, random.randint(low, high), 1)]
    for other, least, most in random.sample(_BESIDE, random.randint(0, 3)):
        units = random.randint(1, 3) if other == "drug" else 1
        lines.append((other, random.randint(least, most), units))
    return lines


def _claim(seed: int, number: int, hospital: str, random: Random, papers: list[Body]) -> Body:
    name = f"{random.choice(_SURNAMES)} {_letters(number)}"
    return {
        "number": f"BC-{seed}-{number}",
        "policy_number": f"{POLICY}-{seed}{number:06d}",
        "plan": PLAN,
        "hospital": hospital,
        "patient": {
            "name": {"en": name},
            "birth_date": date(1945 + random.randrange(55), 5, 1).isoformat(),
            "documents": [{"type": "hkid", "number": hkid(number)}],
        },
        "diagnoses": [{"system": "icd-10", "code": random.choice(_DIAGNOSES)}],
        "papers": papers,
        "account": {
            "holder": name,
            "number": "6200000000000047",
            "bank_name": "Example City Bank, Shenzhen",
            "bank_code": "313000000016",
        },
        "requested_at": "2026-07-01T09:00:00+08:00",
        "consents": [],
    }


def _paper(
    seed: int,
    number: int,
    at: int,
    department: str,
    day: date,
    lines: list[tuple[str, int, int]],
    *,
    encounter: str = "outpatient",
    until: date | None = None,
) -> Body:
    sums = [price * units for _, price, units in lines]
    total = _cny(sum(sums))
    issued = (until or day).isoformat()
    return {
        "number": f"P{number}-{at}",
        "encounter_class": encounter,
        "department": department,
        "issued_at": f"{issued}T11:00:00+08:00",
        "lines": [
            {
                "number": line,
                "category": name,
                "code": f"BENCH-{name.upper()}",
                "description": "as billed",
                "service_date": day.isoformat(),
                "quantity": units,
                "unit_price": _cny(price),
                "amount": _cny(price * units),
            }
            for line, (name, price, units) in enumerate(lines, 1)
        ],
        "total": total,
        "paid": [{"method": "wechat", "amount": total, "reference": f"WX-{number}-{at}"}],
        "ebill": {
            "code": "44060126",
            "number": f"{seed % 100:02d}{number:06d}{at:02d}",
            "check": "a1b2c3",
            "issued_on": issued,
            "pooled_fund": _cny(0),
            "other": _cny(0),
            "personal_account": _cny(0),
            "cash": total,
        },
    }


def _dirty(random: Random, seed: int, number: int, kind: Dirt, honest: Body) -> Drawn:
    own = clean_claim(random, seed, number)
    insurer = OTHER_INSURER if kind is Dirt.OTHER_INSURER else INSURER
    return Drawn(insurer, _SOILED[kind](own, honest), kind)


def _papers_again(own: Body, honest: Body) -> Body:
    return {**honest, "number": own["number"]}


def _paper_again(own: Body, honest: Body) -> Body:
    papers = [*own["papers"], {**honest["papers"][0], "number": "P-OLD"}]
    return {**honest, "number": own["number"], "papers": papers}


def _ebill_again(own: Body, honest: Body) -> Body:
    first, *others = own["papers"]
    used = {**first["ebill"], **{k: honest["papers"][0]["ebill"][k] for k in ("code", "number")}}
    return {**own, "papers": [{**first, "ebill": used}, *others]}


def _other_insurer(own: Body, honest: Body) -> Body:
    papers = [{k: v for k, v in one.items() if k != "ebill"} for one in honest["papers"]]
    policy = own["policy_number"].replace(POLICY, OTHER_POLICY)
    return {
        **honest,
        "number": own["number"],
        "policy_number": policy,
        "plan": OTHER_PLAN,
        "papers": papers,
    }


def _stays_overlap(own: Body, _honest: Body) -> Body:
    """Two stays of one person in one claim; a claim names one hospital, so the second stay shows
    by its days alone."""
    day = date.fromisoformat(own["papers"][0]["lines"][0]["service_date"])
    department = own["papers"][0]["department"]
    seed, number = own["number"].split("-")[1:]
    nights = [("room", 40_000, 3), ("attending_doctor", 30_000, 3)]
    later = day + timedelta(days=1)
    papers = [
        _paper(
            int(seed), int(number), at, department, first, nights,
            encounter="inpatient", until=first + timedelta(days=3),
        )
        for at, first in ((1, day), (2, later))
    ]  # fmt: skip
    return {**own, "papers": papers}


def _changed(own: Body, **line: object) -> Body:
    """The claim with another first line."""
    first, *others = own["papers"]
    head, *rest = first["lines"]
    lines = [{**head, **line}, *rest]
    return {**own, "papers": [_summed({**first, "lines": lines}), *others]}


def _summed(paper: Body) -> Body:
    total = _cny(sum(_fen(line["amount"]) for line in paper["lines"]))
    paid = [{**paper["paid"][0], "amount": total}]
    return {**paper, "total": total, "paid": paid, "ebill": {**paper["ebill"], "cash": total}}


def _units(own: Body, _honest: Body) -> Body:
    unit = own["papers"][0]["lines"][0]["unit_price"]
    return _changed(own, quantity=36, amount=_cny(36 * _fen(unit)))


def _pair(own: Body, _honest: Body) -> Body:
    first, *others = own["papers"]
    day, count = first["lines"][0]["service_date"], len(first["lines"])
    scans = [
        {
            "number": count + at,
            "category": "imaging",
            "code": code,
            "description": "as billed",
            "service_date": day,
            "quantity": 1,
            "unit_price": _cny(62_000),
            "amount": _cny(62_000),
        }
        for at, code in enumerate(("mri-plain", "mri-contrast"), 1)
    ]
    paper = _summed({**first, "lines": [*first["lines"], *scans]})
    return {**own, "papers": [paper, *others]}


def _level(own: Body, _honest: Body) -> Body:
    claim = _changed(own, category="surgeon", surgery_class="complex")
    return {**claim, "diagnoses": [{"system": "icd-10", "code": "L60.0"}]}


def _goods(own: Body, _honest: Body) -> Body:
    return _changed(own, category="treatment", code="glasses-frame")


def _sum(own: Body, _honest: Body) -> Body:
    first, *others = own["papers"]
    more = _cny(_fen(first["total"]) + 10_000)
    return {**own, "papers": [{**first, "total": more}, *others]}


def _not_insured(own: Body, _honest: Body) -> Body:
    first, *others = own["papers"]
    lines = [{**line, "service_date": "2024-12-30"} for line in first["lines"]]
    return {**own, "papers": [{**first, "lines": lines}, *others]}


_SOILED: dict[Dirt, Callable[[Body, Body], Body]] = {
    Dirt.PAPERS_AGAIN: _papers_again,
    Dirt.PAPER_AGAIN: _paper_again,
    Dirt.EBILL_AGAIN: _ebill_again,
    Dirt.OTHER_INSURER: _other_insurer,
    Dirt.STAYS_OVERLAP: _stays_overlap,
    Dirt.UNITS: _units,
    Dirt.PAIR: _pair,
    Dirt.LEVEL: _level,
    Dirt.GOODS: _goods,
    Dirt.SUM: _sum,
    Dirt.NOT_INSURED: _not_insured,
}


def hkid(number: int) -> str:
    """A valid Hong Kong identity card number of two letters, another for every number."""
    letters, digits = divmod(number, 10**6)
    head = f"{chr(ord('A') + letters // 26 % 26)}{chr(ord('A') + letters % 26)}"
    text = f"{digits:06d}"
    values = [ord(one) - ord("A") + 10 for one in head] + [int(one) for one in text]
    weighted = sum(v * w for v, w in zip(values, range(9, 1, -1), strict=True))
    return f"{head}{text}({'0123456789A'[(11 - weighted % 11) % 11]})"


def _letters(number: int) -> str:
    """A given name that no two numbers share."""
    text = ""
    for _ in range(5):
        number, place = divmod(number, 26)
        text = chr(ord("A") + place) + text
    return text.title()


def _cny(fen: int) -> Body:
    return {"amount": f"{fen // 100}.{fen % 100:02d}", "currency": "CNY"}


def _fen(amount: Body) -> int:
    return int(amount["amount"].replace(".", ""))
