"""The embedded stack: real engines, simulators, workers and API as children of one process."""

from crossclaim.stack.part import ALL, ENGINES, Part
from crossclaim.stack.sentence import StackError
from crossclaim.stack.up import Plan, Stack, StackUrls, up

__all__ = ["ALL", "ENGINES", "Part", "Plan", "Stack", "StackError", "StackUrls", "up"]
