"""Online Retail II arrives whole and unaltered, or not at all."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import openpyxl
import pytest

from tests.unit.loading.conftest import CSV_HEADER, FIRST_SHEET, HEADER, LOADED, Query, Run

TABLE = "raw_online_retail.transactions"
RAW = "invoice, stock_code, description, quantity, invoice_date, price, customer_id, country"
NUMBER = r"-?\d+(\.\d*[1-9])?"
ISO_ROW = "1,2,x,3,2009-12-01 07:45:00,1.5,12346.0,UK"


def write(file: Path, *lines: str, encoding: str = "utf-8") -> Path:
    file.write_bytes("\n".join(lines).encode(encoding) + b"\n")
    return file


def test_workbook(run: Run, query: Query, workbook: Path) -> None:
    code, out, err = run("online-retail", workbook)
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "           2 rows  Year 2009-2010",
        "           1 rows  Year 2010-2011",
        f"           3 rows  in {TABLE}, target retail",
    ]
    assert query(f"select {RAW} from {TABLE}") == LOADED
    assert query(f"select sheet from {TABLE}") == [
        ("Year 2009-2010",), ("Year 2009-2010",), ("Year 2010-2011",),
    ]  # fmt: skip


def test_columns_are_text_and_loaded_at_is_one_utc_moment(
    run: Run, query: Query, workbook: Path
) -> None:
    run("online-retail", workbook)
    described = query(f"describe {TABLE}")
    assert [name for name, *_ in described] == [*RAW.split(", "), "sheet", "loaded_at"]
    assert [kind for _, kind, *_ in described] == ["VARCHAR"] * 9 + ["TIMESTAMP"]
    [(loaded_at,)] = query(f"select distinct loaded_at from {TABLE}")
    assert abs(datetime.now(UTC).replace(tzinfo=None) - loaded_at) < timedelta(minutes=1)


def test_workbook_keeps_error_cells_and_skips_only_blank_rows(
    run: Run, query: Query, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    book.active.append([1, 2, "#N/A", "#DIV/0!", "2009-12-01", 1, "00123", "UK"])
    book.active.append([None] * 8)
    book.active.append([None, None, None, None, None, None, None, "UK"])
    book.save(tmp_path / "a.xlsx")
    assert run("online-retail", tmp_path / "a.xlsx")[0] == 0
    assert query(f"select {RAW} from {TABLE}") == [
        ("1", "2", "#N/A", "#DIV/0!", "2009-12-01 00:00:00", "1", "00123", "UK"),
        (None, None, None, None, None, None, None, "UK"),
    ]


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("2009-12-01 07:45:00", "2009-12-01 07:45:00"),
        ("2009-12-01T07:45", "2009-12-01 07:45:00"),
        ("12/1/2009 7:45", "2009-12-01 07:45:00"),
        ("12/01/2009 07:45:30", "2009-12-01 07:45:30"),
    ],
)
def test_csv_dates(run: Run, query: Query, tmp_path: Path, written: str, stored: str) -> None:
    rows = [f"1,2,x,3,{date},1.5,12346,UK" for date in ("", written, "soon")]
    assert run("online-retail", write(tmp_path / "a.csv", CSV_HEADER, *rows))[0] == 0
    assert query(f"select invoice_date from {TABLE}") == [(None,), (stored,), ("soon",)]


def test_csv_text_is_kept_as_it_stands(run: Run, query: Query, tmp_path: Path) -> None:
    row = '0489,"85048 "," a ""b"", c\nd ",abc,2009-12-01 07:45:00,1.50,12346.0,'
    file = write(tmp_path / "a.csv", "\ufeff" + CSV_HEADER, row)
    assert run("online-retail", file)[0] == 0
    assert query(f"select {RAW} from {TABLE}") == [
        ("0489", "85048 ", ' a "b", c\nd ', "abc", "2009-12-01 07:45:00", "1.50", "12346", None)
    ]
    assert query(f"select sheet from {TABLE}") == [("a.csv",)]


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "cp1252"])
def test_csv_encodings_and_the_older_names(
    run: Run, query: Query, tmp_path: Path, encoding: str
) -> None:
    header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
    row = "1,2,VOUCHER £10,3,2009-12-01 07:45:00,1.5,,Österreich"
    assert run("online-retail", write(tmp_path / "a.csv", header, row, encoding=encoding))[0] == 0
    assert query(f"select description, country from {TABLE}") == [("VOUCHER £10", "Österreich")]


def test_files_of_the_same_name_stay_apart(run: Run, query: Query, tmp_path: Path) -> None:
    files = []
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        files.append(write(tmp_path / folder / "x.csv", CSV_HEADER, ISO_ROW))
    assert run("online-retail", *files)[0] == 0
    assert query(f"select sheet from {TABLE}") == [("x.csv",), ("x.csv (2)",)]


def test_many_rows_over_several_batches(run: Run, query: Query, tmp_path: Path) -> None:
    rows = [f"{number},2,x,3,2009-12-01 07:45:00,1.5,1,UK" for number in range(120_001)]
    assert run("online-retail", write(tmp_path / "a.csv", CSV_HEADER, *rows))[0] == 0
    assert query(f"select count(*), count(distinct invoice) from {TABLE}") == [(120_001, 120_001)]


def test_parquet_reads_as_the_workbook_does(run: Run, query: Query, tmp_path: Path) -> None:
    file = tmp_path / "a*.parquet"
    (tmp_path / "ab.parquet").write_text("another file, which the name must not stand for")
    rows = ", ".join(
        str((str(row[0]), str(row[1]), row[2], row[3], str(row[4]), float(row[5]), row[6], row[7]))
        for row in FIRST_SHEET
    ).replace("None", "null")
    columns = ", ".join(f'"{name}"' for name in HEADER)
    duckdb.execute(
        f"copy (select * replace (cast(InvoiceDate as timestamp) as InvoiceDate, "
        f'cast(Price as double) as Price, cast("Customer ID" as double) as "Customer ID") '
        f"from (values {rows}) as rows({columns})) to '{file}'"
    )
    assert run("online-retail", file)[0] == 0
    assert query(f"select {RAW} from {TABLE}") == LOADED[:2]


def test_a_load_replaces_and_a_failed_load_does_not(
    run: Run, query: Query, tmp_path: Path, workbook: Path
) -> None:
    file = write(tmp_path / "a.csv", CSV_HEADER, ISO_ROW)
    assert run("online-retail", workbook)[0] == 0
    ragged = write(tmp_path / "b.csv", CSV_HEADER, ISO_ROW, ISO_ROW + ",more")
    assert run("online-retail", file, ragged)[0] == 2
    assert query(f"select {RAW} from {TABLE}") == LOADED
    assert run("online-retail", file)[0] == 0
    assert query(f"select invoice, customer_id from {TABLE}") == [("1", "12346")]


def test_real_data_arrives_whole(run: Run, query: Query, real_data: Path) -> None:
    files = sorted(real_data.glob("online_retail_ii_*.parquet"))
    assert run("online-retail", *files)[0] == 0
    originals = ", ".join(f"'{file}'" for file in files)
    assert query(
        f"select count(*), count(customer_id), sum(cast(quantity as bigint)), "
        f"sum(cast(price as decimal(18, 4))), min(invoice_date), max(invoice_date) from {TABLE}"
    ) == query(
        'select count(*), count("Customer ID"), sum(Quantity), sum(cast(Price as decimal(18, 4))), '
        "strftime(min(InvoiceDate), '%Y-%m-%d %H:%M:%S'), "
        f"strftime(max(InvoiceDate), '%Y-%m-%d %H:%M:%S') from read_parquet([{originals}])"
    )
    assert query(f"select price from {TABLE} where not regexp_full_match(price, '{NUMBER}')") == []
