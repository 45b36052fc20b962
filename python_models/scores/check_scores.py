"""One row per expectation of the scores: what was expected, what was found. gate_scores decides."""

from regulars.engines import engine_of
from regulars.gates.check import check_tables


def model(dbt, session):
    tables = {
        "customers": dbt.ref("customers"),
        "customer_scores": dbt.ref("customer_scores"),
        "score_shifts": dbt.ref("score_shifts"),
        "score_decay": dbt.ref("score_decay"),
    }
    engine = engine_of(session)
    return engine.to_relation(check_tables(engine, "scores", tables))
