"""Measures what an episode costs, beside a bare workflow with the same round trips."""
