"""What somebody may have meant who mistyped a name."""

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """' (did you mean "severity"?)' for a name that is close to one of the known; else nothing."""
    names = {name.lower(): name for name in known}
    close = get_close_matches(word.lower(), names, n=1, cutoff=0.7)
    return f' (did you mean "{names[close[0]]}"?)' if close else ""
