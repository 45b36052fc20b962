-- One row per person record: which of its values survive in the profile of its customer.
-- By the rules of the var identity_survivorship; the columns of a group come from one record.

with

records as (
    select * from {{ ref('identity_profiles') }}
),
{%- for group in survivorship() %}

{{ group.name }}_counts as (
    select
        customer_id,
        {{ group.name }}_compared,
        count(*) as {{ group.name }}_agreeing_count
    from records
    where {{ group.name }}_compared is not null
    group by {{ group.name }}_compared, customer_id
),
{%- endfor %}

counted as (
    select
        {%- for group in survivorship() %}
        {{ group.name }}_counts.{{ group.name }}_agreeing_count,
        {%- endfor %}
        {{ trust_rank('records.source_name') }} as trust_rank,
        records.*
    -- sqlfluff loses count of the indentation in a loop of joins -- noqa: disable=LT02
    from records
    {%- for group in survivorship() %}
    left join {{ group.name }}_counts
        on
            records.{{ group.name }}_compared = {{ group.name }}_counts.{{ group.name }}_compared
            and records.customer_id = {{ group.name }}_counts.customer_id
    {%- endfor %}
    -- noqa: enable=LT02
),

ranked as (
    select
        *,
        rank() over (
            partition by customer_id order by updated_at desc nulls last
        ) as recency_rank,
        row_number() over (
            partition by customer_id
            order by updated_at desc nulls last, trust_rank, source_name, source_record_id
        ) as record_rank
    from counted
),

ordered as (
    select
        *,
        {%- for group in survivorship() %}
        {{ survival_order(group) }} as {{ group.name }}_order{% if not loop.last %},{% endif %}
        {%- endfor %}
    from ranked
),

firsts as (
    select
        customer_id,
        {%- for group in survivorship() %}
        min({{ group.name }}_order) as {{ group.name }}_first{% if not loop.last %},{% endif %}
        {%- endfor %}
    from ordered
    group by customer_id
),

final as (
    select
        ordered.customer_id,
        ordered.source_name,
        ordered.source_record_id,
        {%- for group in survivorship() %}
        {%- for column in group.columns %}
        ordered.{{ column }},
        {%- endfor %}
        coalesce(ordered.{{ group.name }}_order = firsts.{{ group.name }}_first, false) as {{ group.name }}_survives,
        ordered.{{ group.name }}_agreeing_count,
        ordered.{{ group.name }}_is_last_resort,
        {%- endfor %}
        ordered.updated_at,
        ordered.known_at
    from ordered
    inner join firsts
        on ordered.customer_id = firsts.customer_id
)

select * from final
