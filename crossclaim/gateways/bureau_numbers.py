"""Numbers of the national interface's transactions: visits and stays have a set of their own."""

from __future__ import annotations

from typing import NamedTuple


class Numbers(NamedTuple):
    """``clearing``: the kind under which settlements are cleared and compared (``clr_type``)."""

    register: str
    upload: str
    withdraw: str
    pre_settle: str
    settle: str
    cancel: str
    clearing: str


VISITS = Numbers("2201", "2204", "2205", "2206", "2207", "2208", "11")
STAYS = Numbers("2401", "2301", "2302", "2303", "2304", "2305", "21")
DISCHARGE = "2402"
CANCEL_ADMISSION = "2404"
CANCEL_DISCHARGE = "2405"
WHOLE_STAY = "0000"
"""In place of a batch: every line of the stay that is not settled."""


def numbers_of(stay: bool) -> Numbers:
    return STAYS if stay else VISITS
