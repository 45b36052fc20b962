"""One row per judged day of a prediction, segment and who scored: how right the scores were."""

from regulars.engines import engine_of
from regulars.monitoring.performance import judge_outcomes


def model(dbt, session):
    outcomes = dbt.ref("score_outcomes")
    return judge_outcomes(engine_of(session), outcomes, dbt.config.meta_get("predictions"))
