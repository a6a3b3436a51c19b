"""PostgreSQL from its wheel: cluster, server process, roles and database."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from crossclaim.stack import wheel
from crossclaim.stack.home import Home
from crossclaim.stack.ports import HOST
from crossclaim.stack.process import Command
from crossclaim.stack.secret import kept
from crossclaim.stack.sentence import StackError, disk_full

NAME = "postgres"
SUPERUSER = "postgres"
DATABASE = "crossclaim"
OWNER = "crossclaim_owner"
ROLES = (OWNER, "crossclaim_app", "crossclaim_worker", "crossclaim_reader")
SYSTEM_USER = "embedded_postgres"
SOCKET_PATH_MAX = 90

OPTIONS = {
    "fsync": "on",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "password_encryption": "scram-sha-256",
    # Rows and statements hold personal data and may not reach the log.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
}

ALLOCATOR = {
    # Between two statements glibc would give the kernel its memory back, and fault it in again.
    "MALLOC_TRIM_THRESHOLD_": str(64 * 2**20),
    "MALLOC_TOP_PAD_": str(2**20),
}


def url(home: Home, port: int, role: str) -> str:
    """How ``role`` connects, password included: to be kept out of logs."""
    password = quote(password_of(home, role), safe="")
    return f"postgresql://{role}:{password}@{HOST}:{port}/{DATABASE}"


def password_of(home: Home, role: str) -> str:
    return kept(home.secrets, f"postgres-{role}")


def prepare(home: Home) -> tuple[int, int] | None:
    """Makes the cluster when there is none; returns the user to run as when we are root."""
    programs = wheel.postgres_programs()
    user = _system_user() if os.geteuid() == 0 else None
    if user:
        _let_through(programs.parent, home.root)
    if (home.postgres / "PG_VERSION").exists():
        return user
    # Made aside and renamed, so that a kill in the middle leaves nothing half made.
    fresh = home.root / "postgres.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    if user:
        os.chown(fresh, *user)
    _initdb(programs, fresh, password_of(home, SUPERUSER), user)
    fresh.rename(home.postgres)
    return user


def _system_user() -> tuple[int, int]:
    """PostgreSQL refuses to run as root: a user without rights, named as the wheel names it."""
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        entry = _make_user()
    return entry.pw_uid, entry.pw_gid


def _make_user() -> pwd.struct_passwd:
    words = ["useradd", "--system", "--user-group", "--no-create-home", "--shell=/bin/false"]
    try:
        subprocess.run([*words, SYSTEM_USER], check=True, capture_output=True)
        return pwd.getpwnam(SYSTEM_USER)
    except (subprocess.CalledProcessError, FileNotFoundError, KeyError) as error:
        raise StackError(
            f"PostgreSQL cannot run as root and the user {SYSTEM_USER} could not be made; "
            "run crossclaim as an ordinary user.",
            code="STACK_PART_FAILED",
        ) from error


def _let_through(*places: Path) -> None:
    """Lets other users pass, not read, these folders and those above them."""
    for folder in {above for place in places for above in (place, *place.parents)}:
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod(mode | 0o001)


def _initdb(programs: Path, folder: Path, password: str, user: tuple[int, int] | None) -> None:
    with tempfile.NamedTemporaryFile("w") as password_file:
        password_file.write(password)
        password_file.flush()
        if user:
            os.chown(password_file.name, *user)
        done = subprocess.run(
            [
                str(programs / "initdb"),
                f"--pgdata={folder}",
                f"--username={SUPERUSER}",
                "--auth=scram-sha-256",
                f"--pwfile={password_file.name}",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                "--data-checksums",
            ],
            user=user[0] if user else None,
            group=user[1] if user else None,
            extra_groups=[] if user else None,
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode == 0:
        return
    if "No space left" in done.stderr:
        raise disk_full(folder)
    reason = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
    raise StackError(f"PostgreSQL could not make its data directory {folder}: {reason}")


def command(home: Home, port: int, env: Mapping[str, str], user: tuple[int, int] | None) -> Command:
    sockets = str(home.postgres) if len(str(home.postgres)) < SOCKET_PATH_MAX else ""
    options = OPTIONS | {
        "listen_addresses": HOST,
        "port": str(port),
        "unix_socket_directories": sockets,
    }
    words = [f"--{name}={value}" for name, value in options.items()]
    dsn = f"host={HOST} port={port} user={SUPERUSER} dbname=postgres connect_timeout=5"
    password = password_of(home, SUPERUSER)
    programs = wheel.postgres_programs()

    def open_the_way() -> None:
        # Somebody may have closed a folder above since; as another user it could not start again.
        if user:
            _let_through(programs.parent, home.root)

    def ready() -> bool:
        try:
            psycopg.connect(dsn, password=password).close()
        except psycopg.OperationalError:
            return False
        return True

    return Command(
        name=NAME,
        title="PostgreSQL",
        argv=(str(programs / "postgres"), "-D", str(home.postgres), *words),
        env={**env, **ALLOCATOR},
        log_file=home.logs / f"{NAME}.log",
        ready=ready,
        # Fast stop; smart stop would wait for every client.
        stop_signal=signal.SIGINT,
        stop_timeout_s=30,
        # Immediate stop, which clears the shared memory; the next start recovers from the log.
        death_signal=signal.SIGQUIT,
        user=user,
        cwd=Path("/"),
        before_start=open_the_way,
    )


def bootstrap(home: Home, port: int) -> None:
    """Makes roles and database, or brings their passwords and rights to what they should be."""
    with psycopg.connect(
        host=HOST,
        port=port,
        user=SUPERUSER,
        password=password_of(home, SUPERUSER),
        dbname="postgres",
        autocommit=True,
    ) as connection:
        for role in ROLES:
            _ensure_role(connection, role, password_of(home, role))
        database = sql.Identifier(DATABASE)
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if found.fetchone() is None:
            statement = sql.SQL("CREATE DATABASE {} OWNER {}")
            connection.execute(statement.format(database, sql.Identifier(OWNER)))
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
        for role in ROLES:
            grant = sql.SQL("GRANT CONNECT ON DATABASE {} TO {}")
            connection.execute(grant.format(database, sql.Identifier(role)))


def _ensure_role(connection: psycopg.Connection[tuple[object, ...]], role: str, word: str) -> None:
    found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    if found is None:
        connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
    # Hashed here, so that the password itself never stands in a statement.
    verifier = connection.pgconn.encrypt_password(word.encode(), role.encode(), b"scram-sha-256")
    rights = "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION"
    statement = sql.SQL("ALTER ROLE {} WITH " + rights + " PASSWORD {}")
    connection.execute(statement.format(sql.Identifier(role), sql.Literal(verifier.decode())))
