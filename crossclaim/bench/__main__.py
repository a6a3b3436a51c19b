"""``python -m crossclaim.bench``: the same as ``crossclaim bench``."""

import typer

from crossclaim.bench.command import bench

if __name__ == "__main__":
    typer.run(bench)
