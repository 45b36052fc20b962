"""One row per expectation of the inputs: what was expected, what was found. gate_inputs decides."""

from regulars.engines import engine_of
from regulars.gates.check import check_tables


def model(dbt, session):
    tables = {
        "input_profiles": dbt.ref("input_profiles"),
        "input_identifiers": dbt.ref("input_identifiers"),
        "input_events": dbt.ref("input_events"),
        "input_items": dbt.ref("input_items"),
        "input_consents": dbt.ref("input_consents"),
        "input_assignments": dbt.ref("input_assignments"),
        "input_offers": dbt.ref("input_offers"),
        "input_quality": dbt.ref("input_quality"),
        "input_volume_changes": dbt.ref("input_volume_changes"),
        "input_new_days": dbt.ref("input_new_days"),
    }
    engine = engine_of(session)
    return engine.to_relation(check_tables(engine, "inputs", tables))
