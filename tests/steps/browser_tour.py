"""A tour over all pages: which of them is seen how, and all that is wrong with any."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.steps.browser_house import AXE_AT
from tests.steps.browser_inventory import PAGES, Seen, address_of
from tests.steps.browser_scene import WRITTEN
from tests.steps.browser_walk import NARROW, WIDE, Walk
from tests.steps.page_faults import look

FULL = os.environ.get("CROSSCLAIM_FULL") == "1"
SHOTS = os.environ.get("CROSSCLAIM_SHOTS", "")
"""A folder for pictures of each page; empty: none are taken."""
LANGUAGES = ("en", "zh-Hant", "zh-Hans")
SIZES = (NARROW, WIDE)
_IN_THEME = "(theme) => { document.documentElement.dataset.theme = theme }"


@dataclass(frozen=True)
class How:
    """``axe``: which of its rules are not asked; ``None``: it is not asked at all."""

    theme: str
    size: tuple[int, int]
    axe: frozenset[str] | None = frozenset()


def ways(page: int) -> dict[str, list[How]]:
    """Language → how a page is seen in it: in every way at full size, where axe's rules are asked
    once in each theme and width, by turns of the languages; else in one, and axe's rules in the
    first language, which is another one from page to page."""
    turned = [LANGUAGES[(page + n) % 3] for n in range(3)]
    if FULL:
        every = [(theme, size) for size in SIZES for theme in ("light", "dark")]
        return {
            language: [
                How(theme, size, axe=frozenset() if (turn + n) % 3 == 0 else None)
                for turn, (theme, size) in enumerate(every)
            ]
            for n, language in enumerate(turned)
        }
    themes = ("light", "dark")
    # Of two sizes the last of a page is the first of the next: each change lays a page out anew.
    return {
        language: [
            How(
                themes[(page + n) % 2],
                SIZES[(page + (n == 2)) % 2],
                axe=_rules(page) if n == 0 else None,
            )
        ]
        for n, language in enumerate(turned)
    }


def _rules(page: int) -> frozenset[str]:
    """Contrasts take longer than all other rules together, and are those of the design's tokens:
    each is asked about on every third page, and on every page at full size. So is whether the style
    holds a page upright, for which axe fetches and reads the one sheet of all pages each time."""
    return frozenset() if page % 3 == 0 else frozenset({"color-contrast", "css-orientation-lock"})


@dataclass
class Tour:
    walk: Walk
    among: list[str]
    """Addresses of the application."""
    found: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    titles: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))

    def go(self) -> None:
        again = set() if FULL else self._seen_before()
        for page, seen in enumerate(PAGES):
            if page not in again:
                for language, hows in ways(page).items():
                    self._visit(seen, language, hows)
        for (language, title), pages in self.titles.items():
            if len(pages) > 1:
                self.found[f"{language} {title}"].append(("one title of pages", str(pages)))

    def _seen_before(self) -> set[int]:
        """Pages whose address another one of the inventory has already: its other states."""
        known: set[str] = set()
        found = set()
        for number, seen in enumerate(PAGES):
            address = address_of(self.walk.path(seen), self.among)
            if address in known:
                found.add(number)
            known.add(address)
        return found

    def _visit(self, seen: Seen, language: str, hows: list[How]) -> None:
        walk, path, first = self.walk, self.walk.path(seen), hows[0]
        walk.sized(first.size)
        # The sign-in allows no script whatever.
        anew = FULL or first.axe is not None or path.startswith("/sign-in")
        go = walk.go if anew else walk.turn_to
        wrong = go(seen, language, first.theme)
        if wrong:
            self.found[path].append((language, wrong))
        for how in hows:
            walk.sized(how.size)
            if how is not first:
                walk.page.evaluate(_IN_THEME, how.theme)
            told = look(walk.page, language, how.theme, axe=how.axe, axe_at=AXE_AT, written=WRITTEN)
            where = f"{path} {language} {how.theme} {how.size[0]}"
            self.found[where] += told.faults
            self._picture(path, language, how)
        self.found[f"{path} {language}"] += walk.watched.faults(seen.status)
        if seen.status == 200 and seen.then is None:
            self.titles[language, told.title].add(address_of(path, self.among))

    def _picture(self, path: str, language: str, how: How) -> None:
        if SHOTS:
            name = path.strip("/").replace("/", "-").replace("?", "-")[:90]
            place = Path(SHOTS) / f"{name}-{language}-{how.theme}-{how.size[0]}.png"
            self.walk.page.screenshot(path=place, full_page=True)

    def faults(self) -> Iterator[str]:
        for where, told in self.found.items():
            for what, which in told:
                yield f"{where}: {what}: {which}"
