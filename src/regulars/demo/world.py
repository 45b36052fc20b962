"""The made-up world as tables, block of people by block of people."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regulars.demo import truth
from regulars.demo.block import Block, Company, Piece, block_count, make_block
from regulars.demo.businesses.business import Business
from regulars.demo.businesses.retail import RETAIL
from regulars.demo.businesses.travel import TRAVEL
from regulars.demo.calendar import Calendar, make_calendar
from regulars.demo.campaigns import plan_campaigns
from regulars.demo.catalogue import make_catalogue
from regulars.demo.columns import MICROSECONDS
from regulars.demo.settings import Settings
from regulars.demo.sources.crm import crm
from regulars.demo.sources.messages import messages, plan
from regulars.demo.sources.shop import shop
from regulars.demo.sources.store import store
from regulars.demo.sources.web import web
from regulars.demo.streams import WHOLE_WORLD, Streams

BUSINESSES: dict[str, Business] = {one.name: one for one in (RETAIL, TRAVEL)}


def calendar_of(settings: Settings) -> Calendar:
    """The time of a world with these settings."""
    return make_calendar(settings.years, BUSINESSES[settings.business].months)


def make_world(
    settings: Settings, until: int, since: int | None = None, blocks_at_once: int = 1
) -> Iterator[Piece]:
    """Tables as (schema.table, rows), in pieces that follow each other.

    The same arguments give the same rows in the same order, and the rows of a table don't
    depend on how many blocks are at once in a piece. Lives go on behind the clock: what is
    loaded later is there already, and left out.

    Args:
        settings: of the world.
        until: where the clock stands, in seconds: rows that are loaded by then are told.
        since: only rows that are loaded after this; None for the world from its beginning,
            with what is true of it whatever the time.
        blocks_at_once: how many blocks of people a piece holds. Bounds the memory.
    """
    streams = Streams(settings.seed, WHOLE_WORLD)
    calendar, business = calendar_of(settings), BUSINESSES[settings.business]
    catalogue, products = make_catalogue(business, calendar, streams.of("catalogue"))
    campaigns = plan_campaigns(business, calendar, streams.of("company"))
    company = Company(calendar, catalogue, campaigns)
    shared = [("raw_shop.products", products), *plan(company), *truth.of_world(company)]
    yield from _loaded(shared, until, since)
    count = block_count(settings.customers)
    for first in range(0, count, blocks_at_once):
        pieces: dict[str, list[pa.Table]] = {}
        for number in range(first, min(first + blocks_at_once, count)):
            for name, table in _loaded(
                _pieces(make_block(number, settings, company)), until, since
            ):
                pieces.setdefault(name, []).append(table)
        for name, tables in pieces.items():
            yield name, pa.concat_tables(tables)


def _pieces(block: Block) -> Iterator[Piece]:
    for source in (crm, shop, store, web, messages):
        yield from source(block)
    yield from truth.of_block(block)


def _loaded(
    pieces: Iterator[Piece] | list[Piece], until: int, since: int | None
) -> Iterator[Piece]:
    """The rows that were loaded by `until` and, where `since` is given, after it."""
    for name, table in pieces:
        if "loaded_at" not in table.column_names:
            if since is None:
                yield name, table
            continue
        at = np.asarray(pc.cast(table["loaded_at"], pa.int64())) // MICROSECONDS
        shown = at <= until if since is None else (at <= until) & (at > since)
        yield name, table.filter(pa.array(shown))
