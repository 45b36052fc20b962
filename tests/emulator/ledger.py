"""What the emulator took without doing it: tests say what may stand here."""

import threading
from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Ledger:
    """Statements that had no effect, or less than Snowflake would give them, by kind."""

    entries: list[tuple[str, str]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def write(self, kind: str, statement: str) -> None:
        """Notes one statement; threads of the server may write at the same time."""
        with self._lock:
            self.entries.append((kind, " ".join(statement.split())))

    def kinds(self) -> Counter[str]:
        """How many statements there are of each kind."""
        return Counter(kind for kind, _ in self.entries)

    def of(self, kind: str) -> list[str]:
        """The statements of one kind, in the order in which they came."""
        return [statement for found, statement in self.entries if found == kind]
