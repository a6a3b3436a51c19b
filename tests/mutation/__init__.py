"""Changes the money rules on purpose and looks which change no case notices: `make mutation`.

The changes are made by cosmic-ray and kept in its session file; see docs/quality.md for the figure.
Never part of `make test` or of CI.
"""
