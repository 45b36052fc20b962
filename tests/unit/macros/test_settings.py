"""Vars that are written wrongly are named in one line that says what to write.

The macros that check them are rendered here as dbt renders them, but without a project: a parse
costs seconds, and there are many ways to be wrong.
"""

from copy import deepcopy
from types import SimpleNamespace
from typing import Any, NoReturn

import jinja2
import pytest
import yaml

from tests.structure.project import ROOT

VARS: dict[str, Any] = yaml.safe_load((ROOT / "dbt_project.yml").read_text("utf-8"))["vars"]

# var → the file whose macro checks it, and how models call that
CHECKS = {
    "journey": ("timeline/journey_setting", "{{ journey_setting('active_days') }}"),
    "lifecycle_thresholds": ("scores/lifecycle_thresholds", "{{ lifecycle_thresholds() }}"),
    "rfm_cut_points": ("scores/rfm_score", "{{ rfm_cut_points() }}"),
    "score_change_thresholds": (
        "scores/score_change_thresholds",
        "{{ score_change_thresholds() }}",
    ),
    "reasons": ("scores/check_reasons", "{% do check_reasons() %}"),
    "retrain_limits": ("monitoring/retrain_limit", "{{ retrain_limit('score_shift') }}"),
    "label_horizons": ("labels/label_horizons", "{{ label_horizons() }}"),
    "clock_skew_hours": ("inputs/clock_limits", "{{ is_after_loading('a', 'b') }}"),
    "as_of_date": ("project/as_of_date", "{{ as_of_date() }}"),
    "earliest_event_date": (
        "project/as_of_date",
        "a < {{ date_setting('earliest_event_date') }}",
    ),
    "profile_versions_since": ("timeline/profile_sources", "{{ profile_sources() }}"),
}


class WrongVarError(Exception):
    """What dbt would stop with."""


def refuse(message: str) -> NoReturn:
    """Stands in for exceptions.raise_compiler_error."""
    raise WrongVarError(message)


def said_of(name: str, value: object) -> str:
    """What the check of a var comes to: an empty text, or the sentence that it is refused with."""
    file, call = CHECKS[name]
    files = {file, "project/as_of_date"}
    text = "\n".join((ROOT / "macros" / f"{each}.sql").read_text("utf-8") for each in files)
    environment = jinja2.Environment(autoescape=False, extensions=["jinja2.ext.do"])
    settings = {**deepcopy(VARS), name: value}
    context = {
        "var": settings.__getitem__,
        "return": str,
        "exceptions": SimpleNamespace(raise_compiler_error=refuse),
        "modules": SimpleNamespace(re=__import__("re")),
        "dbt": SimpleNamespace(dateadd=lambda part, n, date: f"{date} + {n} {part}"),
        "column_type": str,
        "sql_text": repr,
    }
    try:
        environment.from_string(f"{text}\n{call}").render(context)
    except WrongVarError as error:
        return str(error)
    return ""


def changed(name: str, *path: str, **changes: object) -> dict[str, Any]:
    """The var of dbt_project.yml with other values; those that are None are left out."""
    whole: dict[str, Any] = deepcopy(VARS[name])
    part = whole
    for step in path:
        part = part[step]
    part.update(changes)
    for key in [key for key, value in part.items() if value is None]:
        del part[key]
    return whole


LEVELS = "churn: {levels: [0.3, 0.5, 0.7], minimum_change: 0.1}"
JOURNEY = ["considering_days", "first_purchase_days", "active_days", "at_risk_days"]
JOURNEY += ["loyal_purchase_days", "loyal_within_days"]
LIMITS = "feature_shift, drifted_features_share, score_shift, auc_shortfall"
STATUSES = "active, cooling_down, at_risk, highly_at_risk"
GREATER = f": write numbers for {STATUSES}, each greater than the one before."
SMALLER = f": write numbers for {STATUSES}, each smaller than the one before."
DAYS, RETURN = "days_since_only_purchase", "return_probability"
HORIZON = ": in the vars predictions and label_horizons write a whole number of days, 1 or more."


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        # journey
        ("journey", 90, f" is 90: name {', '.join(JOURNEY)}, each with a number."),
        (
            "journey",
            changed("journey", actve_days=90),
            f" names 'actve_days': there are {', '.join(JOURNEY)}.",
        ),
        *(
            (
                "journey",
                changed("journey", active_days=value),
                f" says active_days: {value}: write a whole number from 1 on.",
            )
            for value in (None, 0, -1, 1.5, "90", True, [90])
        ),
        *(
            (
                "journey",
                changed("journey", **{name: 366}),
                f" says {name}: 366, which is more than at_risk_days (365): nobody lapses before"
                " being at risk; make it smaller.",
            )
            for name in ("first_purchase_days", "active_days")
        ),
        (
            "journey",
            changed("journey", loyal_purchase_days=31, loyal_within_days=30),
            " says loyal_purchase_days: 31, which is more than loyal_within_days (30): nobody"
            " could be loyal; make it smaller.",
        ),
        # lifecycle_thresholds
        (
            "lifecycle_thresholds",
            None,
            f" is None: name {DAYS}, {RETURN}, each with limits for {STATUSES}.",
        ),
        (
            "lifecycle_thresholds",
            changed("lifecycle_thresholds", days={}),
            f" names 'days': there are {DAYS}, {RETURN}.",
        ),
        (
            "lifecycle_thresholds",
            changed("lifecycle_thresholds", return_probability=None),
            f" gives {RETURN} the limits None{SMALLER}",
        ),
        (
            "lifecycle_thresholds",
            changed("lifecycle_thresholds", return_probability=[0.6, 0.5, 0.3, 0.2]),
            f" gives {RETURN} the limits [0.6, 0.5, 0.3, 0.2]{SMALLER}",
        ),
        *(
            (
                "lifecycle_thresholds",
                (wrong := changed("lifecycle_thresholds", DAYS, **changes)),
                f" gives {DAYS} the limits {wrong[DAYS]}{GREATER}",
            )
            for changes in (
                {"lost": 400},
                {"at_risk": None},
                {"at_risk": "180"},
                {"active": True},
                {"at_risk": 120},
                {"at_risk": 90},
                {"highly_at_risk": 100},
            )
        ),
        *(
            (
                "lifecycle_thresholds",
                (wrong := changed("lifecycle_thresholds", RETURN, cooling_down=value)),
                f" gives {RETURN} the limits {wrong[RETURN]}{SMALLER}",
            )
            for value in (0.6, 0.7, 0.3)
        ),
        (
            "lifecycle_thresholds",
            changed("lifecycle_thresholds", RETURN, active=60),
            f" gives {RETURN} the limit 60: write a probability from 0 to 1.",
        ),
        (
            "lifecycle_thresholds",
            changed("lifecycle_thresholds", DAYS, active=-1),
            f" gives {DAYS} the limit -1: write a number of days from 0 on.",
        ),
        # rfm_cut_points
        (
            "rfm_cut_points",
            [1, 2, 3, 4],
            " must be null, or name columns such as purchases_count: [2, 3, 5, 10].",
        ),
        (
            "rfm_cut_points",
            {"purchases": [1, 2, 3, 4]},
            " names the column 'purchases': there are days_since_last_purchase, purchases_count,"
            " revenue_amount, days_since_first_purchase.",
        ),
        *(
            (
                "rfm_cut_points",
                {"purchases_count": value},
                f" gives purchases_count the limits {value}: write four numbers, each greater than"
                " the one before.",
            )
            for value in ([1, 2, 3], [1, 2, 2, 3], [4, 3, 2, 1], [1, 2, 3, "4"], "1234", 4)
        ),
        # score_change_thresholds
        (
            "score_change_thresholds",
            [0.5],
            f" is [0.5]: name predictions, such as {LEVELS}.",
        ),
        (
            "score_change_thresholds",
            {"chrun": {"levels": [0.5], "minimum_change": 0}},
            f" names 'chrun': the var predictions has {', '.join(VARS['predictions'])}.",
        ),
        *(
            (
                "score_change_thresholds",
                {"churn": value},
                f" gives churn {value}: write it as {LEVELS}.",
            )
            for value in (
                None,
                [0.5],
                {"levels": [0.5]},
                {"levels": [0.5], "minimum": 0.1},
                {"levels": [0.5], "minimum_change": 0.1, "more": 1},
            )
        ),
        *(
            (
                "score_change_thresholds",
                {"churn": {"levels": value, "minimum_change": 0.1}},
                f" gives churn the levels {value}: write probabilities between 0 and 1, each"
                " greater than the one before.",
            )
            for value in (
                *(None, 0.5, "0.5", [], [30], [0], [1], ["0.5"], [True]),
                *([0.5, 0.5], [0.5, 0.3], [-0.5, 0.5]),
            )
        ),
        *(
            (
                "score_change_thresholds",
                {"churn": {"levels": [0.5], "minimum_change": value}},
                f" gives churn the minimum_change {value}: write a difference of probabilities from"
                " 0 to 1.",
            )
            for value in (None, "0.1", True, -0.1, 10)
        ),
        *(
            (
                "score_change_thresholds",
                {"value_90d": {"levels": value, "minimum_change": 10}},
                f" gives value_90d the levels {value}: write amounts above 0, each greater than the"
                " one before.",
            )
            for value in ([0, 100], [200, 100], [-5], "100")
        ),
        (
            "score_change_thresholds",
            {"value_90d": {"levels": [100], "minimum_change": -1}},
            " gives value_90d the minimum_change -1: write a difference of amounts, 0 or more.",
        ),
        # reasons
        *(
            ("reasons", value, f" is '{value}': write approximate, exact, none.")
            for value in ("shap", None, "Exact", True)
        ),
        # retrain_limits
        ("retrain_limits", None, f" is None: name {LIMITS}, each with a number or null."),
        ("retrain_limits", {"auc": 0.1}, f" names 'auc': there are {LIMITS}."),
        *(
            (
                "retrain_limits",
                {"auc_shortfall": value},
                f" says auc_shortfall: {value}: write a number from 0 on, or null.",
            )
            for value in (-0.1, "0.1", True, [1])
        ),
        # label_horizons
        (
            "label_horizons",
            [90],
            " is [90]: name revenue, engagement, lead_conversion, such as revenue: [90, 365].",
        ),
        (
            "label_horizons",
            changed("label_horizons", revenu=[90]),
            " names the label 'revenu': there are revenue, engagement, lead_conversion.",
        ),
        *(
            (
                "label_horizons",
                changed("label_horizons", revenue=value),
                f" gives revenue the days {value}: write a list such as [90, 365].",
            )
            for value in (None, [], 90, "90")
        ),
        # clocks and days
        *(
            (
                "clock_skew_hours",
                value,
                f" is {value}: write a whole number of hours, 0 or more.",
            )
            for value in (-1, 1.5, "24", None, True)
        ),
        *(
            (name, value, f" is '{value}': write it as yyyy-mm-dd.")
            for name in ("as_of_date", "earliest_event_date")
            for value in (1990, "01.01.1990", "1990-13-01", "1990-1-1", "1990-01-32")
        ),
        ("earliest_event_date", None, " is 'None': write it as yyyy-mm-dd."),
        # profiles
        *(
            (
                "profile_versions_since",
                value,
                f" is '{value}': name sources, each with a day or null, or write {{}}.",
            )
            for value in (None, "crm", ["crm"])
        ),
        *(
            (
                "profile_versions_since",
                {"store": None, "crm": value},
                f" says crm: '{value}': write it as yyyy-mm-dd.",
            )
            for value in (True, "always", "2024-2-1")
        ),
    ],
)
def test_a_wrong_var_is_named_in_one_line(name: str, value: object, said: str) -> None:
    assert said_of(name, value) == f"The var {name}{said}"


@pytest.mark.parametrize("value", [[0], [-1], [30, 1.5], ["30"], [True]])
def test_a_wrong_horizon_is_named_in_one_line(value: list[object]) -> None:
    wrong = next(days for days in value if days != 30)
    said = said_of("label_horizons", changed("label_horizons", engagement=value))
    assert said == f"A horizon is {wrong}{HORIZON}"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, VARS[name]) for name in CHECKS),
        ("journey", changed("journey", active_days=365, first_purchase_days=365)),
        ("journey", changed("journey", loyal_purchase_days=30, loyal_within_days=30)),
        ("lifecycle_thresholds", changed("lifecycle_thresholds", RETURN, active=1)),
        ("rfm_cut_points", {"purchases_count": [1, 2, 3.5, 4]}),
        ("score_change_thresholds", None),
        ("reasons", "exact"),
        ("reasons", "none"),
        ("score_change_thresholds", {"churn": {"levels": [0.5], "minimum_change": 0}}),
        ("label_horizons", changed("label_horizons", revenue=[365, 90, 90, 1])),
        ("clock_skew_hours", 0),
        ("as_of_date", "2024-02-29"),
        ("profile_versions_since", {}),
        ("profile_versions_since", {"crm": "2024-02-29", "it's": None}),
    ],
)
def test_what_is_right_is_taken(name: str, value: object) -> None:
    assert said_of(name, value) == ""
