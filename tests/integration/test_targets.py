"""What is particular to a target."""

import json

import yaml

from tests.worlds import PROJECT, Session, World, few_trees, only, project_vars


def test_dev_works_on_a_sample_and_never_publishes(demo_copy: World, session: Session):
    everybody = demo_copy.value("select count(*) from scores.customers")
    demo_copy.warehouse.rename(demo_copy.home / "warehouse" / "dev.duckdb")
    dev = World(demo_copy.home, "dev")
    worlds = {"worlds": {"dev": project_vars()["worlds"]["demo"]}}
    variables = json.dumps(worlds | few_trees() | only("churn", "purchase"))
    session.dbt(
        dev, "run", "--vars", variables, "--select", "timeline_owners+", "--exclude", "features"
    )
    sampled = dev.value("select count(distinct customer_id) from timeline.timeline_events")
    assert 0.06 * everybody < sampled < 0.14 * everybody
    assert not dev.published.exists()


def test_each_target_has_a_file_and_a_published_folder_of_its_own():
    outputs = yaml.safe_load((PROJECT / "profiles.yml").read_text())["regulars"]["outputs"]
    files = [output["path"] for output in outputs.values() if output["type"] == "duckdb"]
    assert len(files) == len(set(files)) == 5
    for output in outputs.values():
        if output["type"] == "duckdb":
            assert output["settings"]["autoinstall_known_extensions"] is False
            assert output["settings"]["autoload_known_extensions"] is False
