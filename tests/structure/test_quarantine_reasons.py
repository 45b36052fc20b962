"""Every reason that a row can be set aside for stands in the docs, and no other."""

import re
from pathlib import Path

from tests.structure.project import INPUTS, ROOT

PAGE = ROOT / "docs" / "reference" / "quarantine.md"


def reasons_in(sql: str) -> list[str]:
    """The reasons of a model's rules, in their order: the first case over the rows read."""
    (rules,) = re.findall(r"case\n((?:(?!\bend\b).)*)end as rejection_reason", sql, re.DOTALL)
    return re.findall(r"then '(\w+)'", rules)


def described(page: str) -> dict[str, list[str]]:
    """The reasons that the page has for each input, in their order."""
    events, _, others = page.partition("## The rules of the other inputs")
    found = {"events": re.findall(r"^\| `(\w+)` \|", events, re.MULTILINE)}
    for name, reasons in re.findall(r"^\| (\w+) \| (`.+`) \|$", others, re.MULTILINE):
        found[name] = re.findall(r"`(\w+)`", reasons)
    return found


def models() -> dict[str, Path]:
    return {name: ROOT / "models" / "inputs" / f"input_{name}_checked.sql" for name in INPUTS}


def test_every_reason_is_described_and_no_other() -> None:
    has = {name: reasons_in(path.read_text(encoding="utf-8")) for name, path in models().items()}
    assert described(PAGE.read_text(encoding="utf-8")) == has
    assert all(has.values())
