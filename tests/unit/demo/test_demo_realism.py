"""The made-up people behave as customers do: skewed, seasonal, mortal, foreseeable."""

from collections.abc import Callable
from typing import Any

import pytest

from regulars.demo import rates

Ask = Callable[[str], Any]

BOUGHT = """
    with bought as (
        select truth.orders.person_id, campaign_id, coalesce(ordered_at, printed_at) as bought_at
        from truth.orders
        left join raw_shop.orders as online using (order_id)
        left join raw_store.receipts as receipts on truth.orders.order_id = receipts.receipt_id
    )
"""


def test_orders_per_customer_are_skewed(ask: Ask) -> None:
    once, mean, median, most = ask(
        BOUGHT
        + ", counted as (select count(*) as n from bought group by person_id)"
        + " select avg((n = 1)::int), avg(n), median(n), max(n) from counted"
    )
    assert 0.20 <= once <= 0.35
    assert 6 <= mean <= 11
    assert median < mean * 0.7
    assert most > 5 * mean


def test_the_best_tenth_brings_half_of_the_revenue(ask: Ask) -> None:
    share = ask(
        """
        with paid as (
            select order_id, sum(quantity * unit_price - discount_amount) as amount
            from raw_shop.order_items group by all
            union all
            select receipt_id, sum(pieces * piece_price - rebate)
            from raw_store.receipt_items where not is_refund group by all
        ),
        spent as (
            select
                person_id, sum(amount) as amount,
                ntile(10) over (order by sum(amount) desc) as tenth
            from paid join truth.orders using (order_id) group by person_id
        )
        select sum(amount) filter (tenth = 1) / sum(amount) from spent
        """
    )
    assert 0.50 <= share <= 0.70


def test_november_and_december_are_the_peak(ask: Ask) -> None:
    months = ask(
        BOUGHT
        + "select list(m order by n desc) from"
        + " (select month(bought_at) as m, count(*) as n from bought group by all)"
    )
    assert set(months[:2]) == {11, 12}
    sundays, wednesdays = ask(
        BOUGHT
        + "select count(*) filter (dayofweek(bought_at) = 0),"
        + " count(*) filter (dayofweek(bought_at) = 3) from bought"
    )
    assert sundays > 1.1 * wednesdays


def test_people_buy_at_their_true_rate(clean: Ask) -> None:
    """Expected orders by truth.lives and truth.days are those that nobody had to be asked for."""
    expected = clean(
        """
        with phases as (
            select rate, begins_at::date as first_day,
                lead(begins_at::date, 1, date '2026-07-01')
                    over (partition by person_id order by begins_at, phase) as next_day
            from truth.lives
        ),
        days as (
            select day, sum(busy_days) over (order by day) - busy_days as before from truth.days
        )
        select sum(rate * greatest(least(ends.before, last.before) - begins.before, 0))
        from phases
        join days as begins on begins.day = first_day
        join days as last on last.day = date '2026-07-01'
        join days as ends on ends.day = next_day
        where first_day < date '2026-07-01'
        """
    )
    made, firsts = clean(
        "select count(*), count(distinct person_id) filter (joined_at >= timestamp '2024-07-01')"
        " from truth.orders join truth.persons using (person_id) where campaign_id is null"
    )
    # whoever joins does so with an order on top
    assert made - firsts == pytest.approx(expected, rel=0.05)


def test_browsing_rises_before_an_order(clean: Ask) -> None:
    near, far = clean(
        """
        with seen as (
            select person_id, hit_at from raw_web.hits
            join truth.records on source_record_id = coalesce(cookie_id, device_id)
        )
        select
            count(*) filter (
                hit_at between ordered_at - interval 4 day and ordered_at - interval 1 day
            ),
            count(*) filter (
                hit_at between ordered_at - interval 30 day and ordered_at - interval 27 day
            )
        from raw_shop.orders join truth.orders using (order_id) join seen using (person_id)
        where hit_at between ordered_at - interval 30 day and ordered_at
        """
    )
    assert near > 1.5 * far


def test_people_buy_what_they_like(clean: Ask) -> None:
    """Shares of categories in what is bought, by the taste that the truth says people have."""
    liked, other = clean(
        """
        with tastes as (
            select person_id, category, share
            from (select * exclude since from truth.preferences
                qualify row_number() over (partition by person_id order by since) = 1)
            unpivot (share for category in (* exclude person_id))
        ),
        lines as (
            select person_id, lower(replace(category, ' ', '_')) as category
            from raw_shop.order_items
            join truth.orders using (order_id)
            join (select distinct product_id, category from raw_shop.products) using (product_id)
        )
        select avg(share), avg((share < 0.02)::int)
        from lines join tastes using (person_id, category)
        """
    )
    assert liked > 0.25  # one in ten where nobody liked anything more
    assert other < 0.1


def test_those_who_are_written_to_on_their_channel_respond_more(ask: Ask) -> None:
    favourite, others = ask(
        """
        with sent as (
            select distinct message_id, channel = favourite_channel as is_favourite
            from raw_messages.sends
            join truth.records on source_name = 'messages' and source_record_id = subscriber_id
            join truth.persons using (person_id)
            where channel = 'email'
        ),
        opened as (
            select distinct message_id, 1 as opened
            from raw_messages.responses where kind = 'open'
        )
        select avg(coalesce(opened, 0)) filter (is_favourite),
            avg(coalesce(opened, 0)) filter (not is_favourite)
        from sent left join opened using (message_id)
        """
    )
    assert favourite > 1.5 * others
    assert 0.1 < others < favourite < 0.6


def test_some_orders_are_caused_and_the_rule_prefers_those_who_buy_anyway(ask: Ask) -> None:
    caused = ask("select avg((campaign_id is not null)::int) from truth.orders")
    assert 0.01 < caused < 0.10
    chosen, others = ask(
        BOUGHT
        + """
        , active as (
            select person_id, count(*) filter (bought_at > timestamp '2026-04-01') as n
            from bought group by all
        ),
        chosen as (
            select distinct person_id from raw_messages.recipients
            join truth.records on source_name = 'messages' and source_record_id = subscriber_id
            where chosen_at between timestamp '2026-03-01' and timestamp '2026-04-01'
        )
        -- those who allow messages, told apart by whether the rule chose them
        select avg(coalesce(n, 0)) filter (chosen.person_id is not null),
            avg(coalesce(n, 0)) filter (chosen.person_id is null)
        from (
            select distinct person_id from raw_messages.subscribers
            join truth.records on source_name = 'messages' and source_record_id = subscriber_id
        ) as subscribers
        left join active using (person_id)
        left join chosen using (person_id)
        """
    )
    assert chosen > 1.15 * others


def test_keen_leads_convert_and_touch_more(ask: Ask) -> None:
    converted, keen, cool, keen_touches, cool_touches = ask(
        """
        with touched as (select lead_id, count(*) as n from raw_crm.lead_activities group by all)
        select avg((converted_at is not null)::int),
            avg((converted_at is not null)::int) filter (keenness > 0),
            avg((converted_at is not null)::int) filter (keenness <= 0),
            avg(coalesce(n, 0)) filter (keenness > 0),
            avg(coalesce(n, 0)) filter (keenness <= 0)
        from truth.conversions left join touched using (lead_id)
        """
    )
    assert 0.4 < converted < 0.75
    assert keen > 1.4 * cool
    assert keen_touches > 1.3 * cool_touches


def test_identity_has_something_to_stitch(ask: Ask) -> None:
    sources, records = ask(
        "select avg(sources), avg(records) from (select count(distinct source_name) as sources,"
        " count(*) as records from truth.records group by person_id)"
    )
    assert 2.5 < sources < 5
    assert records > 4
    households = (
        "select avg(n) from (select count(*) as n from truth.persons group by household_id)"
    )
    assert ask(households) == pytest.approx(1 / (1 - rates.HOUSEHOLDS / 2), abs=0.03)
    shared = (
        "select count(*) from (select source_record_id from truth.records"
        " where source_name = 'web' group by all having count(distinct person_id) > 1)"
    )
    assert ask(shared) > 10
    versions = "select count(*) - count(distinct profile_id) from raw_crm.profiles"
    assert ask(versions) > 50
