"""What must hold of an episode whatever happened to the machines: one of each, paid, balanced."""

from __future__ import annotations

from collections import Counter

from tests.faults.house import House
from tests.faults.story import INSURER_FEN, THERE, Stay, Visit


def ledger_is_level(house: House, episode_id: str) -> None:
    """Every account of a finished episode is zero, and so is the whole ledger per currency."""
    left = house.rows(
        "select p.account_id, p.currency, sum(p.amount_minor) as minor from posting p"
        " join entry e on e.id = p.entry_id where e.episode_id = %(id)s"
        " and p.account_id not like '%%voucher%%' group by 1, 2 having sum(p.amount_minor) <> 0",
        id=episode_id,
    )
    assert left == []
    total = house.rows("select currency from posting group by 1 having sum(amount_minor) <> 0")
    assert total == []
    entries = house.rows("select id from entry where episode_id = %(id)s", id=episode_id)
    assert entries, "an episode that moved money has entries"


def paid_once(house: House, episode_id: str, fen: int = INSURER_FEN) -> None:
    """The bank executed the episode's one payout once, to the hospital, over its whole amount."""
    intents = house.rows(
        "select reference, amount_minor, state from payout_intent where episode_id = %(id)s",
        id=episode_id,
    )
    assert [(i["amount_minor"], i["state"]) for i in intents] == [(fen, "credited")]
    executed = executions(house)[intents[0]["reference"]]
    assert executed == [f"{fen // 100}.{fen % 100:02d}"]


def executions(house: House, bank: str = "harbour-bank") -> dict[str, list[str]]:
    """Amounts that the bank moved, by reference."""
    found: dict[str, list[str]] = {}
    for entry in house.journal(bank, "executed"):
        found.setdefault(entry["reference"], []).append(entry["amount"])
    return found


def nobody_was_paid_twice(house: House) -> None:
    twice = {r: a for r, a in executions(house).items() if len(a) > 1}
    assert twice == {}


def one_of_each_at_the_insurer(house: House, stay: Stay) -> None:
    """One guarantee and one claim of this episode at an insurer that decides there."""
    references = {
        row["reference"]
        for table in ("guarantee", "claim")
        for row in house.rows(
            f"select reference from {table} where episode_id = %(id)s", id=stay.episode_id
        )
    }
    accepted = [e for e in house.journal(stay.insurer, "accepted") if e["reference"] in references]
    assert Counter(e["use"] for e in accepted) == {"preauthorization": 1, "claim": 1}


def stay_ended_well(house: House, stay: Stay) -> None:
    """Episode 1 as if nothing had happened: E5's split, one of everything, all accounts level."""
    view = stay.closed()
    assert [g["state"] for g in view["guarantees"]] == ["released"]
    (claim,) = view["claims"]
    assert claim["kind"] == "direct" and claim["state"] in ("approved", "partial")
    shares = house.rows(
        "select s.funder, sum(s.amount_minor)::bigint as fen from allocation_share s"
        " join bill b on b.id = s.bill_id where b.episode_id = %(id)s and b.state = 'current'"
        " and s.version = (select max(version) from allocation a where a.bill_id = s.bill_id)"
        " group by 1",
        id=stay.episode_id,
    )
    split = {s["funder"]: s["fen"] for s in shares if s["fen"]}
    assert split == {"insurer": INSURER_FEN, "patient": 2081017}
    paid_once(house, stay.episode_id)
    ledger_is_level(house, stay.episode_id)
    if stay.insurer == THERE[0]:
        one_of_each_at_the_insurer(house, stay)


def visit_ended_well(house: House, visit: Visit) -> None:
    """Episode 2: one claim on the voucher account, and the ledger level."""
    claims = house.rows(
        "select reference, state from claim where episode_id = %(id)s", id=visit.episode_id
    )
    assert [c["state"] for c in claims] == ["approved"]
    wanted = claims[0]["reference"]
    claimed = [e for e in house.journal("voucher", "claimed") if e["reference"] == wanted]
    assert len(claimed) == 1
    ledger_is_level(house, visit.episode_id)
