"""The macros of macros/cross_db, rendered as dbt renders them, but without a project.

A parse costs seconds. Here a macro is read with those of its folder, and with the few of dbt's own
that they call.
"""

import json
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

import jinja2
from dbt.adapters.base.column import Column

from tests.structure.project import ROOT

FOLDER = ROOT / "macros" / "cross_db"
ENGINES = ("duckdb", "snowflake")
# what they call as dbt.…; an engine may have its own, a project's goes before both
OF_DBT = ("data_types.sql", "safe_cast.sql")


class RefusedError(Exception):
    """What dbt would stop with."""


def refuse(message: str) -> NoReturn:
    """Stands in for exceptions.raise_compiler_error."""
    raise RefusedError(message)


def defined() -> list[str]:
    """The macros that macros/cross_db defines, without the engines' variants of them."""
    found = []
    for path in sorted(FOLDER.glob("*.sql")):
        found += re.findall(r"\{%-?\s*macro\s+(\w+)\(", path.read_text("utf-8"))
    prefixes = tuple(f"{each}__" for each in (*ENGINES, "default"))
    own = [name for name in found if not name.startswith(prefixes)]
    # a variant of what dbt itself dispatches has no macro of its own here
    variants = {name.split("__", 1)[1] for name in found if name not in own}
    return sorted({*own, *variants})


@cache
def template(engine: str) -> jinja2.Template:
    """All that can be called on an engine; of two with one name the later one counts."""
    spec = find_spec("dbt.include")
    assert spec and spec.submodule_search_locations
    include = Path(spec.submodule_search_locations[0])
    folders = [include / package / "macros" / "utils" for package in ("global_project", engine)]
    paths = [folder / name for folder in folders for name in OF_DBT]
    paths += sorted(FOLDER.glob("*.sql"))
    text = "\n".join(path.read_text("utf-8") for path in paths if path.exists())
    environment = jinja2.Environment(autoescape=False, extensions=["jinja2.ext.do"])
    return environment.from_string(text)


def rendered(engine: str, macro: str, *arguments: object, **context: Any) -> str:
    """What a macro says on an engine.

    Args:
        engine: 'duckdb' or 'snowflake'.
        macro: its name, without the engine's.
        arguments: what it is called with.
        context: what Jinja knows besides, such as invocation_id; `adapter` holds what it has beside
            dispatch.
    """

    def dispatch(name: str, package: str) -> Any:
        variant = getattr(module, f"{engine}__{name}", None)
        return variant or getattr(module, f"default__{name}")

    class Dbt:
        def __getattr__(self, name: str) -> Any:
            return getattr(module, name)

    module = template(engine).make_module(
        {
            "adapter": SimpleNamespace(dispatch=dispatch, **context.pop("adapter", {})),
            "api": SimpleNamespace(Column=Column),  # neither engine names types in its own way
            "dbt": Dbt(),
            "exceptions": SimpleNamespace(raise_compiler_error=refuse),
            "return": lambda value: value,
            "tojson": json.dumps,
            **context,
        }
    )
    called = getattr(module, macro, None) or dispatch(macro, "regulars")
    return str(called(*arguments)).strip()
