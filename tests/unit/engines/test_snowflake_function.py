"""Functions of Snowflake: the SQL that makes one, and what runs in its processes."""

import json
import re
import sys
from pathlib import Path
from typing import Self

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from regulars.engines.snowflake_function import applied, function_sql

GOLDEN = Path(__file__).with_name("golden") / "function.sql.golden"


class Doubled:
    """A function of two columns, one of which may be null."""

    schema = pa.schema({"doubled": pa.float64(), "said": pa.string()})
    inputs = pa.schema({"day": pa.date32(), "amount": pa.float32(), "country": pa.string()})

    def __init__(self, factor: float) -> None:
        self.factor = factor

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        amount = pc.multiply(batch.column("amount").cast(pa.float64()), self.factor)
        return pa.RecordBatch.from_arrays([amount, batch.column("country")], schema=self.schema)

    def to_bytes(self) -> bytes:
        return json.dumps(self.factor).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        return cls(json.loads(content))


def test_the_statement_is_the_golden_one() -> None:
    sql = function_sql("code.apply_1", Doubled(2), "@code.files_1/doubled.json")
    sql = re.sub(r"==[\d.]+'", "==…'", sql).replace(Doubled.__module__, "module")
    assert sql.replace("{}.{}".format(*sys.version_info), "3.…") + "\n" == GOLDEN.read_text()


def test_a_frame_by_number_becomes_a_dict_per_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "doubled.json").write_bytes(Doubled(2).to_bytes())
    monkeypatch.setitem(sys._xoptions, "snowflake_import_directory", f"{tmp_path}/")
    monkeypatch.setitem(sys.modules, "doubled", sys.modules[Doubled.__module__])
    apply = applied("doubled", "Doubled", "doubled.json")
    days = pd.to_datetime(["2024-02-29", "2024-02-29"])
    rows = pd.DataFrame({0: days, 1: [1.5, float("nan")], 2: ["it's ü", None]})
    assert apply(rows).to_list() == [{"doubled": 3.0, "said": "it's ü"}, {}]
