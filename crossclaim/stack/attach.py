"""Settings of an embedded stack that another process runs, for commands beside it."""

from __future__ import annotations

import json
from pathlib import Path

from crossclaim.config import Settings
from crossclaim.stack import environment
from crossclaim.stack.home import Home
from crossclaim.stack.sentence import StackError


def settings_of_running(data_dir: Path) -> Settings:
    """What the stack in ``data_dir`` gives its own children. Raises ``StackError`` without one."""
    home = Home(data_dir.expanduser().absolute())
    if not home.children_file.exists():
        raise StackError(
            f"No crossclaim runs in {home.root}; start `crossclaim up`, name another directory with"
            " --data-dir, or set CROSSCLAIM_DATABASE_URL and its siblings.",
            code="STACK_NOT_RUNNING",
        )
    ports: dict[str, int] = json.loads(home.ports_file.read_text(encoding="utf-8"))
    known = environment.settings_of(home, ports, workers=1)
    return Settings.model_validate(environment.fields(environment.outside() | known))
