"""``python -m tests.mutation``: goes on where it was stopped and says the figure at the end."""

from __future__ import annotations

import argparse
import os

from tests.mutation.report import survivors, table
from tests.mutation.run import main
from tests.mutation.scope import MODULES
from tests.mutation.session import opened

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="tests.mutation", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--modules", nargs="+", choices=sorted(MODULES), metavar="NAME")
    parser.add_argument("--report", action="store_true", help="only say what is known")
    asked = parser.parse_args()
    if not asked.report:
        main(asked.minutes, asked.workers, frozenset(asked.modules or MODULES))
    db = opened()
    print(survivors(db))
    print(table(db))
