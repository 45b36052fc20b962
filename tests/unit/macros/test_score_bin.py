"""In which part of its range a score lies."""

import math

import duckdb
import jinja2
import pytest

from tests.structure.project import ROOT

PREDICTIONS = {"churn": {}, "value": {"objective": "amount"}}
SCORES = [0.0, 0.049, 0.05, 0.5, 0.999, 1.0, 7.3, 1e4, 1e9]


def bins(predictions: dict[str, dict[str, str]], prediction: str) -> list[int]:
    """The parts that SCORES lie in, by the SQL that the macro writes."""
    text = (ROOT / "macros" / "scores" / "score_bin.sql").read_text("utf-8")
    environment = jinja2.Environment(autoescape=False, extensions=["jinja2.ext.do"])
    sql = environment.from_string(f"{text}\n{{{{ score_bin('score', 'prediction') }}}}").render(
        var=lambda _: predictions, column_type=str
    )
    scores = ", ".join(f"({place}, {score})" for place, score in enumerate(SCORES))
    found = duckdb.sql(
        f"select {sql} from (select '{prediction}' as prediction, *"
        f" from (values {scores}) as given_rows (place, score)) order by place"
    )
    return [bin_ for (bin_,) in found.fetchall()]


def test_probabilities_lie_in_twentieths() -> None:
    assert bins(PREDICTIONS, "churn")[:6] == [0, 0, 1, 10, 19, 19]
    assert bins({"churn": {}}, "churn")[:6] == [0, 0, 1, 10, 19, 19]


def test_amounts_lie_in_orders_of_magnitude() -> None:
    expected = [min(19, math.floor(2 * math.log1p(score))) for score in SCORES]
    assert bins(PREDICTIONS, "value") == expected
    assert expected[-2:] == pytest.approx([18, 19])
