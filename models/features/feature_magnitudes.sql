-- One row per population of a prediction (and everybody), feature and order of magnitude: how many customers of today.
-- By population, too: among all customers those who are long gone grow from day to day, and no model looks at them.

with

features as (
    select
        customer_features.*,
        -- a digit for each population: one pass over a feature serves them all
        {% for population in populations() -%}
        case when {{ population }} then '1' else '0' end{{ ' || ' if not loop.last }}
        {%- endfor %} as memberships
    from {{ ref('customer_features') }} as customer_features
    where customer_features.as_of_date = {{ current_snapshot() }}
),

binned as (
    {%- set categories = category_features() %}
    {%- for feature in feature_names() %}
    {%- set magnitude_of_feature = magnitude(feature, feature in categories) %}
    select
        '{{ feature }}' as feature_name,
        memberships,
        {{ magnitude_of_feature }} as magnitude,
        count(*) as customers_count
    from features
    group by
        memberships,
        {{ magnitude_of_feature }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

populations as (
    select
        'everybody' as population,
        0 as place
    {%- for population in populations() %}
    union all
    select
        {{ sql_text(population) }} as population,
        {{ loop.index }} as place
    {%- endfor %}
),

final as (
    select
        populations.population,
        binned.feature_name,
        binned.magnitude,
        cast(sum(binned.customers_count) as {{ column_type('count') }}) as customers_count
    from binned
    inner join populations
        on
            populations.place = 0
            or substring(binned.memberships, populations.place, 1) = '1'
    group by
        populations.population,
        binned.feature_name,
        binned.magnitude
)

select * from final
