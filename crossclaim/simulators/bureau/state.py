"""What the bureau keeps on disk, and how it says no."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

TABLES = """
CREATE TABLE IF NOT EXISTS person (
  id TEXT PRIMARY KEY, certno TEXT NOT NULL, card TEXT NOT NULL, balance INTEGER NOT NULL,
  row TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS person_certno ON person (certno);
CREATE TABLE IF NOT EXISTS used (
  person TEXT NOT NULL, period TEXT NOT NULL, amount INTEGER NOT NULL,
  PRIMARY KEY (person, period));
CREATE TABLE IF NOT EXISTS visit (
  id TEXT PRIMARY KEY, person TEXT NOT NULL, number TEXT NOT NULL, institution TEXT NOT NULL,
  med_type TEXT NOT NULL, disease_class TEXT NOT NULL, UNIQUE (person, number, institution));
CREATE TABLE IF NOT EXISTS stay (
  visit TEXT PRIMARY KEY, begins TEXT NOT NULL, ends TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS filed (visit TEXT PRIMARY KEY, state TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS line (
  visit TEXT NOT NULL, batch TEXT NOT NULL, number TEXT NOT NULL, day TEXT NOT NULL,
  code TEXT NOT NULL, amount INTEGER NOT NULL, answer TEXT NOT NULL,
  PRIMARY KEY (visit, batch, number));
CREATE TABLE IF NOT EXISTS settlement (
  id TEXT PRIMARY KEY, msgid TEXT UNIQUE NOT NULL, person TEXT NOT NULL, visit TEXT NOT NULL,
  institution TEXT NOT NULL, insutype TEXT NOT NULL, clr_type TEXT NOT NULL, area TEXT NOT NULL,
  day TEXT NOT NULL, state TEXT NOT NULL, fee INTEGER NOT NULL, fund INTEGER NOT NULL,
  account INTEGER NOT NULL, family INTEGER NOT NULL, moves TEXT NOT NULL, answer TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS reversed (msgid TEXT PRIMARY KEY);
"""


class No(Exception):
    """The bureau refuses: becomes ``infcode`` -1 with ``CODE: sentence`` as its message."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{code}: {sentence}")
        self.code = code


def fen(text: str) -> int:
    """``"420.00"`` → 42000."""
    return int((Decimal(text) * 100).to_integral_value(ROUND_HALF_UP))


def yuan(amount: int) -> str:
    return f"{Decimal(amount) / 100:.2f}"


def part(amount: int, ratio: str) -> int:
    return int((Decimal(amount) * Decimal(ratio)).to_integral_value(ROUND_HALF_UP))
