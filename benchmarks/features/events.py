"""A made-up log of a shop, straight in the tables that the timeline reads: any number of events.

Everything is drawn by hashes of the event's number, so that the same number of events is the
same log. Four events in a row are one visit, or one campaign's messages, of one customer; visits
follow one another in time, as in a log, over three years. There are a hundred events per customer,
unevenly: the density falls with the square root of the customer's number. A tenth of the
customers became known only in the first year.
"""

from pathlib import Path

import duckdb

EVENTS_PER_CUSTOMER = 100
DAYS = 1096
FIRST_DAY = "2022-01-01"
ITEMS = 5_000

TABLES = """
create schema if not exists raw_log;
create table raw_log.items as
select 'shop' as source_name, 'i' || range as item_id, 'Item ' || range as item_name,
    'category ' || range % {categories} as category, 'part ' || range % 200 as subcategory,
    'brand ' || hash(range, 'brand') % 60 as brand,
    (2 + hash(range, 'price') % 9800 / 100)::decimal(18, 4) as list_price,
    null::timestamp as launched_at, true as is_available, null::varchar as attributes
from range({items});
create table raw_log.owners as
select 'shop' as source_name, 'r' || range as source_record_id, range as record_number,
    md5('customer ' || range) as customer_id,
    timestamp '{first_day}' + interval 1 day * (case when hash(range, 'linked') % 10 = 0
        then hash(range, 'day') % 365 else 0 end)::integer as linked_at,
    timestamp '{first_day}' as valid_from, null::timestamp as valid_to
from range({customers});
create table raw_log.events (
    source_name varchar, event_id varchar, source_record_id varchar, event_type varchar,
    occurred_at timestamp, time_zone varchar, channel varchar, item_id varchar, order_id varchar,
    campaign_id varchar, message_id varchar, quantity decimal(18, 4), unit_price decimal(18, 4),
    discount_amount decimal(18, 4), amount decimal(18, 4), currency varchar, properties varchar,
    reporting_rate decimal(18, 12), loaded_at timestamp
)
"""

EVENTS = """
insert into raw_log.events
with numbered as (
    select range as number, range // 4 as visit, range % 4 as place,
        hash(range) as drawn, hash(range // 4, 'visit') as drawn_visit
    from range({first}, {last})
),
placed as (
    select *,
        ({customers} * pow((hash(visit, 'customer') % 1000000007) / 1000000007.0, 2))::bigint
            % {customers} as customer,
        drawn_visit % 10 < 3 as is_messages,
        drawn % 1000 as share,
        'i' || (({items} * pow((hash(number, 'item') % 1000003) / 1000003.0, 2))::bigint % {items})
            as item,
        (2 + hash(number, 'price') % 9800 / 100)::decimal(18, 4) as price,
        1 + hash(number, 'quantity') % 3 as pieces
    from numbered
),
typed as (
    select *,
        case
            when is_messages and share < 720 then 'message_sent'
            when is_messages and share < 920 then 'message_opened'
            when is_messages and share < 975 then 'message_clicked'
            when is_messages and share < 995 then 'message_bounced'
            when is_messages then 'unsubscribed'
            when share < 530 then 'page_view'
            when share < 650 then 'search'
            when share < 780 then 'cart_add'
            when share < 970 then 'purchase'
            else 'return'
        end as event_type,
        timestamp '{first_day}'
            + interval 1 day * (visit * {days} // ({all} // 4 + 1))::integer
            + interval 1 second * (drawn_visit // 16 % 82800 + place * 90)::integer as occurred_at
    from placed
),
priced as (
    select *,
        (case when event_type = 'purchase' and drawn % 5 = 0 then price / 10 end)::decimal(18, 4)
            as discount
    from typed
)
select 'shop', 'e' || number, 'r' || customer, event_type, occurred_at, 'Europe/Berlin',
    case
        when is_messages and drawn_visit // 7 % 5 = 0 then 'push'
        when is_messages and drawn_visit // 7 % 5 = 1 then 'sms'
        when is_messages then 'email'
        when drawn_visit // 7 % 4 = 0 then 'store' else 'web'
    end,
    case when event_type in ('page_view', 'cart_add', 'purchase', 'return') then item end,
    case when event_type in ('purchase', 'return') then 'o' || visit end,
    case when is_messages then 'c' || visit // 50000 end,
    case when is_messages then 'm' || visit end,
    case when event_type in ('purchase', 'return', 'cart_add') then pieces end,
    case when event_type in ('purchase', 'return', 'cart_add') then price end,
    discount,
    case when event_type in ('purchase', 'return') then pieces * price - coalesce(discount, 0) end,
    'EUR', null, 1, occurred_at
from priced
"""


def make_log(file: Path, events: int) -> None:
    """An empty log of as many customers as `events` are for, in a warehouse file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(file)) as con:
        con.execute("set enable_progress_bar = false")
        con.execute(
            TABLES.format(
                items=ITEMS,
                categories=40,
                customers=events // EVENTS_PER_CUSTOMER,
                first_day=FIRST_DAY,
            )
        ).fetchall()


def add_events(file: Path, events: int, first: int, last: int) -> None:
    """The events from number `first` up to `last` of a log of `events`."""
    with duckdb.connect(str(file)) as con:
        con.execute("set enable_progress_bar = false")
        con.execute("set preserve_insertion_order = true")
        con.execute(
            EVENTS.format(
                first=first,
                last=last,
                all=events,
                customers=events // EVENTS_PER_CUSTOMER,
                items=ITEMS,
                days=DAYS,
                first_day=FIRST_DAY,
            )
        ).fetchall()
