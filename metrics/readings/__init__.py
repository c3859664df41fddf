"""What methods say about a client: a store is asked, a method is run, and a reading comes out that holds every figure a screen needs.

A reading is a frozen dataclass of plain values (`plain` turns it into what JSON can hold) and depends on no door: the command line prints
it, pages and slides draw it. Its sentences are in `metrics.sentences`.
"""
