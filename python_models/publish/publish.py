"""One row: this run's publication. The last node: it copies what BI reads."""

from regulars.engines import engine_of


def model(dbt, session):
    tables = {
        "customers": dbt.ref("customers"),
        "customer_timeline": dbt.ref("customer_timeline"),
        "customer_scores": dbt.ref("customer_scores"),
        "customer_score_history": dbt.ref("published_score_history"),
        "customer_score_changes": dbt.ref("customer_score_changes"),
        "customer_score_reasons": dbt.ref("customer_score_reasons"),
        "journey_sizes": dbt.ref("journey_sizes"),
        "journey_transitions": dbt.ref("journey_transitions"),
        "model_registry": dbt.ref("model_registry"),
        "model_performance": dbt.ref("published_model_performance"),
        "feature_drift": dbt.ref("feature_drift"),
        "score_drift": dbt.ref("score_drift"),
        "input_row_accounting": dbt.ref("input_row_accounting"),
        "expectation_results": dbt.ref("expectation_results"),
        "runs": dbt.ref("published_runs"),
    }
    run, engine = dbt.ref("publication_run"), engine_of(session)
    target, access = dbt.config.meta_get("target"), dbt.config.meta_get("access")
    generations = dbt.config.meta_get("generations")
    return engine.to_relation(engine.publish(tables, run, target, generations, access))
