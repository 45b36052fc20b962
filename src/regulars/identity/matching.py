"""How records are matched by what they say of a person: the var `identity_matching`, checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from regulars.errors import UserError

VAR = "identity_matching"
KINDS = ("given_name", "family_name", "date", "email", "phone", "code", "place")


@dataclass(frozen=True)
class SharedEvidence:
    """Columns that people have in common without being one person, such as a household's.

    Attributes:
        columns: compared columns.
        bits: what they count for together, at most.
    """

    columns: tuple[str, ...]
    bits: float


@dataclass(frozen=True)
class Matching:
    """What is compared, which pairs are, and when two records are one person.

    Attributes:
        links: whether matching details tie records; if not, they only contradict other ties.
        probability: from which on a pair is tied.
        comparisons: kind of comparison by column of identity_details.
        shared_evidence: caps; all hold at once, in whatever order they stand.
        keys: pairs are compared that agree on all columns of one of these.
        training_keys: the same, of compared columns, for finding pairs to train on.
        contradiction_bits: a pair with no more says that two records are different people.
        person_records_cap: how many records with details one customer may have.
    """

    links: bool
    probability: float
    comparisons: Mapping[str, str]
    shared_evidence: tuple[SharedEvidence, ...]
    keys: tuple[tuple[str, ...], ...]
    training_keys: tuple[tuple[str, ...], ...]
    contradiction_bits: float
    person_records_cap: int

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> "Matching":
        """Reads the var.

        Raises:
            UserError: when a part is missing, or a kind of comparison is unknown.
        """
        try:
            matching = cls(
                links=bool(config["links"]),
                probability=float(config["probability"]),
                comparisons=dict(config["comparisons"]),
                shared_evidence=tuple(
                    SharedEvidence(tuple(cap["columns"]), float(cap["bits"]))
                    for cap in config["shared_evidence"]
                ),
                keys=_keys(config["keys"]),
                training_keys=_keys(config["training_keys"]),
                contradiction_bits=float(config["contradiction_bits"]),
                person_records_cap=int(config["person_records_cap"]),
            )
        except KeyError as error:
            raise UserError(
                f"The var {VAR} has no {error}: see dbt_project.yml for what it holds."
            ) from error
        except (TypeError, ValueError) as error:
            raise UserError(
                f"The var {VAR} can't be read ({error}): see dbt_project.yml for its form."
            ) from error
        for column, kind in matching.comparisons.items():
            if kind not in KINDS:
                raise UserError(
                    f"The var {VAR} compares {column} as '{kind}': write one of {', '.join(KINDS)}."
                )
        return matching

    def of(self, filled: Sequence[str]) -> "Matching":
        """What of it works on details of which only these columns are filled."""
        compared = {c: kind for c, kind in self.comparisons.items() if c in filled}
        return Matching(
            links=self.links,
            probability=self.probability,
            comparisons=compared,
            shared_evidence=self.shared_evidence,
            keys=_usable(self.keys, filled),
            training_keys=_usable(self.training_keys, compared),
            contradiction_bits=self.contradiction_bits,
            person_records_cap=self.person_records_cap,
        )

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that a comparison or a key reads, each once."""
        named = [*self.comparisons, *(column for key in self.keys for column in key)]
        return tuple(dict.fromkeys(named))


def _keys(keys: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(key) for key in keys)


def _usable(
    keys: tuple[tuple[str, ...], ...], filled: Sequence[str] | Mapping[str, str]
) -> tuple[tuple[str, ...], ...]:
    return tuple(key for key in keys if all(column in filled for column in key))
