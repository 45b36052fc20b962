"""One row per cluster that keeps a customer, where either could have another: which one."""

from regulars.engines import engine_of
from regulars.identity.matches import match_customers


def model(dbt, session):
    engine = engine_of(session)
    overlaps = engine.read(
        dbt.ref("identity_overlaps"),
        columns=["root_record_number", "customer_age_rank", "records_count"],
        where="not is_only_pair",
    )
    return engine.to_relation(match_customers(overlaps))
