"""Imported where processes are forked: the program's rule files are read before, once for all."""

from __future__ import annotations

from crossclaim.plans.loader import load_plans

load_plans(demonstration=True)
