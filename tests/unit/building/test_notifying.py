"""Those who are told of a red run, and what they are not told."""

import json
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from regulars.building import notifying
from regulars.building.notifying import Notifiers, summary, without_values
from regulars.building.status import not_started
from regulars.errors import UserError

RED: dict[str, Any] = {
    "target": "prod",
    "state": "red",
    "failures": [{"node": "gate_inputs", "message": "Gate inputs is red"}],
    "failed_expectations": [
        {"suite": "customers", "observed": "0.31", "failing_keys": [{"customer_id": "c-1234"}]}
    ],
}


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A webhook on this machine: it keeps what it gets, and answers as it is told to."""
    kept = SimpleNamespace(got=[], answer=200, seconds=0.0, url="")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.got.append((self.headers["Content-Type"], json.loads(body)))
            time.sleep(kept.seconds)
            self.send_response(kept.answer)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    for proxy in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(proxy, raising=False)
    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    kept.url = f"http://127.0.0.1:{server.server_port}/services/T0/s3cret"
    yield kept
    server.shutdown()
    server.server_close()


def test_a_webhook_gets_a_line_for_people_and_the_run_for_programs(hook: Any) -> None:
    Notifiers(webhook=hook.url).tell(RED)
    ((kind, body),) = hook.got
    assert kind == "application/json"
    assert body["text"] == "Regulars prod is red: gate_inputs: Gate inputs is red"
    assert body["run"]["state"] == "red"
    assert body["run"]["failed_expectations"] == [{"suite": "customers", "observed": "0.31"}]


def test_keys_and_quoted_values_stay_here() -> None:
    sent = without_values(
        RED
        | {
            "failures": [
                {"node": "m", "message": "Could not convert string 'O' Hara' a@x.com' to INT32"},
                {"node": "n", "message": 'Duplicate key "phone: 555" violates'},
                {"node": "g", "message": "is red, such as {id: 77}, and it can't go on"},
            ]
        }
    )
    assert [f["message"] for f in sent["failures"]] == [
        "Could not convert string '…' to INT32",
        "Duplicate key '…' violates",
        "is red, such as {…}, and it can't go on",
    ]
    assert "c-1234" not in json.dumps(sent)
    assert RED["failed_expectations"][0]["failing_keys"]  # the caller's own is as it was


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (
            not_started("The disk is full.", "prod"),
            "Regulars prod could not start: The disk is full.",
        ),
        (not_started("No such option."), "Regulars could not start: No such option."),
        (
            RED | {"state": "interrupted"},
            "Regulars prod was interrupted; nothing new was published.",
        ),
        (
            RED | {"failures": [{"node": "a", "message": "no"}, {"node": "b", "message": "no"}]},
            "Regulars prod is red: a: no and 1 more",
        ),
        (
            RED | {"state": "published"},
            "Regulars prod is red, but published: gate_inputs: Gate inputs is red",
        ),
    ],
)
def test_a_summary_is_one_line(status: dict[str, Any], text: str) -> None:
    assert summary(status) == text


def test_a_long_summary_is_cut() -> None:
    said = summary(not_started("many words " * 100, "prod"))
    assert len(said) == notifying.LONGEST_SUMMARY
    assert said.endswith(" …")


def test_a_webhook_that_fails_has_one_line_without_its_address(
    hook: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    hook.answer = 404
    Notifiers(webhook=hook.url).tell(RED)
    assert capsys.readouterr().err == "The webhook was not reached: it answered 404.\n"

    monkeypatch.setattr(notifying, "WEBHOOK_SECONDS", 0.2)
    hook.seconds = 1.0
    Notifiers(webhook=hook.url).tell(RED)
    assert "no answer within 0.2 seconds" in capsys.readouterr().err

    for dead in (
        "http://127.0.0.1:9/s3cret",
        "http://nowhere.invalid/s3cret",
        "https://127.0.0.1:99999/s3cret",
        "http://[half/s3cret",
        "http://127.0.0.1/s3cret with\nbreaks",
    ):
        Notifiers(webhook=dead).tell(RED)
        said = capsys.readouterr().err
        assert said.startswith("The webhook was not reached: ")
        assert len(said.splitlines()) == 1
        assert "s3cret" not in said
        assert "nowhere" not in said


@pytest.mark.parametrize("url", ["ftp://host/s3cret", "host/s3cret", "file:///etc/s3cret"])
def test_only_web_addresses_are_taken(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UserError, match="--webhook") as refused:
        Notifiers(webhook=url).check()
    assert "s3cret" not in str(refused.value)
    Notifiers(webhook=url).tell(RED)  # it was refused already: no second line
    assert capsys.readouterr().err == ""


def test_a_command_gets_the_run_on_stdin_and_its_state_in_the_environment(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    command = (
        f'cat > {kept}.json; echo "$REGULARS_STATE|$REGULARS_TARGET|$REGULARS_MESSAGE" > {kept}'
    )
    Notifiers(command=command).tell(RED)
    assert kept.read_text() == "red|prod|Regulars prod is red: gate_inputs: Gate inputs is red\n"
    run = json.loads(Path(f"{kept}.json").read_text())
    assert run["failed_expectations"] == [{"suite": "customers", "observed": "0.31"}]


def test_what_a_command_prints_leaves_stdout_alone(capfd: pytest.CaptureFixture[str]) -> None:
    Notifiers(command="echo told").tell(RED)
    said = capfd.readouterr()
    assert (said.out, said.err) == ("", "told\n")


def test_a_command_that_fails_or_hangs_has_one_line(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    Notifiers(command="exit 3 # s3cret").tell(RED)
    assert capfd.readouterr().err == "The --on-red command failed: exit code 3.\n"
    monkeypatch.setattr(notifying, "COMMAND_SECONDS", 0.2)
    began = time.monotonic()
    Notifiers(command=f"sleep 30 & echo $! > {tmp_path / 'pid'}; wait").tell(RED)
    assert time.monotonic() - began < 10
    assert (
        capfd.readouterr().err == "The --on-red command failed: it took longer than 0.2 seconds.\n"
    )
    started = int((tmp_path / "pid").read_text())
    for _ in range(50):  # the system may take a moment to end it
        if not is_running(started):
            return
        time.sleep(0.1)
    pytest.fail("what the command started goes on")


def is_running(pid: int) -> bool:
    """Whether a process is there and doesn't only wait to be forgotten by its parent."""
    done = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return done.stdout.strip()[:1] not in ("", "Z")


def test_a_command_is_told_though_the_webhook_fails(tmp_path: Path) -> None:
    Notifiers(webhook="http://127.0.0.1:9/", command=f"touch {tmp_path / 'told'}").tell(RED)
    assert (tmp_path / "told").exists()
