"""The exchange's catalogue of errors is whole, in three languages, and as it is documented."""

from __future__ import annotations

import re

import pytest

from crossclaim.domain import hcx
from crossclaim.domain.hcx_errors import CATALOGUE, HcxCode, HcxError, sentence
from tests.architecture.house import REPOSITORY

PAGE = (REPOSITORY / "docs" / "wire" / "hcx.md").read_text("utf-8")


def test_the_page_repeats_the_whole_catalogue() -> None:
    rows = dict(re.findall(r"^\| `(ERR_[A-Z_]+)` \| (\d+) \|", PAGE, re.MULTILINE))
    assert rows == {code.value: str(status) for code, (status, _) in CATALOGUE.items()}
    for code, (_, (english, _, _)) in CATALOGUE.items():
        assert f"| {english} |" in PAGE, code


@pytest.mark.parametrize("code", list(HcxCode))
def test_every_code_says_something_else_in_each_language(code: HcxCode) -> None:
    said = sentence(code)
    assert len({said.en, said.zh_hant, said.zh_hans}) == 3
    assert said.en.endswith(".") and said.zh_hant.endswith("。") and said.zh_hans.endswith("。")
    assert HcxError(code).status == CATALOGUE[code][0]


def test_every_request_has_its_callback_on_the_page() -> None:
    for callback, action in hcx.CALLBACKS.items():
        assert f"| `{action}` | `{callback}` |" in PAGE


def test_only_requests_that_are_no_inquiry_open_a_cycle() -> None:
    opening = [name for name in (*hcx.REQUESTS, *hcx.CALLBACKS) if hcx.opens_cycle(name)]
    assert set(opening) == set(hcx.REQUESTS) - {hcx.STATUS_CHECK}
