-- One row per tie between two records that was refused, because it would make one person of two.
-- Bits say how much speaks for one person: 0 is as likely as not, each bit more doubles the odds.

with

decisions as (
    select * from {{ ref('identity_link_decisions') }}
),

records as (
    select * from {{ ref('identity_records') }}
),

final as (
    select
        records.source_name,
        records.source_record_id,
        other_records.source_name as other_source_name,
        other_records.source_record_id as other_source_record_id,
        decisions.tied_by,
        decisions.linked_at,
        decisions.reason,
        decisions.match_bits,
        decisions.match_probability,
        decisions.groups_bits
    from decisions
    inner join records
        on decisions.record_number = records.record_number
    inner join records as other_records
        on decisions.other_record_number = other_records.record_number
    where decisions.is_refused
)

select * from final
