"""A Logs-like TSV of any size, for benchmarks: 20 columns, skewed sources and cities as on a real site, goals on 3 % of visits."""

from __future__ import annotations

from pathlib import Path

import duckdb

COUNTER = "10203040"


def write(path: Path, visits: int, days: int = 730) -> None:
    """Write `visits` rows over `days` days up to 31 December 2025. About 210 bytes a row."""
    skewed = "(pow((hash(i + {salt}) % 1000003) / 1000003.0, 3) * {n})::INT"
    origin = skewed.format(salt=10, n=60)
    duckdb.sql(f"""
        COPY (
            SELECT (1000000000000000000::UBIGINT + hash(i) % 9000000000000000000)::VARCHAR AS "ym:s:visitID",
                '{COUNTER}' AS "ym:s:counterID",
                day::VARCHAR AS "ym:s:date",
                (day::TIMESTAMP + to_seconds((hash(i + 7) % 86400)::BIGINT))::VARCHAR AS "ym:s:dateTime",
                hash(hash(i * 3) % ({visits} * 6 // 10))::VARCHAR AS "ym:s:clientID",
                (hash(i + 1) % 2)::VARCHAR AS "ym:s:isNewUser",
                'https://shop.example/catalog/' || {skewed.format(salt=2, n=400)} || '?utm_source=yandex&utm_medium=cpc' AS "ym:s:startURL",
                (1 + hash(i + 3) % 9)::VARCHAR AS "ym:s:pageViews",
                (hash(i + 4) % 900)::VARCHAR AS "ym:s:visitDuration",
                (hash(i + 5) % 5 == 0)::INT::VARCHAR AS "ym:s:bounce",
                CASE WHEN hash(i + 6) % 100 = 0 THEN '[225392702,225392736]' WHEN hash(i + 6) % 50 = 1 THEN '[225392702]' ELSE '[]' END
                    AS "ym:s:goalsID",
                CASE WHEN hash(i + 6) % 100 = 0 THEN '[0,0]' WHEN hash(i + 6) % 50 = 1 THEN '[0]' ELSE '[]' END AS "ym:s:goalsPrice",
                'Russia' AS "ym:s:regionCountry",
                'City ' || {skewed.format(salt=8, n=300)} AS "ym:s:regionCity",
                (1 + {skewed.format(salt=9, n=3)})::VARCHAR AS "ym:s:deviceCategory",
                ['ad', 'organic', 'direct', 'referral', 'social'][1 + o % 5] AS "ym:s:lastsignTrafficSource",
                CASE WHEN o % 5 = 0 THEN 'ya_direct' ELSE 'ya_undefined' END AS "ym:s:lastsignAdvEngine",
                CASE WHEN o % 5 = 0 THEN 'yandex' ELSE '' END AS "ym:s:lastsignUTMSource",
                CASE WHEN o % 5 = 0 THEN 'cpc' ELSE '' END AS "ym:s:lastsignUTMMedium",
                CASE WHEN o % 5 = 0 THEN 'campaign_' || o ELSE '' END AS "ym:s:lastsignUTMCampaign"
            FROM (SELECT i, {origin} AS o, DATE '2025-12-31' - {days - 1} + (i * {days} // {visits})::INT AS day FROM range({visits}) t(i))
        ) TO '{path}' (DELIMITER '\t', HEADER, QUOTE '')""")
