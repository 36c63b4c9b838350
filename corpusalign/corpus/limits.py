"""Time and memory that one page set may take, held inside the process that works on it.

What the process cannot hold by itself (a call that never comes back, memory that other threads take) its
runner holds from outside.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from corpusalign.corpus.records import Limits


class OverdueError(BaseException):
    """The time is up. No Exception, so that a stage that mends what it can does not mend this."""


@contextmanager
def limited(limits: Limits) -> Iterator[None]:
    """Raise OverdueError in the block when its time is up, MemoryError when it wants too much.

    Time is held in the main thread of systems with interval timers (not Windows), memory on Linux.
    """
    with _time(limits.seconds), _memory(limits.memory):
        yield


@contextmanager
def _time(seconds: float | None) -> Iterator[None]:
    if (
        seconds is None
        or sys.platform == "win32"
        or threading.current_thread() is not threading.main_thread()
    ):
        yield
        return

    def overdue(_signal: int, _frame: FrameType | None) -> None:
        raise OverdueError

    before = signal.signal(signal.SIGALRM, overdue)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _memory(most: int | None) -> Iterator[None]:
    if most is None or sys.platform != "linux":
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    # The limit counts what is mapped, not what is used: what is mapped already and unused stays allowed.
    wanted = max(_status("VmData") + most - resident(), 0)
    limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def resident(process: int | None = None) -> int:
    """Return the bytes of memory that a process (this one, or by its number) holds; 0 where none can tell."""
    return _status("VmRSS", process)


def most_resident() -> int:
    """Return the most bytes that this process has held; 0 where none can tell."""
    return _status("VmHWM")


def _status(name: str, process: int | None = None) -> int:
    try:
        text = Path(f"/proc/{process or 'self'}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    for line in text.splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    return 0
