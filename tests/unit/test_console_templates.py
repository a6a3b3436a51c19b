"""Small promises of the console's templates and style that no page's own test makes."""

from __future__ import annotations

import re
from typing import Any

import pytest

from crossclaim.console.view import STATIC, _templates

_RULE = re.compile(r"^(\.[\w-]+) \{ display: grid;", re.MULTILINE)


class Plain:
    """Says words and organisations as they are called inside."""

    def __call__(self, word: str) -> str:
        return word

    def organisation(self, called: str) -> str:
        return called.title()


def test_no_two_pages_lay_out_the_same_class_otherwise() -> None:
    laid_out = _RULE.findall(STATIC.joinpath("console.css").read_text(encoding="utf-8"))
    twice = {one for one in laid_out if laid_out.count(one) > 1}
    # What an exception and a paper tell stands in the same two columns.
    assert ".beside" in laid_out and twice <= {".facts"}


@pytest.mark.parametrize(
    ("person", "names", "told"),
    [
        ("pn_01", {"pn_01": "Ng Ho-yin"}, "Platform · Ng Ho-yin"),
        ("pn_01", {"pn_01": "platform"}, "Platform"),
        ("pn_01", {}, "Platform"),
        ("key-of-a-hospital", {}, "Platform · key-of-a-hospital"),
    ],
)
def test_a_person_is_told_by_his_name_and_never_by_a_number_of_ours(
    person: str, names: dict[str, str], told: str
) -> None:
    parts: Any = _templates.get_template("parts.html").module
    assert str(parts.somebody(Plain(), "platform", person, names)).strip() == told


@pytest.mark.parametrize("settles", [True, False])
def test_finance_shows_no_tab_that_would_be_refused(settles: bool) -> None:
    shown = _templates.from_string(
        '{% from "finance_tabs.html" import finance_tabs with context %}{{ finance_tabs(say, "") }}'
    ).render(say=Plain(), settles=settles)
    assert ("/console/finance/settlements" in shown) is settles
    assert "/console/finance/payouts" in shown
