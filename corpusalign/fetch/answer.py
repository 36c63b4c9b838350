"""What a server answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of one address to one GET.

    `headers` have lower-case names; `content` is the body with its content encoding undone; `fetched_at` is
    when the body came, a UTC time as `YYYY-MM-DDThh:mm:ssZ`, empty where an archive does not say.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes
    fetched_at: str
