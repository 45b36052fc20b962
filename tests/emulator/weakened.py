"""Statements that the emulator does less for than Snowflake would: nothing, or a plainer thing.

Whatever isn't named here is run, and an error when DuckDB can't.
"""

import re

NOTHING_DONE = "select 'Statement executed successfully.' as status"

# kind → pattern at the start of a statement: the emulator has no rights, tags or warehouses
NO_OPS = {
    "grant": r"(grant|revoke)\s",
    "query tag": r"alter\s+session\s+(set|unset)\s+query_tag\b",
    "comment": r"comment\s+(if\s+exists\s+)?on\s",
    "warehouse": r"(use|alter)\s+warehouse\s",
    "cancelled queries": r"select\s+system\$cancel_all_queries\(",  # Snowpark's, when it closes
    "role": r"use\s+(secondary\s+roles?|role)\s",
}

# kind → pattern of a word after `create`, left out. DuckDB keeps temporary tables in a schema of
# their own, where dbt doesn't look: here they are tables that dbt drops at the end
LEFT_OUT = {
    "temporary table": r"(?:scoped\s+)?temp(?:orary)?\s+(?=table\b)",
    "temporary view": r"temp(?:orary)?\s+(?=view\b)",
    "transient table": r"transient\s+(?=table\b)",
    "transient schema": r"transient\s+(?=schema\b)",
    "secure view": r"secure\s+(?=view\b)",
}

LEADING_COMMENTS = re.compile(r"\s*(/\*.*?\*/\s*|--[^\n]*\n\s*)*", re.DOTALL)
CREATE = r"create\s+(?:or\s+replace\s+)?"


def weakened(sql: str) -> tuple[str, str | None]:
    """A statement as the emulator runs it, and the kind under which the ledger lists it, if any."""
    bare = LEADING_COMMENTS.sub("", sql, count=1)
    for kind, pattern in NO_OPS.items():
        if re.match(pattern, bare, re.IGNORECASE):
            return NOTHING_DONE, kind
    for kind, pattern in LEFT_OUT.items():
        plain, count = re.subn(rf"\A({CREATE}){pattern}", r"\1", bare, flags=re.IGNORECASE)
        if count:
            return plain, kind
    return sql, None
