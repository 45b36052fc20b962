"""One row per judged day of a prediction, segment and who scored: how right the scores were."""

from regulars.engines import engine_of
from regulars.monitoring.performance import judge_outcomes


def model(dbt, session):
    engine, outcomes = engine_of(session), dbt.ref("score_outcomes")
    predictions = dbt.config.meta_get("predictions")
    return engine.to_relation(judge_outcomes(engine, outcomes, predictions))
