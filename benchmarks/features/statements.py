"""A list of SQL statements in a process of its own: what each costs, and the memory of all.

Usage:  python statements.py WAREHOUSE MEMORY_LIMIT < statements.json

Reads a list of [name, SQL]; prints a dict of name → [seconds, seconds of all cores], and under
"" the most memory that the process had. On a machine that has other work too, the seconds of
its cores say what a statement costs; the clock says what else was going on.
"""

import json
import resource
import sys
import time

import duckdb


def processor() -> float:
    """Seconds that the cores worked for this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """One after the other, in the order given."""
    warehouse, memory_limit = sys.argv[1:]
    found: dict[str, list[float]] = {}
    with duckdb.connect(warehouse) as con:
        con.execute(f"set memory_limit = '{memory_limit}'")
        con.execute("set threads = 2")
        con.execute("set enable_progress_bar = false")
        con.execute("set TimeZone = 'UTC'")
        for name, sql in json.load(sys.stdin):
            clock, cores = time.monotonic(), processor()
            con.execute(sql).fetchall()
            found[name] = [time.monotonic() - clock, processor() - cores]
    found[""] = [resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]
    print(json.dumps(found))


if __name__ == "__main__":
    main()
