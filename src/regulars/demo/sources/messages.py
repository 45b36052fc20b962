"""The mailing system: offers, campaigns, who is on the lists, who was chosen, what came of it."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from regulars.demo import columns, dirt, rates, records
from regulars.demo.block import Block, Company, Piece
from regulars.demo.calendar import DAY
from regulars.demo.people import NEVER

_KINDS = ("bounce", "open", "click", "unsubscribe")
_OFFERED_DAYS = 10


def plan(company: Company) -> Iterator[Piece]:
    """The raw tables of offers and campaigns: a row each when it begins."""
    campaigns, calendar = company.campaigns, company.calendar
    at = np.array([campaign.at for campaign in campaigns])
    names = [category.name for category in company.catalogue.business.categories]
    category = columns.pick(names, np.array([campaign.category for campaign in campaigns]))
    percent = np.array([campaign.percent for campaign in campaigns])
    number = np.arange(1, len(campaigns) + 1)
    offer = columns.ids("U", number, 5)
    loaded = columns.timestamps(calendar.loaded_at(at))
    off = columns.joined(columns.ids("", percent, 2), columns.same_text("% off ", len(at)))
    yield "raw_messages.offers", pa.table({
        "offer_id": offer,
        "offer_name": columns.joined(off, category),
        "category": category,
        "percent_off": columns.integers(percent),
        "valid_from": columns.timestamps(at),
        "valid_to": columns.timestamps(at + _OFFERED_DAYS * DAY),
        "loaded_at": loaded,
    })  # fmt: skip
    yield "raw_messages.campaigns", pa.table({
        "campaign_id": columns.ids("M", number, 5),
        "channel": columns.pick(
            rates.MESSAGE_CHANNELS, np.array([campaign.channel for campaign in campaigns])
        ),
        "offer_id": offer,
        "sent_at": columns.timestamps(at),
        "loaded_at": loaded,
    })  # fmt: skip


def messages(block: Block) -> Iterator[Piece]:
    """The raw tables of what was sent to a block of people, and what is true of them."""
    rng = block.streams.of("messages")
    yield from _subscribers(block, rng)
    yield _recipients(block)
    yield from _sends(block, rng)


def _subscribers(block: Block, rng: np.random.Generator) -> Iterator[Piece]:
    people, calendar = block.people, block.company.calendar
    listed = np.flatnonzero(block.records.listed_at < calendar.horizon)
    listed = listed[np.lexsort((listed, block.records.listed_at[listed]))]
    at, number, count = block.records.listed_at[listed], people.number[listed], len(listed)
    ids, loaded = records.subscriber_ids(number), columns.timestamps(calendar.loaded_at(at))
    yield "raw_messages.subscribers", pa.table({
        "subscriber_id": ids,
        "profile_id": records.profile_ids(number, rng.random(count) >= rates.CRM_ID_IN_MESSAGES),
        "email": columns.text(people.email[listed]),
        "phone": columns.text(people.phone[listed], rng.random(count) < rates.NO_PHONE_IN_CRM),
        "push_device_id": records.device_ids(number, ~people.has_app[listed]),
        "subscribed_at": columns.timestamps(at),
        "loaded_at": loaded,
    })  # fmt: skip
    yield "truth.records", records.truth("messages", ids, number, loaded)


def _recipients(block: Block) -> Piece:
    campaign, person, is_control = block.responses.assigned
    at = np.array([campaign.at for campaign in block.company.campaigns])[campaign]
    return "raw_messages.recipients", pa.table({
        "campaign_id": columns.ids("M", campaign + 1, 5),
        "subscriber_id": records.subscriber_ids(block.people.number[person]),
        "arm": columns.pick(("treated", "control"), is_control.astype(np.int64)),
        "chosen_at": columns.timestamps(at - 600),
        "loaded_at": columns.timestamps(block.company.calendar.loaded_at(at)),
    })  # fmt: skip


def _sends(block: Block, rng: np.random.Generator) -> Iterator[Piece]:
    sent, calendar, level = block.responses.messages, block.company.calendar, block.settings.dirt
    count = len(sent.person)
    channel = np.array([campaign.channel for campaign in block.company.campaigns])[sent.campaign]
    subscriber = records.subscriber_ids(block.people.number[sent.person])
    ids = columns.ids("W", block.row_ids(count), 11)
    loaded = columns.timestamps(calendar.loaded_at(sent.at))
    spoiled = dirt.spoil("raw_messages.sends", count, level, rng)
    table = pa.table({
        "message_id": ids,
        "campaign_id": columns.ids("M", sent.campaign + 1, 5),
        "subscriber_id": subscriber,
        "channel": columns.pick(rates.MESSAGE_CHANNELS, channel),
        "sent_at": columns.timestamps(sent.at),
        "loaded_at": loaded,
    })  # fmt: skip
    yield "raw_messages.sends", table.take(pa.array(spoiled.twice()))
    yield "truth.dirt", spoiled.truth(ids, loaded)

    bounced_at = np.where(sent.bounced, sent.at + 20, NEVER)
    times = np.stack([bounced_at, sent.opened_at, sent.clicked_at, sent.unsubscribed_at])
    kind, message = np.nonzero(times < calendar.horizon)
    at = times[kind, message]
    order = np.lexsort((kind, message, at))
    kind, message, at = kind[order], message[order], at[order]
    spoiled = dirt.spoil("raw_messages.responses", len(at), level, rng)
    response_ids = columns.ids("Y", block.row_ids(len(at)), 11)
    loaded = columns.timestamps(calendar.loaded_at(at, spoiled.late_days(rng)))
    which = pa.array(message)
    yield "raw_messages.responses", pa.table({
        "response_id": response_ids,
        "message_id": ids.take(which),
        "campaign_id": table["campaign_id"].combine_chunks().take(which),
        "subscriber_id": subscriber.take(which),
        "channel": table["channel"].combine_chunks().take(which),
        "kind": columns.pick(_KINDS, kind),
        "responded_at": columns.timestamps(at),
        "loaded_at": loaded,
    })  # fmt: skip
    yield "truth.dirt", spoiled.truth(response_ids, loaded)
