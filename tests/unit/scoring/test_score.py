"""Scores of the current snapshot by the champion."""

import json
from datetime import date
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from regulars.engines.duckdb import DuckDBEngine
from regulars.errors import UserError
from regulars.scoring.score import SCORE_SCHEMA, score_current
from regulars.training import booster as boosting
from regulars.training.matrix import Matrix
from tests.unit.scoring.champions import SmallBatches, champion

Relation = duckdb.DuckDBPyRelation

VIEW = """
    select
        'customer ' || customer as customer_id,
        date '2024-05-31' - (case when customer % 3 = 0 then 0 else 30 end)::integer as as_of_date,
        (hash(customer) % 10)::integer as orders_count,
        nullif((hash(customer + 5000) % 100), 7)::decimal(18, 4) as revenue_amount,
        customer % 3 = 0 as is_current,
        null::integer as label
    from range(900) as customers(customer)
"""


@pytest.fixture
def view(engine: DuckDBEngine) -> Relation:
    return engine.session.sql(VIEW)


@pytest.fixture
def booster() -> Any:
    """A model that means the two features differently."""
    random = np.random.default_rng(1)
    values = random.uniform(0, 10, (400, 2)).astype(np.float32)
    labels = (values[:, 0] > 5).astype(np.float32)
    rows = Matrix(
        ("orders_count", "revenue_amount"), values, labels, np.zeros(400, "datetime64[D]")
    )
    return boosting.fit(rows, {"rounds": 5, "max_depth": 2, "nthread": 1})


@pytest.fixture
def champions(engine: DuckDBEngine, booster: Any) -> Relation:
    """The relation `champions`, with one of another prediction beside ours."""
    ours = champion("churn", ["orders_count", "revenue_amount"], booster)
    other = ours | {
        "prediction": "purchase",
        "model_id": "model 2",
        "features": '["no_such_feature"]',
    }
    return engine.session.from_arrow(pa.Table.from_pylist([other, ours]))


def by_customer(table: pa.Table) -> dict[str, float]:
    return dict(zip(table["customer_id"].to_pylist(), table["score"].to_pylist(), strict=True))


def test_the_current_rows_are_scored(
    engine: DuckDBEngine, view: Relation, champions: Relation, booster: Any
) -> None:
    scored = score_current(engine, "churn", champions, champions, view).read_all()
    assert scored.schema == SCORE_SCHEMA
    assert set(scored["as_of_date"].to_pylist()) == {date(2024, 5, 31)}
    assert set(scored["model_id"].to_pylist()) == {"model 1"}

    current = view.filter("is_current").to_arrow_table()
    values = np.column_stack(
        [
            np.array(
                [np.nan if value is None else float(value) for value in current[name].to_pylist()],
                np.float32,
            )
            for name in ("orders_count", "revenue_amount")
        ]
    )
    expected = boosting.predict(booster, values).astype(float)
    assert by_customer(scored) == dict(
        zip(current["customer_id"].to_pylist(), expected.tolist(), strict=True)
    )
    assert len(set(expected.tolist())) > 1


def test_batches_give_what_one_go_gives(
    engine: DuckDBEngine, view: Relation, champions: Relation
) -> None:
    small = SmallBatches(engine.session)
    one = score_current(engine, "churn", champions, champions, view).read_all()
    many = score_current(small, "churn", champions, champions, view).read_all()
    assert many.column("score").num_chunks > 5
    assert by_customer(many) == by_customer(one)


def test_features_are_found_by_name(
    engine: DuckDBEngine, view: Relation, champions: Relation
) -> None:
    turned = view.project(
        "revenue_amount, is_current, 1 as new_feature, orders_count, as_of_date, customer_id"
    )
    straight = score_current(engine, "churn", champions, champions, view).read_all()
    assert by_customer(
        score_current(engine, "churn", champions, champions, turned).read_all()
    ) == by_customer(straight)


@pytest.fixture
def of_country(engine: DuckDBEngine) -> Relation:
    """The relation `champions`: who lives in fr comes again."""
    countries = np.arange(400, dtype=np.float32)[:, None] % 2
    rows = Matrix(
        ("country",),
        countries,
        countries[:, 0],
        np.zeros(400, "datetime64[D]"),
        categories={"country": ("de", "fr")},
    )
    booster = boosting.fit(rows, {"rounds": 5, "max_depth": 1, "nthread": 1})
    ours = champion("churn", ["country"], booster) | {"categories": '{"country": ["de", "fr"]}'}
    return engine.session.from_arrow(pa.Table.from_pylist([ours]))


COUNTRY = (
    "*, case when customer_id like '%0' then 'it' when customer_id like '%3' then null"
    " when orders_count > 4 then 'fr' else 'de' end as country"
)


def test_a_new_category_is_scored_and_counted(
    engine: DuckDBEngine, view: Relation, of_country: Relation
) -> None:
    """It goes with those that no split names, whatever it is called; null isn't new."""
    asked = view.project(COUNTRY)
    scored = score_current(
        engine, "churn", of_country, of_country, asked, reasons="exact"
    ).read_all()
    found = {}
    for row in scored.to_pylist():
        told = [reason["value"] for reason in json.loads(row["reasons"])]
        found.setdefault((row["unseen_categories_count"], *told), set()).add(row["score"])
    (de,), (fr,), (new,) = found[0, "de"], found[0, "fr"], found[1, "(new)"]
    assert de < 0.3
    assert fr > 0.7
    assert new in (de, fr)
    assert (0, None) in found or (0,) in found
    other = asked.project("* replace (replace(country, 'it', 'pt') as country)")
    again = score_current(
        engine, "churn", of_country, of_country, other, reasons="exact"
    ).read_all()
    assert by_customer(again) == by_customer(scored)


def test_a_feature_that_is_no_more_what_it_was_is_named(
    engine: DuckDBEngine, view: Relation, champions: Relation, of_country: Relation
) -> None:
    with pytest.raises(
        UserError, match=r"^The champion of churn needs the feature country as text"
    ):
        score_current(engine, "churn", of_country, of_country, view.project("*, 1 as country"))
    text = view.project("* replace (orders_count::varchar as orders_count)")
    with pytest.raises(UserError, match="needs the feature orders_count as a number: run again"):
        score_current(engine, "churn", champions, champions, text)


def test_without_a_champion_there_are_no_rows(
    engine: DuckDBEngine, view: Relation, champions: Relation
) -> None:
    nobody = champions.filter("prediction = 'purchase'")
    scored = score_current(engine, "churn", nobody, nobody, view)
    assert scored.num_rows == 0
    assert scored.schema == SCORE_SCHEMA


def test_a_feature_that_is_gone_is_named(
    engine: DuckDBEngine, view: Relation, champions: Relation
) -> None:
    view = view.project("* exclude (orders_count)")
    with pytest.raises(UserError, match=r"churn needs the feature orders_count.*retrain: true"):
        score_current(engine, "churn", champions, champions, view)


def test_a_changed_model_scores_nobody(
    engine: DuckDBEngine, view: Relation, champions: Relation
) -> None:
    changed = champions.project("* replace (repeat('0', 64) as booster_sha256)")
    with pytest.raises(ValueError, match="doesn't match its sha256"):
        score_current(engine, "churn", changed, changed, view).read_all()


def test_scores_are_calibrated_for_their_day(engine: DuckDBEngine, view: Relation) -> None:
    """On whom last year tells about, and on others by half."""
    booster = boosting.fit(
        Matrix(
            ("orders_count", "days_since_last_purchase"),
            np.random.default_rng(1).uniform(0, 10, (400, 2)).astype(np.float32),
            np.repeat([0, 1], 200).astype(np.float32),
            np.zeros(400, "datetime64[D]"),
        ),
        {"rounds": 5, "nthread": 1},
    )
    powers = {"2024-05-01": 1.0, "2024-05-31": 2.0}
    kept = {"means_silence": True, "known_below": 5, "powers": powers}
    row = champion("churn", ["orders_count", "days_since_last_purchase"], booster)
    view = view.project("*, orders_count as days_since_last_purchase")

    def scores(calibration: str | None) -> dict[str, float]:
        told = row | {"calibration": calibration}
        relation = engine.session.from_arrow(pa.Table.from_pylist([told]))
        return by_customer(score_current(engine, "churn", relation, relation, view).read_all())

    plain, calibrated = scores(None), scores(json.dumps(kept))
    recency = dict(view.project("customer_id, days_since_last_purchase").fetchall())
    assert {recency[customer] < 5 for customer in plain} == {True, False}
    for customer, score in plain.items():
        power = 2 if recency[customer] < 5 else np.sqrt(2)
        assert calibrated[customer] == pytest.approx(score**power)


RULES = {
    "limits": {"purchases_count": [2, 4, 6, 8]},
    "by_points": [place / 20 for place in range(13)],
    "amount_days": None,
}


def test_rules_score_beside_a_model_that_has_other_features(
    engine: DuckDBEngine, view: Relation, booster: Any
) -> None:
    row = champion("churn", ["orders_count", "revenue_amount"], booster)
    row |= {"rules": json.dumps(RULES)}
    champions = engine.session.from_arrow(pa.Table.from_pylist([row]))
    view = view.project("*, orders_count as purchases_count")
    scored = score_current(engine, "churn", champions, champions, view).read_all()
    plain = score_current(
        engine, "churn", champions, champions, view.project("* exclude purchases_count")
    )
    assert by_customer(scored) == by_customer(plain.read_all())
    counts = dict(view.filter("is_current").project("customer_id, orders_count").fetchall())
    for customer, ruled in zip(
        scored["customer_id"].to_pylist(), scored["rules_score"].to_pylist(), strict=True
    ):
        assert ruled == sum(counts[customer] >= limit for limit in (2, 4, 6, 8)) / 20


def test_rules_score_alone_where_there_is_no_model(engine: DuckDBEngine, view: Relation) -> None:
    row = {
        "prediction": "churn",
        "model_id": "rules of a failed training",
        "horizon_days": 90,
        "features": None,
        "rules": json.dumps(RULES),
        "part_number": 1,
        "booster": None,
        "amount_booster": None,
        "booster_sha256": None,
    }
    champions = engine.session.from_arrow(pa.Table.from_pylist([row]))
    view = view.project("*, orders_count as purchases_count")
    scored = score_current(engine, "churn", champions, champions, view, None, "exact").read_all()
    assert scored.schema == SCORE_SCHEMA
    assert scored.num_rows == 300
    assert scored["score"].to_pylist() == scored["rules_score"].to_pylist()
    assert len(set(scored["score"].to_pylist())) == 5
    assert set(scored["reasons"].to_pylist()) == {None}
    assert set(scored["model_id"].to_pylist()) == {"rules of a failed training"}
