"""Where in a JSON text each of its values stands, so that an error can name the line."""

import json
import re
from dataclasses import dataclass

# a way through the text to a value: ("expectations", 3, "kwargs", "column")
Path = tuple[str | int, ...]

TOKEN = re.compile(r'\s*(?:("(?:[^"\\]|\\.)*")|([{}\[\],:])|([^\s{}\[\],:"]+))')


@dataclass
class Positions:
    """The lines of a JSON text's values.

    Attributes:
        lines: for each path, the line that the value starts on, or that its name stands on
            when it has one; 1 is the first.
        repeated: paths that stand twice; of these the last value counts, the line is the last's.
    """

    lines: dict[Path, int]
    repeated: list[Path]

    def line(self, path: Path) -> int:
        """The line of a path; where it isn't in the text, of the nearest that it would be in."""
        while path not in self.lines:
            path = path[:-1]
        return self.lines[path]


def find_positions(text: str) -> Positions:
    """Where the values of a JSON text stand, however it is laid out.

    Args:
        text: JSON, as json.loads has already accepted it.
    """
    lines: dict[Path, int] = {}
    repeated: list[Path] = []
    open_paths: list[Path] = []  # of the objects and lists around the token
    path: Path = ()
    line, seen = 1, 0
    is_name = False  # whether a string would be a name

    for token in TOKEN.finditer(text):
        start = token.start(token.lastindex or 0)
        line, seen = line + text.count("\n", seen, start), start
        mark = token[2]
        if token[1] and is_name:
            path = (*open_paths[-1], str(json.loads(token[1])))
            if path in lines and not any(path[: len(known)] == known for known in repeated):
                repeated.append(path)
            lines[path] = line
            is_name = False
        elif mark in ("}", "]"):
            path = open_paths.pop()
        elif mark == ",":
            *above, last = path
            is_name = isinstance(last, str)
            path = path if isinstance(last, str) else (*above, last + 1)
        elif mark != ":":
            if not path or isinstance(path[-1], int):
                lines[path] = line
            if mark:
                open_paths.append(path)
                is_name = mark == "{"
                path = path if is_name else (*path, 0)
    return Positions(lines, repeated)
