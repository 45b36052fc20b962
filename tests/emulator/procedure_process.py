"""The process of one procedure: reads it from stdin as JSON, answers on the last line of stdout."""

import builtins
import json
import sys
from typing import Any

from snowflake.snowpark import Session


def refuse_imports(zips: list[str], allowed: set[str]) -> None:
    """Lets modules of the zips import only what a warehouse would have: here, more is installed."""
    import_as_ever = builtins.__import__

    def checked(name: str, names: Any = None, *more: Any, **named: Any) -> Any:
        importer = str((names or {}).get("__file__", ""))
        module = name.split(".", maxsplit=1)[0]
        # a relative import has no module, or one of its own package
        is_absolute = not (named.get("level") or (len(more) > 2 and more[2]))
        if is_absolute and module not in allowed and importer.startswith(tuple(zips)):
            raise ModuleNotFoundError(f"No module named {module}: PACKAGES doesn't name it")
        return import_as_ever(name, names, *more, **named)

    builtins.__import__ = checked


def main() -> None:
    """Runs the procedure."""
    order = json.load(sys.stdin)
    sys.path[:0] = order["zips"]
    session = Session.builder.configs(order["connection"]).create()
    if order["zips"]:
        refuse_imports(order["zips"], set(order["allowed"]))
    names: dict[str, Any] = {"__name__": "procedure"}
    exec(compile(order["code"], "<procedure>", "exec"), names)
    answer = names[order["handler"]](session)
    session.close()
    print(f"\n{json.dumps(answer)}")


if __name__ == "__main__":
    main()
