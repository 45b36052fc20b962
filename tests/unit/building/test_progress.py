"""Signs of life: lines in a log, a bar that fits on a narrow terminal."""

import io
import time

import pytest
from rich.console import Console

from regulars.building.progress import BarProgress, LineProgress, shown_progress
from regulars.building.run import Node


def node(layer: str, label: str) -> Node:
    return Node(label, layer, label, None, frozenset())


def test_a_log_has_a_line_as_each_layer_is_first_reached(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with LineProgress() as progress:
        progress.say("reading the project")
        progress.plan(270)
        for n, layer in enumerate(["seeds", "staging", "staging", "inputs", "staging"]):
            progress.start(f"id{n}", node(layer, "x"))
            progress.finish(f"id{n}")
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        "0:00  reading the project",
        "0:00  seeds … 0/270",
        "0:00  staging … 1/270",
        "0:00  inputs … 3/270",
    ]


def test_a_log_goes_on_while_one_node_takes_long(capsys: pytest.CaptureFixture[str]) -> None:
    with LineProgress(every=0.1) as progress:
        progress.plan(2)
        progress.start("a", node("training", "train_churn"))
        progress.start("b", node("training", "train_purchase"))
        time.sleep(0.5)
        progress.finish("a")
        time.sleep(0.5)
        progress.finish("b")
        capsys_before = capsys.readouterr().err
        time.sleep(0.3)
    first, *beats = capsys_before.splitlines()
    assert first == "0:00  training … 0/2"
    assert "0:00  training … 0/2 (train_churn)" in beats
    assert any(beat.endswith("training … 1/2 (train_purchase)") for beat in beats)
    assert len(beats) < 12
    assert capsys.readouterr().err == ""


def test_a_bar_fits_on_80_columns_and_goes_away() -> None:
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=80, color_system=None)
    with BarProgress(console) as progress:
        progress.say("reading the project")
        progress.plan(270)
        progress.start("a", node("training", "train_[b]churn"))
        progress._bar.refresh()
        progress.finish("a")
        progress.start("b", node("inputs", "testing " + "a_very_long_name_of_a_model" * 3))
        progress._bar.refresh()
        frame = screen.getvalue().rsplit("\r", 1)[-1]
    line = frame.splitlines()[-1].removeprefix("\x1b[2K")
    assert line.startswith("inputs: testing a_very_long_name_of_")
    assert "…" in line
    assert "1/270" in line
    assert len(line) <= 80
    assert "train_[b]churn" in screen.getvalue()
    assert screen.getvalue().endswith("\x1b[2K")


def test_a_bar_is_for_terminals_alone() -> None:
    assert isinstance(shown_progress(Console(force_terminal=True)), BarProgress)
    assert isinstance(shown_progress(Console(file=io.StringIO())), LineProgress)
