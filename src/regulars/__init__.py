"""Customer scores inside your own warehouse."""

from importlib.metadata import version

__version__ = version("regulars")
