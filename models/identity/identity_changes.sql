-- One row per run, customer, customer that records came from, and change: created, merged, split or moved.
-- State: appended from what the run wrote into identity_map; the reasons are only known while it runs.

{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='append_new_columns',
    full_refresh=false,
    transient=false,
) }}

with

identity_map as (
    select * from {{ ref('identity_map') }}
),

ties as (
    select * from {{ ref('identity_change_ties') }}
),

ended as (
    select * from identity_map
    where ended_by_run_id = '{{ invocation_id }}'
),

customers as (
    select
        customer_id,
        min(case when run_id = '{{ invocation_id }}' then 1 else 0 end) = 1 as is_new,
        count(*) > count(valid_to) as is_living
    from identity_map
    group by customer_id
),

changed as (
    select
        identity_map.customer_id,
        ended.customer_id as previous_customer_id,
        count(*) as records_count
    from identity_map
    left join ended
        on
            identity_map.source_name = ended.source_name
            and identity_map.source_record_id = ended.source_record_id
    where identity_map.run_id = '{{ invocation_id }}'
    group by
        identity_map.customer_id,
        ended.customer_id
),

-- a new record of a customer that has others already is no change of the customer
typed as (
    select
        changed.*,
        case
            when changed.previous_customer_id is not null and not previous_customers.is_living then 'merged'
            when changed.previous_customer_id is not null and customers.is_new then 'split'
            when changed.previous_customer_id is not null then 'moved'
            when customers.is_new and count(changed.previous_customer_id) over (
                partition by changed.customer_id
            ) = 0 then 'created'
        end as change_type
    from changed
    inner join customers
        on changed.customer_id = customers.customer_id
    left join customers as previous_customers
        on changed.previous_customer_id = previous_customers.customer_id
),

final as (
    select
        cast('{{ invocation_id }}' as {{ column_type('text') }}) as run_id,
        cast('{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S.%f") }}' as {{ column_type('timestamp') }}) as changed_at,
        cast(typed.change_type as {{ column_type('text') }}) as change_type,
        cast(typed.customer_id as {{ column_type('text') }}) as customer_id,
        cast(typed.previous_customer_id as {{ column_type('text') }}) as previous_customer_id,
        cast(typed.records_count as {{ column_type('count') }}) as records_count,
        cast(case
            when typed.change_type = 'split' then 'nothing ties these records to the others any more'
            when typed.change_type = 'created' and typed.records_count = 1 then 'a new record'
            when typed.change_type = 'created'
                then {{ dbt.concat(["'new records, tied by '", "coalesce(ties.identifier_type, 'a link')"]) }}
            else {{ dbt.concat(["'tied by '", "coalesce(ties.identifier_type, 'other records')"]) }}
        end as {{ column_type('text') }}) as reason
    from typed
    left join ties
        on
            typed.customer_id = ties.customer_id
            and coalesce(typed.previous_customer_id, '') = ties.previous_customer_id
    where typed.change_type is not null
)

select * from final
