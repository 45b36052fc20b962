"""Poisoned loads: each is stopped where it should be, changes nothing that counts, and says so."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import numpy as np
import pytest
import xgboost

from tests.worlds import STATE, Session, World

# one load that is wrong in five ways; each in a table or a figure of its own
POISONS = {
    "null ids": [
        "update raw_crm.profiles set profile_id = null where hash(profile_id) % 5 < 2",
    ],
    "amounts in cents of cents": [
        "update raw_shop.order_items"
        " set unit_price = unit_price * 1000, discount_amount = discount_amount * 1000",
    ],
    "half the rows gone": [
        "delete from raw_shop.accounts where hash(account_id) % 2 = 0",
    ],
    "ids delivered twice": [
        "insert into raw_shop.products"
        " select * replace (product_name || ' (new)' as product_name) from raw_shop.products",
    ],
    "future dates": [
        "update raw_web.hits set hit_at = hit_at + interval 10 year where hash(hit_id) % 5 < 3",
    ],
}
FOUND_BY = [
    ("null ids", "input_quality", "quarantined_share", ("crm", "profiles")),
    ("amounts in cents of cents", "input_volume_changes", "mean_amount_ratio", ("shop", "events")),
    ("half the rows gone", "input_volume_changes", "volume_ratio", ("shop", "identifiers")),
    ("ids delivered twice", "input_quality", "deduplicated_share", ("shop", "items")),
    ("future dates", "input_quality", "quarantined_share", ("web", "events")),
]

LAST_DAY = "2026-06-30"  # of the demo world; the day after is running


@dataclass(frozen=True)
class Facts:
    """All that a run may change, as it stands at one moment.

    Attributes:
        published: a hash of the file that BI reads.
        generation: its number; None when nothing is published.
        state: fingerprints of the state tables.
        status: what status.json says.
        outcome: of the last run, as the journal has it.
        failures: the nodes that failed in it, with their messages.
        nodes: the status of each node in it.
        failed: the expectations that were not met in it.
    """

    published: str | None
    generation: int | None
    state: dict[str, tuple]
    status: dict[str, Any]
    outcome: str
    failures: dict[str, str]
    nodes: dict[str, str]
    failed: list[dict[str, Any]]


def facts(world: World) -> Facts:
    """How things stand after a run."""
    run_id, outcome, failures, nodes = world.rows(
        "select run_id, outcome, failures, nodes from journal.runs order by started_at desc limit 1"
    )[0]
    names = ("gate", "suite", "column", "severity", "observed", "limits", "failing_keys")
    failed = world.rows(
        "select gate, suite, column_name, severity, observed, limits, failing_keys"
        " from journal.expectation_results"
        f" where run_id = '{run_id}' and not is_met and severity <> 'info'"
    )
    is_published = world.published.exists()
    return Facts(
        published=world.published_hash if is_published else None,
        generation=world.value("select generation from publication", True)
        if is_published
        else None,
        state=world.state(),
        status=world.status,
        outcome=outcome,
        failures={one["node"]: one["message"] for one in json.loads(failures)},
        nodes={one["node"]: one["status"] for one in json.loads(nodes)},
        failed=[dict(zip(names, row, strict=True)) for row in failed],
    )


@dataclass(frozen=True)
class Stopped:
    """A run that had to be stopped: how it ended, and what there was before and after it."""

    done: CompletedProcess[str]
    before: Facts
    after: Facts

    @property
    def said(self) -> str:
        """All that it wrote."""
        return self.done.stdout + self.done.stderr


def failed_by(found: Facts, severity: str) -> set[str]:
    """Which columns failed, as suite.column."""
    return {
        f"{one['suite']}.{one['column']}" for one in found.failed if one["severity"] == severity
    }


def assert_stopped(stopped: Stopped, where: str, behind: list[str]) -> None:
    """What holds for every run that is stopped, whatever was wrong.

    Args:
        stopped: the run.
        where: the node that stopped it; no other one failed.
        behind: nodes that may not have been built.
    """
    before, after = stopped.before, stopped.after
    assert stopped.done.returncode == 1
    assert (after.outcome, list(after.failures)) == ("red", [where])
    assert {node: after.nodes[node] for node in behind} == dict.fromkeys(behind, "skipped")
    assert (after.published, after.generation) == (before.published, before.generation)
    assert after.state == before.state
    assert after.status["state"] == "red"
    assert {one["node"]: one["message"] for one in after.status["failures"]} == after.failures
    assert after.failures[where] in " ".join(stopped.said.split())


def assert_gate_says(stopped: Stopped, gate: str, column: str) -> None:
    """A red gate names what failed and where to look: in a line, the journal and the status."""
    assert "Traceback" not in stopped.said
    message = stopped.after.failures[f"gate_{gate}"]
    assert message.startswith(f"Gate {gate} is red: ")
    assert "All of them: monitoring.expectation_results." in message
    assert message.endswith("What to do: docs/guides/red-gate.md")
    assert column in failed_by(stopped.after, "critical")
    assert any(name in message for name in failed_by(stopped.after, "critical"))
    assert {
        f"{one['suite']}.{one['column']}"
        for one in stopped.after.status["failed_expectations"]
        if one["severity"] == "critical"
    } == failed_by(stopped.after, "critical")


# ── Wrong inputs, through the whole command ───────────────────────────────────


@pytest.fixture(scope="module")
def world(demo_world: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    """A world with a good run, for all that follows: each red run leaves it as it was."""
    return demo_world.copy(tmp_path_factory.mktemp("gates") / "home")


@pytest.fixture(scope="module")
def wrong_inputs(world: World) -> Stopped:
    """A load with five poisons."""
    before = facts(world)
    world.change(*(statement for poison in POISONS.values() for statement in poison))
    done = world.regulars("build", check=False)
    return Stopped(done, before, facts(world))


def test_wrong_inputs_stop_at_their_gate(wrong_inputs: Stopped):
    behind = ["identity_map", "customer_features", "train_churn", "customer_scores", "publish"]
    assert_stopped(wrong_inputs, "gate_inputs", behind)
    assert_gate_says(wrong_inputs, "inputs", "input_quality.quarantined_share")
    assert wrong_inputs.after.nodes["input_row_accounting"] == "success"


@pytest.mark.parametrize(("poison", "suite", "column", "table"), FOUND_BY)
def test_each_poison_fails_an_expectation_of_its_own(
    wrong_inputs: Stopped, poison: str, suite: str, column: str, table: tuple[str, str]
):
    keys = [
        (key["source_name"], key["input_name"])
        for one in wrong_inputs.after.failed
        if (one["suite"], one["column"], one["severity"]) == (suite, column, "critical")
        for key in json.loads(one["failing_keys"])
    ]
    assert table in keys, poison


def test_quarantine_says_why(world: World, wrong_inputs: Stopped):
    reasons = dict(
        world.rows(
            "select rejection_reason, count(*) from inputs.quarantine group by rejection_reason"
        )
    )
    assert reasons["occurred_after_loading"] > 25_000
    assert reasons["missing_source_record_id"] > 600


@pytest.fixture(scope="module")
def mended(world: World, wrong_inputs: Stopped, demo_world: World, session: Session) -> Facts:
    """The load again, as it should be."""
    world.load_again(demo_world)
    session.dbt(world, "run")
    return facts(world)


def test_the_run_after_the_load_is_mended_publishes(wrong_inputs: Stopped, mended: Facts):
    assert (mended.outcome, mended.status["state"]) == ("published", "published")
    assert mended.generation == wrong_inputs.before.generation + 1
    assert not mended.failures


# ── Constant scores ───────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def constant_scores(world: World, mended: Facts, session: Session) -> Stopped:
    """Champions without a single tree, whole and with the right sum: they score all alike."""
    kept = ("model_registry", "model_boosters")
    world.change(
        "create schema aside", *(f"create table aside.{t} as from training.{t}" for t in kept)
    )
    of_one_booster = (
        "select model_id, features from training.model_registry"
        " where prediction in ('churn', 'purchase')"
    )
    for model_id, features in world.rows(of_one_booster):
        names = json.loads(features)
        nobody = xgboost.DMatrix(np.zeros((2, len(names))), label=[0, 1], feature_names=names)
        booster = bytes(xgboost.train({"objective": "binary:logistic"}, nobody, 0).save_raw("ubj"))
        world.change(
            f"update training.model_boosters set booster = unhex('{booster.hex()}')"
            f" where model_id = '{model_id}'",
            "update training.model_registry"
            f" set booster_sha256 = '{hashlib.sha256(booster).hexdigest()}'"
            f" where model_id = '{model_id}'",
        )
    before = facts(world)
    done = session.dbt(world, "build", check=False)
    stopped = Stopped(done, before, facts(world))
    world.change(*(f"create or replace table training.{t} as from aside.{t}" for t in kept))
    world.change("drop schema aside cascade")
    return stopped


def test_constant_scores_stop_at_their_gate(constant_scores: Stopped):
    assert_stopped(constant_scores, "gate_scores", ["publication_run", "publish"])
    assert_gate_says(constant_scores, "scores", "score_shifts.most_alike_share")
    assert constant_scores.after.nodes["customer_scores"] == "success"


# ── A new day ─────────────────────────────────────────────────────────────────


def new_day(world: World, share: int) -> None:
    """The day after LAST_DAY comes in, and the next morning; only some percent of its rows."""
    world.regulars("demo", "advance")
    first = "timestamp '2026-07-01'"
    late = f"select order_id from raw_shop.orders where ordered_at >= {first}"
    world.change(
        f"delete from raw_shop.order_items where order_id in"
        f" ({late} and hash(order_id) % 100 >= {share})",
        f"delete from raw_shop.orders where order_id in"
        f" ({late} and hash(order_id) % 100 >= {share})",
        f"delete from raw_web.hits where hit_at >= {first} and hash(hit_id) % 100 >= {share}",
    )


@pytest.mark.parametrize(
    ("share", "severity", "failed"),
    [
        (50, "warning", {"input_new_days.volume_ratio"}),
        (10, "critical", {"input_new_days.volume_ratio"}),
    ],
)
def test_a_new_day_with_too_few_rows(
    world: World,
    mended: Facts,
    demo_world: World,
    session: Session,
    share: int,
    severity: str,
    failed: set[str],
):
    """Half of what a weekday brings is said, a tenth stops the run."""
    new_day(world, share)
    done = session.dbt(world, "run", "--select", "+gate_inputs", check=False)
    world.load_again(demo_world)
    after = facts(world)
    assert failed_by(after, severity) == failed
    assert done.returncode == (1 if severity == "critical" else 0)
    assert bool(failed_by(after, "critical")) == (severity == "critical")
    assert f"Gate inputs {'is red' if severity == 'critical' else 'warns'}: input_new_days" in (
        done.stdout
    )
    assert after.state == mended.state


# ── What must not stop a run ──────────────────────────────────────────────────


@pytest.fixture(scope="module")
def ordinary_load(world: World, constant_scores: Stopped, session: Session) -> Facts:
    """A day more, a few rows that are wrong, and a few that were corrected since."""
    new_day(world, 100)
    world.change(
        "update raw_web.hits set cookie_id = null, device_id = null where hash(hit_id) % 100 = 1",
        "update raw_shop.order_items set quantity = -1 where hash(order_id) % 100 = 1",
        "update raw_shop.order_items set unit_price = unit_price * 2"
        " where hash(order_id) % 100 = 2",
    )
    session.dbt(world, "run")
    return facts(world)


def test_an_ordinary_load_is_published(constant_scores: Stopped, ordinary_load: Facts):
    assert ordinary_load.generation == constant_scores.before.generation + 1
    assert ordinary_load.status["as_of_date"] == "2026-07-01"
    assert not ordinary_load.failed
    assert not ordinary_load.failures


def test_rows_that_are_wrong_are_quarantined(ordinary_load: Facts):
    reasons = {one["reason"]: one["rows"] for one in ordinary_load.status["row_accounting"]}
    assert 100 < reasons["quantity_not_positive"] < 400
    assert 900 < reasons["missing_source_record_id"] < 3_000


# ── After the last gate ───────────────────────────────────────────────────────


def test_a_publication_that_fails_is_no_good_run(
    world: World, ordinary_load: Facts, session: Session
):
    before = facts(world)
    done = session.dbt(world, "run", "--vars", "{published_generations: 0}", check=False)
    stopped = Stopped(done, before, facts(world))
    assert stopped.after.nodes["gate_scores"] == "success"
    assert_stopped(stopped, "publish", [])
    assert stopped.after.failures["publish"] == (
        "regulars.errors.UserError: published_generations is 0: give a whole number from 1."
    )


# ── Before staging, and before any good run ───────────────────────────────────


def test_a_column_that_is_gone_stops_at_staging(
    world: World, ordinary_load: Facts, session: Session
):
    before = facts(world)
    world.change("alter table raw_shop.order_items drop column unit_price")
    done = session.dbt(world, "run", check=False)
    stopped = Stopped(done, before, facts(world))
    assert_stopped(stopped, "stg_shop__events", ["input_events", "gate_inputs", "publish"])
    assert (
        "Raw table raw_shop.order_items has no column unit_price, which stg_shop__events needs"
        in stopped.after.failures["stg_shop__events"]
    )
    assert not stopped.after.failed


def test_labels_of_one_class_stop_the_first_run(
    demo_world: World, tmp_path: Path, session: Session
):
    """Nobody has bought for longer than a churn horizon, while browsing goes on."""
    (tmp_path / "warehouse").mkdir()
    world = World(tmp_path, "demo")
    world.load_again(demo_world)
    after = f"> date '{LAST_DAY}' - 105"
    online = f"select order_id from raw_shop.orders where ordered_at {after}"
    in_store = f"select receipt_id from raw_store.receipts where printed_at {after}"
    world.change(
        f"delete from raw_shop.order_items where order_id in ({online})",
        f"delete from raw_shop.returns where order_id in ({online})",
        f"delete from raw_shop.orders where order_id in ({online})",
        f"delete from raw_store.receipt_items where receipt_id in ({in_store})",
        f"delete from raw_store.receipts where receipt_id in ({in_store})",
    )
    done = session.dbt(
        world, "build", "--resource-type", "model", "--resource-type", "seed", check=False
    )
    after = facts(world)
    assert not world.published.exists()
    nothing = Facts(None, None, {}, {}, "", {}, {}, [])
    stopped = Stopped(done, nothing, after)
    assert_stopped(stopped, "gate_features", ["train_churn", "customers", "publish"])
    assert_gate_says(stopped, "features", "label_shares.positive_share")
    (shares,) = (one for one in after.failed if one["column"] == "positive_share")
    assert {key["prediction"] for key in json.loads(shares["failing_keys"])} == {
        "churn",
        "purchase",
        "next_purchase",
    }
    assert set(after.state) < set(STATE)
