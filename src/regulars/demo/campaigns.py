"""What the company does: campaigns by a naive rule, with control groups, and what comes of them."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from regulars.demo import rates
from regulars.demo.businesses.business import Business
from regulars.demo.calendar import DAY, HOUR, YEAR, Bools, Calendar, Floats, Ints
from regulars.demo.lives import Lives
from regulars.demo.people import NEVER, People

EMAIL, SMS, PUSH, MAIL = range(4)
_PERCENTS = (10, 15, 20, 25)


class Campaign(NamedTuple):
    """One message to many: when, by which channel, and what it offers."""

    number: int
    at: int
    channel: int
    category: int
    percent: int


class CausedOrders(NamedTuple):
    """Orders that nobody would have made without a message."""

    person: Ints
    at: Ints
    category: Ints
    campaign: Ints
    percent: Ints


class Messages(NamedTuple):
    """One element per message sent, by campaign and person; times are NEVER for what wasn't."""

    campaign: Ints
    person: Ints
    at: Ints
    bounced: Bools
    opened_at: Ints
    clicked_at: Ints
    unsubscribed_at: Ints


@dataclass(frozen=True)
class Consents:
    """When messages are allowed, at first and again: (people, channels), seconds."""

    given_at: Ints
    withdrawn_at: Ints
    given_again_at: Ints
    withdrawn_again_at: Ints

    def allow(self, channel: int, at: int) -> Bools:
        """(people,) whether a message by this channel is allowed then."""
        first = (self.given_at[:, channel] <= at) & (at < self.withdrawn_at[:, channel])
        again = (self.given_again_at[:, channel] <= at) & (at < self.withdrawn_again_at[:, channel])
        allowed: Bools = first | again
        return allowed


@dataclass(frozen=True)
class Responses:
    """All that campaigns did to a block of people.

    Attributes:
        assigned: campaign and person of everybody chosen, and whether in the control group.
        messages: what was sent to the others.
        orders: what they bought because of it.
        consents: what people allow, unsubscriptions included.
    """

    assigned: tuple[Ints, Ints, Bools]
    messages: Messages
    orders: CausedOrders
    consents: Consents


def plan_campaigns(
    business: Business, calendar: Calendar, rng: np.random.Generator
) -> list[Campaign]:
    """Every campaign until the horizon: each channel in its rhythm, with any category."""
    planned: list[tuple[int, int, int, int]] = []
    for channel, per_year in enumerate(rates.CAMPAIGNS_PER_YEAR):
        every = YEAR * DAY / per_year
        count = int((calendar.horizon - calendar.start) / every)
        day = (calendar.start + (np.arange(count) + rng.random(count)) * every).astype(np.int64)
        at = day // DAY * DAY + rng.integers(6, 17, count) * HOUR
        categories = rng.integers(0, len(business.categories), count)
        percents = rng.choice(_PERCENTS, count)
        planned += zip(
            at.tolist(), [channel] * count, categories.tolist(), percents.tolist(), strict=True
        )
    planned.sort()
    return [Campaign(number, *campaign) for number, campaign in enumerate(planned)]


def subscribed_at(people: People, rng: np.random.Generator) -> Ints:
    """(people,) when they came into the crm, and so onto the lists; NEVER for most others."""
    after = (rng.exponential(4.0 * DAY, len(people))).astype(np.int64) + HOUR
    return np.where(people.in_crm, people.joined_at + after, NEVER)


def run_campaigns(
    people: People,
    lives: Lives,
    listed_at: Ints,
    reachable: Bools,
    own: tuple[Ints, Ints, Ints],
    campaigns: list[Campaign],
    calendar: Calendar,
    rng: np.random.Generator,
) -> Responses:
    """Campaign after campaign: whom the rule chooses, who reads, buys, has enough.

    Args:
        people: of a block.
        lives: theirs.
        listed_at: (people,) since when they are on the lists.
        reachable: (people, channels) for whom there is an address.
        own: person, time and category of the orders made without a campaign, sorted by time.
        campaigns: sorted by time.
        calendar: the world's.
        rng: the stream of this part.
    """
    company = _Company(people, lives, _consents(listed_at, rng), own, calendar, rng)
    for campaign in campaigns:
        company.run(campaign, reachable[:, campaign.channel] & (listed_at <= campaign.at))
    return company.responses()


def _consents(listed_at: Ints, rng: np.random.Generator) -> Consents:
    shape = (len(listed_at), len(rates.MESSAGE_CHANNELS))
    is_given = (rng.random(shape) < np.array(rates.CONSENTS)) & (listed_at[:, None] < NEVER)
    given = np.where(is_given, listed_at[:, None], NEVER)
    wait = rng.exponential(YEAR * DAY / rates.CONSENTS_WITHDRAWN_PER_YEAR, shape)
    withdrawn = np.where(is_given, given + np.minimum(wait, 1e10).astype(np.int64) + DAY, NEVER)
    again = rng.random(shape) < rates.CONSENT_GIVEN_AGAIN
    pause = rng.uniform(20 * DAY, 300 * DAY, shape).astype(np.int64)
    return Consents(
        given,
        withdrawn,
        np.where(again & is_given, withdrawn + pause, NEVER),
        np.full(shape, NEVER),
    )


class _Company:
    """The company's memory of a block of people, and theirs of its messages."""

    def __init__(
        self,
        people: People,
        lives: Lives,
        consents: Consents,
        own: tuple[Ints, Ints, Ints],
        calendar: Calendar,
        rng: np.random.Generator,
    ) -> None:
        count = len(people)
        self._people, self._lives, self._consents = people, lives, consents
        self._own, self._calendar, self._rng = own, calendar, rng
        shares = people.taste_shares()
        self._affinity = np.clip(shares * shares.shape[2], 0.2, 4.0)
        self._sensitivity = people.price_sensitivity()
        self._usual = np.maximum(lives.usual_rate(), 1e-12)
        self._last_order = np.full(count, -NEVER)
        self._has_bought = np.zeros((count, shares.shape[2]), dtype=np.bool_)
        self._in_mind, self._reminded_at = np.zeros(count), calendar.start
        self._seen = 0  # of the own orders
        self._pending: list[CausedOrders] = []
        self._assigned: list[tuple[Ints, Ints, Bools]] = []
        self._messages: list[Messages] = []
        self._orders: list[CausedOrders] = []

    def run(self, campaign: Campaign, on_list: Bools) -> None:
        """One campaign, on those of the list who allow it and whom the rule chooses."""
        rng, at = self._rng, campaign.at
        self._learn_of_orders(at)
        # messages are forgotten
        self._in_mind *= np.exp(-(at - self._reminded_at) / (rates.FATIGUE_DAYS * DAY))
        self._reminded_at = at

        allowed = np.flatnonzero(on_list & self._consents.allow(campaign.channel, at))
        is_active = self._last_order[allowed] >= at - rates.TARGETED_ACTIVE_DAYS * DAY
        likes_it = self._has_bought[allowed, campaign.category]
        by_chance = rng.random(len(allowed)) < rates.TARGETED_AT_RANDOM
        chosen = allowed[is_active | likes_it | by_chance]
        is_control = rng.random(len(chosen)) < rates.CONTROL_GROUP
        number = np.full(len(chosen), campaign.number)
        self._assigned.append((number, chosen, is_control))

        sent = chosen[~is_control]
        messages, heed = self._send(campaign, sent)
        self._messages.append(messages)
        caused = self._sell(campaign, sent[~messages.bounced], heed[~messages.bounced])
        self._orders.append(caused)
        self._pending.append(caused)
        self._in_mind[sent] += 1

    def _learn_of_orders(self, at: int) -> None:
        person, when, category = self._own
        until = self._seen + int(np.searchsorted(when[self._seen :], at))
        new = slice(self._seen, until)
        self._note(person[new], when[new], category[new])
        self._seen = until
        waiting = []
        for orders in self._pending:
            is_past = orders.at < at
            self._note(orders.person[is_past], orders.at[is_past], orders.category[is_past])
            if not is_past.all():
                waiting.append(CausedOrders(*(column[~is_past] for column in orders)))
        self._pending = waiting

    def _note(self, person: Ints, at: Ints, category: Ints) -> None:
        np.maximum.at(self._last_order, person, at)
        self._has_bought[person, category] = True

    def _send(self, campaign: Campaign, sent: Ints) -> tuple[Messages, Floats]:
        """The messages, and the share of their usual response that is left in each person."""
        rng, people, channel, at = self._rng, self._people, campaign.channel, campaign.at
        count = len(sent)
        heed = np.maximum(1 - people.fatigue[sent] * self._in_mind[sent], 0.05)
        bounced = rng.random(count) < rates.BOUNCES[channel]
        is_read = rng.random(count) < people.open_rate[sent, channel] * heed
        # what can't be seen to be opened is clicked by those who were sent it
        can_click = is_read if rates.OPEN_RATES[channel] else np.ones(count, dtype=np.bool_)
        clicks = can_click & (rng.random(count) < people.click_rate[sent, channel] * heed)
        leaves = rng.random(count) < rates.UNSUBSCRIBES * (1 + self._in_mind[sent])
        opened = at + (rng.exponential(7 * HOUR, count)).astype(np.int64) + 30
        clicked = opened + (rng.exponential(120.0, count)).astype(np.int64) + 5
        left = opened + (rng.exponential(60.0, count)).astype(np.int64) + 5
        is_read, clicks, leaves = is_read & ~bounced, clicks & ~bounced, leaves & ~bounced
        if channel == MAIL:
            leaves[:] = False  # nobody can, by return of post
        self._withdraw(sent[leaves], channel, left[leaves])
        return Messages(
            np.full(count, campaign.number),
            sent,
            np.full(count, at),
            bounced,
            np.where(is_read, opened, NEVER),
            np.where(clicks, clicked, NEVER),
            np.where(leaves, left, NEVER),
        ), heed

    def _withdraw(self, person: Ints, channel: int, at: Ints) -> None:
        consents = self._consents
        is_first = at < consents.withdrawn_at[person, channel]
        pause = consents.given_again_at[person, channel] - consents.withdrawn_at[person, channel]
        gives_again = consents.given_again_at[person, channel] < NEVER
        first, again = person[is_first], person[~is_first]
        consents.given_again_at[first, channel] = np.where(gives_again, at + pause, NEVER)[is_first]
        consents.withdrawn_at[first, channel] = at[is_first]
        consents.withdrawn_again_at[again, channel] = at[~is_first]

    def _sell(self, campaign: Campaign, reached: Ints, heed: Floats) -> CausedOrders:
        rng, people, lives = self._rng, self._people, self._lives
        at = np.full(len(reached), campaign.at)
        taste = (at >= lives.tastes_change_at()[reached]).astype(np.int64)
        alive = np.minimum(lives.rate_at(reached, at) / self._usual[reached], 1.0)
        chance = (
            people.effect[reached, campaign.channel]
            * self._affinity[taste, reached, campaign.category]
            * self._sensitivity[reached]
            * alive
            * heed
        )
        buys = reached[rng.random(len(reached)) < chance]
        wait = rng.exponential(rates.BUYS_AFTER_DAYS * DAY, len(buys)).astype(np.int64) + 10 * 60
        when = campaign.at + np.minimum(wait, 10 * DAY)
        kept = when < self._calendar.horizon
        count = int(kept.sum())
        return CausedOrders(
            buys[kept],
            when[kept],
            np.full(count, campaign.category),
            np.full(count, campaign.number),
            np.full(count, campaign.percent),
        )

    def responses(self) -> Responses:
        """What came of all campaigns so far."""
        return Responses(
            (
                np.concatenate([campaign for campaign, _, _ in self._assigned]),
                np.concatenate([person for _, person, _ in self._assigned]),
                np.concatenate([is_control for _, _, is_control in self._assigned]),
            ),
            Messages(*(np.concatenate(column) for column in zip(*self._messages, strict=True))),
            CausedOrders(*(np.concatenate(column) for column in zip(*self._orders, strict=True))),
            self._consents,
        )
