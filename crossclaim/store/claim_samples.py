"""What is told of automatic decisions that were drawn, and of all that the rules made alone."""

from __future__ import annotations

from typing import Any, NamedTuple

from crossclaim.domain.claim_sampling import Extrapolated, Reviewed, extrapolated
from crossclaim.domain.money import Currency
from crossclaim.store.connection import Connection

_DRAWN = """
select claim_id, episode_id, organisation_id, benefit_minor, currency, drawn_at, correct,
       right_minor, reviewed_at
from claim_sample
where cast(%(insurer)s as text) is null or organisation_id = %(insurer)s
order by drawn_at desc, claim_id
"""
# What was drawn is of all, whatever became of its claim since: no sample is more than the whole.
_ALL = """
select benefit_currency as currency, count(*) as decisions from claim c
where ((decided_by = 'rules' and decided_at is not null and benefit_currency is not null)
       or exists (select 1 from claim_sample s where s.claim_id = c.id))
  and (cast(%(insurer)s as text) is null or organisation_id = %(insurer)s)
group by benefit_currency order by benefit_currency
"""


class Samples(NamedTuple):
    drawn: list[dict[str, Any]]
    estimates: list[Extrapolated]


def read_samples(connection: Connection, insurer: str | None) -> Samples:
    """Of one insurer, or of all as far as the role may see them."""
    drawn = connection.execute(_DRAWN, {"insurer": insurer}).mappings()
    decided = connection.execute(_ALL, {"insurer": insurer}).mappings()
    found = []
    for row in decided:
        own = [one for one in drawn if one["currency"] == row["currency"]]
        reviews = [
            Reviewed(decided=one["benefit_minor"], right=one["right_minor"])
            for one in own
            if one["correct"] is not None
        ]
        currency = Currency(row["currency"])
        found.append(extrapolated(reviews, len(own), row["decisions"], currency))
    return Samples(drawn, found)
