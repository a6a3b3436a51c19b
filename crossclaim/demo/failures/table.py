"""The catalogue as the page ``docs/failures.md``, which a test holds equal to it."""

from __future__ import annotations

from collections.abc import Iterator

from crossclaim.demo.failures.catalogue import Catalogue, Failure
from crossclaim.domain.family_story_sentences import EXCEPTIONS as OF_BINDINGS
from crossclaim.domain.family_story_sentences import WAITS as WAITS_OF_BINDINGS
from crossclaim.domain.story_codes import EXCEPTIONS
from crossclaim.domain.story_to_do import TO_DO
from crossclaim.domain.story_waits import WAITING

_HEAD = """# What fails in real life, and what staff reads then

`crossclaim demo --failures` makes each of these happen in the running system, at the parties'
simulators or by what a desk submits, prints the story as support staff reads it (`--lang zh-Hant`,
`--lang zh-Hans`, `--json`), and compares exceptions, waits, claims, payouts and ledger with
`examples/failures.yaml`, once while it fails and once in the end. It leaves with an error when
anything is otherwise. Which failures are the likeliest is a judgement from the papers behind this
project; no statistics of any of these systems were found.

This page is made from that catalogue; a test holds both equal. A new failure is an entry there and
a function in `crossclaim/demo/failures/plays`, under the same name.
"""
_GENERIC = {
    "insurer": "the insurer",
    "hospital": "the hospital",
    "bank": "the bank",
    "amount": "the amount",
    "step": "try the failed step again",
}


def page_of(catalogue: Catalogue) -> str:
    """The whole page as Markdown."""
    lines = [_HEAD]
    for system, names in catalogue.systems.items():
        lines += [f"## {names.en} · {names.zh_hant} · {names.zh_hans}", ""]
        lines += ["| what fails | made to fail by | what staff reads | how it ends |"]
        lines += ["|---|---|---|---|"]
        lines += [_row(failure) for failure in catalogue.of(system)]
        lines += [""]
    return "\n".join(lines).rstrip() + "\n"


def _row(failure: Failure) -> str:
    cells = (failure.happens, failure.switched_on, " ".join(_read(failure)), failure.ends)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _exception(code: str) -> str:
    if code not in EXCEPTIONS:
        return f"`{code}`: {OF_BINDINGS[code][0]}"
    sentence = EXCEPTIONS[code][0]
    return f"`{code}`: {sentence[:1].upper()}{sentence[1:]}. {TO_DO[code][0]}"


def _read(failure: Failure) -> Iterator[str]:
    if failure.failing is None:
        yield failure.reads or "The attempts; there is nothing to do."
        return
    yield from (_exception(code) for code in failure.failing.exceptions)
    if failure.reads:
        yield failure.reads
    waits = failure.failing.waits
    if waits in WAITS_OF_BINDINGS:
        yield WAITS_OF_BINDINGS[waits][0]
    elif waits:
        yield WAITING[waits][0].format(**_GENERIC)
