"""What a person chooses for our pages; the browser keeps it under these names."""

from __future__ import annotations

LANGUAGE_COOKIE = "cc_language"
THEME_COOKIE = "cc_theme"
THEMES = ("auto", "light", "dark")
"""The first is the system's own."""
