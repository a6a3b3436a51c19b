"""Cutting one amount over many lines so that no minor unit is lost: the largest-remainder rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter

from crossclaim.domain.submission import ChargeLine

RULE = "largest_remainder"
"""Name of the rule in traces: ties go to the line with the lowest number."""


def in_number_order(lines: Iterable[ChargeLine]) -> list[ChargeLine]:
    """Lines as they are to be spread over, so that their order on the bill changes no figure."""
    return sorted(lines, key=attrgetter("number"))


def largest_remainder(amount: int, weights: Sequence[int]) -> list[int]:
    """``amount`` minor units cut in proportion to ``weights``; the parts add up exactly.

    Each part is the proportional one rounded down; the units left over go one each to the largest
    remainders, ties to the first. Raises ValueError when an amount has no weight to rest on.
    """
    whole = sum(weights)
    if amount < 0 or (weights and min(weights) < 0):
        raise ValueError("only amounts and weights that are not negative can be spread")
    if amount == 0:
        return [0] * len(weights)
    if whole == 0:
        raise ValueError("an amount cannot be spread over lines that weigh nothing")
    if amount == whole:
        return list(weights)
    parts = [amount * weight // whole for weight in weights]
    over = amount - sum(parts)
    if over:
        remainders = [amount * weight % whole for weight in weights]
        # A sort keeps the order of equals, also a reversed one, so that ties go to the first.
        largest = sorted(range(len(weights)), key=remainders.__getitem__, reverse=True)
        for i in largest[:over]:
            parts[i] += 1
    return parts


def fill(amount: int, weights: Sequence[int], rooms: Sequence[int]) -> list[int]:
    """Like ``largest_remainder``, but no part exceeds its room.

    What a full line cannot take goes to the other weighted lines, and only when all of these are
    full to the lines without weight. Raises ValueError when all rooms together are too small.
    """
    if amount > sum(rooms):
        raise ValueError("an amount cannot be spread over lines that have no room for it")
    parts = [0] * len(rooms)
    while (left := amount - sum(parts)) > 0:
        room = [whole - part for whole, part in zip(rooms, parts, strict=True)]
        open_weights = [w if r > 0 else 0 for w, r in zip(weights, room, strict=True)]
        if not any(open_weights):
            open_weights = room
        more = largest_remainder(left, open_weights)
        parts = [p + min(m, r) for p, m, r in zip(parts, more, room, strict=True)]
    return parts
