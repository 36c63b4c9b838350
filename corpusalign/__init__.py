"""corpusalign: web pages that exist in several languages, turned into sentence-aligned translation memories."""

from corpusalign.version import __version__

__all__ = ["__version__"]
