"""One's own files, each as a raw table."""

import re
from pathlib import Path

import click

from regulars.engines.duckdb_warehouse import open_warehouse
from regulars.errors import UserError
from regulars.loading.csv_text import CsvFile
from regulars.loading.files import check_files
from regulars.loading.names import literal, quoted, snake_case
from regulars.loading.parts import Part, csv_part, parquet_columns, parquet_part
from regulars.loading.raw_tables import RawTable, now, replace_tables

_SOURCE_NAME = re.compile(r"[a-z][a-z0-9_]*")


def load_own_files(files: list[Path], source: str, target: str) -> None:
    """Replace raw_<source>.<file name> by each file's rows; say what was loaded.

    Raises:
        UserError: when a file can't be read in full; no table is then touched.
    """
    if not _SOURCE_NAME.fullmatch(source):
        raise UserError(
            f"'{source}' can't name a source: small letters, digits and _ only, a letter first."
        )
    check_files(files, (".csv", ".parquet"))
    names = _table_names(files)
    for file in files:
        _column_names(_columns(file), file)
    schema = f"raw_{source}"
    with open_warehouse(target) as connection:
        loaded_at = f"cast({literal(now().isoformat())} as timestamp)"
        tables = []
        for file, name in zip(files, names, strict=True):
            temporary = f"loading_{name}"
            if file.suffix.lower() == ".csv":
                part = csv_part(connection, CsvFile(file), temporary)
            else:
                part = parquet_part(connection, file, temporary)
            tables.append(RawTable(name, _query(part, file, loaded_at), part.rows))
        replace_tables(connection, schema, tables)
    for table, file in zip(tables, files, strict=True):
        click.echo(f"{table.rows:>12,} rows  {file.name} → {schema}.{table.name}")
    total = sum(table.rows for table in tables)
    click.echo(f"{total:>12,} rows  in schema {schema}, target {target}")


def _query(part: Part, file: Path, loaded_at: str) -> str:
    names = _column_names(part.columns, file)
    columns = [f"c{number} as {quoted(name)}" for number, name in enumerate(names)]
    for name, value in {"loaded_at": loaded_at, "loaded_from": literal(file.name)}.items():
        if name not in names:
            columns.append(f"{value} as {name}")
    return f"select {', '.join(columns)} from {quoted(part.table)}"


def _columns(file: Path) -> list[str]:
    return CsvFile(file).columns if file.suffix.lower() == ".csv" else parquet_columns(file)


def _table_names(files: list[Path]) -> list[str]:
    taken: dict[str, Path] = {}
    for file in files:
        name = snake_case(file.stem)
        if not name:
            raise UserError(f"{file} has no letter or digit to name a table by: rename it.")
        if name in taken:
            raise UserError(f"{taken[name]} and {file} would both become '{name}': rename one.")
        taken[name] = file
    return list(taken)


def _column_names(columns: list[str], file: Path) -> list[str]:
    taken: dict[str, str] = {}
    for column in columns:
        name = snake_case(column)
        if not name:
            raise UserError(f"{file}: column '{column}' has no letter or digit in its name.")
        if name in taken:
            raise UserError(
                f"{file}: columns '{taken[name]}' and '{column}' would both become '{name}'."
            )
        taken[name] = column
    return list(taken)
