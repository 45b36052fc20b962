-- One row per cluster: the customer that it is, one of an earlier run or a new one.
-- The anchor is that customer, or for a new one the customer that its oldest placed record was of.

with

placements as (
    select * from {{ ref('identity_placements') }}
),

pairs as (
    select * from {{ ref('identity_overlaps') }}
),

matches as (
    select * from {{ ref('identity_matches') }}
),

ranked as (
    select
        pairs.*,
        pairs.is_only_pair or matches.root_record_number is not null as is_kept,
        row_number() over (
            partition by pairs.root_record_number
            order by
                case when pairs.is_only_pair or matches.root_record_number is not null then 0 else 1 end,
                pairs.first_record_number
        ) as anchor_rank
    from pairs
    left join matches
        on
            pairs.root_record_number = matches.root_record_number
            and pairs.customer_age_rank = matches.customer_age_rank
),

anchors as (
    select * from ranked
    where anchor_rank = 1
),

-- a name that was used before gets a number: an id that ended never comes back
minted as (
    select
        root_record_number,
        case
            when gave_its_name
                then {{ dbt.hash(dbt.concat([
                    first_customer_id('source_name', 'source_record_id'),
                    "'|'",
                    'cast(previous_customers_count as ' ~ column_type('text') ~ ')',
                ])) }}
            else {{ first_customer_id('source_name', 'source_record_id') }}
        end as customer_id
    from placements
    where record_number = root_record_number
),

final as (
    select
        minted.root_record_number,
        case when anchors.is_kept then anchors.customer_id else minted.customer_id end as customer_id,
        coalesce(anchors.is_kept, false) as is_kept,
        anchors.customer_id as anchor_customer_id,
        anchors.first_linked_at as anchor_linked_at
    from minted
    left join anchors
        on minted.root_record_number = anchors.root_record_number
)

select * from final
