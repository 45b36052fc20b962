"""Each kind of dirt ends where it should, counted by kind against the truth, exactly."""

import pytest

from regulars.demo.dirt import KINDS, Kind
from tests.worlds import Session, World

# how a raw row's key, as truth.dirt has it, is found in an input: the source, the input, its id
EVENTS = {
    "raw_shop.order_items": ("shop", "dirt.row_key"),
    "raw_store.receipt_items": ("store", "dirt.row_key"),
    "raw_web.hits": ("web", "dirt.row_key"),
    "raw_messages.sends": ("messages", "dirt.row_key"),
    "raw_messages.responses": ("messages", "dirt.row_key"),
}
RECORDS = {
    "raw_crm.profiles": ("crm", "profiles"),
    "raw_shop.accounts": ("shop", "identifiers"),
    "raw_store.cards": ("store", "profiles"),
}
OF_EVENTS = [kind for kind in KINDS if kind.table in EVENTS]
OF_ORDERS = [kind for kind in KINDS if kind.table in ("raw_shop.orders", "raw_store.receipts")]
OF_RECORDS = [kind for kind in KINDS if kind.table in RECORDS]


def named(kind: Kind) -> str:
    """A kind in the ids of tests."""
    return f"{kind.table} {kind.name}"


def dirty_rows(world: World, kind: Kind) -> int:
    """How many rows the truth says are spoiled so."""
    count = world.value(
        "select count(*) from truth.dirt"
        f" where table_name = '{kind.table}' and kind = '{kind.name}'"
    )
    assert isinstance(count, int)
    assert count > 0, f"no {kind.name} in this world: the test would see nothing"
    return count


def outcomes(world: World, kind: Kind, match: str) -> dict[tuple[str, str | None], int]:
    """Of the events that a condition ties to spoiled rows: how many ended how."""
    rows = world.rows(
        f"""
        select row_outcome, row_reason, count(*)
        from inputs.input_events_checked as events
        join truth.dirt as dirt on {match}
        where dirt.table_name = '{kind.table}' and dirt.kind = '{kind.name}'
        group by all
        """
    )
    return {(outcome, reason): count for outcome, reason, count in rows}


def expected(kind: Kind, rows: int) -> dict[tuple[str, str | None], int]:
    """What should have become of so many rows."""
    if kind.ends == "quarantined":
        return {("quarantined", kind.reason): rows}
    if kind.ends == "deduplicated":
        return {("kept", None): rows, ("deduplicated", kind.reason): rows}
    return {("kept", None): rows}


@pytest.mark.parametrize("kind", OF_EVENTS, ids=named)
def test_spoiled_events(demo_world: World, kind: Kind) -> None:
    rows = dirty_rows(demo_world, kind)
    source, key = EVENTS[kind.table]
    found = outcomes(
        demo_world, kind, f"events.source_name = '{source}' and events.event_id = {key}"
    )
    assert found == expected(kind, rows)


@pytest.mark.parametrize("kind", OF_ORDERS, ids=named)
def test_spoiled_orders(demo_world: World, kind: Kind) -> None:
    """An order's items end together, whatever else is wrong with one of them."""
    rows = dirty_rows(demo_world, kind)
    source = "shop" if kind.table == "raw_shop.orders" else "store"
    found = demo_world.rows(
        f"""
        select count(distinct dirt.row_key), count(*),
            count(*) filter (row_outcome = '{kind.ends}'
                and coalesce(row_reason, '') = '{kind.reason}'),
            count(*) filter (row_reason in
                ('missing_source_record_id', 'unit_price_not_positive'))
        from inputs.input_events_checked as events
        join truth.dirt as dirt
            on events.order_id = dirt.row_key and events.source_name = '{source}'
        where dirt.table_name = '{kind.table}' and dirt.kind = '{kind.name}'
            and events.event_type = 'purchase'
        """
    )
    ((orders, items, as_stated, of_nobody),) = found
    assert orders == rows
    assert as_stated + of_nobody == items
    assert as_stated > 0
    if kind.ends == "quarantined":
        assert of_nobody == 0


@pytest.mark.parametrize("kind", OF_RECORDS, ids=named)
def test_spoiled_records_are_kept(demo_world: World, kind: Kind) -> None:
    """Whatever is wrong with names and addresses, the record goes on."""
    rows = dirty_rows(demo_world, kind)
    source, name = RECORDS[kind.table]
    kept = demo_world.value(
        f"""
        select count(distinct dirt.row_key)
        from inputs.input_{name}_checked as records
        join truth.dirt as dirt
            on records.source_record_id = replace(dirt.row_key, '#2', '')
        where records.source_name = '{source}' and row_outcome <> 'quarantined'
            and dirt.table_name = '{kind.table}' and dirt.kind = '{kind.name}'
        """
    )
    assert kept == rows


def identifiers_of(world: World, kind: Kind, identifier_type: str) -> list[tuple[str, str, bool]]:
    """Raw value, cleaned value, and whether it may tie people, of a kind's spoiled records."""
    source, _ = RECORDS[kind.table]
    raw = "raw_crm.profiles" if source == "crm" else "raw_shop.accounts"
    record = "profile_id" if source == "crm" else "account_id"
    version = (
        "|| case when raw.updated_at > raw.created_at then '#2' else '' end"
        if source == "crm"
        else ""
    )
    return world.rows(
        f"""
        select raw.{identifier_type}, cleaned.identifier_value, hushed.identifier_value is null
        from truth.dirt as dirt
        join {raw} as raw on raw.{record} {version} = dirt.row_key
        join identity.identity_records as records
            on records.source_name = '{source}' and records.source_record_id = raw.{record}
        left join identity.identity_identifiers as cleaned
            on cleaned.record_number = records.record_number
            and cleaned.identifier_type = '{identifier_type}'
            and regexp_replace(cleaned.identifier_value, '[^a-z0-9]', '', 'g')
                = regexp_replace(lower(raw.{identifier_type}), '[^a-z0-9]', '', 'g')
        left join identity.identity_suppressed_identifiers as hushed
            on hushed.identifier_type = cleaned.identifier_type
            and hushed.identifier_value = cleaned.identifier_value
        where dirt.table_name = '{kind.table}' and dirt.kind = '{kind.name}'
        """
    )


def kind_named(name: str, table: str) -> Kind:
    """The kind of that name."""
    return next(kind for kind in KINDS if (kind.name, kind.table) == (name, table))


@pytest.mark.parametrize("name", ["odd_case", "blanks"])
def test_what_is_typed_oddly_is_the_same_once_cleaned(demo_world: World, name: str) -> None:
    kind = kind_named(name, "raw_shop.accounts")
    found = identifiers_of(demo_world, kind, "email")
    assert len(found) == dirty_rows(demo_world, kind)
    assert all(raw != cleaned == raw.strip().lower() for raw, cleaned, _ in found)


def test_what_is_typed_to_get_past_a_form_ties_nobody(demo_world: World) -> None:
    kind = kind_named("junk_email", "raw_crm.profiles")
    found = identifiers_of(demo_world, kind, "email")
    assert len(found) == dirty_rows(demo_world, kind)
    assert {cleaned for _, cleaned, _ in found} == {None}


def test_test_accounts_tie_nobody(demo_world: World) -> None:
    accounts = demo_world.rows(
        """
        select count(*), count(distinct own.customer_id), max(customers.records)
        from raw_shop.accounts
        join identity.identity_map as own
            on own.source_name = 'shop' and own.source_record_id = account_id
            and own.valid_to is null
        join (
            select customer_id, count(*) as records from identity.identity_map
            where valid_to is null group by all
        ) as customers using (customer_id)
        where account_id like 'X%'
        """
    )
    ((count, customers, records),) = accounts
    assert count == customers > 0
    assert records == 1


def test_a_number_that_many_share_is_suppressed(demo_copy: World, session: Session) -> None:
    """With a cap below their number none of them is tied by it; here so few share it."""
    kind = kind_named("shared_phone", "raw_crm.profiles")
    rows = dirty_rows(demo_copy, kind)
    caps = f"{{identity_identifier_types: {{other: {{records_cap: {rows - 2}}}}}}}"
    models = ["identity_shared_identifiers", "identity_suppressed_identifiers"]
    session.dbt(demo_copy, "run", "--vars", caps, "--select", *models)
    found = identifiers_of(demo_copy, kind, "phone")
    assert len(found) == rows
    assert {is_free for *_, is_free in found} == {False}


def test_a_tagged_address_is_the_mailbox_itself(demo_world: World) -> None:
    kind = kind_named("plus_address", "raw_shop.accounts")
    found = demo_world.value(
        """
        select count(*)
        from truth.dirt as dirt
        join raw_shop.accounts on account_id = row_key
        join identity.identity_records as records
            on records.source_name = 'shop' and records.source_record_id = account_id
        join identity.identity_identifiers as cleaned
            on cleaned.record_number = records.record_number
            and identifier_value = replace(lower(trim(email)), '+shop', '')
        where dirt.kind = 'plus_address' and email like '%+shop@%'
        """
    )
    assert found == dirty_rows(demo_world, kind)


@pytest.mark.parametrize("kind", ["moved", "married"])
def test_whoever_moves_or_marries_has_one_profile_and_the_new_version_counts(
    demo_world: World, kind: str
) -> None:
    """Every older version is deduplicated, every newer one is kept: as many as the truth says."""
    ((told, older, newer),) = demo_world.rows(
        f"""
        with changed as (select profile_id from truth.profile_changes where kind = '{kind}')
        select (select count(*) from changed),
            count(*) filter (row_outcome = 'deduplicated' and updated_at = created_at),
            count(*) filter (row_outcome = 'kept' and updated_at > created_at)
        from inputs.input_profiles_checked
        join changed on source_record_id = profile_id
        """
    )
    assert told > 0
    assert (older, newer) == (told, told)
