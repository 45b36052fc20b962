"""One row per customer of the churn population: the champion's score on the current day."""

from regulars.engines import engine_of
from regulars.scoring.score import score_current


def model(dbt, session):
    champions, view = dbt.ref("champions"), dbt.ref("training_churn")
    return score_current(engine_of(session), "churn", champions, view)
