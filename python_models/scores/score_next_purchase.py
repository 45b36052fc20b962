"""One row per customer of the next_purchase population: today's score, and why."""

from regulars.engines import engine_of
from regulars.scoring.score import score_current


def model(dbt, session):
    champions, view = dbt.ref("champions"), dbt.ref("training_next_purchase")
    words, reasons = dbt.ref("score_reason_words"), dbt.config.meta_get("reasons")
    return score_current(engine_of(session), "next_purchase", champions, view, words, reasons)
