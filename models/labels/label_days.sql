-- One row per (customer_id, as_of_date) that labels are asked of: past snapshots, to learn from, and days on which the
-- customer was scored, to judge the score. Labels hang on these rows, so that one SQL says what both are held against.

with

customer_snapshots as (
    select * from {{ ref('timeline_customer_snapshots') }}
),

scores as (
    select * from {{ ref('label_scores_to_judge') }}
),

asked as (
    select
        customer_id,
        as_of_date
    from customer_snapshots
    where not is_current

    union all

    select
        customer_id,
        score_date as as_of_date
    from scores
),

-- a day may be both, and two predictions score the same customer
final as (
    select distinct
        customer_id,
        as_of_date
    from asked
)

select * from final
