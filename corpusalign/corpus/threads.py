"""Matrix products on one thread: their last bits depend on how many there are, and so would the corpus."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

# What BLAS libraries read when they are loaded, and the encoder whenever it asks how many cores it may use.
_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@contextmanager
def one_thread() -> Iterator[None]:
    """Hold numpy's matrix products in this process to one thread each until the block ends.

    A build uses the cores by as many workers. (Measured with OpenBLAS: 600 sentences encoded on one thread
    and on two differ in the last bits of 91% of the components.)
    """
    from threadpoolctl import threadpool_limits

    # Only libraries that are loaded can be limited.
    import_module("numpy")
    before = {name: os.environ.get(name) for name in _VARIABLES}
    os.environ.update(dict.fromkeys(_VARIABLES, "1"))
    try:
        with threadpool_limits(limits=1, user_api="blas"):
            yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
