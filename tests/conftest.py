"""Property tests look at fresh examples on a developer's machine and at fixed ones in CI, where a chance find would stop an unrelated change."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")
