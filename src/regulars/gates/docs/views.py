"""How pages become HTML: our own templates, so that nothing is loaded from anywhere."""

from copy import deepcopy
from pathlib import Path
from typing import Any

from great_expectations.render.view.view import DefaultJinjaPageView
from jinja2 import FileSystemLoader
from markupsafe import Markup

from regulars import pages

TEMPLATES = Path(__file__).parent / "templates"


class OfflineView(DefaultJinjaPageView):
    """A view of Great Expectations that fills one of our templates; everything is escaped."""

    def __init__(self) -> None:
        super().__init__()
        self.env.loader = FileSystemLoader([TEMPLATES, pages.TEMPLATES])
        self.env.autoescape = True
        self.env.trim_blocks = self.env.lstrip_blocks = True
        render: Any = self.render_string_template
        # it escapes what stands in a sentence, marks it, and would do so again in the same object
        self.env.filters["sentence"] = lambda part: Markup(render(deepcopy(part)))


class SuiteView(OfflineView):
    """The page of a suite."""

    _template = "suite.html.j2"


class RunView(OfflineView):
    """The page of a run."""

    _template = "run.html.j2"
