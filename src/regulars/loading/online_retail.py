"""UCI's Online Retail II: two sheets of a shop's invoice lines, loaded as they stand.

Source: Chen, D. (2012), Online Retail II, UCI Machine Learning Repository,
https://doi.org/10.24432/C5CG6D (CC BY 4.0).
"""

from dataclasses import dataclass
from pathlib import Path

import click
import duckdb

from regulars.engines.duckdb_warehouse import open_warehouse
from regulars.errors import UserError
from regulars.loading.csv_text import CsvFile
from regulars.loading.files import check_files
from regulars.loading.invoice_dates import invoice_date_query
from regulars.loading.names import distinct, literal
from regulars.loading.parts import Part, arrow_part, csv_part, parquet_columns, parquet_part
from regulars.loading.progress import progress
from regulars.loading.raw_tables import RawTable, now, replace_tables
from regulars.loading.workbook import sheets

SCHEMA, TABLE = "raw_online_retail", "transactions"

# raw column → UCI's name and, after it, the name in UCI's older file
COLUMNS = {
    "invoice": ("Invoice", "InvoiceNo"),
    "stock_code": ("StockCode",),
    "description": ("Description",),
    "quantity": ("Quantity",),
    "invoice_date": ("InvoiceDate",),
    "price": ("Price", "UnitPrice"),
    "customer_id": ("Customer ID",),
    "country": ("Country",),
}


@dataclass(frozen=True)
class Sheet:
    """A part with the name that its rows carry, and where each raw column stands in it."""

    name: str
    part: Part
    positions: dict[str, int]


def load_online_retail(files: list[Path], target: str) -> None:
    """Replace raw_online_retail.transactions by the rows of all files; say what was loaded.

    Raises:
        UserError: when a file can't be read in full; the table is then left as it was.
    """
    check_files(files, (".xlsx", ".csv", ".parquet"))
    for file in files:
        _check_header(file)
    with open_warehouse(target) as connection:
        parts = [part for file in files for part in _parts(connection, file)]
        names = distinct([name for name, _ in parts])
        found = [
            Sheet(name, part, _positions(part.columns, name))
            for name, (_, part) in zip(names, parts, strict=True)
        ]
        loaded_at = now()
        query = " union all ".join(
            f"select *, {literal(sheet.name)} as sheet, "
            f"cast({literal(loaded_at.isoformat())} as timestamp) as loaded_at "
            f"from ({invoice_date_query(connection, _text_query(connection, sheet), sheet.name)})"
            for sheet in found
        )
        rows = sum(sheet.part.rows for sheet in found)
        replace_tables(connection, SCHEMA, [RawTable(TABLE, query, rows)])
    for sheet in found:
        click.echo(f"{sheet.part.rows:>12,} rows  {sheet.name}")
    click.echo(f"{rows:>12,} rows  in {SCHEMA}.{TABLE}, target {target}")


def _check_header(file: Path) -> None:
    """Says at once what would otherwise come to light minutes later."""
    if file.suffix.lower() == ".csv":
        _positions(CsvFile(file).columns, str(file))
    elif file.suffix.lower() == ".parquet":
        _positions(parquet_columns(file), str(file))


def _parts(connection: duckdb.DuckDBPyConnection, file: Path) -> list[tuple[str, Part]]:
    table = f"loading_{file.resolve()}"
    if file.suffix.lower() == ".csv":
        return [(file.name, csv_part(connection, CsvFile(file), table))]
    if file.suffix.lower() == ".parquet":
        return [(file.name, parquet_part(connection, file, table))]
    parts = []
    with progress(file.name, None):
        for name, cells in sheets(file):
            label = f"{file}, sheet '{name}'"
            _positions(cells.column_names, label)
            parts.append((name, arrow_part(connection, cells, f"{table}/{name}", label)))
    if not parts:
        raise UserError(f"{file} has no rows in any sheet.")
    return parts


def _positions(found: list[str], label: str) -> dict[str, int]:
    """Where each raw column stands in a file.

    Raises:
        UserError: when columns are missing, stand there twice, or aren't UCI's.
    """
    plain = [_plain(name) for name in found]
    positions: dict[str, int] = {}
    missing = []
    for column, names in COLUMNS.items():
        known = [_plain(name) for name in names]
        places = [place for place, name in enumerate(plain) if name in known]
        if len(places) > 1:
            raise UserError(f"{label} has the column {names[0]} twice.")
        if places:
            positions[column] = places[0]
        else:
            missing.append(names[0])
    listed = ", ".join(found)
    if missing:
        raise UserError(f"{label} lacks {', '.join(missing)}; its columns are: {listed}.")
    if extra := [name for place, name in enumerate(found) if place not in positions.values()]:
        raise UserError(f"{label} has columns that Online Retail II lacks: {', '.join(extra)}.")
    return positions


def _plain(name: str) -> str:
    return "".join(name.split()).lower()


def _text_query(connection: duckdb.DuckDBPyConnection, sheet: Sheet) -> str:
    """The part as text columns: nothing is judged, and what isn't a number stays as it is."""
    table = '"' + sheet.part.table.replace('"', '""') + '"'
    described = connection.execute(f"describe {table}").fetchall()
    types = {name: kind for name, kind, *_ in described}
    columns = []
    for column, position in sheet.positions.items():
        value = f"nullif(cast(c{position} as varchar), '')"
        if types[f"c{position}"] in ("FLOAT", "DOUBLE"):
            value = f"regexp_replace({value}, '\\.0$', '')"
        elif column == "customer_id":
            # tools that know no missing integers write ids as 12346.0
            value = f"regexp_replace({value}, '^(\\d+)\\.0+$', '\\1')"
        columns.append(f"{value} as {column}")
    return f"select {', '.join(columns)} from {table}"
