"""The lines of a JSON text's values, however it is laid out."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from regulars.gates.positions import Path, find_positions

SPACES = st.sampled_from(["", "", " ", "\n", "\t", "\r\n", " \n\n  "])
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=True),
    st.text(max_size=8),
    st.sampled_from(['"', "\\", "{", "]", "\n", "a,b", '\\"', "\u2028"]),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


class Writer:
    """Writes JSON with whitespace anywhere, and notes the line of each value as it does."""

    def __init__(self, draw: Any, ascii_only: bool) -> None:
        self.draw, self.ascii_only = draw, ascii_only
        self.text, self.lines = "", {}

    def put(self, token: str, path: Path | None = None) -> None:
        self.text += self.draw(SPACES)
        if path is not None:
            self.lines[path] = self.text.count("\n") + 1
        self.text += token

    def write(self, value: Any, path: Path = ()) -> None:
        mine = path if not path or isinstance(path[-1], int) else None
        if isinstance(value, dict):
            self.put("{", mine)
            for number, (name, part) in enumerate(value.items()):
                if number:
                    self.put(",")
                self.put(json.dumps(name, ensure_ascii=self.ascii_only), (*path, name))
                self.put(":")
                self.write(part, (*path, name))
            self.put("}")
        elif isinstance(value, list):
            self.put("[", mine)
            for number, part in enumerate(value):
                if number:
                    self.put(",")
                self.write(part, (*path, number))
            self.put("]")
        else:
            self.put(json.dumps(value, ensure_ascii=self.ascii_only), mine)


@given(VALUES, st.data(), st.booleans())
def test_every_value_is_found_on_its_line(value: Any, data: Any, ascii_only: bool) -> None:
    writer = Writer(data.draw, ascii_only)
    writer.write(value)
    writer.put("")
    json.loads(writer.text)
    positions = find_positions(writer.text)
    assert positions.lines == writer.lines
    assert positions.repeated == []


@given(VALUES, st.sampled_from([None, 0, 2, "\t"]))
def test_what_json_writes_is_found(value: Any, indent: int | str | None) -> None:
    text = json.dumps(value, indent=indent)
    lines = find_positions(text).lines
    assert lines[()] == 1
    assert max(lines.values()) <= text.count("\n") + 1


def test_what_stands_twice_is_told_once_with_its_last_line() -> None:
    text = '{"a": {"b": 1,\n"b": 2},\n"a": {"b": [\n1], "c": 0}}'
    positions = find_positions(text)
    assert positions.repeated == [("a", "b"), ("a",)]
    assert positions.line(("a",)) == 3
    assert positions.line(("a", "b", 0)) == 4


def test_a_value_that_is_missing_is_told_where_it_would_stand() -> None:
    positions = find_positions('{\n"a": [\n{}]}')
    assert positions.line(("a", 0, "kwargs", "column")) == 3
    assert positions.line(("a", "nosuch")) == 2
    assert positions.line(("nosuch",)) == 1
