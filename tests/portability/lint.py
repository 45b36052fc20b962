"""Finds in compiled SQL what Snowflake would refuse, or would read otherwise than DuckDB.

sqlglot parses nearly everything, so parsing proves little. What is proven here: each function
called stands in allowed_functions.txt, each type in TYPES, and no construct in BANNED or in
`faults_of_tree` occurs.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.tokens import Token, TokenType

ALLOWED_FUNCTIONS = {
    line.split("#")[0].strip()
    for line in (Path(__file__).parent / "allowed_functions.txt").read_text().splitlines()
} - {""}

# what may stand before a bracket without being a function
KEYWORDS = {
    *("and", "as", "by", "case", "distinct", "else", "except", "exclude", "exists", "from"),
    *("group", "having", "in", "intersect", "join", "not", "on", "or", "order", "over", "select"),
    *("then", "union", "all", "using", "values", "when", "where", "with", "within"),
}

# the types that casts and contracts may name: both engines know them
TYPES = {
    *("bigint", "boolean", "date", "double", "integer", "text", "timestamp", "varbinary"),
    *("varchar", "decimal(18,4)", "decimal(18,12)", "decimal(38,4)"),
}

# what Snowflake lets nobody name a table, a column or an alias
# (docs.snowflake.com/en/sql-reference/reserved-keywords)
RESERVED = {
    *("account", "all", "alter", "and", "any", "as", "asof", "between", "by", "case", "cast"),
    *("check", "column", "connect", "connection", "constraint", "create", "cross", "current"),
    *("current_date", "current_time", "current_timestamp", "current_user", "database", "delete"),
    *("distinct", "drop", "else", "exists", "false", "following", "for", "from", "full", "grant"),
    *("group", "gscluster", "having", "ilike", "in", "increment", "inner", "insert", "intersect"),
    *("into", "is", "issue", "join", "lateral", "left", "like", "localtime", "localtimestamp"),
    *("minus", "natural", "not", "null", "of", "on", "or", "order", "organization", "qualify"),
    *("regexp", "revoke", "right", "rlike", "row", "rows", "sample", "schema", "select", "set"),
    *("some", "start", "table", "tablesample", "then", "to", "trigger", "true", "try_cast"),
    *("union", "unique", "update", "using", "values", "view", "when", "whenever", "where", "with"),
}

# pattern in text without comments and literals: why it is banned
BANNED = {
    r"//": "integer division: Snowflake reads // as a comment; use floor(a / b)",
    r"->>?": "arrow (JSON or lambda): dispatch it in macros/cross_db",
    r"==": "==: write =",
    r"\*\*|\^": "power operator: multiply, or dispatch it",
    r"!~|~": "regular-expression operator: dispatch it",
    r"[\[\]]": "list literal or subscript: dispatch it",
    r"[{}]": "struct literal: dispatch it",
    r'"': "quoted identifier: Snowflake then minds its case",
    r"\$\d|\?": "parameter: there is none to fill in",
    r"\binterval\s+[\d(]": "interval without quotes: use dbt.dateadd",
    r"\b(group|order)\s+by\s+all\b": "by all: name the columns",
    r"\busing\s+sample\b": "using sample: draw by a hash, see in_sample",
    r"\b(semi|anti|asof|positional)\s+join\b": "join that Snowflake lacks or writes otherwise",
    r"\b(ignore|respect)\s+nulls\s*\)": "ignore nulls inside brackets: Snowflake wants it after",
    r"\bdistinct\s+on\b": "distinct on: use qualify row_number() over (…) = 1",
    r"\bsimilar\s+to\b|\bglob\b": "pattern match that Snowflake lacks: use like",
    r"\bfilter\s*\(\s*where\b": "filter (where …): use sum(case when …)",
    r"\b(pivot|unpivot|summarize|describe|pragma|attach|copy)\b": "statement of one engine",
    r"(^|\()\s*from\b": "from without select: write select * first",
    r"\bcolumns\s*\(": "columns(…): name the columns",
    r"\bwindow\s+\w+\s+as\s*\(": "named window: write it out in over (…)",
    r"\bover\s+\w": "named window: write it out in over (…)",
    r"\b(greatest|least)\s*\(": "Snowflake's is null when any value is: use latest()",
    r"\blog\s*\([^,]*\)": "log of one number: Snowflake's takes the base first, log(2, …)",
    r"\bconcat(_ws)?\s*\(": "DuckDB's skips nulls, Snowflake's doesn't: use dbt.concat",
    r"(?<!\d):(?!:)": "colon: a JSON path in Snowflake, an alias or a slice in DuckDB",
}

LITERALS_AND_COMMENTS = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", re.DOTALL)


def faults_of(sql: str) -> list[str]:
    """What makes a compiled query unfit for Snowflake, sorted; an empty list when nothing does.

    Args:
        sql: one statement as dbt compiled it, without Jinja.
    """
    faults = set(faults_of_text(sql))
    try:
        tokens = sqlglot.tokenize(sql, dialect="snowflake")
        faults |= {*faults_of_functions(tokens), *faults_of_types(tokens)}
        faults |= set(faults_of_tree(sqlglot.parse_one(sql, dialect="snowflake")))
    except SqlglotError as error:
        faults.add(f"Snowflake's grammar doesn't take it: {str(error).splitlines()[0]}")
    return sorted(faults)


def faults_of_text(sql: str) -> Iterator[str]:
    """Banned constructs that show in the text, and literals that Snowflake unescapes."""
    bare = LITERALS_AND_COMMENTS.sub(
        lambda found: "''" if found[0].startswith("'") else " ", sql.lower()
    )
    for pattern, reason in BANNED.items():
        if re.search(pattern, bare):
            yield reason
    for found in LITERALS_AND_COMMENTS.finditer(sql):
        if found[0].startswith("'") and "\\" in found[0]:
            yield f"backslash in {found[0][:40]}: Snowflake takes it for an escape"


def faults_of_functions(tokens: list[Token]) -> Iterator[str]:
    """Calls of functions that aren't allowed."""
    types = {allowed.split("(")[0] for allowed in TYPES}
    for before, token in pairwise(tokens):
        name = before.text.lower()
        if token.token_type is not TokenType.L_PAREN or not re.fullmatch(r"\w+", name):
            continue
        if before.token_type is TokenType.STRING or name.isdigit():
            continue
        if name not in ALLOWED_FUNCTIONS | KEYWORDS | types:
            yield f"{name}() is not in allowed_functions.txt"


def faults_of_types(tokens: list[Token]) -> Iterator[str]:
    """Types in casts that one of the engines doesn't know."""
    depth_of_casts: list[int] = []
    depth, named = 0, ""
    in_type = False
    for before, token in pairwise(tokens):
        if token.token_type is TokenType.L_PAREN:
            depth += 1
            if before.text.lower() in ("cast", "try_cast"):
                depth_of_casts.append(depth)
        at_cast = bool(depth_of_casts) and depth_of_casts[-1] == depth
        if token.token_type is TokenType.R_PAREN:
            if in_type and at_cast:
                if named not in TYPES:
                    yield f"type {named} in a cast: take one from column_type()"
                in_type, named = False, ""
            if at_cast:
                depth_of_casts.pop()
            depth -= 1
        if in_type:
            named += token.text.lower()
        if token.token_type is TokenType.ALIAS and at_cast:
            in_type = True


def faults_of_tree(tree: exp.Expression) -> Iterator[str]:
    """Names that Snowflake reserves: only the parsed query tells names from keywords."""
    for name in tree.find_all(exp.Identifier):
        if not name.quoted and name.name.lower() in RESERVED:
            yield f"the name {name.name} is reserved in Snowflake"


def faults_of_contract(columns: dict[str, str | None]) -> list[str]:
    """Declared column types that one of the engines doesn't know.

    Args:
        columns: column name → data_type, as the YAML has them.
    """
    return [
        f"column {name}: type {data_type} is not known to both engines"
        for name, data_type in columns.items()
        if data_type is None or data_type.lower().replace(" ", "") not in TYPES
    ]
