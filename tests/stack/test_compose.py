"""Each service of the compose file works as a plain process with that file's environment.

Images cannot be built here. The engines of the file are replaced by those of the wheels, under the
same variables by which an operator would point the services at engines of their own.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from crossclaim.config import Settings
from crossclaim.stack import ENGINES, Part, Stack, postgres, wheel
from crossclaim.stack.ports import FREE_RANGE, HOST, is_free
from tests.stack import compose

THIRD_PARTY = {"postgres", "temporal", "temporal-ui", "s3"}
OURS = ("api", "worker", "bank-files", "folders", "simulators")


@pytest.fixture(scope="module")
def filled(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Stack, dict[str, dict[str, Any]]]]:
    """Running engines, and the services with their variables pointing at them."""
    folder = tmp_path_factory.mktemp("compose")
    api_port = next(port for port in reversed(FREE_RANGE) if is_free(port))
    with Stack.start(folder / "engines", parts=ENGINES, port_base=0, migrate=False) as stack:
        yield stack, compose.services(compose.variables_for(stack, folder, api_port))


@contextlib.contextmanager
def running(service: dict[str, Any]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        compose.words_of(service["command"]), env=compose.process_environment(service)
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def until_healthy(service: dict[str, Any], process: subprocess.Popen[bytes]) -> None:
    """Asks as often as the file allows; each question takes as long as a process needs to start."""
    words, env = compose.health_words(service), compose.process_environment(service)
    said = ""
    for _ in range(40):
        assert process.poll() is None, "the service ended"
        answer = compose.run(words, env)
        if answer.returncode == 0:
            return
        said = answer.stdout + answer.stderr
    pytest.fail(f"never healthy: {said}")


def test_every_service_has_a_health_check_and_starts_after_what_it_needs() -> None:
    services = compose.services(compose.example_variables())
    assert set(services) == THIRD_PARTY | {"migrate", *OURS}
    for name, service in services.items():
        assert service["healthcheck"]["test"][0] == "CMD", name
        for needed in service.get("depends_on", {}):
            assert needed in services


def test_no_password_has_a_default() -> None:
    for name in compose.example_variables():
        without = compose.example_variables() | {name: ""}
        with pytest.raises(KeyError, match=name):
            compose.services(without)


def test_every_setting_in_the_file_exists() -> None:
    known = {f"CROSSCLAIM_{name.upper()}" for name in Settings.model_fields}
    for name, service in compose.services(compose.example_variables()).items():
        if name not in THIRD_PARTY:
            assert set(service["environment"]) <= known, name


def test_the_database_health_check_works(filled: tuple[Stack, dict[str, Any]]) -> None:
    stack, services = filled
    env = {"PGHOST": HOST, "PGPORT": str(stack.ports["POSTGRES"])}
    assert compose.run(compose.health_words(services["postgres"]), env).returncode == 0
    nowhere = env | {"PGPORT": "1"}
    assert compose.run(compose.health_words(services["postgres"]), nowhere).returncode != 0


def test_the_temporal_health_check_works(filled: tuple[Stack, dict[str, Any]]) -> None:
    _, services = filled
    words = compose.health_words(services["temporal"])
    env = {"HOME": os.environ.get("HOME", "/")}
    assert compose.run(words, env).returncode == 0
    nowhere = [word.partition("address=")[0] + "address=127.0.0.1:1" for word in words[-1:]]
    assert compose.run([*words[:-1], *nowhere], env).returncode != 0


def test_the_object_store_answers_where_its_health_check_asks(
    filled: tuple[Stack, dict[str, Any]],
) -> None:
    stack, services = filled
    url = services["s3"]["healthcheck"]["test"][-1]
    there = url.replace("127.0.0.1:8333", f"{HOST}:{stack.ports['S3']}")
    assert there != url
    with urllib.request.urlopen(there, timeout=10) as answer:
        assert answer.status == 200


def test_the_roles_of_the_compose_database_are_those_of_the_embedded_one(tmp_path: Path) -> None:
    names = ("OWNER", "APP", "WORKER", "READER")
    with Stack.start(
        tmp_path, parts=frozenset({Part.POSTGRES}), port_base=0, migrate=False
    ) as stack:
        env = {f"CROSSCLAIM_{name}_PASSWORD": f"it's {name}" for name in names} | {
            "PATH": f"{wheel.postgres_programs()}:{os.environ['PATH']}",
            "PGHOST": HOST,
            "PGPORT": str(stack.ports["POSTGRES"]),
            "PGPASSWORD": postgres.password_of(stack.home, postgres.SUPERUSER),
        }
        before = roles(stack)
        for role in postgres.ROLES:
            forget(stack, role)
        script = str(compose.REPOSITORY / "docker" / "roles.sh")
        for _ in range(2):
            done = compose.run(["bash", script], env)
            assert done.returncode == 0, done.stderr
        assert roles(stack) == before
        for name, role in zip(names, sorted(postgres.ROLES, key=_order), strict=True):
            connect(stack, role, f"it's {name}", "crossclaim").close()


def _order(role: str) -> int:
    return ("owner", "app", "worker", "reader").index(role.removeprefix("crossclaim_"))


def connect(
    stack: Stack, role: str, password: str, database: str
) -> psycopg.Connection[tuple[Any, ...]]:
    return psycopg.connect(
        host=HOST,
        port=stack.ports["POSTGRES"],
        user=role,
        password=password,
        dbname=database,
        autocommit=True,
    )


def superuser(stack: Stack) -> psycopg.Connection[tuple[Any, ...]]:
    password = postgres.password_of(stack.home, postgres.SUPERUSER)
    return connect(stack, postgres.SUPERUSER, password, "postgres")


def roles(stack: Stack) -> list[tuple[Any, ...]]:
    with superuser(stack) as connection:
        return connection.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication,"
            " rolcanlogin, has_database_privilege(rolname, 'crossclaim', 'CONNECT'),"
            " has_database_privilege(rolname, 'crossclaim', 'CREATE'),"
            " has_database_privilege(rolname, 'crossclaim', 'TEMPORARY')"
            " FROM pg_roles WHERE rolname LIKE 'crossclaim%' ORDER BY 1"
        ).fetchall()


def forget(stack: Stack, role: str) -> None:
    with superuser(stack) as connection:
        connection.execute("DROP DATABASE IF EXISTS crossclaim")
        connection.execute(f"DROP ROLE {role}".encode())


def test_our_services_run_and_are_healthy_with_the_environment_of_the_file(
    filled: tuple[Stack, dict[str, Any]],
) -> None:
    _, services = filled
    migrate = services["migrate"]
    env = compose.process_environment(migrate)
    done = compose.run(compose.words_of(migrate["command"]), env)
    assert done.returncode == 0, done.stderr
    assert compose.run(compose.health_words(migrate), env).returncode == 0
    with contextlib.ExitStack() as stopping:
        for name in ("simulators", "worker", "bank-files", "api", "folders"):
            before = compose.run(
                compose.health_words(services[name]),
                compose.process_environment(services[name]),
            )
            assert before.returncode != 0, f"{name} is healthy before it runs"
            process = stopping.enter_context(running(services[name]))
            until_healthy(services[name], process)
