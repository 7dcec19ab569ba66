"""What is measured: every metric once, and the few functions that record them.

Only OpenTelemetry's API is used here: without the set-up of `shared.runtime.telemetry` (in
a test, in another program) every call does nothing. docs/metrics.md is generated from here.

`messaging.*` and `gen_ai.*` are named as in the semantic conventions 1.44 (both still in
development there); the rest is ours, under `bolt.`. To add one: declare it in the module of
what it measures, and record it where that happens.
"""

from shared.telemetry import calls, jobs, live, messaging, process, stages
from shared.telemetry.declared import DECLARED, Metric

__all__ = ["DECLARED", "Metric", "calls", "jobs", "live", "messaging", "process", "stages"]
