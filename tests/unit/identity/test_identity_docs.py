"""`regulars identity docs`: a page of counts and weights, read without a network."""

import json
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import duckdb
import pytest

from regulars.cli import main
from regulars.engines.duckdb_reading import BuiltTables
from regulars.errors import UserError
from regulars.identity.docs.charts import bits_chart, weights_charts
from regulars.identity.docs.figures import Weight, read_figures

Run = Callable[..., tuple[int, list[str], list[str]]]

PROFILES = """
regulars:
  target: demo
  outputs:
    demo: {type: duckdb, path: x}
"""
# ten records, six customers: 1 to 4, and 5 with 6
BUILT = """
create schema identity;
create schema journal;
create table identity.identity_records as
    select i as record_number, 'ana' || i || '@mail.example' as source_record_id
    from range(1, 11) as r(i);
create table identity.identity_clusters as
    select i as record_number, case when i <= 4 then 1 when i = 6 then 5 else i end as
        root_record_number
    from range(1, 11) as r(i);
create table identity.identity_links (
    record_number bigint, other_record_number bigint, tied_by text
);
insert into identity.identity_links values
    (2, 1, 'email'), (3, 1, 'email'), (4, 1, 'cookie_id'), (6, 5, 'details');
create table identity.identity_link_decisions (
    record_number bigint, other_record_number bigint, tied_by text, match_bits double,
    match_probability double, is_refused boolean, reason text
);
create table identity.identity_suppressed_identifiers (
    identifier_type text, identifier_value text, records_count bigint, records_cap integer
);
insert into identity.identity_suppressed_identifiers values
    ('phone', '+491701112233', 21, 20), ('phone', '+491701112244', 30, 20),
    ('email', 'info@mail.example', 40, 20), ('phone', '+491701112255', 25, 20);
create table identity.identity_match_weights (
    comparison text, agreement bigint, level text, m_probability double, u_probability double,
    match_weight double, passes_count bigint
);
create table journal.runs (
    run_id text, target text, outcome text, started_at timestamp, nodes text
);
"""
DECISIONS = """
insert into identity.identity_link_decisions values
    (6, 5, 'details', 0.5, 0.6, false, null),
    (7, 5, 'details', 0.9, 0.7, false, null),
    (7, 6, 'details', 2.0, 0.8, false, null),
    (8, 5, 'details', 6.6, 0.99, false, null),
    (8, 6, 'details', 20.5, 1.0, false, null),
    (9, 5, 'details', 1.5, 0.51, true, 'contradicting_details'),
    (9, 6, 'email', null, null, true, 'other_verified_identifier'),
    (9, 7, 'email', null, null, true, 'other_verified_identifier'),
    (9, 8, 'details', 3.5, 0.91, true, 'other_verified_identifier'),
    (10, 8, 'phone', null, null, true, 'contradicting_details')
"""
WEIGHTS = """
insert into identity.identity_match_weights values
    ('city', 0, 'All other comparisons', 0.1, 0.9, -3.17, 1),
    ('city', 1, 'Exact match on city', 0.9, 0.1, 3.17, 1),
    ('email', 0, 'All other comparisons', 0.2, 0.998, -2.32, 1),
    ('email', 1, 'same </script> before', 0.1, 0.001, 6.64, 0),
    ('email', 2, 'Exact match on email', 0.7, 0.001, 9.45, 1)
"""
RUN = {"node": "identity_link_decisions", "status": "success", "seconds": 1.0}


class Home:
    """A project, and the warehouse of its target."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "project"
        self.file = folder / "home" / "warehouse" / "demo.duckdb"
        self.root.mkdir()
        (self.root / "dbt_project.yml").write_text("name: regulars\n")
        (self.root / "profiles.yml").write_text(PROFILES)
        self.file.parent.mkdir(parents=True)

    def change(self, *statements: str) -> None:
        """Changes what is built."""
        with duckdb.connect(str(self.file)) as connection:
            for statement in statements:
                connection.execute(statement)

    def ran(self, run_id: str, at: str, outcome: str, *nodes: dict[str, Any]) -> None:
        """Notes a run in the journal; without nodes one whose end nobody saw."""
        told = f"'{json.dumps(nodes)}'" if nodes else "null"
        self.change(
            f"insert into journal.runs values ('{run_id}', 'demo', '{outcome}', '{at}', {told})"
        )


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A project with nothing built."""
    home = Home(tmp_path)
    monkeypatch.setenv("REGULARS_PROJECT", str(home.root))
    monkeypatch.setenv("REGULARS_HOME", str(tmp_path / "home"))
    return home


@pytest.fixture
def matched(home: Home) -> Home:
    """The same with records matched, by the second of three runs."""
    home.change(BUILT, DECISIONS, WEIGHTS)
    home.ran("run-1", "2026-11-20 06:00", "published", RUN)
    home.ran("run-2", "2026-11-21 06:00", "red", RUN)
    home.ran("run-3", "2026-11-22 06:00", "built", RUN | {"node": "customers"})
    return home


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `regulars identity …`: exit code, lines on stdout, lines on stderr."""

    def run(*arguments: str) -> tuple[int, list[str], list[str]]:
        with pytest.raises(SystemExit) as ended:
            main(["identity", *arguments])
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out.splitlines(), said.err.splitlines()

    return run


@pytest.fixture
def page(run: Run, tmp_path: Path) -> Callable[[], str]:
    """Writes the page and reads it."""

    def page() -> str:
        assert run("docs", "--folder", str(tmp_path / "site"))[0] == 0
        return (tmp_path / "site" / "index.html").read_text()

    return page


def text_of(page: str) -> str:
    """What a page shows, in one line, without what its charts do."""
    body = re.sub(r"<script>.*?</script>", " ", page.partition("</style>")[2], flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def charts_of(page: str) -> dict[str, Any]:
    """The charts that a page draws."""
    found = re.search(r"^const charts = (.*);$", page, flags=re.MULTILINE)
    return json.loads(found[1]) if found else {}


def test_it_says_what_it_wrote_and_where(matched: Home, run: Run) -> None:
    index = matched.root / "target" / "identity_docs" / "index.html"
    said = ["10 records are 6 customers: 4 ties hold, 5 refused.", f"Open {index}"]
    assert run("docs") == (0, said, [])
    assert [file.name for file in index.parent.iterdir()] == ["index.html"]


def test_records_customers_and_ties_are_counted(matched: Home, page: Callable[[], str]) -> None:
    shown = text_of(page())
    assert (
        "10 records of all sources 6 customers 2 of more than one record 4 records at most has the"
        " largest customer 4 ties 1 by details, 3 by identifiers 5 ties refused"
    ) in shown
    assert "Tied by Ties Refused email 2 2 details 1 2 cookie_id 1 0 phone 0 1" in shown


def test_precision_is_the_mean_probability_of_a_band(
    matched: Home, page: Callable[[], str]
) -> None:
    shown = text_of(page())
    # 0.8 and 0.99 begin a band, and 1 is within the last
    assert (
        "Of 5 ties by details the model expects 81.80% to be right, and 0.9 to be wrong. Match"
        " probability Ties Expected right Expected wrong 0.5 to 0.8 2 65.00% 0.7 0.8 to 0.95 1"
        " 80.00% 0.2 0.95 to 0.99 0 – – 0.99 and more 2 99.50% 0.0 All 5 81.80% 0.9"
    ) in shown
    assert "the model's own estimate, not the truth" in shown


def test_ties_below_a_half_have_a_band_where_there_are_some(
    matched: Home, page: Callable[[], str]
) -> None:
    matched.change("update identity.identity_link_decisions set match_probability = 0.25"
                   " where record_number = 6")  # fmt: skip
    assert "Expected wrong 0 to 0.5 1 25.00% 0.8 0.5 to 0.8 1 70.00%" in text_of(page())


def test_a_share_that_is_not_all_does_not_read_so(matched: Home, page: Callable[[], str]) -> None:
    matched.change("update identity.identity_link_decisions set match_probability = 0.999999")
    assert "All 5 >99.99%" in text_of(page())
    matched.change("update identity.identity_link_decisions set match_probability = 1")
    assert "All 5 100.00%" in text_of(page())


def test_what_was_refused_is_counted_by_reason(matched: Home, page: Callable[[], str]) -> None:
    refused = text_of(page()).partition("What was refused ")[2]
    assert refused.startswith(
        "Reason Tied by Ties Both have an identifier of which a person has one, and not the same"
        " other_verified_identifier email 2 details 1 Their details contradict each other: they"
        " are two people contradicting_details details 1 phone 1 Which ones:"
    )


def test_a_reason_of_another_version_is_named(matched: Home, page: Callable[[], str]) -> None:
    matched.change("update identity.identity_link_decisions set reason = 'new' where is_refused")
    assert "Reason Tied by Ties new details 2 email 2 phone 1" in text_of(page())


def test_suppressed_identifiers_are_counted_by_type(matched: Home, page: Callable[[], str]) -> None:
    assert (
        "Type Identifiers Records Most of one Allowed phone 3 76 30 20 email 1 40 40 20 They stand"
    ) in text_of(page())


def test_nobody_is_on_the_page(matched: Home, page: Callable[[], str]) -> None:
    written = page()
    assert "mail.example" not in written
    assert "+4917" not in written


def test_the_run_that_matched_is_named(matched: Home, page: Callable[[], str]) -> None:
    shown = text_of(page())
    assert "began on 2026-11-21 at 06:00 UTC · outcome of the run: red" in shown
    assert "run run-2 · 2026-11-21 06:00 UTC" in shown


def test_after_an_interrupted_run_nobody_knows_which_one_matched(
    matched: Home, page: Callable[[], str]
) -> None:
    matched.ran("run-4", "2026-11-23 06:00", "interrupted")
    shown = text_of(page())
    assert "The journal doesn't know which run matched them." in shown
    assert "run-" not in shown


def test_a_run_that_failed_to_match_is_not_the_one(matched: Home, page: Callable[[], str]) -> None:
    matched.ran("run-5", "2026-11-23 06:00", "red", RUN | {"status": "error"})
    assert "run run-2 ·" in text_of(page())


def test_charts_come_from_the_stored_weights(matched: Home, page: Callable[[], str]) -> None:
    charts = charts_of(page())
    assert set(charts) == {"bits", "weights", "chances"}
    levels = [
        (one["comparison_name"], one["label_for_charts"], round(one["log2_bayes_factor"], 2))
        for one in charts["weights"]["data"]["values"]
    ]
    assert levels == [
        ("email", "Exact match", 9.45),
        ("email", "same </script> before *", 6.64),
        ("email", "All other comparisons", -2.32),
        ("city", "Exact match", 3.17),
        ("city", "All other comparisons", -3.17),
    ]
    assert [
        (one["m_probability"], one["u_probability"]) for one in charts["chances"]["data"]["values"]
    ] == [(0.7, 0.001), (0.1, 0.001), (0.2, 0.998), (0.9, 0.1), (0.1, 0.9)]
    assert [
        (one["splink_score_bin_low"], one["splink_score_bin_high"], one["count_rows"])
        for one in charts["bits"]["data"]["values"]
    ] == [(0, 1, 2), (2, 3, 1), (6, 7, 1), (20, 21, 1)]


def test_levels_that_were_not_learnt_are_marked(matched: Home, page: Callable[[], str]) -> None:
    assert "* 1 of 5 levels were found too seldom to learn from" in text_of(page())
    matched.change("update identity.identity_match_weights set passes_count = 1")
    assert "too seldom" not in text_of(page())


def test_charts_scroll_with_the_page_and_show_no_rules() -> None:
    made = [Weight("email", 1, "same", 0.9, 0.1, True), Weight("email", 0, "other", 0.1, 0.9, True)]
    for chart in (*weights_charts(made), bits_chart([(-1, 2), (0, 3)])):
        told = json.dumps(chart)
        assert "params" not in told
        assert "sql_condition" not in told
        assert "probability_two_random_records_match" not in json.dumps(chart["data"])


def test_nothing_is_loaded_from_anywhere(matched: Home, page: Callable[[], str]) -> None:
    written = page()
    assert "default-src 'none'" in re.findall(r"<meta [^>]*Security-Policy[^>]*>", written)[0]
    ours = re.sub(r"<script>.*?</script>", "", written, flags=re.DOTALL)  # Vega names hosts
    assert not re.search(r"<(script|iframe|img|object|embed)\b", ours)
    assert not re.search(r"url\(|@import|https?:|//cdn", ours)
    assert re.findall(r"<link [^>]*>", ours) == ['<link rel="icon" href="data:,">']
    assert set(re.findall(r"href=\"([^\"]+)\"", ours)) == {"data:,", "index.html"}
    assert not re.search(r"<script [^>]", written)
    assert "http" not in json.dumps(charts_of(written))


def test_words_are_text_not_markup(matched: Home, page: Callable[[], str]) -> None:
    matched.change(
        "update identity.identity_links set tied_by = '<b>x</b>' where tied_by = 'email'"
    )
    written = page()
    assert "&lt;b&gt;x&lt;/b&gt;" in written
    assert "<b>x</b>" not in written
    # a level's words don't end the script that they stand in
    assert "same </script>" not in written


def test_without_weights_there_are_no_charts(home: Home, page: Callable[[], str]) -> None:
    home.change(BUILT, "delete from identity.identity_suppressed_identifiers")
    written = page()
    shown = text_of(written)
    assert "No column of details is filled, so nothing was learnt" in shown
    assert "Details tie no records here, so there is nothing to estimate." in shown
    assert "No tie was refused." in shown
    assert "None stands on more records than its type allows." in shown
    assert "The journal doesn't know which run" in shown
    assert "<script" not in written
    assert "JavaScript" not in written


def test_a_target_without_records_has_a_page(home: Home, page: Callable[[], str]) -> None:
    home.change(BUILT, *(f"delete from identity.identity_{table}" for table in
                         ("records", "clusters", "links")))  # fmt: skip
    shown = text_of(page())
    assert "0 records of all sources 0 customers" in shown
    assert "each is a customer of its own" in shown


@pytest.mark.parametrize(
    "missing",
    ["records", "clusters", "links", "link_decisions", "suppressed_identifiers", "match_weights"],
)
def test_what_is_not_built_is_one_line(matched: Home, run: Run, missing: str) -> None:
    # a table of another schema is not it
    matched.change(
        "create schema other",
        f"create table other.identity_{missing} as from identity.identity_{missing}",
        f"drop table identity.identity_{missing}",
    )
    assert run("docs") == (
        2,
        [],
        [
            "Error: Records of demo aren't matched into customers yet"
            f" (identity.identity_{missing} is missing): regulars build first."
        ],
    )
    assert not (matched.root / "target").exists()


def test_nothing_built_and_unknown_targets_are_one_line(home: Home, run: Run) -> None:
    said = ["Error: Nothing is built for demo yet: run regulars build first."]
    assert run("docs") == (2, [], said)
    assert run("docs", "--target", "x") == (
        2, [], ["Error: Unknown target 'x': profiles.yml has demo."])  # fmt: skip


def test_its_own_page_is_replaced_and_nothing_else(matched: Home, run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    run("docs", "--folder", str(folder))
    matched.change("insert into identity.identity_links values (10, 9, 'email')")
    assert run("docs", "--folder", str(folder))[1][0].endswith("5 ties hold, 5 refused.")
    assert "email 3 2" in text_of((folder / "index.html").read_text())
    # Data Docs of a run are somebody else's
    (folder / "index.html").write_text('<meta name="generator" content="Regulars Data Docs">')
    said = [f"Error: {folder} holds something else: name another --folder."]
    assert run("docs", "--folder", str(folder)) == (2, [], said)


def test_others_may_read_the_folder(matched: Home, run: Run, tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    run("docs", "--folder", str(tmp_path / "site"))
    assert (tmp_path / "site").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_refused_tie_is_not_told_as_one_that_holds(matched: Home) -> None:
    with duckdb.connect(str(matched.file)) as connection:
        figures = read_figures(BuiltTables(connection), "demo")
        assert figures.overall.ties == sum(band.ties for band in figures.bands) == 5
        connection.execute("update identity.identity_link_decisions set is_refused = true")
        assert read_figures(BuiltTables(connection), "demo").overall.right is None
        connection.execute("drop schema identity cascade")
        with pytest.raises(UserError):
            read_figures(BuiltTables(connection), "demo")


@pytest.mark.parametrize("command", [(), ("docs",)])
def test_help_is_there(run: Run, command: tuple[str, ...]) -> None:
    code, out, err = run(*command, "--help")
    assert (code, err) == (0, [])
    assert ("Example:" in "\n".join(out)) is bool(command)
