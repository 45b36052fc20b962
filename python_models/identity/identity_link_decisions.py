"""One row per tie by details, and per tie by an identifier that is refused."""

from regulars.engines import engine_of
from regulars.identity.decisions import decide_ties
from regulars.identity.matching import Matching


def model(dbt, session):
    engine = engine_of(session)
    details, edges = dbt.ref("identity_details"), dbt.ref("identity_edges")
    verified, weights = dbt.ref("identity_verified_identifiers"), dbt.ref("identity_match_weights")
    matching = Matching.from_config(dbt.config.meta_get("matching"))
    decided = decide_ties(engine, details, edges, verified, weights, matching)
    return engine.to_relation(decided)
