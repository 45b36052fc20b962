"""Two customers of the demo world who turn out to be one."""

from tests.worlds import World


def two_who_merge(world: World) -> tuple[str, str]:
    """The customer that will be kept and the one that will end: a new identifier ties them.

    The oldest records have the oldest customers.
    """
    (kept_id, kept_account), (gone_id, gone_account) = world.rows(
        "select customer_id, min(source_record_id) from identity.identity_map"
        " join (select customer_id, min(linked_at) as began_at from identity.identity_map"
        "  group by customer_id) using (customer_id)"
        " where source_name = 'shop' and valid_to is null"
        " and customer_id in (select customer_id from scores.customer_scores"
        " where churn_score is not null)"
        " group by customer_id, began_at order by began_at limit 2"
    )
    world.change(
        *(
            f"insert into raw_shop.accounts select '{account}', null, null, 'glue',"
            " timestamp '2026-06-30 08:00:00', max(loaded_at) from raw_shop.accounts"
            for account in (kept_account, gone_account)
        )
    )
    return kept_id, gone_id
