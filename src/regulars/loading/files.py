"""What can be told of files before they are read."""

from pathlib import Path

from regulars.errors import UserError

KINDS = {".csv": "a CSV file", ".parquet": "a Parquet file", ".xlsx": "an Excel workbook"}
_BEGINNINGS = {b"PK\x03\x04": ".xlsx", b"PAR1": ".parquet"}


def check_files(files: list[Path], extensions: tuple[str, ...]) -> None:
    """Check that every file exists, isn't empty and is what its extension says.

    Raises:
        UserError: for the first file that can't be loaded.
    """
    seen: set[Path] = set()
    for file in files:
        if not file.exists():
            raise UserError(f"No such file: {file}")
        if file.is_dir():
            raise UserError(f"{file} is a folder: name the files in it.")
        if file.suffix.lower() not in extensions:
            raise UserError(f"{file} isn't of a kind that is read here ({', '.join(extensions)}).")
        if file.resolve() in seen:
            raise UserError(f"{file} is given twice.")
        seen.add(file.resolve())
        _check_content(file)


def _check_content(file: Path) -> None:
    try:
        with file.open("rb") as stream:
            beginning = stream.read(64 * 1024)
    except OSError as error:
        raise UserError(f"{file} can't be read: {error.strerror}.") from error
    if not beginning.strip():
        raise UserError(f"{file} is empty.")
    extension = file.suffix.lower()
    found = _BEGINNINGS.get(beginning[:4])
    if found is None and extension == ".csv" and b"\0" not in beginning:
        return
    if found != extension:
        hint = f": it looks like {KINDS[found]}" if found else ""
        raise UserError(f"{file} isn't {KINDS[extension]}{hint}.")
