"""Names for units that come without one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping


def name_of(variants: Mapping[str, str]) -> str:
    """Name a foreign unit by its texts, in 16 hexadecimal digits: equal units have equal names."""
    facts = sorted(variants.items())
    return hashlib.sha256(json.dumps(facts).encode("ascii")).hexdigest()[:16]
