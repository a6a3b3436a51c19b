"""Everything that is held about a person, found by the blind index of his document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from crossclaim.domain.credit_submission import CreditSignUpSubmission
from crossclaim.domain.mentions import spouse_scope
from crossclaim.domain.retention import SPOUSE, WITH_THE_RECORD, Held
from crossclaim.domain.voucher_submission import SpouseSubmission
from crossclaim.security.errors import KeyDestroyed
from crossclaim.security.keyring import Keyring
from crossclaim.store.connection import Connection
from crossclaim.store.person_index import document_index

_DAY = "(cast({} as timestamptz) at time zone 'Asia/Shanghai')::date"
_EPISODES = f"""
select e.id as scope, 'episode' as kind, e.encounter_class,
       {_DAY.format("e.closed_at")} as ended_on,
       array(select distinct coalesce(o.region, 'HK') from episode_party p join organisation o
             on o.id = p.organisation_id where p.episode_id = e.id and p.role = 'insurer'
             order by 1) as insurer_regions,
       exists (select 1 from document_hold h where h.episode_id = e.id
               and h.released_at is null) as on_hold
from episode e where {{chosen}}
"""
_BINDINGS = (
    "select id as scope, 'family_binding' as kind, ended_on from family_binding where {chosen}"
)
_LINKS = f"""
select id as scope, 'family_code_link' as kind, {_DAY.format("ended_at")} as ended_on
from family_code_link where {{chosen}}
"""
_ACCOUNTS = f"""
select id as scope, 'credit_account' as kind, {_DAY.format("ended_at")} as ended_on
from credit_account where {{chosen}}
"""
_OF_PERSON = (
    (_EPISODES, "e.id in (select i.episode_id from identity_index i where i.value = any(%(who)s))"),
    (_BINDINGS, "authoriser_index = any(%(who)s) or user_index = any(%(who)s)"),
    (_LINKS, "shower_index = any(%(who)s) or relative_index = any(%(who)s)"),
    (_ACCOUNTS, "id = any(%(accounts)s)"),
)
_NOT_ERASED = "select scope from erased_scope where scope = any(%(scopes)s)"
_PAGE = 500


def scopes_of(connection: Connection, keyring: Keyring, who: Sequence[bytes]) -> list[Held]:
    """One for each data key under which something of the person stands, erased ones left out."""
    accounts = list(_accounts_of(connection, keyring, who))
    found: list[Held] = []
    for select, chosen in _OF_PERSON:
        values = {"who": list(who), "accounts": accounts}
        rows = connection.execute(select.format(chosen=chosen), values).mappings()
        found += [Held.model_validate(row) for row in rows]
    gone = set(connection.execute(_NOT_ERASED, {"scopes": [h.scope for h in found]}).scalars())
    return [held for held in found if held.scope not in gone]


def ended_episodes(connection: Connection, before: object) -> list[Held]:
    """Episodes that ended before a day and have their key still."""
    chosen = (
        "e.closed_at < %(before)s and exists (select 1 from data_key k where k.scope = e.id"
        " and k.wrapped is not null)"
    )
    rows = connection.execute(_EPISODES.format(chosen=chosen), {"before": before}).mappings()
    return [Held.model_validate(row) for row in rows]


def mentioned_in(
    connection: Connection, keyring: Keyring, who: Sequence[bytes]
) -> list[tuple[str, dict[str, Any]]]:
    """Episodes of others in which the person stands as the spouse, and what is said there."""
    found = []
    for scope, spouse in _opened(connection, keyring, "voucher_spouse", "episode_id", _spouse):
        if document_index(keyring, spouse.document) in who:
            found.append((scope, spouse.model_dump(mode="json")))
    return found


def mentions_of(connection: Connection, keyring: Keyring, who: Sequence[bytes]) -> list[Held]:
    """What is said of the person in other people's episodes, under keys of his own."""
    episodes = [episode_id for episode_id, _ in mentioned_in(connection, keyring, who)]
    rows = connection.execute(
        f"select v.episode_id as episode, v.sealed, {_DAY.format('e.closed_at')} as ended_on"
        " from voucher_spouse v join episode e on e.id = v.episode_id"
        " where v.episode_id = any(%(episodes)s) order by v.episode_id",
        {"episodes": episodes},
    ).all()
    found = []
    for row in rows:
        own = spouse_scope(row.episode)
        # Of before he had one: it stands under the record's, and goes with the record.
        kind = SPOUSE if keyring.is_sealed_for(own, bytes(row.sealed)) else WITH_THE_RECORD
        found.append(Held(scope=own, kind=kind, ended_on=row.ended_on))
    return found


def _accounts_of(connection: Connection, keyring: Keyring, who: Sequence[bytes]) -> Iterator[str]:
    """No index names an account's holder, so every one is opened: a request is rare."""
    for scope, told in _opened(connection, keyring, "credit_account", "id", _sign_up):
        if document_index(keyring, told.holder.document) in who:
            yield scope


def _spouse(keyring: Keyring, scope: str, sealed: bytes) -> SpouseSubmission:
    return SpouseSubmission.model_validate_json(keyring.decrypt(scope, sealed, "spouse"))


def _sign_up(keyring: Keyring, scope: str, sealed: bytes) -> CreditSignUpSubmission:
    plain = keyring.decrypt(scope, sealed, "credit-account")
    return CreditSignUpSubmission.model_validate_json(plain)


def _opened(
    connection: Connection,
    keyring: Keyring,
    table: str,
    column: str,
    read: Callable[[Keyring, str, bytes], Any],
) -> Iterator[tuple[str, Any]]:
    after = ""
    while True:
        rows = connection.execute(
            f"select {column} as scope, sealed from {table} where {column} > %(after)s"
            f" order by {column} limit {_PAGE}",
            {"after": after},
        ).all()
        for row in rows:
            try:
                yield row.scope, read(keyring, row.scope, bytes(row.sealed))
            except KeyDestroyed:
                continue
        if len(rows) < _PAGE:
            return
        after = rows[-1].scope
