"""Nothing that somebody else chose becomes a part of a statement's text."""

from __future__ import annotations

import pytest

from crossclaim.store.column_names import assigned, bound, checked, listed

STRANGE = (
    "state = 'paid' --",
    "a, b",
    "a;drop table claim",
    'a"',
    "A",
    "",
    "1a",
    "a)s",
    "ａ",
    "a\n",
    "a" * 64,
)


@pytest.mark.parametrize("name", STRANGE)
def test_what_is_no_plain_name_stops_before_any_statement(name: str) -> None:
    for made in (
        lambda: checked(name),
        lambda: listed(["a", name]),
        lambda: bound([name]),
        lambda: assigned([name]),
    ):
        with pytest.raises(ValueError, match="no name of a table or column"):
            made()


def test_names_are_put_together_as_statements_want_them() -> None:
    assert listed(["a", "b_2"]) == "a, b_2"
    assert bound(["a", "b_2"]) == "%(a)s, %(b_2)s"
    assert assigned(["a", "b_2"]) == "a = %(a)s, b_2 = %(b_2)s"
