"""House rules that no linter of others knows."""

from __future__ import annotations

import ast
import importlib
import re
import tomllib

from tests.architecture.house import REPOSITORY, dotted, mentioning, module_of, place, shipped, tree

FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}
# The settings are read here; the stack hands the environment on to its children.
ENVIRONMENT_READERS = {"crossclaim.config", "crossclaim.stack.environment"}
# It replaces the whole of it in the process that it forked.
ENVIRONMENT_GIVERS = {"crossclaim.stack.cradle"}
ENVIRONMENT = {"os.environ", "os.getenv", "os.environb"}
# What differs from one replay to the next.
UNSTEADY = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "datetime.datetime.now",
    "datetime.date.today",
    "time.time",
    "time.monotonic",
    "time.sleep",
    "uuid.uuid1",
    "uuid.uuid4",
}
UNSTEADY_MODULES = {"random", "secrets", "uuid", "time", "threading", "subprocess", "socket"}


def names_used(module: ast.Module) -> list[tuple[int, str]]:
    return [
        (node.lineno, dotted(node))
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute | ast.Name)
    ]


def modules_imported(module: ast.Module) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append((node.lineno, node.module))
            found += [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
    return found


def environment_reads(module: ast.Module) -> list[int]:
    used = [line for line, name in names_used(module) if name in ENVIRONMENT]
    imported = [line for line, name in modules_imported(module) if name in ENVIRONMENT]
    return sorted({*used, *imported})


def unsteady(module: ast.Module) -> list[tuple[int, str]]:
    used = [(line, name) for line, name in names_used(module) if name in UNSTEADY]
    imported = [(line, name) for line, name in modules_imported(module) if name in UNSTEADY_MODULES]
    return used + imported


def test_only_the_settings_read_the_environment() -> None:
    found = [
        place(file, line)
        for file in mentioning("environ", "getenv")
        if module_of(file) not in ENVIRONMENT_READERS | ENVIRONMENT_GIVERS
        for line in environment_reads(tree(file))
    ]
    assert found == []


def test_no_file_or_folder_is_a_drawer_for_anything() -> None:
    found = [
        place(file)
        for file in shipped()
        if FORBIDDEN_NAMES & {part.lower() for part in module_of(file).split(".")}
    ]
    assert found == []


def test_workflows_use_no_clock_no_chance_and_no_process_of_their_own() -> None:
    found = [
        f"{place(file, line)} {name}"
        for file in shipped()
        if module_of(file).split(".")[0] == "workflows"
        for line, name in unsteady(tree(file))
    ]
    assert found == []


def test_the_checks_see_what_they_look_for() -> None:
    bad = ast.parse("import os, random\nfrom os import getenv\nos.environ['A']\ndatetime.now()\n")
    assert environment_reads(bad) == [2, 3]
    assert {name for _, name in unsteady(bad)} == {"random", "datetime.now"}


def test_no_library_prints() -> None:
    found = [
        place(file, line)
        for file in mentioning("print")
        if module_of(file).split(".")[:2] != ["crossclaim", "cli"]
        for line, name in names_used(tree(file))
        if name == "print"
    ]
    assert found == []


def fault_of_importing(name: str) -> str:
    try:
        importlib.import_module(name)
    except Exception as error:  # noqa: BLE001 - every fault is named beside its module
        return f"{name}: {error!r}"
    return ""


def test_every_module_can_be_imported() -> None:
    names = [
        module_of(file)
        for file in shipped()
        if file.name != "__main__.py" and "migrations" not in file.parts
    ]
    assert names
    assert [fault for name in names if (fault := fault_of_importing(name))] == []


def test_every_room_has_a_place_among_the_layers() -> None:
    config = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    contracts = {c["name"]: c for c in config["tool"]["importlinter"]["contracts"]}
    layers = contracts["rooms import downwards only"]["layers"]
    placed = {name.strip(" ()") for layer in layers for name in layer.split("|")}
    rooms = {".".join(module_of(file).split(".")[:2]) for file in shipped()} - {"crossclaim"}
    rooms = {room if room.startswith("crossclaim") else room.split(".")[0] for room in rooms}
    assert rooms - placed == set(), "name the new room in the layers of pyproject.toml"
    foreign = set(contracts["simulators are foreign"]["forbidden_modules"])
    assert rooms - foreign == {"crossclaim.simulators"}, "simulators may not import it: say so"


LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-mutation.lock")


def test_the_package_that_would_overwrite_our_workflows_is_never_locked() -> None:
    for lock in LOCKS:
        assert "llama-index-workflows" not in (REPOSITORY / lock).read_text()


def test_the_locks_hold_hashes_and_no_address() -> None:
    for lock in LOCKS:
        lines = (REPOSITORY / lock).read_text().splitlines()
        pins = [line for line in lines if line and not line.startswith(" ")]
        assert pins
        assert all("==" in pin and pin.endswith("\\") for pin in pins)
        assert all("--hash=sha256:" in line for line in lines if line.startswith(" "))
        assert not [line for line in lines if "://" in line or line.startswith("--")]


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    wanted = {
        "requirements.lock": project["dependencies"] + extras["build"],
        "requirements-dev.lock": project["dependencies"] + extras["build"] + extras["dev"],
        "requirements-mutation.lock": project["dependencies"] + extras["dev"] + extras["mutation"],
    }
    for lock, names in wanted.items():
        pins = re.findall(r"^([a-z0-9-]+)==", (REPOSITORY / lock).read_text(), re.MULTILINE)
        bare = {re.sub(r"\[.*|[<>=!~].*", "", name) for name in names}
        plain = {re.sub(r"[-_.]+", "-", name).lower() for name in bare}
        assert plain - set(pins) == set(), f"run `make lock`: {lock} is older than pyproject.toml"


def test_what_a_mutation_run_needs_is_as_the_tests_have_it() -> None:
    pinned = [
        dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (REPOSITORY / lock).read_text(), re.MULTILINE))
        for lock in LOCKS
    ]
    assert pinned[0].items() <= pinned[1].items() <= pinned[2].items()


def test_a_mutation_run_is_no_part_of_the_tests_or_of_ci() -> None:
    assert "mutation" not in (REPOSITORY / ".ci/run").read_text()
    makefile = (REPOSITORY / "Makefile").read_text()
    targets = dict(re.findall(r"^(\w+):(.*(?:\n\t.*)*)", makefile, re.MULTILINE))
    for target in ("test", "proof", "lint", "demo", "up"):
        assert "mutation" not in targets[target].lower()
    assert not list((REPOSITORY / "tests/mutation").glob("test_*.py"))
