"""The page of the features says what is there: YAML, SQL and Markdown speak of the same columns."""

import re

import pytest
import sqlglot
import yaml

from regulars.errors import UserError
from regulars.features.reference import (
    DECLARED,
    KEYS,
    PAGE,
    Feature,
    declared_features,
    merged,
    page_of,
)
from tests.structure.project import ROOT


def test_the_page_is_up_to_date() -> None:
    said = (ROOT / PAGE).read_text(encoding="utf-8")
    assert said == page_of(declared_features(ROOT)), "run: regulars features docs"


def test_meanings_are_in_words() -> None:
    """They stand beside scores as their reasons, for people who know no column of ours."""
    wrong = [
        feature.name
        for feature in declared_features(ROOT)
        if re.search(r"[a-z]_[a-z]|[A-Z]{4}|[()]", feature.meaning)
        or not feature.meaning.endswith(".")
        or ". " in feature.meaning
    ]
    assert not wrong


def test_every_column_is_declared(compiled: dict[str, str]) -> None:
    """What the macro feature_families brings is what YAML declares, name by name."""
    final = sqlglot.parse_one(compiled["customer_features"], dialect="duckdb").ctes[-1].this
    declared = [feature.name for feature in declared_features(ROOT)]
    assert sorted(final.named_selects) == sorted([*KEYS, *declared])
    assert len(declared) >= 120


def a_feature(name: str, meaning: str, formula: str = "orders") -> Feature:
    days = name.rsplit("_", 1)[1].removesuffix("d")
    windows = (int(days),) if days.isdigit() else ()
    return Feature("purchases", name, meaning, formula, "orders", "0", windows)


def test_features_of_other_windows_share_a_row() -> None:
    short = a_feature("orders_count_7d", "Orders in 7 days, of 70.")
    long = a_feature("orders_count_30d", "Orders in 30 days, of 70.")
    ever = a_feature("orders_count", "Orders.")
    other = a_feature("returns_count_7d", "Returns in 7 days.")
    (both, *rest) = merged([short, other, long, ever])
    assert (both.name, both.meaning) == ("orders_count_Nd", "Orders in N days, of 70.")
    assert both.windows == (7, 30)
    assert rest == [other, ever]
    page = page_of([short, other, long, ever])
    assert "the 4 features" in page
    assert (
        "| `orders_count_Nd` N = 7, 30 | Orders in N days, of 70. | orders | orders | 0 |" in page
    )


def test_a_bar_in_a_formula_is_no_cell() -> None:
    assert r"| \|a\| |" in page_of([a_feature("turn_count", "A turn.", "|a|")])


def test_a_feature_that_says_too_little_is_named(tmp_path_factory: pytest.TempPathFactory) -> None:
    project = tmp_path_factory.mktemp("project")
    (project / DECLARED).parent.mkdir(parents=True)
    columns = [
        {"name": "customer_id"},
        {"name": "age", "config": {"meta": {"family": "person", "formula": "now - birth"}}},
    ]
    models = {"models": [{"name": "customer_features", "columns": columns}]}
    (project / DECLARED).write_text(yaml.safe_dump(models))
    with pytest.raises(UserError, match=r"feature age in .* its description, unit, when_missing"):
        declared_features(project)
