"""The reference page of the features: what YAML says of the columns of customer_features.

One row per feature; those that differ in the days of their window only share a row.
"""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from regulars.errors import UserError

DECLARED = Path("models") / "features" / "_features__models.yml"
PAGE = Path("docs") / "reference" / "features.md"
KEYS = ("customer_id", "as_of_date")
SAID = ("family", "formula", "unit", "when_missing")
BAR = r"\|"  # a bar that is no border of a cell
WINDOW = re.compile(r"_(\d+)d$")


@dataclass(frozen=True)
class Feature:
    """A feature, or several that differ in their window only: their name then holds an N."""

    family: str
    name: str
    meaning: str
    formula: str
    unit: str
    when_missing: str
    windows: tuple[int, ...] = ()

    def of_any_window(self) -> "Feature":
        """The feature with an N for the days of its window, wherever they are named."""
        found = WINDOW.search(self.name)
        if not found:
            return self
        days = re.compile(rf"(?<!\d){found[1]}(?!\d)")
        return replace(
            self,
            name=f"{self.name[: found.start()]}_Nd",
            meaning=days.sub("N", self.meaning),
            formula=days.sub("N", self.formula),
            windows=(),
        )


def declared_features(project: Path) -> list[Feature]:
    """The features of customer_features as the project's YAML declares them, in its order.

    Raises:
        UserError: naming a feature of which something isn't said.
    """
    models = yaml.safe_load((project / DECLARED).read_text(encoding="utf-8"))["models"]
    (table,) = (model for model in models if model["name"] == "customer_features")
    return [_feature(column) for column in table["columns"] if column["name"] not in KEYS]


def _feature(column: dict[str, Any]) -> Feature:
    name = column["name"]
    said = column.get("config", {}).get("meta", {})
    missing = [part for part in SAID if not said.get(part)]
    if not column.get("description"):
        missing.insert(0, "description")
    if missing:
        raise UserError(f"Say of the feature {name} in {DECLARED} its {', '.join(missing)}.")
    days = WINDOW.search(name)
    return Feature(
        name=name,
        meaning=column["description"],
        windows=(int(days[1]),) if days else (),
        **{part: said[part] for part in SAID},
    )


def merged(features: list[Feature]) -> list[Feature]:
    """Features that differ in their window only as one, in the place of the first."""
    alike: dict[Feature, list[Feature]] = {}
    for feature in features:
        alike.setdefault(feature.of_any_window(), []).append(feature)
    rows = []
    for common, members in alike.items():
        windows = tuple(days for member in members for days in member.windows)
        rows.append(replace(common, windows=windows) if len(members) > 1 else members[0])
    return rows


def page_of(features: list[Feature]) -> str:
    """The page, in Markdown."""
    lines = [
        "# Features",
        "",
        "<!-- Made by `regulars features docs` from models/features/_features__models.yml. -->",
        "",
        f"What a model may know of a customer on a day: the {len(features)} features of"
        " `customer_features`, one row per",
        "(customer_id, as_of_date). A window of N days holds the N days that end with as_of_date."
        " Where a name holds an N, there is",
        "one feature for each number of days behind it. Why they are made as they are:",
        "[decision 0016](../decisions/0016-features.md).",
    ]
    for family in dict.fromkeys(feature.family for feature in features):
        lines += ["", f"## {family}", "", f"Model `feature_{family}`.", ""]
        lines += ["| feature | meaning | formula | unit | when missing |", "|---|---|---|---|---|"]
        lines += [
            _row(feature)
            for feature in merged([feature for feature in features if feature.family == family])
        ]
    return "\n".join(lines) + "\n"


def _row(feature: Feature) -> str:
    name = f"`{feature.name}`"
    if len(feature.windows) > 1:
        name += f" N = {', '.join(map(str, feature.windows))}"
    cells = [feature.meaning, feature.formula, feature.unit, feature.when_missing]
    return f"| {' | '.join([name, *(cell.replace('|', BAR) for cell in cells)])} |"
