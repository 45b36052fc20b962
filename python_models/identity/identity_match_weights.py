"""One row per level of a comparison: how much agreeing so far speaks for one person."""

from regulars.engines import engine_of
from regulars.identity.matching import Matching
from regulars.identity.training import learn_weights


def model(dbt, session):
    engine, details = engine_of(session), dbt.ref("identity_details")
    matching = Matching.from_config(dbt.config.meta_get("matching"))
    return engine.to_relation(learn_weights(engine, details, matching))
