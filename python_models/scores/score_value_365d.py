"""One row per customer of the value_365d population: today's score, and why."""

from regulars.engines import engine_of
from regulars.scoring.score import score_current


def model(dbt, session):
    champions, view = dbt.ref("champions"), dbt.ref("training_value_365d")
    words, reasons = dbt.ref("score_reason_words"), dbt.config.meta_get("reasons")
    return score_current(engine_of(session), "value_365d", champions, view, words, reasons)
