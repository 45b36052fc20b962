"""The process of one vectorized function: Arrow comes in on stdin, JSON texts go out on stdout.

The first line of stdin is the function as JSON; then each batch is its length in eight bytes and
an Arrow stream. What the function prints goes to stderr.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa

sys.path.append(str(Path(__file__).parent))
from batch_pipes import received, sent
from imports import prepare  # beside this file, which isn't on the path


def vectorized(input: type, max_batch_size: int | None = None) -> Callable[[Any], Any]:
    """Snowflake's decorator: the handler takes frames."""

    def mark(handler: Any) -> Any:
        handler.max_batch_size = max_batch_size
        return handler

    return mark


def main() -> None:
    """Answers batches until stdin ends."""
    answers, sys.stdout = sys.stdout.buffer, sys.stderr
    order = json.loads(sys.stdin.buffer.readline())
    sys.modules["_snowflake"] = ModuleType("_snowflake")
    sys.modules["_snowflake"].vectorized = vectorized  # type: ignore[attr-defined]
    prepare(order["folder"], set(order["allowed"]))
    names: dict[str, Any] = {"__name__": "function"}
    exec(compile(order["code"], "<function>", "exec"), names)
    handler = names[order["handler"]]
    if not hasattr(handler, "max_batch_size"):
        raise ValueError("The emulator runs vectorized functions only.")
    while content := received(sys.stdin.buffer):
        texts = said(handler, pa.ipc.open_stream(content).read_all())
        sink = pa.BufferOutputStream()
        table = pa.table({"said": pa.array(texts, pa.string())})
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
        sent(answers, sink.getvalue().to_pybytes())


def said(handler: Any, rows: pa.Table) -> list[str | None]:
    """What a handler says of rows, in batches no larger than it takes."""
    texts: list[str | None] = []
    size = handler.max_batch_size or len(rows)
    for start in range(0, len(rows), size):
        # a date comes as a moment, and columns go by their number
        batch = rows.slice(start, size)
        columns = [
            column.cast(pa.timestamp("ns")) if pa.types.is_date(column.type) else column
            for column in batch.columns
        ]
        frame = pa.table(columns, names=[str(i) for i in range(len(columns))]).to_pandas()
        frame.columns = range(len(columns))
        answer = handler(frame)
        if len(answer) != len(frame):
            raise ValueError(f"{len(answer)} rows came back for {len(frame)}")
        texts += [None if row is None else json.dumps(row, allow_nan=False) for row in answer]
    return texts


if __name__ == "__main__":
    main()
