"""A BatchFunction as a vectorized UDF: the SQL that makes it, and what runs in its processes.

How many rows a batch has is left to Snowflake, whose frames hold some thousands: a bound of our own
could only make them smaller.
"""

import sys
from collections.abc import Callable
from importlib import import_module
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from regulars.engines import SQL_TYPES, BatchFunction
from regulars.engines.snowflake_package import PACKAGE

if TYPE_CHECKING:
    import pandas as pd

# what the functions of this project import: package → module. The versions are the procedure's, so
# that a model is asked by the library that trained it
PACKAGES = {
    "numpy": "numpy",
    "pandas": "pandas",
    "pyarrow": "pyarrow",
    "scikit-learn": "sklearn",
    "scipy": "scipy",
    "xgboost": "xgboost",
}

SQL = """
create or replace temporary function {name} ({arguments})
returns variant
language python
runtime_version = '{python}'
packages = ({packages})
imports = ('{package}', '{file}')
handler = 'apply'
as $$
import pandas
from _snowflake import vectorized
from regulars.engines.snowflake_function import applied

function = applied("{module}", "{kind}", "{content}")

@vectorized(input=pandas.DataFrame)
def apply(rows):
    return function(rows)
$$
"""


def function_sql(name: str, function: BatchFunction, file: str) -> str:
    """The statement that makes a function.

    Args:
        name: what it is called by, with its schema.
        file: where on a stage its bytes are.
    """
    kind = type(function)
    return SQL.format(
        name=name,
        arguments=", ".join(f"{f.name} {SQL_TYPES[f.type]}" for f in function.inputs),
        python=".".join(map(str, sys.version_info[:2])),
        packages=", ".join(
            f"'{package}=={import_module(module).__version__}'"
            for package, module in PACKAGES.items()
        ),
        package=PACKAGE,
        file=file,
        module=kind.__module__,
        kind=kind.__name__,
        content=file.rsplit("/", maxsplit=1)[-1],
    ).strip()


def applied(module: str, kind: str, file: str) -> Callable[["pd.DataFrame"], "pd.Series"]:
    """What a UDF calls for each batch.

    Args:
        module, kind: the class of the function.
        file: the name of its file among the UDF's imports.

    Returns:
        From a frame whose columns are the function's inputs by number, to one dict per row;
        what is null isn't in it.
    """
    import pandas as pd

    imported = Path(sys._xoptions["snowflake_import_directory"]) / file
    kept: BatchFunction = getattr(import_module(module), kind).from_bytes(imported.read_bytes())

    def apply(rows: "pd.DataFrame") -> "pd.Series":
        columns = [
            pa.array(rows[number], from_pandas=True).cast(field.type)
            for number, field in enumerate(kept.inputs)
        ]
        found = kept(pa.RecordBatch.from_arrays(columns, schema=kept.inputs)).to_pylist()
        return pd.Series([_without_nulls(row) for row in found], dtype=object)

    return apply


def _without_nulls(row: dict[str, Any]) -> dict[str, Any]:
    # not a number says that there is none, here as everywhere
    said = row.items()
    return {k: v for k, v in said if v is not None and not (isinstance(v, float) and isnan(v))}
