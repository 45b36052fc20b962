"""Connected components of records, with the moment from which each belonging was known."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree

from regulars.errors import UserError

Ints = NDArray[np.int64]


def cluster_records(records: pa.Table, links: pa.Table) -> pa.Table:
    """Ties every record to the oldest record of its component.

    A record is tied from the moment when a chain of links to the oldest record could
    be known: over all chains the smallest possible latest link, which is the largest
    link on the path through a minimum spanning tree.

    Args:
        records: (record_number), each once, from about 1 to their count; a smaller number is an
            older record.
        links: (record_number, other_record_number, linked_at), any order.

    Returns:
        (record_number, root_record_number, linked_at), sorted by record_number;
        linked_at is null for a component's oldest record.

    Raises:
        UserError: when a link has no moment.
    """
    if links["linked_at"].null_count:
        raise UserError("identity_links has ties without linked_at: every tie needs its moment.")
    numbers = np.sort(records["record_number"].to_numpy())
    size = int(numbers.max(initial=-1)) + 1
    distinct, left, right, ranks = _first_links(links, size)
    # scipy drops zero weights
    graph = coo_array((ranks + 1.0, (left, right)), shape=(size, size)).tocsr()
    tree = minimum_spanning_tree(graph)
    components, component = connected_components(tree, directed=False)
    roots = np.full(components, size, dtype=np.int64)
    np.minimum.at(roots, component, np.arange(size))
    latest = _latest_link_to_root(tree.tocoo(), roots, size)[numbers]

    is_tied = latest > 0
    tied_at = np.zeros(len(numbers), dtype=np.int64)
    tied_at[is_tied] = distinct[latest[is_tied] - 1]
    return pa.table(
        {
            "record_number": numbers,
            "root_record_number": roots[component[numbers]],
            "linked_at": pa.array(tied_at, mask=~is_tied).cast(pa.timestamp("us")),
        }
    )


def _first_links(links: pa.Table, size: int) -> tuple[Ints, Ints, Ints, Ints]:
    """The distinct moments, and each pair of records once: left, right, rank of its first moment.

    scipy adds up what is there twice.
    """
    linked_at = links["linked_at"].combine_chunks().cast(pa.timestamp("us"))
    moments = linked_at.cast(pa.int64()).to_numpy(zero_copy_only=False)
    distinct, ranks = np.unique(moments, return_inverse=True)
    pairs = links["record_number"].to_numpy() * size + links["other_record_number"].to_numpy()
    earliest = np.argsort(ranks, kind="stable")
    pairs, first = np.unique(pairs[earliest], return_index=True)
    return distinct, pairs // size, pairs % size, ranks[earliest][first]


def _latest_link_to_root(tree: coo_array, roots: Ints, size: int) -> Ints:
    """The largest rank on each node's path to its root; 0 for the roots.

    A node with one neighbour has it for its parent. Taking those away, round by round, until only
    the roots are left finds every node's parent, whatever the tree's depth, and each node once.
    For a node with one neighbour the sum of its neighbours is that neighbour.
    """
    here = np.concatenate([tree.row, tree.col])
    there = np.concatenate([tree.col, tree.row])
    ranks = np.concatenate([tree.data, tree.data])
    degree = np.bincount(here, minlength=size)
    neighbours = np.bincount(here, there, size).astype(np.int64)
    weights = np.bincount(here, ranks, size).astype(np.int64)
    degree[roots] += size  # they are never taken away
    seen_last = np.zeros(size, dtype=np.int64)
    rounds = []
    leaves = np.flatnonzero(degree == 1)
    while len(leaves):
        parents = neighbours[leaves]
        rounds.append((leaves, parents))
        np.subtract.at(degree, parents, 1)
        np.subtract.at(neighbours, parents, leaves)
        np.subtract.at(weights, parents, weights[leaves])
        bared = parents[degree[parents] == 1]
        seen_last[bared] = np.arange(len(bared))
        leaves = bared[seen_last[bared] == np.arange(len(bared))]  # each once
    latest = np.zeros(size, dtype=np.int64)
    for leaves, parents in reversed(rounds):
        latest[leaves] = np.maximum(weights[leaves], latest[parents])
    return latest
