"""Python models of dbt-snowflake run on the emulator, with no more than a warehouse has."""

import sys
import zipfile
from pathlib import Path

import pytest
import snowflake.connector

from tests.emulator.conftest import Dbt
from tests.emulator.procedures import ProcedureError, imported_modules, modules_of, procedure_in
from tests.emulator.server import Emulator

pytestmark = pytest.mark.emulator

PROJECT = """
name: little
profile: regulars
models:
  little:
    +materialized: table
    +python_version: "{}.{}"
"""

ORDERS = """
select 1 as order_id, cast(9.95 as decimal(18, 4)) as amount
union all
select 2 as order_id, cast(null as decimal(18, 4)) as amount
"""

DOUBLED = """
from math import pi

def model(dbt, session):
    dbt.config(packages=["snowflake-snowpark-python"])
    orders = dbt.ref("orders")
    return orders.with_column("doubled", orders["amount"] * 2)
"""

MADE = """
def model(dbt, session):
    return session.create_dataframe([(1, "a"), (2, None)], schema=["id", "name"])
"""

# numpy is installed here, but not named
NOT_NAMED = """
def model(dbt, session):
    import numpy
    return session.create_dataframe([(int(numpy.ones(1)[0]),)], schema=["one"])
"""

FROM_A_ZIP = """
from shop.prices import dearest

def model(dbt, session):
    dbt.config(imports=["@regulars.stock.code/shop.zip"])
    return session.create_dataframe([(dearest([1, 3, 2]),)], schema=["price"])
"""

FAILS = """
def model(dbt, session):
    raise ValueError("no such customer")
    return dbt.ref("orders")
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A dbt project with one SQL model; tests add the Python ones."""
    (tmp_path / "models").mkdir()
    (tmp_path / "dbt_project.yml").write_text(PROJECT.format(*sys.version_info))
    (tmp_path / "models" / "orders.sql").write_text(ORDERS)
    return tmp_path


def rows(running: Emulator, table: str) -> list[tuple[object, ...]]:
    """A table's rows, in order."""
    sql = f"select * from REGULARS.REGULARS.{table} order by 1"
    return running.fakesnow.duck_conn.cursor().sql(sql).fetchall()


def test_models_that_return_snowpark_frames(running: Emulator, dbt: Dbt, project: Path) -> None:
    (project / "models" / "doubled.py").write_text(DOUBLED)
    (project / "models" / "made.py").write_text(MADE)
    done = dbt(project, "run")
    assert done.returncode == 0, done.stdout
    assert [[*map(float, r[1:])] for r in rows(running, "doubled")[:1]] == [[9.95, 19.9]]
    assert rows(running, "doubled")[1][1:] == (None, None)
    assert rows(running, "made") == [(1, "a"), (2, None)]
    assert running.ledger.of("version of Python") == []


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (NOT_NAMED, "No module named numpy"),
        (FAILS, "ValueError: no such customer"),
    ],
)
def test_models_that_a_warehouse_would_refuse(
    dbt: Dbt, project: Path, code: str, said: str
) -> None:
    (project / "models" / "refused.py").write_text(code)
    done = dbt(project, "run")
    assert done.returncode == 1
    assert said in done.stdout


def put_zip(running: Emulator, folder: Path, prices: str) -> None:
    """Puts a zip with the module shop.prices on a stage."""
    with zipfile.ZipFile(folder / "shop.zip", "w") as archive:
        archive.writestr("shop/__init__.py", "")
        archive.writestr("shop/prices.py", prices)
    with snowflake.connector.connect(**running.connection, schema="STOCK") as connection:
        cursor = connection.cursor()
        cursor.execute("create or replace stage code")
        cursor.execute(
            f"put 'file://{folder / 'shop.zip'}' @code auto_compress=false overwrite=true"
        )


def test_a_zip_brings_its_modules(running: Emulator, dbt: Dbt, project: Path) -> None:
    put_zip(running, project, "def dearest(prices):\n    return max(prices)\n")
    (project / "models" / "zipped.py").write_text(FROM_A_ZIP)
    done = dbt(project, "run")
    assert done.returncode == 0, done.stdout
    assert rows(running, "zipped") == [(3,)]


def test_a_zip_may_not_import_more_than_packages_name(
    running: Emulator, dbt: Dbt, project: Path
) -> None:
    put_zip(running, project, "import numpy\n\ndef dearest(prices):\n    return max(prices)\n")
    (project / "models" / "zipped.py").write_text(FROM_A_ZIP)
    assert "No module named numpy" in dbt(project, "run").stdout


HEAD = "WITH p AS PROCEDURE ()\nRETURNS STRING\nLANGUAGE PYTHON\nRUNTIME_VERSION = '3.11'\n"
TAIL = "HANDLER = 'main'\nEXECUTE AS CALLER\nAS\n$$\nimport json\n$$\nCALL p();"


def test_a_procedure_is_read_out_of_its_statement() -> None:
    found = procedure_in(f"{HEAD}PACKAGES = ('a==1', 'b')\nIMPORTS = ('@s/x.zip')\n{TAIL}")
    assert found is not None
    assert (found.packages, found.imports) == (["a==1", "b"], ["@s/x.zip"])
    assert (found.name, found.python, found.handler, found.code.strip()) == (
        "p",
        "3.11",
        "main",
        "import json",
    )
    assert procedure_in("with p as (select 1 as a) select a from p") is None


def test_a_head_that_says_more_is_refused() -> None:
    with pytest.raises(ProcedureError, match="SECRETS"):
        procedure_in(f"{HEAD}PACKAGES = ('a')\nSECRETS = ('k' = v)\n{TAIL}")


def test_imports_are_found_wherever_they_stand() -> None:
    code = "import a.b\nfrom c.d import e\ndef f():\n    import g\ndef materialize():\n    import h"
    assert imported_modules(code) == {"a", "c", "g"}


def test_packages_bring_their_modules() -> None:
    assert {"sklearn", "xgboost"} <= modules_of(["scikit-learn==1.6", "xgboost"])
    assert "numpy" not in modules_of(["scikit-learn"])
