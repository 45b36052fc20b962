"""dbt in a process that ends with SIGKILL at one moment: dbt_killed.py MOMENT ARGUMENTS…

MOMENT is the name of a node, for right after its work was committed, or `renamed`, for right
after the published file was put in place, before anything else knows of it.
"""

import os
import signal
import sys
from typing import Any

from dbt.cli.main import dbtRunner

from regulars.engines import duckdb_file


def die() -> None:
    """Ends this process as a kill or a power cut would: nothing is closed or tidied."""
    os.kill(os.getpid(), signal.SIGKILL)


def main(moment: str, arguments: list[str]) -> None:
    """Runs dbt until the moment."""
    put_in_place = duckdb_file.put_in_place

    def put_in_place_and_die(*given: Any) -> None:
        put_in_place(*given)
        die()

    def hear(event: Any) -> None:
        if event.info.name == "NodeFinished" and event.data.node_info.node_name == moment:
            die()

    if moment == "renamed":
        duckdb_file.put_in_place = put_in_place_and_die
    dbtRunner(callbacks=[hear]).invoke(arguments)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
