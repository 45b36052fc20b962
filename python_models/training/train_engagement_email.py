"""One row when a training of engagement_email was due: the model and how it did. None otherwise."""

from regulars.engines import engine_of
from regulars.training.settings import Prediction
from regulars.training.train import train_when_due


def model(dbt, session):
    entry, parameters = dbt.config.meta_get("prediction"), dbt.config.meta_get("xgboost_parameters")
    prediction = Prediction.from_config("engagement_email", entry, parameters)
    plan, view = dbt.ref("training_plan"), dbt.ref("training_engagement_email")
    engine = engine_of(session)
    return engine.to_relation(train_when_due(engine, prediction, plan, view))
