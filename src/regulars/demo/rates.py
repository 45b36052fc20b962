"""Every rate of the made-up world but its dirt. Shares are of 1; times in days or years."""

from typing import Final

# ── Who there is ──────────────────────────────────────────────────────────────
JOINED_BEFORE: Final = 0.38  # people who were customers before the world begins
LEADS: Final = 0.20  # of those who join: left their contact before they bought anything
LEAD_BASE: Final = 0.5  # logit of a lead's chance to convert, at a keenness of 0
LEAD_KEENNESS: Final = 1.6  # what a deviation of keenness adds to it
TOUCHPOINTS: Final = 1.6  # mean of a lead's touchpoints, at a keenness of 0
HOUSEHOLDS: Final = 0.18  # share of people who live with another one
MARRIED_NAME: Final = 0.5  # share of those who marry and take another name

# ── Where they are known ──────────────────────────────────────────────────────
ONLY_ONLINE: Final = 0.55
ONLY_IN_STORE: Final = 0.15  # the rest goes to both
STORE_SHARE: Final = (0.15, 0.75)  # of the orders of those who go to both
APP_USERS: Final = 0.40  # of those who order online
HAS_CARD: Final = 0.93  # of those who go to stores; tills know the others not at all
IN_CRM: Final = 0.80
TWO_ACCOUNTS: Final = 0.04  # of those who order online

# ── How they live: personal rates are log-normal, gaps are gamma ───────────────
RHYTHMS: Final = ("one_time", "regular", "frequent", "lapsing")
RHYTHM_SHARES: Final = (0.26, 0.42, 0.16, 0.16)
ORDERS_PER_YEAR: Final = (1.0, 2.2, 8.5, 3.0)  # medians
RATE_DEVIATION: Final = (0.5, 0.9, 0.7, 0.75)  # of the logarithm
GAP_SHAPE: Final = (1.0, 2.0, 1.3, 1.0)  # 1 = by chance, 8 = like clockwork
YEARS_ACTIVE: Final = (0.0, 12.0, 9.0, 1.3)  # mean until they lapse
FADES_FIRST: Final = 0.5  # share whose buying slows down before they lapse
FADE_DAYS: Final = (60.0, 180.0)
FADE_FLOOR: Final = 0.3  # what is left of the rate while it slows down
AFTER_LAPSE: Final = 0.27  # what is left of the rate afterwards
COMES_BACK: Final = 0.12  # share of the lapsed who return
AWAY_DAYS: Final = (150.0, 500.0)
LIFE_EVENTS: Final = ("moved", "married", "child", "job")
LIFE_EVENT_SHARES: Final = (0.45, 0.15, 0.15, 0.25)
LIFE_EVENTS_PER_YEAR: Final = 0.12
LIFE_EVENT_DEVIATION: Final = 0.5  # of the logarithm of what it does to the rate

# ── What they buy ─────────────────────────────────────────────────────────────
POPULARITY_EXPONENT: Final = 0.9
LAUNCHED_DURING: Final = 0.3  # share of products that weren't there from the beginning
DISCONTINUED: Final = 0.07
PRICE_LEVEL_WIDTH: Final = 0.22  # how far from their price level people look, of a shelf
HAS_FAVOURITE_BRAND: Final = 0.5
FAVOURITE_BRAND_FACTOR: Final = 5.0
TASTE_CONCENTRATION: Final = 0.35  # small = few categories per person
BASKET_DEVIATION: Final = 0.6  # of the logarithm of a person's lines and units
EXTRA_UNITS: Final = 0.3  # units of a line beyond the first, at an average basket
DISCOUNTED_LINES: Final = 0.22
DISCOUNTED_LINES_IN_NOVEMBER: Final = 0.45
RETURN_WITHIN_DAYS: Final = (2.0, 60.0)
TICKETS_PER_ORDER: Final = 0.05
TICKETS_PER_RETURN: Final = 0.15

# ── How they browse: hits per order made, in vain, idly, and after a click ────
HITS_BEFORE_ORDER: Final = 3.8
HITS_BEFORE_STORE_ORDER: Final = 1.2
DAYS_BEFORE_ORDER: Final = 2.5  # mean distance of those hits to the order
BURSTS_PER_ORDER: Final = 0.3  # interest that ends in no order
IDLE_HITS_PER_ORDER: Final = 2.0
IDLE_HITS_PER_YEAR: Final = 2.0  # of those who look around and hardly buy
IDLE_AFTER_LAPSE: Final = 0.12  # share of the idle hits that outlives the customer
HITS_AFTER_CLICK: Final = 1.5
HITS_OF_LEAD: Final = 4.0
HIT_KINDS: Final = {"page": 0.72, "search": 0.16, "cart": 0.12}
COOKIE_DAYS: Final = 150  # then a browser has forgotten, and begins a new cookie
LOGGED_IN: Final = 0.3  # share of hits; all that are within an hour of an order online
SHARED_DEVICE: Final = 0.3  # of households: one computer for both

# ── Identifiers ───────────────────────────────────────────────────────────────
CARD_SHOWN_IN_SHOP: Final = 0.45  # share of card holders whose account carries the number
CARD_SHOWN_IN_CRM: Final = 0.5
EMAIL_ON_CARD: Final = 0.55
PHONE_ON_CARD: Final = 0.35
PHONE_IN_SHOP: Final = 0.35
SECOND_ACCOUNT_SAME_EMAIL: Final = 0.5  # the others share the card number only
SECOND_ACCOUNT_USED: Final = 0.8  # share of what happens there once it exists
NO_EMAIL_IN_CRM: Final = 0.05
NO_PHONE_IN_CRM: Final = 0.25
NO_BIRTH_DATE: Final = 0.15
CRM_ID_IN_MESSAGES: Final = 0.85

# ── What the company does: e-mail, SMS, push, direct mail ─────────────────────
MESSAGE_CHANNELS: Final = ("email", "sms", "push", "mail")
CAMPAIGNS_PER_YEAR: Final = (52, 12, 24, 4)
CONSENTS: Final = (0.72, 0.30, 0.55, 0.60)  # given at the beginning
CONSENTS_WITHDRAWN_PER_YEAR: Final = 0.04
CONSENT_GIVEN_AGAIN: Final = 0.15
TARGETED_ACTIVE_DAYS: Final = 60  # the naive rule: bought lately, or the category before
TARGETED_AT_RANDOM: Final = 0.05
CONTROL_GROUP: Final = 0.10
OPEN_RATES: Final = (0.24, 0.0, 0.12, 0.0)  # means of a person's own; no pixel in SMS and letters
CLICK_RATES: Final = (0.13, 0.06, 0.22, 0.0)  # of those opened, or of those sent
FAVOURITE_CHANNEL_FACTOR: Final = 2.2
EFFECTS: Final = (0.008, 0.016, 0.008, 0.03)  # chance of one order more, per message sent
BUYS_AFTER_DAYS: Final = 1.8  # mean
FATIGUE_DAYS: Final = 21.0  # in so many days a message is forgotten to 1/e
FATIGUE: Final = 0.10  # share of the response that every message in mind takes
UNSUBSCRIBES: Final = 0.0012  # per message, with no other in mind
BOUNCES: Final = (0.004, 0.006, 0.02, 0.01)
