"""One row per record: the oldest record it is connected with, and since when."""

from regulars.engines import engine_of
from regulars.identity.clusters import cluster_records


def model(dbt, session):
    engine = engine_of(session)
    records = engine.read(dbt.ref("identity_records"), columns=["record_number"])
    edges = engine.read(dbt.ref("identity_edges"))
    return cluster_records(records, edges)
