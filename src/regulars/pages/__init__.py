"""Pages to read without a network, whichever command writes them: their look, and their folder."""

from pathlib import Path

# what every page's own templates include
TEMPLATES = Path(__file__).parent / "templates"
