"""Types on their way between Snowflake, Snowpark and Arrow."""

from collections.abc import Collection
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from snowflake.snowpark.types import DataType, StructType

SQL_TYPES = {
    pa.string(): "varchar",
    pa.bool_(): "boolean",
    pa.binary(): "binary",
    pa.date32(): "date",
}


def sql_type(type_: pa.DataType) -> str:
    """What Snowflake calls a type of Arrow's.

    Raises:
        KeyError: for one that no function of this project returns.
    """
    if pa.types.is_integer(type_):
        return "bigint"
    if pa.types.is_floating(type_):
        return "double"
    if pa.types.is_timestamp(type_):
        return "timestamp_ntz"
    if pa.types.is_decimal(type_):
        return f"decimal({type_.precision}, {type_.scale})"
    return SQL_TYPES[type_]


# Snowpark's types by name: SQL's name, and Arrow's type
KNOWN: dict[str, tuple[str, pa.DataType]] = {
    "StringType": ("VARCHAR", pa.string()),
    "BooleanType": ("BOOLEAN", pa.bool_()),
    **dict.fromkeys(("ByteType", "ShortType", "IntegerType", "LongType"), ("BIGINT", pa.int64())),
    **dict.fromkeys(("FloatType", "DoubleType"), ("DOUBLE", pa.float64())),
    "BinaryType": ("BINARY", pa.binary()),
    "DateType": ("DATE", pa.date32()),
    "TimestampType": ("TIMESTAMP", pa.timestamp("us")),
}


def type_name(type_: "DataType") -> str:
    """A Snowpark type by the name that SQL has for it."""
    return KNOWN.get(type(type_).__name__, (type_.simple_string().split("(")[0].upper(),))[0]


def empty_table(schema: "StructType", halved: Collection[str] = ()) -> pa.Table:
    """What `arrow_columns` gives of a result without rows: Snowflake sends nothing of it."""
    fields = []
    for field in schema.fields:
        kind, name = field.datatype, small(field.name)
        decimal = getattr(kind, "precision", None) and pa.decimal128(kind.precision, kind.scale)
        arrow = decimal or KNOWN[type(kind).__name__][1]
        fields.append(pa.field(name, _kept(arrow, name in halved)))
    return pa.schema(fields).empty_table()


def small(name: str) -> str:
    """A name as it is written here: in small letters, but as it is where it must be quoted."""
    bare = name.removeprefix('"').removesuffix('"')
    return bare.lower() if bare.isupper() else bare


def arrow_columns(table: pa.Table, halved: Collection[str] = ()) -> pa.Table:
    """What Snowflake sends, as DuckDB would send it.

    Args:
        table: names in capitals, whole numbers as decimals or as narrow as they are, times of
            any unit.
        halved: columns that were asked for as 32-bit floats, which Snowflake doesn't have.
    """
    names = [small(name) for name in table.column_names]
    columns = [
        # billionths of seconds, which DuckDB's moments don't have, are cut off
        column.cast(_kept(column.type, name in halved), safe=not pa.types.is_timestamp(column.type))
        for name, column in zip(names, table.columns, strict=True)
    ]
    return pa.table(columns, names=names)


def _kept(type_: pa.DataType, is_halved: bool) -> pa.DataType:
    if is_halved:
        return pa.float32()
    if pa.types.is_integer(type_) or (pa.types.is_decimal(type_) and type_.scale == 0):
        return pa.int64()
    if pa.types.is_timestamp(type_):
        return pa.timestamp("us")
    return type_
