"""One row per expectation of features and labels: what was expected, what was found."""

from regulars.engines import engine_of
from regulars.gates.check import check_tables


def model(dbt, session):
    tables = {
        "customer_features": dbt.ref("customer_features"),
        "feature_shifts": dbt.ref("feature_shifts"),
        "label_shares": dbt.ref("label_shares"),
    }
    engine = engine_of(session)
    return engine.to_relation(check_tables(engine, "features", tables))
