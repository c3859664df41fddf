"""The demo agency: three invented clients with two years of marketing, as the export files of the real systems.

Pure writer. What it makes is loaded by the same readers as anybody's files; what there is to find in it
is told in `stories`.
"""

from data.demo.agency import DemoClient, DemoFile, write

__all__ = ["DemoClient", "DemoFile", "write"]
