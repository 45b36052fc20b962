"""What Python in a warehouse may import, and where its imports lie: procedures and functions alike.

Run inside their processes, which get it by its path: it must import nothing of the project's.
"""

import builtins
import sys
from pathlib import Path
from typing import Any


def prepare(folder: str, allowed: set[str]) -> None:
    """Makes the files of IMPORTS importable, and refuses to them what a warehouse wouldn't have.

    Args:
        folder: holds the files of IMPORTS.
        allowed: top-level modules that may be imported; here, more is installed.
    """
    zips = [str(file) for file in sorted(Path(folder).glob("*.zip"))]
    sys.path[:0] = zips
    sys._xoptions["snowflake_import_directory"] = f"{folder}/"
    import_as_ever = builtins.__import__

    def checked(name: str, names: Any = None, *more: Any, **named: Any) -> Any:
        importer = str((names or {}).get("__file__", ""))
        module = name.split(".", maxsplit=1)[0]
        # a relative import has no module, or one of its own package
        is_absolute = not (named.get("level") or (len(more) > 2 and more[2]))
        if is_absolute and module not in allowed and importer.startswith(tuple(zips)):
            raise ModuleNotFoundError(f"No module named {module}: PACKAGES doesn't name it")
        return import_as_ever(name, names, *more, **named)

    if zips:
        builtins.__import__ = checked
