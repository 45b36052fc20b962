"""dbt commands one after another in one process: most of a short run is importing and parsing.

Reads a command a line from stdin, as JSON: [arguments, environment, what to parse by]. The last
are options that the project is read with, once for all commands that have the same ones; null for
a project that a test changes. Answers with a line on stdout, as JSON: [the exit code that `dbt`
would have given, what it would have written].
"""

import contextlib
import io
import json
import os
import sys
from functools import lru_cache

from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

from regulars.engines.duckdb_warehouse import release


@lru_cache(maxsize=2)
def read(*options: str) -> Manifest | None:
    """The project; none when it can't be read, which the command itself is to say."""
    with contextlib.redirect_stdout(io.StringIO()):
        return dbtRunner().invoke(["parse", "--no-write-json", *options]).result


def main() -> None:
    """Until stdin ends."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever else writes to stdout mustn't mix with the answers
    for line in sys.stdin:
        arguments, environment, read_by = json.loads(line)
        os.environ.update(environment)
        manifest = read(*read_by) if read_by else None
        written = io.StringIO()
        with contextlib.redirect_stdout(written):
            result = dbtRunner(manifest=manifest).invoke(arguments)
            if result.exception:
                print(result.exception)
        release()  # dbt keeps the file open, and the test wants to look at it
        code = 0 if result.success else 2 if result.exception else 1
        print(json.dumps([code, written.getvalue()]), file=answers, flush=True)


if __name__ == "__main__":
    main()
