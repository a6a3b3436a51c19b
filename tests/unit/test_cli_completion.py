"""The shell completes commands, their sub-commands and options."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from crossclaim.cli.application import app


def completed(words: str) -> list[str]:
    """What bash would offer for the last of these words."""
    asked = {
        "_CROSSCLAIM_COMPLETE": "complete_bash",
        "COMP_WORDS": f"crossclaim {words}",
        "COMP_CWORD": str(len(words.split(" "))),
    }
    told = CliRunner().invoke(app, [], env=asked, prog_name="crossclaim")
    assert told.exit_code == 0, told.output
    return told.output.split()


@pytest.mark.parametrize(
    ("words", "offered"),
    [("epi", "episode"), ("episode sh", "show"), ("episode show --js", "--json")],
)
def test_a_word_that_was_begun_is_completed(words: str, offered: str) -> None:
    assert offered in completed(words)


def test_help_says_how_a_shell_is_taught() -> None:
    told = CliRunner().invoke(app, ["--help"], prog_name="crossclaim").output
    assert "--install-completion" in told and "--show-completion" in told
