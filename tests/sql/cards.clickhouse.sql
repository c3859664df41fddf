SELECT 0 AS "feed", "window", "currency", "v0" FROM (
SELECT
  "t4"."window" AS "window",
  '' AS "currency",
  "t4"."v0" AS "v0"
FROM (
  SELECT
    "t3"."window" AS "window",
    CAST(COALESCE(SUM("t3"."visits"), 0) AS Nullable(Float64)) AS "v0"
  FROM (
    SELECT
      *
    FROM (
      SELECT
        0 AS "window",
        "t0"."visits" AS "visits"
      FROM "traffic" AS "t0"
      WHERE
        "t0"."account" IN ('44')
        AND "t0"."attribution" = 'last_significant'
        AND "t0"."breakdown" = 'origin,device'
        AND "t0"."goal" = ''
        AND "t0"."day" >= toDate('2026-03-01')
        AND "t0"."until" <= toDate('2026-03-31')
    ) AS "t1"
    UNION ALL
    SELECT
      *
    FROM (
      SELECT
        1 AS "window",
        "t0"."visits" AS "visits"
      FROM "traffic" AS "t0"
      WHERE
        "t0"."account" IN ('44')
        AND "t0"."attribution" = 'last_significant'
        AND "t0"."breakdown" = 'origin,device'
        AND "t0"."goal" = ''
        AND "t0"."day" >= toDate('2026-01-29')
        AND "t0"."until" <= toDate('2026-02-28')
    ) AS "t2"
  ) AS "t3"
  GROUP BY
    "t3"."window"
) AS "t4"
) AS part_0
UNION ALL
SELECT 1 AS "feed", "window", "currency", "v0" FROM (
SELECT
  "t5"."window" AS "window",
  '' AS "currency",
  "t5"."v0" AS "v0"
FROM (
  SELECT
    "t4"."window" AS "window",
    CAST(COUNT(*) AS Nullable(Float64)) AS "v0"
  FROM (
    SELECT DISTINCT
      *
    FROM (
      SELECT
        *
      FROM (
        SELECT
          0 AS "window",
          "t0"."visitor" AS "visitor"
        FROM "visits" AS "t0"
        WHERE
          "t0"."account" IN ('44')
          AND "t0"."visitor" <> 0
          AND "t0"."day" >= toDate('2026-03-01')
          AND "t0"."day" <= toDate('2026-03-31')
      ) AS "t1"
      UNION ALL
      SELECT
        *
      FROM (
        SELECT
          1 AS "window",
          "t0"."visitor" AS "visitor"
        FROM "visits" AS "t0"
        WHERE
          "t0"."account" IN ('44')
          AND "t0"."visitor" <> 0
          AND "t0"."day" >= toDate('2026-01-29')
          AND "t0"."day" <= toDate('2026-02-28')
      ) AS "t2"
    ) AS "t3"
  ) AS "t4"
  GROUP BY
    "t4"."window"
) AS "t5"
) AS part_1
UNION ALL
SELECT 2 AS "feed", "window", "currency", "v0" FROM (
SELECT
  "t5"."window" AS "window",
  '' AS "currency",
  "t5"."v0" AS "v0"
FROM (
  SELECT
    "t4"."window" AS "window",
    CAST(COUNT(*) AS Nullable(Float64)) AS "v0"
  FROM (
    SELECT DISTINCT
      *
    FROM (
      SELECT
        *
      FROM (
        SELECT
          0 AS "window",
          "t0"."year" AS "year",
          "t0"."visit" AS "visit"
        FROM "conversions" AS "t0"
        WHERE
          "t0"."account" IN ('44')
          AND "t0"."goal" IN ('11', '12')
          AND "t0"."day" >= toDate('2026-03-01')
          AND "t0"."day" <= toDate('2026-03-31')
      ) AS "t1"
      UNION ALL
      SELECT
        *
      FROM (
        SELECT
          1 AS "window",
          "t0"."year" AS "year",
          "t0"."visit" AS "visit"
        FROM "conversions" AS "t0"
        WHERE
          "t0"."account" IN ('44')
          AND "t0"."goal" IN ('11', '12')
          AND "t0"."day" >= toDate('2026-01-29')
          AND "t0"."day" <= toDate('2026-02-28')
      ) AS "t2"
    ) AS "t3"
  ) AS "t4"
  GROUP BY
    "t4"."window"
) AS "t5"
) AS part_2
UNION ALL
SELECT 3 AS "feed", "window", "currency", "v0" FROM (
SELECT
  *
FROM (
  SELECT
    "t3"."window" AS "window",
    "t3"."currency" AS "currency",
    CAST(COALESCE(SUM("t3"."cost"), 0) AS Nullable(Float64)) AS "v0"
  FROM (
    SELECT
      *
    FROM (
      SELECT
        0 AS "window",
        "t0"."currency" AS "currency",
        "t0"."cost" AS "cost"
      FROM "spend" AS "t0"
      WHERE
        "t0"."account" IN ('direct', 'sheet')
        AND "t0"."day" >= toDate('2026-03-01')
        AND "t0"."until" <= toDate('2026-03-31')
    ) AS "t1"
    UNION ALL
    SELECT
      *
    FROM (
      SELECT
        1 AS "window",
        "t0"."currency" AS "currency",
        "t0"."cost" AS "cost"
      FROM "spend" AS "t0"
      WHERE
        "t0"."account" IN ('direct', 'sheet')
        AND "t0"."day" >= toDate('2026-01-29')
        AND "t0"."until" <= toDate('2026-02-28')
    ) AS "t2"
  ) AS "t3"
  GROUP BY
    "t3"."window",
    "t3"."currency"
) AS "t4"
) AS part_3
UNION ALL
SELECT 4 AS "feed", "window", "currency", "v0" FROM (
SELECT
  "t4"."window" AS "window",
  '' AS "currency",
  "t4"."v0" AS "v0"
FROM (
  SELECT
    "t3"."window" AS "window",
    CAST(COALESCE(SUM("t3"."reaches"), 0) AS Nullable(Float64)) AS "v0"
  FROM (
    SELECT
      *
    FROM (
      SELECT
        0 AS "window",
        "t0"."reaches" AS "reaches"
      FROM "conversions" AS "t0"
      WHERE
        "t0"."account" IN ('44')
        AND "t0"."goal" IN ('11', '12')
        AND "t0"."day" >= toDate('2026-03-01')
        AND "t0"."day" <= toDate('2026-03-31')
    ) AS "t1"
    UNION ALL
    SELECT
      *
    FROM (
      SELECT
        1 AS "window",
        "t0"."reaches" AS "reaches"
      FROM "conversions" AS "t0"
      WHERE
        "t0"."account" IN ('44')
        AND "t0"."goal" IN ('11', '12')
        AND "t0"."day" >= toDate('2026-01-29')
        AND "t0"."day" <= toDate('2026-02-28')
    ) AS "t2"
  ) AS "t3"
  GROUP BY
    "t3"."window"
) AS "t4"
) AS part_4
