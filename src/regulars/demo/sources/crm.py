"""The crm: profiles in versions, consents, leads and what was done with them, tickets."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from regulars.demo import columns, dirt, names, rates, records
from regulars.demo.block import Block, Piece
from regulars.demo.calendar import DAY, HOUR, Floats, Ints
from regulars.demo.people import NEVER
from regulars.demo.streams import choose

_ACTIVITIES = ("form_submitted", "call_held", "quote_requested", "event_attended")
_CAME_BY = ("website", "fair", "referral", "advert")
_TOPICS = ("delivery", "payment", "damaged", "question")


def crm(block: Block) -> Iterator[Piece]:
    """All raw tables of the crm, and what is true of them."""
    rng = block.streams.of("crm")
    yield from _profiles(block, rng)
    yield from _consents(block, rng)
    yield from _leads(block, rng)
    yield from _tickets(block, rng)


def _profiles(block: Block, rng: np.random.Generator) -> Iterator[Piece]:
    """A row when a profile is made, another one when somebody moves or takes a name."""
    people, lives, calendar = block.people, block.lives, block.company.calendar
    listed = np.flatnonzero(people.in_crm)
    told = rng.exponential(15.0 * DAY, len(people)).astype(np.int64)
    changed_at = np.minimum(lives.moved_at(), lives.renamed_at())
    changes = people.in_crm & (changed_at < NEVER) & (changed_at > block.records.listed_at)
    person = np.concatenate((listed, np.flatnonzero(changes)))
    is_new = np.arange(len(person)) < len(listed)
    created = block.records.listed_at[person]
    updated = np.where(is_new, created, np.where(changes, changed_at + told, 0)[person])
    kept = updated < calendar.horizon
    person, is_new, created, updated = person[kept], is_new[kept], created[kept], updated[kept]
    count = len(person)

    renamed = ~is_new & (lives.renamed_at()[person] < NEVER)
    moved = ~is_new & (lives.moved_at()[person] < NEVER)
    first = people.first_name[person]
    last = np.where(renamed, people.later_last_name[person], people.last_name[person])
    email, phone = people.email[person], people.phone[person]
    has_email = rng.random(len(people)) >= rates.NO_EMAIL_IN_CRM
    has_phone = rng.random(len(people)) >= rates.NO_PHONE_IN_CRM
    has_card = people.has_card & (rng.random(len(people)) < rates.CARD_SHOWN_IN_CRM)
    has_birth_date = rng.random(len(people)) >= rates.NO_BIRTH_DATE

    spoiled = dirt.spoil("raw_crm.profiles", count, block.settings.dirt, rng)
    last = dirt.put(last, spoiled.by("typo"), dirt.swap_letters(last[spoiled.by("typo")], rng))
    first = dirt.put(first, spoiled.by("nickname"), dirt.nickname(first[spoiled.by("nickname")]))
    misread = spoiled.by("encoding_damage")
    first = dirt.put(first, misread, dirt.misread(first[misread]))
    last = dirt.put(last, misread, dirt.misread(last[misread]))
    email = _spoil_emails(email, spoiled, block, rng)
    shared = spoiled.by("shared_phone")
    phone = dirt.put(phone, shared, np.full(int(shared.sum()), dirt.SHARED_PHONE))
    # what is wrong with an address or a number shows where there is one
    has_email = has_email[person] | np.logical_or.reduce(
        [spoiled.by(kind) for kind in ("junk_email", "role_email", "email_collision")]
    )

    country = people.country[person]
    elsewhere = names.STREETS[country, rng.integers(0, names.STREETS.shape[1], count)]
    elsewhere = np.char.add(np.char.add(elsewhere, " "), rng.integers(1, 180, count).astype(str))
    town = names.CITIES[country, rng.integers(0, names.CITIES.shape[1], count)]
    postcode = (10_000 + country * 9_000 + rng.integers(0, 900, count) * 10).astype(str)
    ids = records.profile_ids(people.number[person])
    loaded = columns.timestamps(calendar.loaded_at(updated))
    yield "raw_crm.profiles", pa.table({
        "profile_id": ids,
        "first_name": columns.text(first),
        "last_name": columns.text(last),
        "birth_date": columns.dates(people.born[person], ~has_birth_date[person]),
        "email": columns.text(email, ~has_email),
        "phone": columns.text(phone, ~(has_phone[person] | shared)),
        "loyalty_number": records.card_numbers(people.number[person], ~has_card[person]),
        "street": columns.text(np.where(moved, elsewhere, people.street[person])),
        "city": columns.text(np.where(moved, town, people.city[person])),
        "postcode": columns.text(np.where(moved, postcode, people.postcode[person])),
        "country": columns.pick(names.COUNTRIES, country),
        "created_at": columns.timestamps(created),
        "updated_at": columns.timestamps(updated),
        "loaded_at": loaded,
    })  # fmt: skip
    yield "truth.dirt", spoiled.truth(_version_keys(ids, ~is_new), loaded)
    is_second = pa.array(~is_new)
    yield "truth.profile_changes", pa.table({
        "profile_id": ids.filter(is_second),
        "kind": columns.pick(("moved", "married"), renamed[~is_new].astype(np.int64)),
        "loaded_at": loaded.filter(is_second),
    })  # fmt: skip
    yield (
        "truth.records",
        records.truth(
            "crm",
            ids.filter(pa.array(is_new)),
            people.number[person[is_new]],
            loaded.filter(pa.array(is_new)),
        ),
    )


def _version_keys(ids: pa.Array, is_second: columns.Bools) -> pa.Array:
    """The id, and for the second version of a profile '#2' behind it."""
    ends = pa.array(["", "#2"]).take(pa.array(is_second.astype(np.int64)))
    return columns.joined(ids, ends)


def _spoil_emails(
    email: names.Texts, spoiled: dirt.Spoiled, block: Block, rng: np.random.Generator
) -> names.Texts:
    junk = spoiled.by("junk_email")
    email = dirt.put(email, junk, rng.choice(dirt.JUNK_EMAILS, int(junk.sum())))
    role = spoiled.by("role_email")
    firm = rng.integers(0, dirt.ROLE_DOMAINS, int(role.sum()))
    # a firm has one such address
    box = np.array(dirt.ROLES)[firm % len(dirt.ROLES)]
    firms = np.char.add(f"@firm{block.number}-", firm.astype(str))
    email = dirt.put(email, role, np.char.add(np.char.add(box, firms), ".example"))
    taken = spoiled.by("email_collision")
    others = rng.integers(0, len(block.people), int(taken.sum()))
    return dirt.put(email, taken, block.people.email[others])


def _consents(block: Block, rng: np.random.Generator) -> Iterator[Piece]:
    """A row per decision: given, withdrawn, given again, withdrawn again; or refused at first."""
    consents, calendar = block.responses.consents, block.company.calendar
    refused = np.where(
        (consents.given_at == NEVER) & block.people.in_crm[:, None],
        block.records.listed_at[:, None],
        NEVER,
    )
    decisions = (
        (consents.given_at, True),
        (refused, False),
        (consents.withdrawn_at, False),
        (consents.given_again_at, True),
        (consents.withdrawn_again_at, False),
    )
    at = np.stack([times for times, _ in decisions])
    which, person, channel = np.nonzero(at < calendar.horizon)
    when = at[which, person, channel]
    order = np.lexsort((channel, person, when))
    which, person, channel, when = which[order], person[order], channel[order], when[order]
    status = np.array([0 if is_given else 1 for _, is_given in decisions])[which]
    yield "raw_crm.consents", pa.table({
        "consent_id": columns.ids("N", block.row_ids(len(when)), 11),
        "profile_id": records.profile_ids(block.people.number[person]),
        "channel": columns.pick(rates.MESSAGE_CHANNELS, channel),
        "purpose": columns.same_text("marketing", len(when)),
        "status": columns.pick(("granted", "refused"), status),
        "decided_at": columns.timestamps(when),
        "loaded_at": columns.timestamps(calendar.loaded_at(when)),
    })  # fmt: skip


def _leads(block: Block, rng: np.random.Generator) -> Iterator[Piece]:
    people, calendar = block.people, block.company.calendar
    lead = np.flatnonzero(block.lead_at < NEVER)
    lead = lead[np.lexsort((lead, block.lead_at[lead]))]
    at, number = block.lead_at[lead], people.number[lead]
    ids, loaded = records.lead_ids(number), columns.timestamps(calendar.loaded_at(at))
    yield "raw_crm.leads", pa.table({
        "lead_id": ids,
        "first_name": columns.text(people.first_name[lead]),
        "last_name": columns.text(people.last_name[lead]),
        "email": columns.text(people.email[lead]),
        "phone": columns.text(people.phone[lead], rng.random(len(lead)) < 0.5),
        "came_by": columns.pick(_CAME_BY, rng.integers(0, len(_CAME_BY), len(lead))),
        "created_at": columns.timestamps(at),
        "loaded_at": loaded,
    })  # fmt: skip
    yield "truth.records", records.truth("crm", ids, number, loaded)
    yield "truth.conversions", pa.table({
        "lead_id": ids,
        "person_id": pa.array(number),
        "keenness": pa.array(people.lead_keenness[lead]),
        "chance": pa.array(people.lead_chance[lead]),
        "converted_at": columns.timestamps(people.joined_at[lead], ~people.buys[lead]),
        "loaded_at": loaded,
    })  # fmt: skip

    touches = rng.poisson(rates.TOUCHPOINTS * np.exp(0.4 * people.lead_keenness[lead]))
    row = np.repeat(np.arange(len(lead)), touches)
    span = np.maximum(people.joined_at[lead] - at, HOUR)[row]
    when = at[row] + (rng.random(len(row)) * span).astype(np.int64)
    # the keen ask for more
    kind = _activity(people.lead_keenness[lead][row], rng)
    order = np.lexsort((row, when))
    row, when, kind = row[order], when[order], kind[order]
    yield "raw_crm.lead_activities", pa.table({
        "activity_id": columns.ids("V", block.row_ids(len(row)), 11),
        "lead_id": ids.take(pa.array(row)),
        "kind": columns.pick(_ACTIVITIES, kind),
        "happened_at": columns.timestamps(when),
        "loaded_at": columns.timestamps(calendar.loaded_at(when)),
    })  # fmt: skip


def _activity(keenness: Floats, rng: np.random.Generator) -> Ints:
    weight = np.exp(np.outer(keenness, (-0.3, 0.1, 0.5, 0.0)))
    shares = np.cumsum(weight, axis=1) / weight.sum(axis=1, keepdims=True)
    return choose(shares, rng)


def _tickets(block: Block, rng: np.random.Generator) -> Iterator[Piece]:
    """Support tickets: some days after an order, more often when something is sent back."""
    orders, people, calendar = block.orders, block.people, block.company.calendar
    asks = np.flatnonzero(rng.random(len(orders)) < rates.TICKETS_PER_ORDER)
    back = np.flatnonzero(rng.random(len(block.returns.line)) < rates.TICKETS_PER_RETURN)
    sent_back = block.lines.order[block.returns.line[back]]
    person = orders.person[np.concatenate((asks, sent_back))]
    at = np.concatenate((orders.at[asks], block.returns.at[back]))
    at = at + rng.exponential(2.0 * DAY, len(at)).astype(np.int64) + HOUR
    kept = (at < calendar.horizon) & people.in_crm[person] & (at > block.records.listed_at[person])
    person, at = person[kept], at[kept]
    order = np.lexsort((person, at))
    person, at = person[order], at[order]
    yield "raw_crm.tickets", pa.table({
        "ticket_id": columns.ids("T", block.row_ids(len(at)), 11),
        "profile_id": records.profile_ids(people.number[person]),
        "topic": columns.pick(_TOPICS, rng.integers(0, len(_TOPICS), len(at))),
        "opened_at": columns.timestamps(at),
        "loaded_at": columns.timestamps(calendar.loaded_at(at)),
    })  # fmt: skip
