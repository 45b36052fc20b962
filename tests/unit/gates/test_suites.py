"""Reading a suite: what is wrong with it is one line with file and line."""

import pytest

from regulars.errors import UserError
from regulars.gates.suites import read_suite, suite_names
from tests.unit.gates.projects import TinyProject


def test_a_suite_is_read_as_it_stands(project: TinyProject) -> None:
    assert suite_names() == ["orders"]
    assert read_suite("orders")["expectations"] == project.read_suite("orders")["expectations"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"name": "orders",\n"x": [,]}', "expectations/orders.json:2: Expecting value."),
        ("[]", 'expectations/orders.json:1: it must be an object with "name": "orders".'),
        ('{"name": "x", "expectations": [1]}',
         'expectations/orders.json:1: it must be an object with "name": "orders".'),
        ('{"name": "orders", "expectations": []}',
         'expectations/orders.json:1: it has no list of "expectations".'),
        ("[" * 100_000, "expectations/orders.json:1: it is nested too deeply."),
    ],
)  # fmt: skip
def test_what_is_no_suite_is_refused_in_one_line(
    project: TinyProject, text: str, said: str
) -> None:
    project.write("expectations/orders.json", text)
    with pytest.raises(UserError) as raised:
        read_suite("orders")
    assert str(raised.value) == said


def test_what_is_no_text_is_refused(project: TinyProject) -> None:
    (project.root / "expectations" / "orders.json").write_bytes(b'{"name": "\xff"}')
    with pytest.raises(UserError, match=r"^expectations/orders\.json:1: it is no UTF-8 text"):
        read_suite("orders")


def test_a_suite_that_is_missing_is_named(project: TinyProject) -> None:
    with pytest.raises(UserError, match=r"^expectations/lines\.json can't be read"):
        read_suite("lines")
