"""Statements about rights, tags and comments: the emulator has none of these, so it only notes them."""

import re

NO_OPS = {
    "grant": r"(grant|revoke)\s",
    "query tag": r"alter\s+session\s+(set|unset)\s+query_tag\b",
    "comment": r"comment\s+(if\s+exists\s+)?on\s",
    "warehouse": r"(use|alter)\s+warehouse\s",
    "role": r"use\s+(secondary\s+roles?|role)\s",
}

LEADING_COMMENTS = re.compile(r"\s*(/\*.*?\*/\s*|--[^\n]*\n\s*)*", re.DOTALL)


def no_op(sql: str) -> str | None:
    """The kind of a statement that has nothing to do here; None when it must be run."""
    bare = LEADING_COMMENTS.sub("", sql, count=1)
    for kind, pattern in NO_OPS.items():
        if re.match(pattern, bare, re.IGNORECASE):
            return kind
    return None
