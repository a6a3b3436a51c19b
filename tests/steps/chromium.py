"""The browser of this machine, for the one test that needs a real one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, expect, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_QUIETLY = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Fails with what to do where there is none; it is never skipped."""
    program = next((found for name in _NAMES if (found := shutil.which(name))), None)
    assert program, "No Chromium is found on this machine: apt install chromium"
    # A busy machine is no fault of a page.
    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(_QUIETLY))
        try:
            yield browser
        finally:
            browser.close()
