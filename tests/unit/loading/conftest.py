"""What the loading tests share: a home of their own, the command, a small Online Retail II."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import duckdb
import openpyxl
import pytest

from regulars.cli import main

CSV_HEADER = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country"
HEADER = CSV_HEADER.split(",")
FIRST_SHEET = [
    [489434, 85048, '15CM "XMAS" BALL', 12, datetime(2009, 12, 1, 7, 45), 6.95, 13085, "UK"],
    ["C489449", "85123a", " LANTERN ", -5, datetime(2010, 7, 1, 23, 59), 12, None, "EIRE"],
]
SECOND_SHEET = [[536365, "POST", None, "six", datetime(2010, 12, 1, 8, 26), 0.001, 17850, "UK"]]
LOADED = [
    ("489434", "85048", '15CM "XMAS" BALL', "12", "2009-12-01 07:45:00", "6.95", "13085", "UK"),
    ("C489449", "85123a", " LANTERN ", "-5", "2010-07-01 23:59:00", "12", None, "EIRE"),
    ("536365", "POST", None, "six", "2010-12-01 08:26:00", "0.001", "17850", "UK"),
]

Run = Callable[..., tuple[int, str, str]]
Query = Callable[..., list[tuple]]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of warehouses that nothing else uses."""
    folder = tmp_path / "home"
    monkeypatch.setenv("REGULARS_HOME", str(folder))
    return folder


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `regulars load …`: exit code, stdout, stderr."""

    def run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["load", *map(str, arguments)])
        captured = capsys.readouterr()
        return int(ended.value.code or 0), captured.out, captured.err

    return run


@pytest.fixture
def query(home: Path) -> Query:
    """Reads a target's file."""

    def query(sql: str, target: str = "retail") -> list[tuple]:
        file = str(home / "warehouse" / f"{target}.duckdb")
        with duckdb.connect(file, read_only=True) as warehouse:
            return warehouse.execute(sql).fetchall()

    return query


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """Online Retail II as published, with three rows; a third sheet is blank."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    content = {
        "Year 2009-2010": [HEADER, *FIRST_SHEET],
        "Year 2010-2011": [HEADER, *SECOND_SHEET],
        "Sheet3": [],
    }
    for name, rows in content.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    file = tmp_path / "online_retail_II.xlsx"
    book.save(file)
    return file
