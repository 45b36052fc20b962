"""CSV files as text, row by row, so that no row is lost and each error has its line.

Python's own reader instead of the engine's: it is slower (about half a million rows a
second), but it never guesses a type, never skips a row and knows the line it stands in.
"""

import csv
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TextIO

import pyarrow as pa

from regulars.errors import UserError

BATCH_ROWS = 50_000
_DELIMITERS = (",", ";", "\t", "|")


class CsvFile:
    """A CSV file with a header, in UTF-8 or, where that doesn't fit, Windows' or ISO's Latin-1.

    Attributes:
        columns: the header, as written.
        encoding: the encoding that fits the whole file.
    """

    def __init__(self, file: Path) -> None:
        csv.field_size_limit(sys.maxsize)
        self.file = file
        self.encoding = _encoding(file)
        with self._open() as stream:
            header_line = stream.readline()
            self.delimiter = max(_DELIMITERS, key=lambda mark: len(_cells(header_line, mark)))
            stream.seek(0)
            _, self.columns = next(self._rows(stream), (0, []))
        self.columns = [column.strip() for column in self.columns]
        if not any(self.columns):
            raise UserError(f"{file} has no header.")
        for number, column in enumerate(self.columns, start=1):
            if not column:
                raise UserError(f"{file}: column {number} has no name in the header.")

    def batches(self, advance: Callable[[int], None]) -> Iterator[pa.Table]:
        """The rows below the header as tables of text columns named c0, c1, …; empty → null.

        Lines without anything in them are no rows, except in a file of one column.

        Args:
            advance: called with the number of bytes read so far.
        Raises:
            UserError: with the file and the line, at the first row that can't be read.
        """
        rows: list[list[str]] = []
        width = len(self.columns)
        with self._open() as stream:
            numbered = self._rows(stream)
            next(numbered)
            for line, read in numbered:
                if not read and width > 1:
                    continue
                row = read or [""]
                if len(row) != width:
                    raise UserError(
                        f"{self.file}, line {line}: "
                        f"{_values(len(row))}, but the header has {width}."
                    )
                rows.append(row)
                if len(rows) == BATCH_ROWS:
                    yield _table(rows)
                    advance(stream.buffer.tell())
                    rows = []
        if rows:
            yield _table(rows)

    def _open(self) -> TextIO:
        return self.file.open(encoding=self.encoding, newline="")

    def _rows(self, stream: TextIO) -> Iterator[tuple[int, list[str]]]:
        """Each row with the line that it begins in."""
        reader = csv.reader(stream, delimiter=self.delimiter, strict=True)
        line = 1
        try:
            for row in reader:
                yield line, row
                line = reader.line_num + 1
        except csv.Error as error:
            raise UserError(f"{self.file}, line {line}: can't be read as CSV ({error}).") from error


def _table(rows: list[list[str]]) -> pa.Table:
    columns = [
        pa.array([value or None for value in column], pa.large_string())
        for column in zip(*rows, strict=True)
    ]
    return pa.table(columns, names=[f"c{number}" for number in range(len(columns))])


def _encoding(file: Path) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            with file.open(encoding=encoding, newline="") as stream:
                while stream.read(1 << 20):
                    pass
            return encoding
        except UnicodeDecodeError:
            continue
    return "latin-1"


def _cells(line: str, delimiter: str) -> list[str]:
    return next(csv.reader([line], delimiter=delimiter), [])


def _values(count: int) -> str:
    return f"{count} value" if count == 1 else f"{count} values"
