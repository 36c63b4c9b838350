"""Three ways to run the same jobs: in this process, in processes of this machine, on many machines.

Each is a function `run(jobs, ..., on_set=, on_receipt=, stopping=)` that returns when every job is done, or
when `stopping()` said so and those in hand are done. What a job makes does not depend on where it runs.
"""
