"""Property tests look at fresh examples on a developer's machine, and at fixed ones in CI: a chance find must not stop another change."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")
