"""Connected components of records, with the moment from which each belonging was known."""

import numpy as np
import pyarrow as pa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order, connected_components, minimum_spanning_tree


def cluster_records(records: pa.Table, links: pa.Table) -> pa.Table:
    """Ties every record to the oldest record of its component.

    A record is tied from the moment when a chain of links to the oldest record could
    be known: over all chains the smallest possible latest link, which is the largest
    link on the path through a minimum spanning tree.

    Args:
        records: (record_number), each once; a smaller number is an older record.
        links: (record_number, other_record_number, linked_at), any order.

    Returns:
        (record_number, root_record_number, linked_at), sorted by record_number;
        linked_at is null for a component's oldest record.
    """
    numbers = np.sort(records["record_number"].to_numpy())
    count = len(numbers)
    left = np.searchsorted(numbers, links["record_number"].to_numpy())
    right = np.searchsorted(numbers, links["other_record_number"].to_numpy())
    linked_at = links["linked_at"].combine_chunks().cast(pa.timestamp("us"))
    moments = linked_at.cast(pa.int64()).to_numpy(zero_copy_only=False)

    # scipy drops zero weights and adds up repeated links: rank the moments from 1, keep the first
    distinct, ranks = np.unique(moments, return_inverse=True)
    order = np.lexsort((ranks, right, left))
    left, right, ranks = left[order], right[order], ranks[order]
    new = np.ones(len(left), dtype=bool)
    new[1:] = (left[1:] != left[:-1]) | (right[1:] != right[:-1])
    graph = coo_array((ranks[new] + 1.0, (left[new], right[new])), shape=(count, count)).tocsr()

    tree = minimum_spanning_tree(graph)
    components, component = connected_components(tree, directed=False)
    roots = np.full(components, count, dtype=np.int64)
    np.minimum.at(roots, component, np.arange(count))
    latest = _latest_link_to_root(tree.tocoo(), roots, count)

    is_tied = latest > 0
    tied_at = np.zeros(count, dtype=np.int64)
    tied_at[is_tied] = distinct[latest[is_tied] - 1]
    return pa.table(
        {
            "record_number": numbers,
            "root_record_number": numbers[roots[component]],
            "linked_at": pa.array(tied_at, mask=~is_tied).cast(pa.timestamp("us")),
        }
    )


def _latest_link_to_root(tree: coo_array, roots: np.ndarray, count: int) -> np.ndarray:
    """The largest rank on each node's path to its root; 0 for the roots.

    One node above all roots joins the components, so that one walk finds every node's
    parent; then each node looks twice as far up in every round, until all see the top.
    """
    top = count
    joined = coo_array(
        (
            np.ones(len(tree.row) + len(roots)),
            (
                np.concatenate([tree.row, np.full(len(roots), top)]),
                np.concatenate([tree.col, roots]),
            ),
        ),
        shape=(count + 1, count + 1),
    ).tocsr()
    parent = breadth_first_order(joined, top, directed=False)[1].astype(np.int64)
    parent[top] = top

    latest = np.zeros(count + 1, dtype=np.int64)
    row_is_child = parent[tree.row] == tree.col
    latest[np.where(row_is_child, tree.row, tree.col)] = tree.data.astype(np.int64)

    above = parent
    while (above != top).any():
        latest = np.maximum(latest, latest[above])
        above = above[above]
    return latest[:count]
