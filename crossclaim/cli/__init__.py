"""The command ``crossclaim``."""

from crossclaim.cli.application import main

__all__ = ["main"]
