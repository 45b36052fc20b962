"""A made-up world in memory, with the orders that people made in it wherever they did."""

import duckdb

from regulars.demo.settings import Settings
from regulars.demo.world import calendar_of, make_world

# person, day, amount and lines of every order that was paid for
ORDERS = """
create table orders as
select orders.person_id as customer, coalesce(o.ordered_at, r.printed_at)::date as day,
    coalesce(online.amount, in_store.amount)::double as amount,
    coalesce(online.lines, in_store.lines) as lines
from truth.orders
left join raw_shop.orders as o using (order_id)
left join raw_store.receipts as r on orders.order_id = r.receipt_id
left join (
    select order_id, sum(quantity * unit_price - discount_amount) as amount, count(*) as lines
    from raw_shop.order_items where quantity > 0 group by all
) as online on orders.order_id = online.order_id
left join (
    select receipt_id, sum(pieces * piece_price - rebate) as amount, count(*) as lines
    from raw_store.receipt_items where not is_refund and piece_price > 0 group by all
) as in_store on orders.order_id = in_store.receipt_id
where coalesce(online.amount, in_store.amount) > 0
"""


def made_up_world(settings: Settings) -> duckdb.DuckDBPyConnection:
    """All raw and truth tables of a world, and the table `orders`."""
    connection = duckdb.connect()
    for name, table in make_world(settings, calendar_of(settings).end):
        connection.execute(f"create schema if not exists {name.partition('.')[0]}")
        connection.register("piece", table)
        connection.execute(f"create table if not exists {name} as from piece limit 0")
        connection.execute(f"insert into {name} from piece")
        connection.unregister("piece")
    connection.execute(ORDERS)
    return connection
