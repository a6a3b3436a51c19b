"""Finds episodes by what they are listed by, one page or all, as the visitor may see them."""

from __future__ import annotations

import re
from typing import Any

from crossclaim.console.services import EpisodeSearch, ListedEpisode, Sorting
from crossclaim.domain.search_text import SearchText, read_text
from crossclaim.security.keyring import Keyring
from crossclaim.security.roles import Principal, Role
from crossclaim.service.console_visitor import insurer_of
from crossclaim.service.platform_staff import PlatformStaff
from crossclaim.store.connection import Connection
from crossclaim.store.figure_reads import episodes_behind
from crossclaim.store.paper_tables import ebill_id
from crossclaim.store.person_index import person_key

_SHOWN = """
select e.id, e.hospital_id, e.visit_number, e.encounter_class, e.status, e.opened_at, e.closed_at,
  l.billed_minor, l.paid_minor, l.reasons as exceptions, l.stage, l.due_at, l.waits_since
from ({page}) l join episode e on e.id = l.episode_id order by {order}
"""
_PAGE = """
select l.episode_id, l.billed_minor, l.paid_minor, l.reasons, l.stage, l.due_at, l.waits_since
from episode_listing l where {where} order by {order} limit %(limit)s
"""
_NUMBERED = """
select id from episode where id = %(text)s or visit_number = %(text)s
union select episode_id from bill where number = %(text)s or id = %(text)s
union select episode_id from claim where reference = %(text)s or id = %(text)s or number = %(text)s
union select episode_id from payout_intent where reference = %(text)s
union select episode_id from guarantee where reference = %(text)s or number = %(text)s
"""
_EBILL_CLAIMED = "select episode_id from ebill_claimed where id = %(id)s"
_OF_A_PERSON = """
select episode_id from identity_index where (field, value) in
  (select f, v from unnest(%(fields)s::text[], %(values)s::bytea[]) as x(f, v))
"""
_A_PAGE_OF_A_NAME = """l.episode_id = any(array(select named_episodes(
  %(tokens)s::bytea[], %(backwards)s, %(named_after)s::text, %(most)s)))"""
_EBILL = re.compile(r"([0-9]{8})[\s|/-]?([0-9]{10})")
"""Code and number of an electronic bill, as they stand on it."""
_USUAL = frozenset({"credited", "accepted"})
"""States of a payout that most episodes have; the others have an index of their own."""

# Column, direction and type of what each order goes by; the id decides between equals.
_ORDERS: dict[Sorting, tuple[str, str, str]] = {
    Sorting.NEWEST: ("", "desc", ""),
    Sorting.OLDEST: ("", "asc", ""),
    Sorting.MOST: ("billed_minor", "desc", "bigint"),
    Sorting.LEAST: ("billed_minor", "asc", "bigint"),
    Sorting.DUE: ("due_at", "asc", "timestamptz"),
    Sorting.WAITS: ("waits_since", "asc", "timestamptz"),
}
_SIMPLE = {
    "states": "l.status = any(%(states)s)",
    "stages": "l.stage = any(%(stages)s)",
    # An insurer's rows are about itself alone.
    "insurers": "%(insurer)s = any(%(insurers)s)",
    "funders": "'insurer' = any(%(funders)s)",
    "payouts": "l.payouts && %(payouts)s::text[]",
    "reasons": """exists (select 1 from exception_listing x where x.episode_id = l.episode_id
        and x.resolved_at is null and x.code = any(%(reasons)s)
        and (%(insurer)s::text is null or x.party = %(insurer)s))""",
    "amount_from": "l.billed_minor >= %(amount_from)s",
    "amount_to": "l.billed_minor <= %(amount_to)s",
    "due_before": "l.due_at < %(due_before)s",
    "due_after": "l.due_at >= %(due_after)s",
}

# Whoever sees a whole episode may go by its coverages, which an index has in the list's order.
_OF_THE_WHOLE = {
    "insurers": """exists (select 1 from coverage c where c.episode_id = l.episode_id
        and c.organisation_id = any(%(insurers)s))""",
    "funders": """exists (select 1 from coverage c where c.episode_id = l.episode_id
        and c.funder = any(%(funders)s))""",
}

# Of one alone, the index on coverages stands in the list's order.
_OF_ONE_INSURER = _OF_THE_WHOLE["insurers"].replace(
    "any(%(insurers)s)", "(%(insurers)s::text[])[1]"
)


class EpisodeFinder:
    """The list of episodes over ``episode_listing``."""

    def __init__(self, staff: PlatformStaff, keyring: Keyring) -> None:
        self._staff = staff
        self._keyring = keyring

    def page(self, principal: Principal, search: EpisodeSearch, limit: int) -> list[ListedEpisode]:
        column, direction, _ = _ORDERS[search.sort]
        order = f"{{0}}.{{1}} {direction}"
        inner = f"l.{column} {direction}, l.episode_id {direction}"
        outer = f"l.{column} {direction}, e.id {direction}"
        if not column:
            inner, outer = order.format("l", "episode_id"), order.format("e", "id")
        with self._staff.database(principal).begin(principal.organisation) as connection:
            where, given = self._where(connection, principal, search, limit)
            query = _SHOWN.format(page=_PAGE.format(where=where, order=inner), order=outer)
            rows = connection.execute(query, {**given, "limit": limit})
            return [ListedEpisode.model_validate(row) for row in rows.mappings()]

    def count(self, principal: Principal, search: EpisodeSearch) -> int:
        search = search.model_copy(update={"after": None, "after_value": None})
        with self._staff.database(principal).begin(principal.organisation) as connection:
            where, given = self._where(connection, principal, search)
            query = f"select count(*)::integer from episode_listing l where {where}"
            return int(connection.execute(query, given).scalar_one())

    def _where(
        self,
        connection: Connection,
        principal: Principal,
        search: EpisodeSearch,
        limit: int | None = None,
    ) -> tuple[str, dict[str, Any]]:
        insurer = insurer_of(principal)
        given: dict[str, Any] = {"insurer": insurer}
        found = self._whose(principal, search, given)
        conditions = _SIMPLE if insurer else {**_SIMPLE, **_OF_THE_WHOLE}
        for name, condition in conditions.items():
            value = getattr(search, name)
            if value not in (None, []):
                one = name == "insurers" and insurer is None and len(value) == 1
                found.append(_OF_ONE_INSURER if one else condition)
                given[name] = value
        found += _few(search)
        if search.figure:
            behind = episodes_behind(search.figure.indicator, search.figure.good)
            # The month is read first, whatever the planner thinks, then the list by its index.
            found.append(f"l.episode_id = any(array({behind}))")
            given["month"] = search.figure.month
            given["whose"] = [insurer] if insurer else search.insurers
        if search.text.strip():
            given["most"] = limit if _by_text_alone(search) else None
            found.append(self._meant(connection, principal, search, given))
        found += _after(search, given)
        return " and ".join(found), given

    def _whose(
        self, principal: Principal, search: EpisodeSearch, given: dict[str, Any]
    ) -> list[str]:
        """Whose rows are read, and of which hospitals, each way with an index of its own."""
        hospitals = _hospitals(search)
        whole = self._staff.looks_after_all(principal)
        found = ["l.whole"] if whole else ["l.organisation_id = %(own)s"]
        given["own"] = principal.organisation
        if hospitals is None:
            return found
        given["hospitals"] = hospitals
        if not whole:
            # One's own hospital has the whole rows; the others' have an index of their own.
            others = "l.organisation_id <> l.hospital_id"
            theirs = [] if principal.organisation in hospitals else [others]
            return [*found, *theirs, "l.hospital_id = any(%(hospitals)s)"]
        if len(hospitals) == 1:
            given["one"] = hospitals[0]
            return [*found, "l.hospital_id = %(one)s"]
        return [*found, "l.hospital_id = any(%(hospitals)s)"]

    def _meant(
        self,
        connection: Connection,
        principal: Principal,
        search: EpisodeSearch,
        given: dict[str, Any],
    ) -> str:
        """The condition that the text stands for; the text itself goes nowhere in clear.

        A number or document that is found counts alone; else it is a name, each word of which has
        to fit. An operator sees that an episode waits, and does not learn which are a person's.
        """
        meant = read_text(search.text)
        found = set(connection.execute(_NUMBERED, {"text": meant.number}).scalars())
        if principal.role is not Role.OPERATOR:
            found |= self._of_documents(connection, meant)
            tokens = self._keyring.search_tokens(meant.name) if meant.name else []
            if tokens and not found:
                return self._named(tokens, search, given)
        if (ebill := _EBILL.fullmatch(meant.number)) and self._staff.looks_after_all(principal):
            key = ebill_id(self._keyring, (ebill[1], ebill[2]))
            found |= set(connection.execute(_EBILL_CLAIMED, {"id": key}).scalars())
        given["found"] = sorted(found)
        return "l.episode_id = any(%(found)s)"

    def _of_documents(self, connection: Connection, meant: SearchText) -> set[str]:
        if not meant.documents:
            return set()
        index = self._keyring.blind_index
        given = {
            "fields": [document.value for document in meant.documents],
            "values": [index(person_key(d, meant.number), d.value) for d in meant.documents],
        }
        return set(connection.execute(_OF_A_PERSON, given).scalars())

    def _named(self, tokens: list[bytes], search: EpisodeSearch, given: dict[str, Any]) -> str:
        """A page of a name alone is found by its words; beside a filter each word is a condition
        that is looked up as the list goes on."""
        if given["most"] is not None:
            given |= {"tokens": tokens, "backwards": search.sort is Sorting.NEWEST}
            given["named_after"] = search.after
            return _A_PAGE_OF_A_NAME
        parts = []
        for number, token in enumerate(tokens):
            given[f"token{number}"] = token
            parts.append(
                "exists (select 1 from name_token t where t.episode_id = l.episode_id"
                f" and t.token = %(token{number})s)"
            )
        return " and ".join(parts)


def _by_text_alone(search: EpisodeSearch) -> bool:
    """In the order of the episodes' ids, and narrowed by nothing else."""
    place = {"text": "", "sort": Sorting.NEWEST, "after": None, "after_value": None, "limit": 50}
    plain = search.model_copy(update=place) == EpisodeSearch()
    return plain and search.sort in (Sorting.NEWEST, Sorting.OLDEST)


def _few(search: EpisodeSearch) -> list[str]:
    """What most episodes are not has indexes of its own, which these words open."""
    found = []
    if search.payouts and not _USUAL & set(search.payouts):
        found.append("l.odd_payout")
    if search.states and "closed" not in search.states:
        found.append("l.status <> 'closed'")
    if search.stages and "over" not in search.stages:
        found.append("l.stage <> 'over'")
    return found


def _hospitals(search: EpisodeSearch) -> list[str] | None:
    if search.in_cities is None:
        return search.hospitals or None
    if not search.hospitals:
        return search.in_cities
    return [one for one in search.hospitals if one in search.in_cities]


def _after(search: EpisodeSearch, given: dict[str, Any]) -> list[str]:
    """Where the page before ended, and that what a list goes by is there."""
    column, direction, kind = _ORDERS[search.sort]
    there = [f"l.{column} is not null"] if kind == "timestamptz" else []
    if search.after is None:
        return there
    sign = "<" if direction == "desc" else ">"
    given["after"] = search.after
    if not column:
        return [*there, f"l.episode_id {sign} %(after)s"]
    if search.after_value is None:
        return there
    given["value"] = search.after_value
    pair = f"(l.{column}, l.episode_id) {sign} (%(value)s::{kind}, %(after)s)"
    return [*there, pair]
