"""Splink's own charts of what was learnt, drawn from the stored weights.

They come as Vega-Lite; the libraries that draw it stand in Splink's package, so that a page can
bring them along.
"""

import re
from itertools import groupby
from typing import Any

import pyarrow as pa
from splink import Linker, SettingsCreator
from splink import comparison_level_library as levels
from splink.backends.duckdb import DuckDBAPI
from splink.comparison_library import CustomComparison
from splink.internals.charts import MatchWeightsHistogramChart
from splink.internals.html_utils import load_chart_libraries

from regulars.identity.docs.figures import Weight

Chart = dict[str, Any]

NOT_LEARNT = " *"

# of Splink's charts those that one can read on light and on dark paper
COLOURS = {"red": "#d0554c", "green": "#2f9e67", "#bbbbbb": "#a9b0bd"}

# of a level, what was only needed to make it
NOT_SHOWN = {"sql_condition", "probability_two_random_records_match"}


def libraries() -> list[str]:
    """The scripts that draw charts, in the order in which they need each other."""
    return list(load_chart_libraries().values())  # type: ignore[no-untyped-call]


def weights_charts(weights: list[Weight]) -> tuple[Chart, Chart]:
    """What each level weighs; and how often it is found among one person's records and any two.

    Args:
        weights: at least one. Levels that were not learnt are marked.
    """
    shown = _linker(weights).visualisations
    # above the weights it shows the odds to begin with, which are not stored
    weighs = shown.match_weights_chart().chart_dict
    weighs |= weighs.pop("vconcat")[1]
    weighs["encoding"]["color"]["legend"] = None
    # Vega-Lite can't draw a grid by rules outside of a chart of several
    weighs["encoding"]["x"]["axis"] = {"title": "bits = log2(m / u)"}
    # how much room there is for words the page itself knows
    weighs["encoding"]["y"]["axis"] = {"title": None}
    chances = shown.m_u_parameters_chart().chart_dict
    chances["hconcat"][1]["encoding"]["y"]["axis"]["labels"] = False
    return _fitted(weighs), _fitted(chances)


def bits_chart(bits: list[tuple[int, int]]) -> Chart:
    """How many ties have how many bits.

    Args:
        bits: at least so many, and the number of ties.
    """
    chart = MatchWeightsHistogramChart(
        [
            {"splink_score_bin_low": low, "splink_score_bin_high": low + 1, "count_rows": ties}
            for low, ties in bits
        ]
    )
    chart.set_width_height(height=200)
    drawn = chart.chart_dict | {"width": "container"}
    drawn["encoding"]["x"]["axis"]["title"] = "bits"
    drawn["encoding"]["y"]["axis"]["title"] = "ties"
    return _fitted(drawn)


def _linker(weights: list[Weight]) -> Any:
    """A model of Splink with the weights, and without records.

    The rules of its levels are never asked: it is only looked at.
    """
    comparisons = []
    for column, of_column in groupby(weights, key=lambda weight: weight.comparison):
        missing = levels.CustomLevel("true", "missing").configure(is_null_level=True)
        made = [
            levels.CustomLevel("false", _label(weight)).configure(
                m_probability=weight.m, u_probability=weight.u
            )
            for weight in of_column
        ]
        comparisons.append(CustomComparison([missing, *made], output_column_name=column))
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record_number",
        comparisons=[*comparisons],
    )
    nobody = pa.table({"record_number": pa.array([], pa.int64())})
    return Linker(DuckDBAPI().register(nobody), settings, log_level=None)


def _label(weight: Weight) -> str:
    """The level's words without its column, which stands beside them."""
    words = re.sub(rf" (on|of) {re.escape(weight.comparison)}\b", "", weight.level)
    words = words.replace(">=", "≥").replace("<=", "≤")
    return words if weight.is_learnt else words + NOT_LEARNT


def _fitted(chart: Chart) -> Chart:
    """A chart that fits the page: in its colours, and the wheel scrolls instead of zooming."""
    values = [
        {name: one for name, one in value.items() if name not in NOT_SHOWN}
        for value in chart.pop("data")["values"]
        if value.get("comparison_name") not in NOT_SHOWN
    ]
    for name in ("$schema", "params", "title"):
        chart.pop(name, None)
    fitted: Chart = _recoloured(chart)
    return fitted | {"data": {"values": values}, "background": "transparent"}


def _recoloured(part: Any) -> Any:
    """A part of a chart in our colours, and without what isn't shown."""
    if isinstance(part, dict):
        return {name: _recoloured(value) for name, value in part.items()}
    if isinstance(part, list):
        return [_recoloured(one) for one in part if not _is_hidden(one)]
    return COLOURS.get(part, part) if isinstance(part, str) else part


def _is_hidden(part: Any) -> bool:
    return isinstance(part, dict) and part.get("field") in NOT_SHOWN
