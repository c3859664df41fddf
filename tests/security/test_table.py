"""The table of attacks is as long as it says, and no row stands in it twice."""

from __future__ import annotations

from tests.security import (
    test_addresses,
    test_forged,
    test_formulas,
    test_markup,
    test_outbound,
    test_secrets,
    test_server,
    test_typed_sql,
    test_uploads,
)

TABLE = {
    "typed SQL": test_typed_sql.ATTACKS, "cells": test_formulas.ATTACKS, "markup": test_markup.ATTACKS, "letters": test_markup.HEADERS,
    "files": test_uploads.ATTACKS, "names of files": test_uploads.NAMES, "pictures": test_uploads.PICTURES,
    "places to go": test_outbound.ATTACKS, "origins": test_server.ORIGINS, "tokens of uploads": test_server.UPLOADS,
    "paths": test_server.PATHS, "bytes": test_server.RAW, "addresses": test_addresses.ATTACKS, "secrets shown": test_secrets.SHOWN,
    "lines of the log": test_secrets.LINES, "messages": test_forged.ATTACKS,
}
"""Shape: door -> name of the attack -> what is sent."""
LEAST = 250


def test_the_table_has_the_length_that_it_says() -> None:
    assert sum(map(len, TABLE.values())) >= LEAST


def test_every_door_is_tried_from_more_than_one_side() -> None:
    assert all(len(rows) >= 5 for rows in TABLE.values())
