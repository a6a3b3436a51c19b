"""The embedded stack as one object: starts the parts in order, watches them, stops them in turn."""

from __future__ import annotations

import atexit
import signal
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from crossclaim.config import Parties, Settings
from crossclaim.stack import (
    environment,
    identity,
    objects,
    parties,
    postgres,
    programs,
    schema,
    simulators,
    temporal,
    tls,
)
from crossclaim.stack import home as homes
from crossclaim.stack import ports as portbook
from crossclaim.stack.home import Home
from crossclaim.stack.lock import Lock, end_leftovers, record_children
from crossclaim.stack.part import ALL, Part
from crossclaim.stack.process import Child, Command, rotate
from crossclaim.stack.sentence import StackError, said_in_one_sentence
from crossclaim.stack.signals import Asked, asked_to_stop
from crossclaim.stack.supervisor import Supervisor

PORTS_OF: dict[Part, set[str]] = {
    Part.POSTGRES: {"POSTGRES"},
    Part.TEMPORAL: {name for name in portbook.NAMES if name.startswith("TEMPORAL")},
    Part.OBJECTS: {"S3"} | {name for name in portbook.NAMES if name.startswith("OBJECTS")},
    Part.SIMULATORS: set(simulators.PORT_NAMES.values()),
    Part.WORKERS: set(),
    Part.API: {"API"},
    Part.IDENTITY: {"IDENTITY"},
    Part.FOLDERS: set(),
}
RESTART_PATIENCE_S = 20.0
# Stopped together, group by group: first who uses the engines, PostgreSQL last.
ENGINE_GROUPS = ({temporal.NAME, objects.NAME}, {postgres.NAME})


def silent(sentence: str) -> None:
    """Takes progress and tells nobody."""


def as_they_are(described: Parties) -> Parties:
    return described


@dataclass(frozen=True)
class Plan:
    """What ``Stack.start`` was asked for."""

    parts: frozenset[Part] = ALL
    workers: int = 1
    port_base: int | None = None
    """``None``: remembered or default ports; 0: any free ones; else the first of a row."""
    extra_env: Mapping[str, str] = field(default_factory=dict)
    progress: Callable[[str], None] = silent
    supervise: bool = True
    """Whether a child that ends unasked is started again."""
    migrate: bool = True
    seed: Callable[[Settings], None] | None = None
    """Called after the migrations, at every start."""
    adjust_parties: Callable[[Parties], Parties] = as_they_are
    simulators_host: str = portbook.HOST
    """The name by which other machines find the simulators; then they listen on every address."""
    party_latency_s: float = 0.0
    """Added to each answer of a simulator."""
    free: Callable[[Path], int] = homes.free_bytes


@dataclass(frozen=True)
class StackUrls:
    """Where people and tests find things; empty for a part that this stack does not run."""

    api: str = ""
    temporal_ui: str = ""
    temporal_metrics: str = ""
    s3: str = ""
    simulators: Mapping[str, str] = field(default_factory=dict)


class Stack:
    """Running parts of one data directory. A context manager that stops them at its end."""

    def __init__(self, home: Home, lock: Lock, plan: Plan, ports: Mapping[str, int]) -> None:
        self.home = home
        self.ports = ports
        self._lock = lock
        self._plan = plan
        self._children: dict[str, Child] = {}
        self._stopping = threading.Lock()
        self._supervisor = Supervisor(say=plan.progress, changed=self._record)
        self._supervisor.on = plan.supervise
        self.settings_env = (
            {k: v for k, v in environment.outside().items() if k.startswith("CROSSCLAIM_")}
            | environment.settings_of(home, ports, plan.workers)
            | dict(plan.extra_env)
        )
        self.settings = Settings.model_validate(environment.fields(self.settings_env))
        self._env = environment.outside() | self.settings_env
        self.urls = self._addresses()

    @classmethod
    def start(
        cls,
        data_dir: Path,
        *,
        parts: frozenset[Part] = ALL,
        workers: int = 1,
        port_base: int | None = None,
        extra_env: Mapping[str, str] | None = None,
        progress: Callable[[str], None] = silent,
        supervise: bool = True,
        migrate: bool = True,
        seed: Callable[[Settings], None] | None = None,
        adjust_parties: Callable[[Parties], Parties] = as_they_are,
        free: Callable[[Path], int] = homes.free_bytes,
    ) -> Self:
        """Everything in ``parts`` is ready when this returns; ``StackError`` when it cannot be."""
        return cls.of(
            data_dir,
            Plan(
                parts=parts,
                workers=workers,
                port_base=port_base,
                extra_env=extra_env or {},
                progress=progress,
                supervise=supervise,
                migrate=migrate,
                seed=seed,
                adjust_parties=adjust_parties,
                free=free,
            ),
        )

    @classmethod
    def of(cls, data_dir: Path, plan: Plan) -> Self:
        with said_in_one_sentence(data_dir):
            home = Home.open(data_dir, free=plan.free)
            lock = Lock(home.lock)
            lock.take()
            try:
                if end_leftovers(home.children_file):
                    plan.progress("Ended what a killed run had left behind")
                needed = set().union(*(PORTS_OF[part] for part in plan.parts))
                ports = portbook.choose(
                    home.ports_file,
                    port_base=plan.port_base,
                    environment=environment.outside() | dict(plan.extra_env),
                    needed=needed,
                )
                stack = cls(home, lock, plan, ports)
            except BaseException:
                lock.release()
                raise
            atexit.register(stack.stop)
            try:
                stack._start_all()
            except BaseException:
                stack.stop()
                raise
            return stack

    def _addresses(self) -> StackUrls:
        def local(name: str, path: str = "") -> str:
            port = self.ports.get(name)
            return f"http://{portbook.HOST}:{port}{path}" if port else ""

        return StackUrls(
            api=local("API"),
            temporal_ui=local("TEMPORAL_UI"),
            temporal_metrics=local("TEMPORAL_METRICS", "/metrics"),
            s3=local("S3"),
            simulators=simulators.urls(self.ports),
        )

    def _start_all(self) -> None:
        parts = self._plan.parts
        if Part.SIMULATORS in parts:
            simulators.nursery().prepare(self._env)
        if parts & {Part.WORKERS, Part.API}:
            programs.nursery().prepare(self._env)
        self._spawn_engines(parts)
        if Part.POSTGRES in parts:
            self._wait(postgres.NAME)
            postgres.bootstrap(self.home, self.ports["POSTGRES"])
            if self._plan.migrate:
                schema.migrate(self.settings)
            if self._plan.seed is not None:
                self._plan.seed(self.settings)
        if Part.SIMULATORS in parts:
            self._start_simulators()
        if Part.IDENTITY in parts:
            public_url = self.settings.public_url
            self._spawn(identity.command(self.home, self.ports, self._env, public_url))
            self._wait(identity.NAME)
        if Part.OBJECTS in parts:
            self._wait(objects.NAME)
        if Part.TEMPORAL in parts:
            self._wait(temporal.NAME)
            temporal.set_retention(self.ports["TEMPORAL"])
        self._start_programs(parts)

    def _spawn_engines(self, parts: frozenset[Part]) -> None:
        """All at once, since each mostly waits for the disk."""
        if Part.TEMPORAL in parts:
            self._spawn(temporal.command(self.home, self.ports, self._env))
        if Part.OBJECTS in parts:
            self._spawn(objects.command(self.home, self.ports, self._env))
        if Part.POSTGRES in parts:
            user = postgres.prepare(self.home)
            port = self.ports["POSTGRES"]
            self._spawn(postgres.command(self.home, port, self._env, user))

    def _start_simulators(self) -> None:
        host = self._plan.simulators_host
        certificates = tls.ensure(self.home.secrets, host=host)
        described = parties.describe(self.home, self.ports, certificates, host=host)
        parties.write(self.home, self._plan.adjust_parties(described))
        around = simulators.Surroundings(
            certificates=certificates,
            callback_url=self.settings.public_url,
            listen=portbook.HOST if host == portbook.HOST else "0.0.0.0",
            latency_s=self._plan.party_latency_s,
        )
        commands = simulators.commands(self.home, self.ports, self._env, around)
        for command in commands:
            self._spawn(command)
        for command in commands:
            self._wait(command.name)

    def _start_programs(self, parts: frozenset[Part]) -> None:
        commands = []
        if Part.WORKERS in parts:
            schema.set_current_build(self.settings)
            count = range(1, self._plan.workers + 1)
            commands += [programs.worker(self.home, number, self._env) for number in count]
        if Part.API in parts:
            commands.append(programs.api(self.home, self.ports["API"], self._env))
        if Part.FOLDERS in parts:
            commands.append(programs.folders(self.home, self.ports["API"], self._env))
        for command in commands:
            self._spawn(command)
        for command in commands:
            self._wait(command.name)

    def _spawn(self, command: Command) -> None:
        self._plan.progress(f"Starting {command.title}")
        rotate(command.log_file)
        child = Child(command)
        child.spawn()
        self._children[command.name] = child
        self._record()

    def _wait(self, name: str) -> None:
        """Only what has once been ready is watched: a first start that fails is an error."""
        self._children[name].wait_ready()
        self._supervisor.watch(self._children[name])

    def _record(self) -> None:
        record_children(self.home.children_file, self._children.values())

    def _child(self, name: str) -> Child:
        if name not in self._children:
            raise StackError(f"{name} is no part of this stack; it has {', '.join(self.names)}.")
        return self._children[name]

    @property
    def child_env(self) -> dict[str, str]:
        """The environment of its children, for a process that is to stand beside them."""
        return dict(self._env)

    @property
    def names(self) -> list[str]:
        """The children, as ``kill``, ``restart``, ``pid`` and the log files call them."""
        return list(self._children)

    def pid(self, name: str) -> int:
        return self._child(name).pid

    def alive(self, name: str) -> bool:
        return self._child(name).alive()

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        """Sends a signal; without supervision a child that it ends stays away until ``restart``."""
        self._child(name).kill(number)

    def restart(self, name: str, env: Mapping[str, str] | None = None) -> None:
        """Stops it if it runs, starts it and returns when it is ready.

        ``env`` replaces variables of its environment, for this start and all later ones.
        """
        child = self._child(name)
        with self._supervisor.hold():
            child.stop()
            child.command = replace(child.command, env={**child.command.env, **(env or {})})
            child.spawn()
            child.wait_ready(RESTART_PATIENCE_S)
            self._record()

    def wait_ready(self, name: str) -> None:
        self._child(name).wait_ready(RESTART_PATIENCE_S)

    def stop(self) -> None:
        """Stops every child and gives the data directory free; the second call does nothing."""
        with self._stopping:
            atexit.unregister(self.stop)
            self._supervisor.end()
            engines = set().union(*ENGINE_GROUPS)
            for group in (set(self._children) - engines, *ENGINE_GROUPS):
                self._stop_together([c for name, c in self._children.items() if name in group])
            if self._children:
                self.home.children_file.unlink(missing_ok=True)
            self._children = {}
            self._lock.release()

    def _stop_together(self, children: list[Child]) -> None:
        threads = [threading.Thread(target=child.stop) for child in children]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def run_forever(self) -> None:
        """Until somebody asks to stop (Ctrl-C, SIGTERM, a closed terminal); then stops."""
        with asked_to_stop() as asked:
            asked.event.wait()
        self.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def up(data_dir: Path, plan: Plan, *, ready: Callable[[Stack, Asked], None]) -> None:
    """Starts, calls ``ready`` and stays until asked to stop, also while it is still starting."""
    with asked_to_stop(interrupt=True) as asked:
        try:
            with Stack.of(data_dir, plan) as stack:
                ready(stack, asked)
                asked.event.wait()
                plan.progress("Stopping")
        except KeyboardInterrupt:
            plan.progress("Stopped")
