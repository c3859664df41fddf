"""The command line in a hurry: `python -m tests.fakes.drive pull …` with waits and limits of time shortened.

`FAKE_HURRY` is by how much; `FAKE_AHEAD` is by how many seconds the clock runs ahead, for what happens tomorrow.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from connectors import web
from connectors.pace import Clock, Rate


def clock(factor: float, ahead: float = 0.0) -> Callable[[], Clock]:
    """What makes a clock whose waits are shorter."""
    return lambda: Clock(lambda: time.time() + ahead, lambda seconds: time.sleep(seconds / factor))


def main() -> None:
    import commands

    factor = float(os.environ.get("FAKE_HURRY", "20"))
    setattr(web, "Clock", clock(factor, float(os.environ.get("FAKE_AHEAD", "0"))))  # noqa: B010
    Rate.hurry = factor
    commands.main()


if __name__ == "__main__":
    main()
