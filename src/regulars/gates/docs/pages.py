"""The pages of a run's Data Docs: renderers that Great Expectations' site builder calls."""

from copy import deepcopy
from typing import Any

from great_expectations.expectations.registry import get_renderer_impl
from great_expectations.render.components import RenderedDocumentContent
from great_expectations.render.renderer.renderer import Renderer

from regulars.gates.docs.stored_results import GATES, OURS
from regulars.gates.results import UNREADABLE

# how Great Expectations marks the values of a sentence
STYLING = {"default": {"classes": ["value"]}, "params": {"column": {"classes": ["column"]}}}

SEVERITIES = ("critical", "warning", "info")


class Page(RenderedDocumentContent):
    """A document of Great Expectations that brings what our templates show.

    Args:
        renderer_type: the name of the renderer, as Great Expectations keeps it.
        facts: what the page's template is given.
    """

    def __init__(self, renderer_type: str, facts: dict[str, Any]) -> None:
        super().__init__(sections=[], renderer_type=renderer_type)
        self.facts = facts

    def to_json_dict(self) -> dict[str, Any]:
        """What the template is given."""
        return {"renderer_type": self.renderer_type, **self.facts}


class SuitePage(Renderer):
    """One suite of a run: what failed first, then every expectation."""

    def render(self, result: Any) -> Page:
        """The page of one ExpectationSuiteValidationResult."""
        expectations = [_expectation(found) for found in result.results]
        depth = result.suite_name.count(".") + 4
        return Page(
            "SuitePage",
            {
                "suite": result.suite_name,
                "root": "../" * depth,
                "run": result.meta[OURS],
                "count": _count(expectations),
                "failed": _failed(expectations),
                "groups": _by_column(expectations),
            },
        )


class RunPage(Renderer):
    """A run: its gates, what failed in them, and its suites.

    Args:
        data_context: the context that holds the results.
    """

    def __init__(self, data_context: Any) -> None:
        super().__init__()
        self._results = data_context.validation_results_store

    def render(self, links: dict[str, Any]) -> Page:
        """The page that links to all others.

        Args:
            links: what the site builder knows of each page.
        """
        paths = {link["expectation_suite_name"]: link for link in links["validations_links"]}
        results = sorted(
            (self._results.get(key) for key in self._results.list_keys()),
            key=lambda result: result.meta[OURS]["place"],
        )
        suites = []
        for result in results:
            expectations = [_expectation(found) for found in result.results]
            suites.append(
                {
                    "name": result.suite_name,
                    "path": paths[result.suite_name]["filepath"],
                    "gate": result.meta[OURS]["gate"],
                    "count": _count(expectations),
                    "failed": _failed(expectations),
                }
            )
        return Page(
            "RunPage",
            {
                "root": "",
                "site_name": links["site_name"],
                "run": results[0].meta[OURS],
                "gates": _by_gate(suites),
                "suites": suites,
                "failed": _failed(
                    [
                        found | {"suite": suite["name"], "path": suite["path"]}
                        for suite in suites
                        for found in suite["failed"]
                    ]
                ),
            },
        )


def _expectation(found: Any) -> dict[str, Any]:
    """What a page shows of one expectation."""
    config, ours = found.expectation_config, found.meta[OURS]
    return {
        **ours,
        "type": config.type,
        "description": config.description,
        "sentence": _sentence(config),
    }


def _failed(expectations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that are not met, the most severe first."""
    failed = [found for found in expectations if not found["is_met"]]
    return sorted(failed, key=lambda found: SEVERITIES.index(found["severity"]))


def _sentence(config: Any) -> list[dict[str, Any]]:
    """Great Expectations' own sentence for an expectation, as templates; none where it has none."""
    if config.type == UNREADABLE:
        return []
    renderer: Any = get_renderer_impl(config.type, "renderer.prescriptive")
    runtime = {"include_column_name": False, "styling": STYLING}
    config = deepcopy(config)
    config.kwargs.update({name: _plain(value) for name, value in config.kwargs.items()})
    try:
        blocks: Any = renderer[1](configuration=config, runtime_configuration=runtime)
    except Exception:  # of a suite that could never be run: the page says so elsewhere
        return []
    contents: list[Any] = [
        block if isinstance(block, dict) else block.to_json_dict() for block in blocks
    ]
    templates = [content["string_template"] for content in contents if "string_template" in content]
    if templates:
        text = templates[0]["template"]
        templates[0] |= {"template": text[:1].upper() + text[1:]}
    return templates


def _plain(value: Any) -> Any:
    """1 for 1.0, as it stands in the suite: Great Expectations makes floats of all limits."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _count(expectations: list[dict[str, Any]]) -> dict[str, int]:
    """How many expectations there are, how many are met, and how many failed by severity."""
    failed = [found["severity"] for found in expectations if not found["is_met"]]
    return {
        "all": len(expectations),
        "met": len(expectations) - len(failed),
        **{severity: failed.count(severity) for severity in SEVERITIES},
    }


def _by_column(expectations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Expectations under their columns, those on the table as a whole first."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for found in sorted(expectations, key=lambda found: found["column"] is not None):
        groups.setdefault(found["column"] or "", []).append(found)
    return [{"column": column, "expectations": found} for column, found in groups.items()]


def _by_gate(suites: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The gates with the sums of their suites' counts, in order; one not reached has none."""
    gates: dict[str, dict[str, int]] = {gate: {} for gate in GATES}
    for suite in suites:
        sums = gates.setdefault(suite["gate"], {})
        for name, count in suite["count"].items():
            sums[name] = sums.get(name, 0) + count
    return [{"name": name, "count": count} for name, count in gates.items()]
