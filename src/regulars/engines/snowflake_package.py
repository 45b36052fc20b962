"""This package as a zip on a stage, where Python models and functions of a warehouse import it."""

import os
import zipfile
from collections.abc import Iterator
from importlib.metadata import distribution
from io import BytesIO
from pathlib import Path, PurePosixPath

import regulars
from regulars.errors import UserError

# one schema for files and for what is temporary; macros/cross_db/python_package.sql makes it
SCHEMA = "code"
FILE = "regulars.zip"
PACKAGE = f"@{SCHEMA}.python/{FILE}"

# pure Python that Snowflake's channel of packages may not have: it goes along
BUNDLED = ("splink",)
# zips hold no younger day, and the same content is to give the same bytes
DAY = (1980, 1, 1, 0, 0, 0)


def write_package(folder: Path, expectations: Path) -> Path:
    """Writes the zip: this package, what is bundled, and the suites of the gates.

    Args:
        folder: where it is written; made when it is missing.
        expectations: the folder of the suites.

    Returns:
        The file. The same content gives the same bytes.

    Raises:
        UserError: when the folder can't be written.
    """
    content = BytesIO()
    files = dict(_files(expectations))
    # Python finds a folder without __init__.py in a zip only where the folder stands in it
    folders = {f"{folder}/" for name in files for folder in PurePosixPath(name).parents[:-1]}
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted([*files, *folders]):
            archive.writestr(zipfile.ZipInfo(name, DAY), files.get(name, b""), zipfile.ZIP_DEFLATED)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f".{FILE}.{os.getpid()}.draft"
        draft.write_bytes(content.getvalue())
        draft.replace(folder / FILE)
    except OSError as error:
        raise UserError(f"{folder} can't be written: {error.strerror}.") from error
    return folder / FILE


def _files(expectations: Path) -> Iterator[tuple[str, bytes]]:
    """Names in the zip and what they hold."""
    root = Path(regulars.__file__).parent
    yield from _modules(root, "regulars")
    for suite in expectations.glob("*.json"):
        yield f"regulars/expectations/{suite.name}", suite.read_bytes()
    yield from _metadata("regulars")
    for package in BUNDLED:
        found = distribution(package)
        for file in found.files or ():
            if file.suffix in (".py", ".json") and file.parts[0] == package:
                yield str(file), Path(str(found.locate_file(file))).read_bytes()
        yield from _metadata(package)


def _modules(root: Path, package: str) -> Iterator[tuple[str, bytes]]:
    for file in root.rglob("*"):
        if file.is_file() and "__pycache__" not in file.parts and file.suffix != ".pyc":
            yield f"{package}/{file.relative_to(root).as_posix()}", file.read_bytes()


def _metadata(package: str) -> Iterator[tuple[str, bytes]]:
    """What says the version of a package."""
    found = distribution(package)
    folder = f"{package}-{found.version}.dist-info"
    yield f"{folder}/METADATA", f"Name: {package}\nVersion: {found.version}\n".encode()
