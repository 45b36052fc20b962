"""dbt commands one after another in one process: half of a short run is importing libraries.

Reads a command a line from stdin, as JSON: [arguments, environment]. Answers with a line on
stdout, as JSON: [the exit code that `dbt` would have given, what it would have written].
"""

import contextlib
import io
import json
import os
import sys

from dbt.cli.main import dbtRunner

from regulars.engines.duckdb_warehouse import release


def main() -> None:
    """Until stdin ends."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever else writes to stdout mustn't mix with the answers
    for line in sys.stdin:
        arguments, environment = json.loads(line)
        os.environ.update(environment)
        written = io.StringIO()
        with contextlib.redirect_stdout(written):
            result = dbtRunner().invoke(arguments)
            if result.exception:
                print(result.exception)
        release()  # dbt keeps the file open, and the test wants to look at it
        code = 0 if result.success else 2 if result.exception else 1
        print(json.dumps([code, written.getvalue()]), file=answers, flush=True)


if __name__ == "__main__":
    main()
