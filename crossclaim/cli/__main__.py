"""``python -m crossclaim.cli``: the command without an installed script."""

from crossclaim.cli import main

if __name__ == "__main__":
    main()
