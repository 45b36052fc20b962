"""One row per cluster that keeps a customer, where either could have another: which one."""

from regulars.engines import engine_of
from regulars.identity.matches import match_customers


def model(dbt, session):
    overlaps = engine_of(session).read(
        dbt.ref("identity_overlaps"),
        columns=["root_record_number", "customer_age_rank", "records_count"],
        where="not is_only_pair",
    )
    return match_customers(overlaps)
