"""One row per customer of the engagement_sms population: today's score, and why."""

from regulars.engines import engine_of
from regulars.scoring.score import score_current


def model(dbt, session):
    champions, view = dbt.ref("champions"), dbt.ref("training_engagement_sms")
    words, reasons = dbt.ref("score_reason_words"), dbt.config.meta_get("reasons")
    return score_current(engine_of(session), "engagement_sms", champions, view, words, reasons)
