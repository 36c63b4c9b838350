"""Three ways to do the same tasks: in this process, in processes of this machine, on many machines.

Each is a function `run(tasks, ..., on_set=, on_receipt=, stopping=)` that returns when every task is done, or
when `stopping()` said so and those in hand are done. What a task makes does not depend on where it is done.
"""
