"""When two addresses are one, however they are written."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit


def same(url: str) -> str:
    """Return what is alike however an address is written: without scheme, fragment and escapes."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    if parts.scheme not in ("http", "https"):
        return unquote(url.partition("#")[0])
    host = (parts.hostname or "") + (f":{port}" if port not in (None, 80, 443) else "")
    query = f"?{unquote(parts.query)}" if parts.query else ""
    return f"//{host}{unquote(parts.path) or '/'}{query}"
