"""The made-up people behave as customers do: skewed, seasonal, mortal, foreseeable."""

from collections.abc import Callable
from typing import Any

import pytest

from regulars.demo import rates

Ask = Callable[[str], Any]

# one person's accounts carry one e-mail or one loyalty number; the first account stands for both
PEOPLE = """
    with persons as (
        select account_id, min(account_id) over (partition by person) as person
        from (
            select account_id, coalesce(loyalty_number, lower(trim(email))) as person from accounts
        )
    ),
    counted as (
        select person, count(*) as orders, min(ordered_at) as first_at, max(ordered_at) as last_at
        from orders join persons using (account_id) group by all
    )
"""


def test_orders_per_customer_are_skewed(ask: Ask) -> None:
    once, mean, median, most = ask(
        PEOPLE
        + "select avg((orders = 1)::int), avg(orders), median(orders), max(orders) from counted"
    )
    assert 0.20 <= once <= 0.35
    assert 6 <= mean <= 8.5
    assert median < mean * 0.7
    assert most > 5 * mean
    assert ask("select count(*) / count(distinct order_id) from order_lines") == pytest.approx(
        1 + rates.EXTRA_LINES_PER_ORDER, abs=0.1
    )


def test_november_and_december_are_the_peak(ask: Ask) -> None:
    months = ask(
        "select list(m order by n desc) from"
        " (select month(ordered_at) as m, count(*) as n from orders group by all)"
    )
    assert set(months[:2]) == {11, 12}
    sundays, wednesdays = ask(
        "select count(*) filter (dayofweek(ordered_at) = 0),"
        " count(*) filter (dayofweek(ordered_at) = 3) from orders"
    )
    assert sundays > 1.1 * wednesdays


def test_even_good_customers_lapse_and_look_around_less(ask: Ask) -> None:
    gone, looks_of_gone, looks_of_others = ask(
        """
        with good as (
            select account_id, max(ordered_at) < timestamp '2025-07-01' as is_gone
            from orders group by all
            having count(*) filter (ordered_at < timestamp '2024-07-01') >= 6
        ),
        looked as (
            select account_id, count(*) as looks from browsing
            where occurred_at >= timestamp '2025-10-01' group by all
        )
        select
            avg(is_gone::int),
            avg(coalesce(looks, 0)) filter (is_gone),
            avg(coalesce(looks, 0)) filter (not is_gone)
        from good left join looked using (account_id)
        """
    )
    assert 0.2 < gone < 0.7  # whoever buys every other month doesn't pause for a year by chance
    assert 0 < looks_of_gone < 0.15 * looks_of_others


def test_browsing_rises_before_an_order(ask: Ask) -> None:
    near, far = ask(
        """
        select
            count(*) filter (
                occurred_at between ordered_at - interval 4 day and ordered_at - interval 1 day
            ),
            count(*) filter (
                occurred_at between ordered_at - interval 30 day and ordered_at - interval 27 day
            )
        from orders join browsing using (account_id)
        where occurred_at between ordered_at - interval 30 day and ordered_at
        """
    )
    assert near > 2 * far
    per_order = ask("select (select count(*) from browsing) / (select count(*) from orders)")
    assert 4.5 < per_order < 7


@pytest.mark.parametrize("sign", ["recency", "frequency", "browsing"])
def test_each_sign_foretells_a_purchase_and_none_gives_it_away(ask: Ask, sign: str) -> None:
    share_above, share_below = ask(
        f"""
        with known as (
            select
                account_id,
                -date_diff('day', max(ordered_at), timestamp '2026-01-01') as recency,
                count(*) as frequency,
                bool_or(ordered_at > timestamp '2025-01-01') as is_active
            from orders where ordered_at < timestamp '2026-01-01' group by all
        ),
        looked as (
            select account_id, count(*) as browsing from browsing
            where occurred_at between timestamp '2025-12-01' and timestamp '2026-01-01'
            group by all
        ),
        bought as (
            select distinct account_id, 1 as bought from orders
            where ordered_at between timestamp '2026-01-01' and timestamp '2026-04-01'
        ),
        ranked as (
            select
                coalesce(bought, 0) as bought,
                percent_rank() over (order by coalesce({sign}, 0)) as place
            from known left join looked using (account_id) left join bought using (account_id)
            where is_active
        )
        select avg(bought) filter (place >= 0.7), avg(bought) filter (place < 0.5) from ranked
        """
    )
    assert share_above > 1.6 * share_below
    assert share_above < 0.9
    assert share_below > 0.05


def test_products_sell_by_a_power_law(ask: Ask) -> None:
    top, low = ask(
        """
        with sold as (
            select count(*) as n, percent_rank() over (order by count(*)) as place
            from order_lines where product_id is not null group by product_id
        )
        select sum(n) filter (place > 0.9) / sum(n), sum(n) filter (place < 0.5) / sum(n) from sold
        """
    )
    assert 0.3 < top < 0.6
    assert low < 0.25


def test_identity_has_something_to_stitch(ask: Ask) -> None:
    same_email = (
        "select count(*) - count(distinct lower(trim(email))) from accounts where email is not null"
    )
    same_number = "select count(loyalty_number) - count(distinct loyalty_number) from accounts"
    assert ask(same_email) > 20
    assert ask(same_number) > ask(same_email)  # some share both
    odd = "select avg((email <> lower(trim(email)))::int) from accounts"
    expected = rates.EMAIL_IN_ODD_CASE + rates.EMAIL_WITH_BLANKS
    assert ask(odd) == pytest.approx(expected, abs=0.03)
    shared = "select count(*) from contacts semi join accounts using (loyalty_number)"
    assert ask(shared) > 200
