-- One row per (customer_id, as_of_date): everything a model may know of a customer on that day.
-- Counts and amounts are 0 where nothing happened; what can't be known (a gap, a last year) is null.
-- Features of your own (var own_features) come last, null where their model has no row.

{% set windows = var('feature_windows') %}
{% set counted = {
    'purchases': ['purchases_count', 'purchase_days_count', 'purchase_lines_count', 'units_count',
                  'revenue_amount', 'discount_amount'],
    'products': ['items_count'],
    'returns': ['returns_count', 'returns_amount'],
    'browsing': ['page_views_count', 'searches_count', 'cart_adds_count'],
} %}

with

customer_snapshots as (
    select * from {{ ref('timeline_customer_snapshots') }}
),

rfmt as (
    select * from {{ ref('feature_rfmt') }}
),

purchases as (
    select * from {{ ref('feature_purchases') }}
),

products as (
    select * from {{ ref('feature_products') }}
),

rhythm as (
    select * from {{ ref('feature_rhythm') }}
),

season as (
    select * from {{ ref('feature_season') }}
),

returns as (
    select * from {{ ref('feature_returns') }}
),

browsing as (
    select * from {{ ref('feature_browsing') }}
),

{% for own in own_features() -%}
{{ own.model }} as (
    select * from {{ ref(own.model) }}
),

{% endfor -%}
final as (
    select
        customer_snapshots.customer_id,
        customer_snapshots.as_of_date,

        -- recency, frequency, monetary value, tenure
        rfmt.days_since_last_purchase,
        rfmt.days_since_first_purchase,
        coalesce(rfmt.purchases_count, 0) as purchases_count,
        coalesce(rfmt.revenue_amount, 0) as revenue_amount,

        -- order sizes
        rfmt.average_order_amount,
        rfmt.largest_order_amount,
        rfmt.last_order_amount,
        rfmt.average_order_lines_count,
        rfmt.average_order_units_count,
        rfmt.last_order_lines_count,

        -- rhythm
        rhythm.mean_gap_days,
        rhythm.gap_days_deviation,
        rhythm.longest_gap_days,
        rhythm.last_gap_days,
        rhythm.last_purchase_over_mean_gap,

        -- season and trend
        season.purchases_count_next_30d_last_year,
        season.purchases_count_next_90d_last_year,
        season.purchases_count_90d_last_year,
        season.revenue_amount_next_90d_last_year,
        2 * coalesce(purchases.purchases_count_90d, 0) - coalesce(purchases.purchases_count_180d, 0)
            as purchases_trend_90d,
        2 * coalesce(purchases.revenue_amount_90d, 0) - coalesce(purchases.revenue_amount_180d, 0)
            as revenue_trend_90d,
        coalesce(products.items_bought_again_count, 0) as items_bought_again_count,
        browsing.days_since_last_browsing,

        -- counts and amounts in windows
        {%- for family, names in counted.items() %}
        {%- for name in names %}
        {%- set last_name = loop.last %}
        {%- for days in windows %}
        coalesce({{ family }}.{{ name }}_{{ days }}d, 0) as {{ name }}_{{ days }}d
        {%- if not (loop.last and last_name and family == 'browsing') %},{% endif %}
        {%- endfor %}
        {%- endfor %}
        {%- endfor %}

        {%- for own in own_features() %}
        {%- for column in own.columns %},
        {{ own.model }}.{{ column }}
        {%- endfor %}
        {%- endfor %}
    from customer_snapshots
    {% for family in ['rfmt', 'purchases', 'products', 'rhythm', 'season', 'returns', 'browsing']
        + own_features() | map(attribute='model') | list %}
    left join {{ family }}
        on
            customer_snapshots.customer_id = {{ family }}.customer_id
            and customer_snapshots.as_of_date = {{ family }}.as_of_date
    {% endfor %}
)

select * from final
