"""Every rate of the made-up world, in one place. Shares are of 1; times in days or years."""

from typing import Final

# ── Who there is ──────────────────────────────────────────────────────────────
CRM_ONLY: Final = 0.03  # people known to crm who never come to the shop
SHOP_ONLY: Final = 0.08  # people without a crm contact
TWO_ACCOUNTS: Final = 0.04  # people with a second shop account
JOINED_BEFORE: Final = 0.38  # shoppers who were customers before the world begins

# ── How they live ─────────────────────────────────────────────────────────────
ORDERS_PER_YEAR: Final = 5.2  # mean of the personal rate, a gamma
ORDER_RATE_SHAPE: Final = 1.0  # 1 = many who buy seldom, a few who buy weekly
LAPSES_PER_YEAR: Final = 0.55  # mean of the personal hazard of lapsing, a gamma
LAPSE_RATE_SHAPE: Final = 1.4
FADES_FIRST: Final = 0.5  # share whose buying slows down before they lapse
FADE_DAYS: Final = (60, 180)  # for how long it slows down
FADE_FLOOR: Final = 0.1  # what is left of the rate at its end

# ── What they buy ─────────────────────────────────────────────────────────────
EXTRA_LINES_PER_ORDER: Final = 1.5
EXTRA_UNITS: Final = (0.16, 0.05)  # share of lines with a second, a third unit
TASTE_CONCENTRATION: Final = 0.35  # small = few categories per person
DISCOUNTED_LINES: Final = 0.22
DISCOUNTED_LINES_IN_NOVEMBER: Final = 0.45
CHANNEL_SHARES: Final = {"web": 0.58, "app": 0.32, "store_pickup": 0.10}

# ── How they browse: events per order made, bursts without an order, and idly ──
EVENTS_BEFORE_ORDER: Final = 3.2
DAYS_BEFORE_ORDER: Final = 2.5  # mean distance of those events to the order
BURSTS_PER_ORDER: Final = 0.3  # interest that ends in no order
EVENTS_PER_BURST: Final = 3.2
IDLE_EVENTS_PER_ORDER: Final = 1.5
IDLE_AFTER_LAPSE: Final = 0.12  # share of the idle browsing that outlives the customer
KIND_SHARES: Final = {"view": 0.72, "search": 0.16, "cart": 0.12}

# ── Identifiers ───────────────────────────────────────────────────────────────
LOYALTY_MEMBERS: Final = 0.45
LOYALTY_SHOWN_IN_SHOP: Final = 0.8  # share of the members' accounts that carry the number
LOYALTY_SHOWN_IN_CRM: Final = 0.6
SECOND_ACCOUNT_SAME_EMAIL: Final = 0.5  # the others share the loyalty number only
SECOND_ACCOUNT_USED: Final = 0.8  # share of what happens there once it exists
EMAIL_IN_ODD_CASE: Final = 0.08
EMAIL_WITH_BLANKS: Final = 0.04
NO_EMAIL_IN_CRM: Final = 0.05
NO_PHONE: Final = 0.25
NO_BIRTH_DATE: Final = 0.12

# ── Honest dirt: what quarantine and deduplication are for ────────────────────
BAD_QUANTITY: Final = 0.003  # order lines with a quantity of 0 or -1
MISSING_PRODUCT: Final = 0.001  # order lines without a product
DUPLICATE_BROWSING: Final = 0.002  # browsing rows written twice
UNKNOWN_BROWSER: Final = 0.01  # browsing rows without an account
