"""Which cluster of records keeps which customer, where merges and splits leave a choice."""

import numpy as np
import pyarrow as pa


def match_customers(overlaps: pa.Table) -> pa.Table:
    """Lets each customer go on as the largest part of itself that is still free.

    The oldest customer chooses first. So where customers merge the oldest goes on, and where
    one splits it goes on as the larger part; of parts of one size, as the one with the older
    oldest record. A customer whose parts all went to older ones ends; a cluster that nobody
    chose is a new customer.

    Args:
        overlaps: (root_record_number, customer_age_rank, records_count), any order: a cluster,
            a customer (a smaller rank is an older one), and how many records both have. Each
            pair of cluster and customer stands once.

    Returns:
        (root_record_number, customer_age_rank), sorted by root_record_number: each cluster
        once at most, and each customer.
    """
    roots = overlaps["root_record_number"].to_numpy().astype(np.int64)
    ranks = overlaps["customer_age_rank"].to_numpy().astype(np.int64)
    counts = overlaps["records_count"].to_numpy().astype(np.int64)

    order = np.lexsort((roots, -counts, ranks))
    taken: dict[int, int] = {}
    last_placed = None
    for root, rank in zip(roots[order].tolist(), ranks[order].tolist(), strict=True):
        if rank != last_placed and root not in taken:
            taken[root] = rank
            last_placed = rank

    kept = np.array(sorted(taken.items()), dtype=np.int64).reshape(-1, 2)
    return pa.table({"root_record_number": kept[:, 0], "customer_age_rank": kept[:, 1]})
