"""Tells others that a run went wrong: a chat's webhook, or a command of the user's."""

import http.client
import os
import re
import signal
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass

import click

from regulars.building.status import NOT_STARTED, Status, as_json
from regulars.errors import UserError

WEBHOOK_SECONDS = 10.0
COMMAND_SECONDS = 60.0
LONGEST_SUMMARY = 500

# Engines and gates quote values of rows, which may be personal. From the first quote to the last,
# for a value may hold quotes itself.
_QUOTED = re.compile(r"""(?<!\w)['"].*['"](?!\w)""")
_KEYS = re.compile(r"\{.*\}")


@dataclass(frozen=True)
class Notifiers:
    """Whom to tell. Neither can change how the run itself ends.

    Attributes:
        webhook: an address that takes JSON by POST; itself a secret, so it is never shown.
        command: run by the shell.
    """

    webhook: str | None = None
    command: str | None = None

    def check(self) -> None:
        """Refuses an address that nothing can be posted to.

        Raises:
            UserError: without the address.
        """
        if self.webhook and not self._has_web_address():
            raise UserError("--webhook: write an address that begins with https:// or http://.")

    def tell(self, status: Status) -> None:
        """Tells all of them; one that fails has a line on stderr, and no more."""
        status = without_values(status)
        message = summary(status)
        if (
            self.webhook
            and self._has_web_address()
            and (problem := _post(self.webhook, message, status))
        ):
            click.echo(f"The webhook was not reached: {problem}.", err=True)
        if self.command and (problem := _run(self.command, message, status)):
            click.echo(f"The --on-red command failed: {problem}.", err=True)

    def _has_web_address(self) -> bool:
        return bool(re.match(r"https?://[^/]", self.webhook or ""))


def summary(status: Status) -> str:
    """One line for people: which target, how it ended, what failed first."""
    target = f"Regulars {status['target']}" if status.get("target") else "Regulars"
    if status["state"] == NOT_STARTED:
        said = f"{target} could not start: {status['message']}"
    elif status["state"] == "interrupted":
        said = f"{target} was interrupted; nothing new was published."
    else:
        failures = status["failures"]
        first = f"{failures[0]['node']}: {failures[0]['message']}" if failures else ""
        more = f" and {len(failures) - 1} more" if len(failures) > 1 else ""
        said = f"{target} is red{', but published' * _is_published(status)}: {first}{more}"
    said = " ".join(said.split())
    return said if len(said) <= LONGEST_SUMMARY else f"{said[: LONGEST_SUMMARY - 2]} …"


def without_values(status: Status) -> Status:
    """A status without what may be values of rows: these leave the machine."""
    shown = dict(status)
    if "message" in shown:
        shown["message"] = _mask(shown["message"])
    if "failures" in shown:
        shown["failures"] = [f | {"message": _mask(f["message"])} for f in shown["failures"]]
    if "failed_expectations" in shown:
        shown["failed_expectations"] = [
            {key: value for key, value in expectation.items() if key != "failing_keys"}
            for expectation in shown["failed_expectations"]
        ]
    return shown


def _is_published(status: Status) -> bool:
    return bool(status["state"] == "published")


def _mask(message: str) -> str:
    return _QUOTED.sub("'…'", _KEYS.sub("{…}", " ".join(message.split())))


def _post(webhook: str, message: str, status: Status) -> str | None:
    """Posts to the webhook; returns what went wrong, if anything, without the address."""
    body = as_json({"text": message, "run": status}).encode()
    try:
        request = urllib.request.Request(
            webhook, data=body, headers={"Content-Type": "application/json"}, method="POST"
        )
        with urllib.request.urlopen(request, timeout=WEBHOOK_SECONDS):
            return None
    except urllib.error.HTTPError as error:
        return f"it answered {error.code}"
    except TimeoutError:
        return f"no answer within {WEBHOOK_SECONDS:g} seconds"
    except urllib.error.URLError as error:
        reason = error.reason
        if isinstance(reason, TimeoutError):
            return f"no answer within {WEBHOOK_SECONDS:g} seconds"
        said = getattr(reason, "strerror", None) or type(reason).__name__
        host = urllib.parse.urlsplit(webhook).hostname or webhook
        return str(said).replace(host, "…")
    except (OSError, http.client.HTTPException, ValueError) as error:
        return type(error).__name__  # their texts may hold the address


def _run(command: str, message: str, status: Status) -> str | None:
    """Runs the command; returns what went wrong, if anything.

    What it prints goes to stderr, for stdout belongs to --json.
    """
    surroundings = {
        "REGULARS_STATE": str(status["state"]),
        "REGULARS_TARGET": str(status.get("target", "")),
        "REGULARS_MESSAGE": message,
    }
    with subprocess.Popen(
        command,
        shell=True,
        stdin=subprocess.PIPE,
        stdout=2,
        stderr=2,
        env=os.environ | surroundings,
        start_new_session=True,  # so that what it starts can be ended with it
    ) as process:
        try:
            process.communicate(as_json(status).encode(), timeout=COMMAND_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return f"it took longer than {COMMAND_SECONDS:g} seconds"
    return f"exit code {process.returncode}" if process.returncode else None
