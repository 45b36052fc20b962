"""`regulars champion`: which models there are, which one scores, and to choose another."""

import json
from dataclasses import dataclass
from datetime import date

import click
from rich.console import Console
from rich.table import Table

from regulars.engines.duckdb_reading import BuiltTables, read_warehouse
from regulars.engines.duckdb_warehouse import check_free, release
from regulars.errors import UserError
from regulars.project import check_target, warehouse_file

SHORT_ID = 8
SCORES, CHOSEN = "●", "→"


@dataclass(frozen=True)
class Model:
    """A training of the registry.

    Attributes:
        role: SCORES for the champion of the last build, CHOSEN for one that was chosen since.
        as_of_date: the day that it stood at.
        auc, calibration_error: on the day set aside; None where it could not be judged.
        rules_auc: that of the rules baseline, on the same day.
        reason: why it has its status.
    """

    role: str
    prediction: str
    model_id: str
    as_of_date: date
    status: str
    auc: float | None
    rules_auc: float | None
    calibration_error: float | None
    reason: str


@click.group()
def champion() -> None:
    """See which model scores, and choose another."""


@champion.command("list", epilog="Example:  regulars champion list --target retail")
@click.option("--target", default="demo", show_default=True, help="The target of profiles.yml.")
def list_(target: str) -> None:
    """List the trainings, the newest first; ● is what scores, → what was chosen since."""
    with read_warehouse(target) as warehouse:
        models = registered_models(warehouse)
    if not models:
        raise UserError(f"No model is trained for {target} yet: run regulars build first.")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("", "prediction", "model", "as of", "status"):
        table.add_column(name, no_wrap=True)
    for name in ("AUC", "rules' AUC", "calibration error"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("why")
    for one in models:
        table.add_row(
            one.role,
            one.prediction,
            one.model_id[:SHORT_ID],
            str(one.as_of_date),
            one.status,
            _figure(one.auc),
            _figure(one.rules_auc),
            _figure(one.calibration_error),
            one.reason,
        )
    console = Console(width=120, highlight=False)
    console.print(table)
    if any(one.role == CHOSEN for one in models):
        console.print(f"\n{CHOSEN} scores from the next build on.")


@champion.command("set", epilog="Example:  regulars champion set churn 3f2a9c")
@click.argument("prediction")
@click.argument("model_id")
@click.option("--target", default="demo", show_default=True, help="The target of profiles.yml.")
def set_(prediction: str, model_id: str, target: str) -> None:
    """Score PREDICTION by MODEL_ID from the next build on, until a later training is promoted.

    The first digits of the id are enough. Nothing is scored or published now.
    """
    from regulars.building.run import Project  # importing dbt takes seconds

    check_target(target)
    check_free(warehouse_file(target))
    project = Project(target, "{}")
    project.read()
    try:
        said = project.operate("choose_champion", {"prediction": prediction, "model_id": model_id})
    finally:
        release()
    click.echo(said[-1])


def registered_models(warehouse: BuiltTables) -> list[Model]:
    """The trainings of a warehouse: by prediction, the newest first."""
    if not warehouse.find("model_registry", "training"):
        return []
    champions = {
        model_id for (model_id,) in warehouse.rows("select model_id from training.champions")
    }
    chosen = _chosen(warehouse)
    found = warehouse.rows(
        "select prediction, model_id, as_of_date, status, metrics, status_reason"
        " from training.model_registry"
        " order by prediction, as_of_date desc, trained_at desc, model_id"
    )
    models = []
    for prediction, model_id, day, status, metrics, reason in found:
        figures = json.loads(metrics or "{}")
        role = SCORES if model_id in champions else CHOSEN if model_id in chosen else ""
        models.append(
            Model(
                role,
                prediction,
                model_id,
                day,
                status,
                figures.get("auc"),
                figures.get("rules_auc"),
                figures.get("calibration_error"),
                reason,
            )
        )
    return models


def _chosen(warehouse: BuiltTables) -> set[str]:
    """The models that were chosen last and outrank all that was promoted since."""
    if not warehouse.find("champion_choices", "journal"):
        return set()
    rows = warehouse.rows(
        "select model_id from journal.champion_choices as choices"
        " where not exists ("
        "   select 1 from training.model_registry as newer"
        "   where newer.prediction = choices.prediction and newer.status = 'promoted'"
        "     and (newer.as_of_date, newer.trained_at) > (choices.as_of_date, choices.chosen_at))"
        " qualify row_number() over (partition by prediction order by chosen_at desc, model_id) = 1"
    )
    return {model_id for (model_id,) in rows}


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
