"""Whatever is wrong: exit code 2, one line that says it, no traceback."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.loading.conftest import CSV_HEADER, Run

ROW = "1,2,x,3,2009-12-01 07:45:00,1.5,12346,UK"


def refused(result: tuple[int, str, str], *parts: str) -> None:
    code, out, err = result
    assert code == 2
    assert out == ""
    assert len(err.splitlines()) == 1, err
    assert err.startswith("Error: ")
    for part in parts:
        assert part in err


@pytest.mark.parametrize(
    ("name", "content", "parts"),
    [
        ("a.csv", "", ["a.csv is empty"]),
        ("a.csv", "\n \n", ["a.csv is empty"]),
        ("a.csv", CSV_HEADER, ["a.csv has a header, but no rows"]),
        ("a.csv", "Invoice,Price\n1,2", [
            "lacks StockCode, Description, Quantity, InvoiceDate, Customer ID, Country;",
            "its columns are: Invoice, Price.",
        ]),
        ("a.csv", f"{CSV_HEADER},Size\n{ROW},3", ["columns that Online Retail II lacks: Size"]),
        ("a.csv", f"{CSV_HEADER},Unit Price\n{ROW},3", ["the column Price twice"]),
        ("a.csv", f"{CSV_HEADER},\n{ROW},3", ["column 9 has no name"]),
        ("a.csv", f"{CSV_HEADER}\n{ROW}\n\n{ROW},9\n{ROW}", ["a.csv, line 4: 9 values", "has 8"]),
        ("a.csv", f"{CSV_HEADER}\n{ROW}\n1,2\n{ROW}", ["a.csv, line 3: 2 values", "has 8"]),
        ("a.csv", f'{CSV_HEADER}\n{ROW}\n"1"2,{ROW}', ["a.csv, line 3: can't be read as CSV"]),
        ("a.csv", f'{CSV_HEADER}\n{ROW}\n{ROW},"\n{ROW}', ["a.csv, line 3: can't be read as CSV"]),
        ("a.csv", f"{CSV_HEADER}\n{ROW.replace('2009-12-01 07', '1st Dec 7')}", [
            "the date '1st Dec 7:45:00' is neither like",
        ]),
        ("a.csv", "\n".join([CSV_HEADER, *(
            ROW.replace("2009-12-01 07:45:00", f"{day}/12/2009 7:45") for day in (1, 2, 13, 14)
        )]), ["the day before the month"]),
        ("a.csv", "PK\x03\x04....", ["isn't a CSV file: it looks like an Excel workbook"]),
        ("a.csv", "PAR1....", ["isn't a CSV file: it looks like a Parquet file"]),
        ("a.csv", "a\0b", ["isn't a CSV file"]),
        ("a.parquet", CSV_HEADER, ["isn't a Parquet file"]),
        ("a.parquet", "PAR1....", ["can't be read as Parquet"]),
        ("a.xlsx", CSV_HEADER, ["isn't an Excel workbook"]),
        ("a.xlsx", "PK\x03\x04....", ["a.xlsx is a damaged Excel workbook"]),
        ("a.txt", "x", ["a.txt isn't of a kind that is read here (.xlsx, .csv, .parquet)"]),
    ],
)  # fmt: skip
def test_wrong_files(run: Run, tmp_path: Path, name: str, content: str, parts: list[str]) -> None:
    file = tmp_path / name
    file.write_text(content)
    refused(run("online-retail", file), *parts)


def test_missing_file_folder_and_repeated_file(run: Run, tmp_path: Path) -> None:
    refused(run("online-retail", tmp_path / "none.csv"), "No such file")
    refused(run("online-retail", tmp_path), "is a folder")
    file = tmp_path / "a.csv"
    file.write_text(f"{CSV_HEADER}\n{ROW}")
    refused(run("online-retail", file, tmp_path / "." / "a.csv"), "is given twice")
    refused(run("online-retail"), "Missing argument")


def test_unknown_target(run: Run, workbook: Path) -> None:
    refused(run("online-retail", workbook, "--target", "moon"), "Unknown target 'moon'", "retail")


def test_damaged_workbooks(run: Run, workbook: Path) -> None:
    whole = workbook.read_bytes()
    place = whole.index(b"xl/worksheets/sheet1.xml") + 60
    workbook.write_bytes(whole[:place] + bytes([whole[place] ^ 255]) + whole[place + 1 :])
    refused(run("online-retail", workbook), "is a damaged Excel workbook")
    workbook.write_bytes(whole[: len(whole) // 2])
    refused(run("online-retail", workbook), "is a damaged Excel workbook")


def test_locked_warehouse_names_the_process(run: Run, home: Path, workbook: Path) -> None:
    (home / "warehouse").mkdir(parents=True)
    script = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('', flush=True); input()"
    file = home / "warehouse" / "retail.duckdb"
    with subprocess.Popen(
        [sys.executable, "-c", script, file],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        result = run("online-retail", workbook)
        refused(result, f"retail.duckdb is in use by process {holder.pid} (")
        holder.communicate("\n")


def test_home_that_cannot_be_made(run: Run, home: Path, workbook: Path) -> None:
    home.write_text("a file where the folder should be")
    refused(run("online-retail", workbook), "can't be made")


def test_warehouse_that_is_no_database(run: Run, home: Path, workbook: Path) -> None:
    (home / "warehouse").mkdir(parents=True)
    (home / "warehouse" / "retail.duckdb").write_text("hello " * 1000)
    refused(run("online-retail", workbook), "retail.duckdb can't be opened")


@pytest.mark.parametrize(
    ("name", "content", "source", "part"),
    [
        ("a.csv", "x\n1", "My Shop", "'My Shop' can't name a source"),
        ("a.csv", "x\n1", "1st", "'1st' can't name a source"),
        ("a.csv", "Order ID,order_id\n1,2", "s", "'order_id' would both become 'order_id'"),
        ("a.csv", "x,?\n1,2", "s", "column '?' has no letter or digit"),
        ("a.csv", "x,y\n1,2\n3\n", "s", "a.csv, line 3: 1 value, but the header has 2"),
        ("---.csv", "x\n1", "s", "no letter or digit to name a table by"),
        ("a.xlsx", "x\n1", "s", "(.csv, .parquet)"),
    ],
)
def test_wrong_own_files(
    run: Run, tmp_path: Path, name: str, content: str, source: str, part: str
) -> None:
    (tmp_path / name).write_text(content)
    refused(run("files", "--source", source, tmp_path / name), part)


def test_own_files_that_would_become_one_table(run: Run, tmp_path: Path) -> None:
    for name in ("a b.csv", "A_B.csv"):
        (tmp_path / name).write_text("x\n1")
    refused(
        run("files", "--source", "s", tmp_path / "a b.csv", tmp_path / "A_B.csv"),
        "would both become 'a_b'",
    )
