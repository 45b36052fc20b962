"""The lint itself: it notices what Snowflake wouldn't take, and lets good SQL pass."""

import pytest

from tests.portability.lint import ALLOWED_FUNCTIONS, BANNED, faults_of, faults_of_contract
from tests.portability.snippets import BAD, GOOD


@pytest.mark.parametrize("sql", BAD)
def test_bad_sql_is_noticed(sql: str) -> None:
    assert BAD[sql] in "; ".join(faults_of(sql))


@pytest.mark.parametrize("sql", GOOD)
def test_good_sql_passes(sql: str) -> None:
    assert faults_of(sql) == []


def test_every_ban_has_a_snippet() -> None:
    found = {fault for sql in BAD for fault in faults_of(sql)}
    unproven = {"statement of one engine", "parameter: there is none to fill in"}
    assert set(BANNED.values()) - found - unproven == set()


def test_the_allow_list_is_read() -> None:
    assert {"cast", "to_json"} <= ALLOWED_FUNCTIONS
    assert not [name for name in ALLOWED_FUNCTIONS if " " in name or name != name.lower()]


def test_types_of_contracts() -> None:
    assert faults_of_contract({"a": "text", "b": "decimal(18, 4)", "c": "BIGINT"}) == []
    assert len(faults_of_contract({"a": "blob", "b": None, "c": "hugeint"})) == 3
