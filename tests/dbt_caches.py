"""Shortcuts in dbt that leave every result as it is. They halve the CPU time of a build and of a parse.

dbt parses the SQL of a macro again for each use. It makes 3,000 debug messages that no log of ours takes. For each
result of a query it works out how a date is written in English.
"""

import functools
import importlib
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from typing import Any


def install_with_dbt() -> None:
    """Put the shortcuts in place when dbt is imported. It is not imported here, because that takes two seconds."""
    if not any(isinstance(finder, _BeforeDbt) for finder in sys.meta_path) and "dbt.cli.main" not in sys.modules:
        sys.meta_path.insert(0, _BeforeDbt())


class _BeforeDbt(MetaPathFinder):
    def find_spec(self, name: str, path: Sequence[str] | None, target: object = None) -> None:
        if name == "dbt.cli.main":
            sys.meta_path.remove(self)
            _parse_once()
            _no_debug_messages()
            _one_calendar()


def _parse_once() -> None:
    """The cache that dbt has for its own tests, and one for the code of a template."""
    importlib.import_module("dbt_common.tests").enable_test_caching()
    environment: Any = importlib.import_module("jinja2").Environment
    slow = environment.compile
    compiled: dict[Any, Any] = {}

    @functools.wraps(slow)
    def compile_once(self: Any, source: Any, *arguments: Any, **options: Any) -> Any:
        if arguments or options or not isinstance(source, str):
            return slow(self, source, *arguments, **options)
        key = type(self), source
        if key not in compiled:
            compiled[key] = slow(self, source)
        return compiled[key]

    environment.compile = compile_once


def _no_debug_messages() -> None:
    types: Any = importlib.import_module("dbt_common.events.base_types")
    manager: Any = importlib.import_module("dbt_common.events.event_manager").EventManager
    debug, fire = types.EventLevel.DEBUG, manager.fire_event

    @functools.wraps(fire)
    def fire_unless_debug(self: Any, e: Any, level: Any = None, *arguments: Any, **options: Any) -> None:
        # dbt has one callback of its own, which counts warnings.
        wanted = len(self.callbacks) > 1 or any(logger.level is debug for logger in self.loggers)
        if wanted or (level or e.level_tag()) is not debug:
            fire(self, e, level, *arguments, **options)

    manager.fire_event = fire_unless_debug
    make, get = types.BaseEvent.__init__, types.BaseEvent.__getattr__

    def make_later(self: Any, *arguments: Any, **fields: Any) -> None:
        vars(self)["made_of"] = arguments, fields

    def get_made(self: Any, name: str) -> Any:
        if waiting := vars(self).pop("made_of", None):
            make(self, *waiting[0], **waiting[1])
            return getattr(self, name)
        return get(self, name)

    types.BaseEvent.__init__, types.BaseEvent.__getattr__ = make_later, get_made


def _one_calendar() -> None:
    calendars: Any = importlib.import_module("parsedatetime")
    calendars.Constants = functools.cache(calendars.Constants)
