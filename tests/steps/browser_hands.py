"""Somebody who works with a keyboard alone."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Page

_MOST_KEYS = 250


@dataclass(frozen=True)
class Hands:
    page: Page

    def to(self, which: str) -> None:
        """By the key Tab from where one is, to the first that a selector names."""
        for _ in range(_MOST_KEYS):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("(s) => document.activeElement.matches(s)", which):
                return
        raise AssertionError(f"no key leads to {which} of {self.page.url}")

    def write(self, which: str, text: str) -> None:
        self.to(which)
        self.page.keyboard.type(text)

    def choose(self, which: str) -> None:
        """The first of a list that says something."""
        self.to(which)
        self.page.keyboard.press("ArrowDown")

    def press(self, which: str) -> None:
        """A link or a button; the page that it leads to is there afterwards."""
        self.to(which)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
