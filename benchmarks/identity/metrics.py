"""How well clusters of records agree with the people that the records are of."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Agreement:
    """Clusters held against people, over the same records.

    Attributes:
        records: how many there are.
        people: how many different ones.
        clusters: how many were found.
        largest: records of the largest cluster.
        precision: of the pairs of records that stand in one cluster, the share of one person.
        recall: of the pairs of records of one person, the share that stand in one cluster.
        cluster_precision: of the clusters, the share that are one person with all their records.
        cluster_recall: of the people, the share that are one such cluster.
    """

    records: int
    people: int
    clusters: int
    largest: int
    precision: float
    recall: float
    cluster_precision: float
    cluster_recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of pairwise precision and recall."""
        together = self.precision + self.recall
        return 2 * self.precision * self.recall / together if together else 0.0


def agreement(clusters: NDArray[Any], people: NDArray[Any]) -> Agreement:
    """Counts pairs exactly, from the sizes of clusters, of people, and of what they share.

    Where there are no pairs to be right about, a share is 1.

    Args:
        clusters: of each record, as whatever can be sorted.
        people: the same records', in the same order.
    """
    _, cluster = np.unique(clusters, return_inverse=True)
    _, person = np.unique(people, return_inverse=True)
    of_cluster, of_person = np.bincount(cluster), np.bincount(person)
    shared, shared_size = np.unique(
        cluster.astype(np.int64) * len(of_person) + person, return_counts=True
    )
    alone = shared_size == of_cluster[shared // max(len(of_person), 1)]
    whole = shared_size == of_person[shared % max(len(of_person), 1)]
    exact = int((alone & whole).sum())
    right = _pairs(shared_size)
    return Agreement(
        records=len(cluster),
        people=len(of_person),
        clusters=len(of_cluster),
        largest=int(of_cluster.max(initial=0)),
        precision=_share(right, _pairs(of_cluster)),
        recall=_share(right, _pairs(of_person)),
        cluster_precision=_share(exact, len(of_cluster)),
        cluster_recall=_share(exact, len(of_person)),
    )


def _pairs(sizes: NDArray[Any]) -> int:
    return int((sizes.astype(np.int64) * (sizes - 1) // 2).sum())


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
