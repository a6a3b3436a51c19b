"""Puts a changed module's code into the functions that are already there, in a forked process."""

from __future__ import annotations

import functools
import gc
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType

from cosmic_ray.work_item import MutationSpec

from tests.mutation.mutants import changed_source, path_of
from tests.mutation.scope import DOMAIN, MODULES, REPOSITORY


class Functions:
    """Every function of the changed modules that exists when the tests are collected."""

    def __init__(self) -> None:
        files = {str(REPOSITORY / path_of(module)): module for module in MODULES}
        self.by_module: defaultdict[str, list[FunctionType]] = defaultdict(list)
        self.caches: list[functools._lru_cache_wrapper[object]] = []
        for one in gc.get_objects():
            if type(one) is FunctionType and one.__code__.co_filename in files:
                self.by_module[files[one.__code__.co_filename]].append(one)
            elif isinstance(one, functools._lru_cache_wrapper) and _ours(one):
                self.caches.append(one)
        assert self.by_module, "no function of the changed modules is there"

    def exchange(self, spec: MutationSpec) -> bool:
        """False when no function could take the change: then only a fresh import shows it."""
        module = spec.module_path.stem
        file = str(REPOSITORY / spec.module_path)
        changed = compile(changed_source(spec), file, "exec", dont_inherit=True)
        codes = {(code.co_qualname, code.co_firstlineno): code for code in _codes(changed)}
        took = False
        for one in self.by_module[module]:
            code = codes.get((one.__code__.co_qualname, one.__code__.co_firstlineno))
            if code and code != one.__code__ and code.co_freevars == one.__code__.co_freevars:
                one.__code__ = code
                took = True
        for cached in self.caches:
            cached.cache_clear()
        return took


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)


def _ours(cached: functools._lru_cache_wrapper[object]) -> bool:
    code = getattr(cached.__wrapped__, "__code__", None)
    return code is not None and Path(code.co_filename).is_relative_to(REPOSITORY / DOMAIN)
