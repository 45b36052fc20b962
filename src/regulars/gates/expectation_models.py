"""What Great Expectations says of an expectation before any data is looked at."""

import contextlib
import io
import warnings
from typing import Any

from regulars.gates.check import import_great_expectations

# arguments of every expectation that stand beside its kwargs in a suite, or mean nothing there
BESIDE_KWARGS = ("severity", "meta", "notes", "description", "id", "rendered_content", "windows")


class ExpectationModels:
    """The expectations of Great Expectations, each a model that judges its own arguments."""

    def __init__(self) -> None:
        import_great_expectations()
        from great_expectations.expectations import registry

        self._model_of = registry.get_expectation_impl
        self.types: list[str] = sorted(registry.list_registered_expectation_implementations())

    def arguments(self, type_: str) -> list[str]:
        """The names of the kwargs that an expectation takes."""
        return [name for name in self._model_of(type_).__fields__ if name not in BESIDE_KWARGS]

    def complaints(self, expectation: dict[str, Any]) -> list[tuple[str | None, str]]:
        """What is wrong with an expectation of a known type, by its own model.

        Args:
            expectation: type, kwargs, severity and so on, as a suite has them.

        Returns:
            The argument (None for the expectation as a whole) and the complaint, once each.
        """
        beside = {
            name: expectation[name]
            for name in ("severity", "meta", "notes", "description")
            if expectation.get(name) is not None
        }
        kwargs = {k: v for k, v in expectation["kwargs"].items() if k not in BESIDE_KWARGS}
        try:
            with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
                warnings.simplefilter("ignore")
                self._model_of(expectation["type"])(**kwargs, **beside)
        except Exception as error:  # each model has errors of its own
            return _complaints(error)
        return []


def _complaints(error: Exception) -> list[tuple[str | None, str]]:
    errors = getattr(error, "errors", None)
    if not callable(errors):
        return [(None, " ".join(str(error).split()))]
    said: dict[str | None, list[str]] = {}
    for part in errors():
        name = str(part["loc"][0])
        said.setdefault(None if name == "__root__" else name, []).append(_sentence(part))
    if len(said) > 1:
        said.pop(None, None)  # of the whole, because an argument was wrong
    return [(name, _either(messages)) for name, messages in said.items()]


def _sentence(part: dict[str, Any]) -> str:
    if part["type"] == "value_error.missing":
        return "is missing"
    return " ".join(str(part["msg"]).split())


def _either(messages: list[str]) -> str:
    """One complaint for all that an argument may be; that it may be a parameter, few want."""
    kept = [message for message in dict.fromkeys(messages) if "valid dict" not in message]
    return ", or ".join(kept or messages)
