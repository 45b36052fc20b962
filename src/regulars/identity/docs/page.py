"""The page that says how records became customers: one file, with all that it shows in it."""

import tempfile
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from regulars import pages
from regulars.identity.docs.charts import NOT_LEARNT, bits_chart, libraries, weights_charts
from regulars.identity.docs.figures import DETAILS, Band, Figures
from regulars.pages.folder import check_ours, replace_pages

# in the page that we write: a folder with it may be written anew
MARK = "Regulars Identity Docs"

TEMPLATES = Path(__file__).parent / "templates"

# what identity_link_decisions says in one word
REASONS = {
    "contradicting_details": "Their details contradict each other: they are two people",
    "other_verified_identifier": "Both have an identifier of which a person has one, and not the"
    " same",
    "shared_record": "A further log-in on a record, and nothing else says that it is one person's",
    "too_many_records": "The customer would have more records with details than one may have",
}


def write_page(figures: Figures, target: str, folder: Path) -> Path:
    """Writes the page; one of an earlier time in the folder goes.

    Args:
        figures: what it shows.
        target: whose they are.
        folder: where it goes.

    Returns:
        The page.

    Raises:
        UserError: when the folder holds something else, or can't be written.
    """
    check_ours(folder, MARK)
    with tempfile.TemporaryDirectory() as drafts:
        page = Path(drafts) / "index.html"
        page.write_text(_rendered(figures, target), encoding="utf-8")
        replace_pages(folder, Path(drafts))
    return folder / "index.html"


def _rendered(figures: Figures, target: str) -> str:
    templates = Environment(
        loader=FileSystemLoader([TEMPLATES, pages.TEMPLATES]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    templates.filters |= {"count": _count, "percent": _percent, "band": _band, "few": _few}
    charts = _charts(figures)
    refused_by_reason = groupby(figures.refused, key=lambda one: one.reason)
    return templates.get_template("matching.html.j2").render(
        mark=MARK,
        target=target,
        figures=figures,
        tiles=_tiles(figures),
        most=max((tied.held for tied in figures.tied_by), default=0),
        # a band below what ties is there only where the var says so
        bands=[band for band in figures.bands if band.ties or band.lowest >= 0.5],
        refused_by_reason=[list(ones) for _, ones in refused_by_reason],
        reasons=REASONS,
        charts=charts,
        not_learnt=NOT_LEARNT,
        unlearnt=sum(not weight.is_learnt for weight in figures.weights),
        libraries=libraries,
    )


def _charts(figures: Figures) -> dict[str, Any]:
    """The charts that there are, by the id of where they stand on the page."""
    charts = {}
    if figures.bits:
        charts["bits"] = bits_chart(figures.bits)
    if figures.weights:
        charts["weights"], charts["chances"] = weights_charts(figures.weights)
    return charts


def _tiles(figures: Figures) -> list[tuple[int, str, str]]:
    """The figures to begin with: a number, what it counts, and more of it."""
    known = figures.customers
    held = sum(tied.held for tied in figures.tied_by)
    by_details = sum(tied.held for tied in figures.tied_by if tied.name == DETAILS)
    refused = sum(tied.refused for tied in figures.tied_by)
    return [
        (known.records, "records", "of all sources"),
        (known.customers, "customers", f"{known.joined:,} of more than one record"),
        (known.largest, "records at most", "has the largest customer"),
        (held, "ties", f"{by_details:,} by details, {held - by_details:,} by identifiers"),
        (refused, "ties refused", "they would make one person of two"),
    ]


def _count(count: int, one: str) -> str:
    return f"{count:,} {one}" if count == 1 else f"{count:,} {one}s"


def _percent(share: float) -> str:
    """A share that isn't everything never reads 100%."""
    return ">99.99%" if 0.9999 < share < 1 else f"{share:.2%}"


def _few(number: float) -> str:
    """Of few, tenths count."""
    return f"{number:,.0f}" if number >= 10 else f"{number:.1f}"


def _band(band: Band) -> str:
    """0.95 to 0.99; the last one has no end."""
    if band.highest == 1:
        return f"{band.lowest:g} and more"
    return f"{band.lowest:g} to {band.highest:g}"
