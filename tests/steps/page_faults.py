"""What is wrong with a page as a browser shows it: axe's rules, and what axe does not look at."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import ConsoleMessage, Dialog, Page

_LOOK = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
_TAKE_AXE = """(at) => window.axe ? true : new Promise((told) => {
  const rules = document.createElement("script");
  if (!document.querySelector("script[src]")) { told(false); return; }
  Object.assign(rules, {src: at, onload: () => told(true), onerror: () => told(false)});
  document.head.append(rules);
})"""
_RUN_AXE = """(without) => axe.run(document, {resultTypes: ['violations'], iframes: false,
  preload: !without.length,
  rules: Object.fromEntries(without.map((rule) => [rule, {enabled: false}]))}).then(
  (told) => told.violations.map((one) => [one.id, one.nodes.map((n) => n.html).slice(0, 3).join()]))
"""
_CODE = re.compile(r"[A-Z0-9_.:/@-]+|.*[0-9_:/@.-].*")
"""Capitals alone, or with a mark that no word has: a code, a number, an id, a file name."""
NAMES = frozenset({"crossclaim", "eHealth", "Temporal", "PostgreSQL", "Python", "XLSX"})
"""Of products and formats, as they are called in Chinese too."""
TERMS = frozenset({"complex", "intermediate", "major", "minor", "yxsq"})
"""Classes of operations stand beside their names as insurers write them; part of an address."""
UNITS = frozenset({"s", "ms", "MiB", "GiB"})
WRITTEN = ("crossclaim up --sign-in", "configured example", "Consultation, chief physician")
"""A command, and words of the examples; what else people wrote is told by the scene."""


@dataclass
class Watched:
    """One tab, and what its console said since it was looked at last."""

    page: Page
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.said.append(f"page error: {error}"))
        self.page.on("dialog", self._ran)

    def _ran(self, dialog: Dialog) -> None:
        self.said.append(f"a script ran: {dialog.message}")
        dialog.dismiss()

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.said.append(f"{message.type}: {message.text}")

    def faults(self, status: int = 200) -> list[tuple[str, str]]:
        """What the console told; of a page that is refused the browser itself says so."""
        said, self.said = self.said, []
        known = f"the server responded with a status of {status}" if status >= 400 else "\x00"
        return [("console", one) for one in said if known not in one]


@dataclass(frozen=True)
class Look:
    """One page in one language, theme and width."""

    title: str
    faults: list[tuple[str, str]]


def look(
    page: Page,
    language: str,
    theme: str,
    *,
    axe: frozenset[str] | None,
    axe_at: str,
    written: tuple[str, ...],
) -> Look:
    """``axe``: the rules of it that are left out; none of it is asked without. ``axe_at``: its
    address."""
    chinese = language != "en"
    asked = {"language": language, "theme": theme, "chinese": chinese}
    asked |= {"written": [*written, *WRITTEN]}
    told: dict[str, Any] = page.evaluate(_LOOK, asked)
    faults = [(what, where) for what, where in told["faults"]]
    known = NAMES | UNITS | TERMS
    foreign = sorted(w for w in told["words"] if not _CODE.fullmatch(w) and w not in known)
    if foreign:
        faults.append(("words of another language", " ".join(foreign)))
    if axe is not None:
        if not page.evaluate(_TAKE_AXE, axe_at):
            # A page that allows no script at all.
            page.evaluate(AXE_SCRIPT)
        broken = page.evaluate(_RUN_AXE, sorted(axe))
        faults += [(f"axe: {rule}", where) for rule, where in broken]
    return Look(told["title"], faults)
