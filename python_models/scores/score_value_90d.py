"""One row per customer of the value_90d population: today's score, and why."""

from regulars.engines import engine_of
from regulars.scoring.score import score_current


def model(dbt, session):
    champions, boosters = dbt.ref("champions"), dbt.ref("model_boosters")
    words, reasons = dbt.ref("score_reason_words"), dbt.config.meta_get("reasons")
    view, engine = dbt.ref("training_value_90d"), engine_of(session)
    return score_current(engine, "value_90d", champions, boosters, view, words, reasons)
