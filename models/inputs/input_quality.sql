-- One row per source and input that it feeds: what became of its rows, and how fresh they are.
-- The gate holds these figures against expectations/input_quality.json.

with

rows_read as (
    {%- for input, column in input_days().items() %}
    select
        source_name,
        '{{ input }}' as input_name,
        row_outcome,
        row_reason,
        {{ 'cast(' ~ column ~ ' as date)' if column else 'cast(null as date)' }} as row_date,
        loaded_at
    from {{ ref('input_' ~ input ~ '_checked') }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

counted as (
    select
        source_name,
        input_name,
        count(*) as rows_count,
        sum(case when row_outcome = 'kept' then 1 else 0 end) as kept_count,
        sum(case when row_outcome = 'quarantined' then 1 else 0 end) as quarantined_count,
        -- a version that a later load replaced was no repetition
        sum(case when row_outcome = 'deduplicated' and row_reason <> 'later_version_kept' then 1 else 0 end)
            as deduplicated_count,
        max(case when row_outcome = 'kept' then row_date end) as newest_date,
        max(loaded_at) as last_loaded_at
    from rows_read
    group by
        source_name,
        input_name
),

fed as (
    {{ fed_inputs() }}
),

-- a source that stopped while others go on shows against the newest events of all
newest as (
    select max(newest_date) as newest_event_date
    from counted
    where input_name = 'events'
),

final as (
    select
        fed.source_name,
        fed.input_name,
        coalesce(counted.rows_count, 0) as rows_count,
        coalesce(counted.kept_count, 0) as kept_count,
        cast(counted.quarantined_count as {{ column_type('number') }}) / counted.rows_count as quarantined_share,
        cast(counted.deduplicated_count as {{ column_type('number') }}) / counted.rows_count as deduplicated_share,
        counted.newest_date,
        case
            when fed.input_name = 'events'
                then {{ dbt.datediff('counted.newest_date', 'newest.newest_event_date', 'day') }}
        end as events_days_behind,
        counted.last_loaded_at,
        {{ dbt.datediff(
            'counted.last_loaded_at',
            "cast('" ~ run_started_at.strftime('%Y-%m-%d %H:%M:%S') ~ "' as timestamp)",
            'hour',
        ) }} as hours_since_loading
    from fed
    cross join newest
    left join counted
        on
            fed.source_name = counted.source_name
            and fed.input_name = counted.input_name
)

select * from final
