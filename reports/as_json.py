"""A document as JSON: the story itself, for programs and for keeping what was sent."""

from __future__ import annotations

import json

from reports.exporting import Export
from reports.story import Story, plain


def write(story: Story) -> bytes:
    return json.dumps(plain(story), ensure_ascii=False, indent=1).encode(errors="replace")


EXPORT = Export("json", "json", "application/json", write)
