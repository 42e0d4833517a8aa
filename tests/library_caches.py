"""Caches around slow functions of libraries that always give the same answer. They halve the CPU time of a load.

dlt works out the type of every setting anew for each lookup, some thousand times a load. botocore parses its
description of a service again in every session. Nothing here changes a result.
"""

import copy
import functools
import importlib
import sys
from collections.abc import Callable
from typing import Any

from botocore import loaders

LATE_IMPORTS = ("dlt.common.libs.pyarrow", "dlt.destinations.impl.filesystem.filesystem", "pyarrow.dataset", "s3fs")
# Functions of a type alone. None returns a list or a dict that a caller changes.
OF_A_TYPE = {
    "dlt.common.typing": (
        "extract_inner_type",
        "extract_type_if_modifier",
        "is_literal_type",
        "is_newtype_type",
        "is_optional_type",
        "is_subclass",
        "is_union_type",
    ),
    "dlt.common.configuration.providers.provider": ("get_key_name",),
    "dlt.common.configuration.specs.base_configuration": (
        "extract_inner_hint",
        "is_base_configuration_inner_hint",
        "is_context_inner_hint",
        "is_credentials_inner_hint",
        "is_hint_not_resolvable",
        "is_secret_hint",
        "is_valid_hint",
    ),
}


def install() -> None:
    """Put the caches in place. A second call does nothing."""
    if hasattr(loaders.JSONFileLoader.load_file, "__wrapped__"):
        return
    for name in LATE_IMPORTS:
        importlib.import_module(name)
    for module, names in OF_A_TYPE.items():
        for name in names:
            slow = getattr(sys.modules[module], name)
            _replace(slow, _cached(slow))
    _no_search_for_nested_tables()
    _no_search_for_merge_strategies()
    _copy_schemas_quickly()
    _cache_keys_of_schemas()
    _cache_fields_of_settings()
    _cache_descriptions_of_services()


def _replace(slow: Callable[..., Any], quick: Callable[..., Any]) -> None:
    """Modules of dlt import these functions by name, so each module has its own reference."""
    for name, module in list(sys.modules.items()):
        if name.startswith("dlt."):
            for attribute, value in list(vars(module).items()):
                if value is slow:
                    setattr(module, attribute, quick)


def _cached(slow: Callable[..., Any]) -> Callable[..., Any]:
    quick = functools.lru_cache(maxsize=10_000)(slow)

    @functools.wraps(slow)
    def answer(*arguments: Any, **options: Any) -> Any:
        try:
            return quick(*arguments, **options)
        except TypeError:  # an argument that cannot be hashed
            return slow(*arguments, **options)

    return answer


def _no_search_for_nested_tables() -> None:
    """dlt searches for the children of each table, all tables in each search. Our tables have none."""
    from dlt.common.schema.utils import get_nested_tables

    def quick(tables: Any, table_name: str, *limits: Any, **more: Any) -> Any:
        if limits or more or any(table.get("parent") for table in tables.values()):
            return get_nested_tables(tables, table_name, *limits, **more)
        return [tables[table_name]] if table_name in tables else []

    _replace(get_nested_tables, quick)


def _no_search_for_merge_strategies() -> None:
    """A table that is not merged has no merge strategy. dlt resolves a configuration first, 450 times in a load."""
    from dlt.common.destination.utils import resolve_merge_strategy

    def quick(tables: Any, table: Any, *given: Any, **named: Any) -> Any:
        return (
            resolve_merge_strategy(tables, table, *given, **named)
            if table.get("write_disposition") == "merge"
            else None
        )

    _replace(resolve_merge_strategy, quick)


def _copy_schemas_quickly() -> None:
    """A schema is a tree of dicts and lists, so a copy need not remember what it has already copied."""

    def copied(part: Any) -> Any:
        if type(part) is dict:
            return {name: copied(inner) for name, inner in part.items()}
        if type(part) is list:
            return [copied(inner) for inner in part]
        return part if type(part) in (str, int, float, bool, type(None)) else copy.deepcopy(part)

    for name in ("dlt.common.schema.schema", "dlt.common.schema.utils"):
        vars(sys.modules[name])["deepcopy"] = copied


def _cache_keys_of_schemas() -> None:
    """The keys that a part of a schema may have. The namespace that dlt passes is that of the part's module."""
    from dlt.common import validation

    slow: Any = validation
    hints = slow.get_type_hints
    quick: Any = functools.cache(lambda part: hints(part, globalns=vars(sys.modules[part.__module__])))
    slow.get_type_hints = lambda part, globalns: quick(part)


def _cache_fields_of_settings() -> None:
    from dlt.common.configuration.specs.base_configuration import BaseConfiguration

    slow: Any = BaseConfiguration.get_resolvable_fields
    quick: Any = functools.cache(slow.__func__)
    fields: Any = classmethod(lambda cls: dict(quick(cls)))
    BaseConfiguration.get_resolvable_fields = fields  # type: ignore[method-assign]


def _cache_descriptions_of_services() -> None:
    loader: Any = loaders.JSONFileLoader
    slow = loader.load_file
    quick = functools.cache(lambda path: slow(loader(), path))
    loader.load_file = functools.wraps(slow)(lambda self, path: quick(path))
