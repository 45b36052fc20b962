"""Builds the Data Docs of a run in a folder."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from regulars.errors import UserError
from regulars.gates.check import import_great_expectations
from regulars.gates.docs.stored_results import suite_results
from regulars.gates.journal import Run
from regulars.pages.folder import check_ours, replace_pages

# in each page that we write: a folder with it may be written anew
MARK = "Regulars Data Docs"


def build_site(run: Run, rows: list[dict[str, Any]], target: str, folder: Path) -> Path:
    """Writes the pages of a run; those of an earlier one in the folder go.

    Args:
        run: the run.
        rows: its rows of journal.expectation_results, at least one.
        target: names the site.
        folder: where the site goes.

    Returns:
        The page to open first.

    Raises:
        UserError: when the folder holds something else, or can't be written.
    """
    check_ours(folder, MARK)
    gx = import_great_expectations()
    context = gx.get_context(mode="ephemeral")
    results = suite_results(gx, run, rows)
    for key, result in results:
        context.validation_results_store.set(key, result)
    with tempfile.TemporaryDirectory() as drafts:
        context.add_data_docs_site("run", _site(target, Path(drafts)))
        context.build_data_docs(site_names=["run"])
        # Great Expectations only logs what goes wrong with a page
        pages = list(Path(drafts).rglob("*.html"))
        if len(pages) != len(results) + 1 or not all(page.stat().st_size for page in pages):
            raise UserError(f"Great Expectations could not write all {len(results) + 1} pages.")
        shutil.rmtree(Path(drafts) / "static", ignore_errors=True)  # what its own pages show
        replace_pages(folder, Path(drafts))
    return folder / "index.html"


def _site(name: str, folder: Path) -> dict[str, Any]:
    """The site's configuration: our renderers and views in Great Expectations' site builder."""

    def ours(renderer: str, view: str) -> dict[str, Any]:
        return {
            "renderer": {"module_name": "regulars.gates.docs.pages", "class_name": renderer},
            "view": {"module_name": "regulars.gates.docs.views", "class_name": view},
        }

    return {
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "site_name": name,
        "store_backend": {
            "class_name": "TupleFilesystemStoreBackend",
            "base_directory": str(folder),
        },
        "site_index_builder": {
            "class_name": "DefaultSiteIndexBuilder",
            **ours("RunPage", "RunView"),
        },
        "site_section_builders": {
            "expectations": "none",
            "profiling": "none",
            "validations": {
                "class_name": "DefaultSiteSectionBuilder",
                "source_store_name": "validation_results_store",
                **ours("SuitePage", "SuiteView"),
            },
        },
    }
