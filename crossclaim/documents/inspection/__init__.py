"""Looks into files that come from outside before anything of them is kept."""
