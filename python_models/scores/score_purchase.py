"""One row per customer of the purchase population: the champion's score on the current day."""

from regulars.engines import engine_of
from regulars.scoring.score import score_current


def model(dbt, session):
    champions, view = dbt.ref("champions"), dbt.ref("training_purchase")
    return score_current(engine_of(session), "purchase", champions, view)
