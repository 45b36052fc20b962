"""Excel workbooks as text, sheet by sheet."""

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import fastexcel
import pyarrow as pa

from regulars.errors import UserError

# what fastexcel calls an error cell → what Excel shows in it
_ERROR_TEXTS = {
    "Div0": "#DIV/0!",
    "NA": "#N/A",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
    "GettingData": "#GETTING_DATA",
}


def sheets(file: Path) -> Iterator[tuple[str, pa.Table]]:
    """The name and the cells of every sheet that isn't empty, all columns as text.

    A number cell reads as short as it can ('489434', '2.55'), a date cell as
    'YYYY-MM-DD HH:MM:SS', an error cell as Excel shows it ('#N/A').

    Raises:
        UserError: when the file isn't a workbook, or is damaged.
    """
    _check_archive(file)
    try:
        workbook = fastexcel.read_excel(file)
        for name in workbook.sheet_names:
            sheet = workbook.load_sheet(name, header_row=0, dtypes="string")
            cells, errors = sheet.to_arrow_with_errors()
            table = pa.Table.from_batches([cells])
            if errors is not None:
                table = _with_error_texts(table, errors.errors)
            if table.num_columns:
                yield name, table
    except fastexcel.FastExcelError as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"{file} can't be read as an Excel workbook: {reason}.") from error


def _check_archive(file: Path) -> None:
    """A workbook is a zip archive with checksums: a damaged one must not load in part."""
    try:
        with zipfile.ZipFile(file) as archive:
            damaged = archive.testzip()
            names = archive.namelist()
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise UserError(f"{file} is a damaged Excel workbook: get it once more.") from error
    if damaged:
        raise UserError(f"{file} is a damaged Excel workbook ({damaged}): get it once more.")
    if "xl/workbook.xml" not in names:
        raise UserError(f"{file} isn't an Excel workbook (.xlsx).")


def _with_error_texts(table: pa.Table, errors: list[fastexcel.CellError]) -> pa.Table:
    """Puts back what fastexcel leaves out: a raw table must not lose a cell."""
    columns = {number: table.column(number).to_pylist() for _, number in _places(errors)}
    for error, (row, number) in zip(errors, _places(errors), strict=True):
        kind = error.detail.rpartition("(")[2].rstrip(")'")
        columns[number][row] = _ERROR_TEXTS.get(kind, error.detail)
    for number, values in columns.items():
        table = table.set_column(number, table.column_names[number], pa.array(values, pa.string()))
    return table


def _places(errors: list[fastexcel.CellError]) -> list[tuple[int, int]]:
    return [error.offset_position for error in errors]
