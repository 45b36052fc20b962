"""dbt's messages as one sentence each."""


def one_line(message: str) -> str:
    """The sentence of a dbt error: without its heading, a traceback, or the code's path."""
    if "Traceback (most recent call last):" in message:
        return _raised(message)
    lines = [line.strip() for line in message.splitlines() if line.strip("^~ ")]
    headings = ("Runtime Error", "Compilation Error", "Database Error", "Parsing Error", "compiled")
    kept = [line for line in lines if not line.startswith(headings)]
    said = [line for line in kept if not line.startswith(("> in macro", "> called by"))]
    return " ".join(" ".join(said or lines).split())


def _raised(message: str) -> str:
    """What the exception says at the end of a traceback, which may be several lines."""
    heading, _, rest = message.rpartition("Traceback (most recent call last):")
    indent = heading.rpartition("\n")[2]
    lines = rest.splitlines()[1:]
    # frames stand deeper than the heading, and the exception as deep as it
    deeper = (f"{indent} ", f"{indent}\t")
    start = next((n for n, line in enumerate(lines) if not line.startswith(deeper)), 0)
    text = " ".join(" ".join(lines[start:]).split())
    said = text.partition(": ")[2]
    return said if " " in said else text
