"""One row per record: the oldest record it is connected with, and since when."""

from regulars.engines import engine_of
from regulars.identity.clusters import cluster_records


def model(dbt, session):
    engine = engine_of(session)
    records = engine.read(dbt.ref("identity_records"), columns=["record_number"])
    links = engine.read(
        dbt.ref("identity_links"), columns=["record_number", "other_record_number", "linked_at"]
    )
    return engine.to_relation(cluster_records(records, links))
