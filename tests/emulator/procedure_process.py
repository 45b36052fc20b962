"""The process of one procedure: reads it from stdin as JSON, answers on the last line of stdout."""

import json
import sys
from pathlib import Path
from typing import Any

from snowflake.snowpark import Session

sys.path.append(str(Path(__file__).parent))
from imports import prepare  # beside this file, which isn't on the path


def main() -> None:
    """Runs the procedure."""
    order = json.load(sys.stdin)
    session = Session.builder.configs(order["connection"]).create()
    for name, value in order["variables"].items():
        session.sql(f"set {name} = {value}").collect()
    prepare(order["folder"], set(order["allowed"]))
    names: dict[str, Any] = {"__name__": "procedure"}
    exec(compile(order["code"], "<procedure>", "exec"), names)
    answer = names[order["handler"]](session)
    session.close()
    print(f"\n{json.dumps(answer)}")


if __name__ == "__main__":
    main()
