"""One row per customer of the purchase population: today's score, and why."""

from regulars.engines import engine_of
from regulars.scoring.score import score_current


def model(dbt, session):
    champions, boosters = dbt.ref("champions"), dbt.ref("model_boosters")
    words, reasons = dbt.ref("score_reason_words"), dbt.config.meta_get("reasons")
    view, engine = dbt.ref("training_purchase"), engine_of(session)
    return score_current(engine, "purchase", champions, boosters, view, words, reasons)
