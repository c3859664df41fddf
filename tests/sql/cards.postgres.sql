SELECT 0 AS "feed", "window", "currency", "v0" FROM (
SELECT
  "t4"."window",
  '' AS "currency",
  "t4"."v0"
FROM (
  SELECT
    "t3"."window",
    CAST(COALESCE(SUM("t3"."visits"), 0) AS DOUBLE PRECISION) AS "v0"
  FROM (
    SELECT
      *
    FROM (
      SELECT
        0 AS "window",
        "t0"."visits"
      FROM "traffic" AS "t0"
      WHERE
        "t0"."account" IN ('44')
        AND "t0"."attribution" = 'last_significant'
        AND "t0"."breakdown" = 'origin,device'
        AND "t0"."goal" = ''
        AND "t0"."day" >= MAKE_DATE(2026, 3, 1)
        AND "t0"."until" <= MAKE_DATE(2026, 3, 31)
    ) AS "t1"
    UNION ALL
    SELECT
      *
    FROM (
      SELECT
        1 AS "window",
        "t0"."visits"
      FROM "traffic" AS "t0"
      WHERE
        "t0"."account" IN ('44')
        AND "t0"."attribution" = 'last_significant'
        AND "t0"."breakdown" = 'origin,device'
        AND "t0"."goal" = ''
        AND "t0"."day" >= MAKE_DATE(2026, 1, 29)
        AND "t0"."until" <= MAKE_DATE(2026, 2, 28)
    ) AS "t2"
  ) AS "t3"
  GROUP BY
    1
) AS "t4"
) AS part_0
UNION ALL
SELECT 1 AS "feed", "window", "currency", "v0" FROM (
SELECT
  "t5"."window",
  '' AS "currency",
  "t5"."v0"
FROM (
  SELECT
    "t4"."window",
    CAST(COUNT(*) AS DOUBLE PRECISION) AS "v0"
  FROM (
    SELECT DISTINCT
      *
    FROM (
      SELECT
        *
      FROM (
        SELECT
          0 AS "window",
          "t0"."visitor"
        FROM "visits" AS "t0"
        WHERE
          "t0"."account" IN ('44')
          AND "t0"."visitor" <> 0
          AND "t0"."day" >= MAKE_DATE(2026, 3, 1)
          AND "t0"."day" <= MAKE_DATE(2026, 3, 31)
      ) AS "t1"
      UNION ALL
      SELECT
        *
      FROM (
        SELECT
          1 AS "window",
          "t0"."visitor"
        FROM "visits" AS "t0"
        WHERE
          "t0"."account" IN ('44')
          AND "t0"."visitor" <> 0
          AND "t0"."day" >= MAKE_DATE(2026, 1, 29)
          AND "t0"."day" <= MAKE_DATE(2026, 2, 28)
      ) AS "t2"
    ) AS "t3"
  ) AS "t4"
  GROUP BY
    1
) AS "t5"
) AS part_1
UNION ALL
SELECT 2 AS "feed", "window", "currency", "v0" FROM (
SELECT
  "t5"."window",
  '' AS "currency",
  "t5"."v0"
FROM (
  SELECT
    "t4"."window",
    CAST(COUNT(*) AS DOUBLE PRECISION) AS "v0"
  FROM (
    SELECT DISTINCT
      *
    FROM (
      SELECT
        *
      FROM (
        SELECT
          0 AS "window",
          "t0"."year",
          "t0"."visit"
        FROM "conversions" AS "t0"
        WHERE
          "t0"."account" IN ('44')
          AND "t0"."goal" IN ('11', '12')
          AND "t0"."day" >= MAKE_DATE(2026, 3, 1)
          AND "t0"."day" <= MAKE_DATE(2026, 3, 31)
      ) AS "t1"
      UNION ALL
      SELECT
        *
      FROM (
        SELECT
          1 AS "window",
          "t0"."year",
          "t0"."visit"
        FROM "conversions" AS "t0"
        WHERE
          "t0"."account" IN ('44')
          AND "t0"."goal" IN ('11', '12')
          AND "t0"."day" >= MAKE_DATE(2026, 1, 29)
          AND "t0"."day" <= MAKE_DATE(2026, 2, 28)
      ) AS "t2"
    ) AS "t3"
  ) AS "t4"
  GROUP BY
    1
) AS "t5"
) AS part_2
UNION ALL
SELECT 3 AS "feed", "window", "currency", "v0" FROM (
SELECT
  *
FROM (
  SELECT
    "t3"."window",
    "t3"."currency",
    CAST(COALESCE(SUM("t3"."cost"), 0) AS DOUBLE PRECISION) AS "v0"
  FROM (
    SELECT
      *
    FROM (
      SELECT
        0 AS "window",
        "t0"."currency",
        "t0"."cost"
      FROM "spend" AS "t0"
      WHERE
        "t0"."account" IN ('direct', 'sheet')
        AND "t0"."day" >= MAKE_DATE(2026, 3, 1)
        AND "t0"."until" <= MAKE_DATE(2026, 3, 31)
    ) AS "t1"
    UNION ALL
    SELECT
      *
    FROM (
      SELECT
        1 AS "window",
        "t0"."currency",
        "t0"."cost"
      FROM "spend" AS "t0"
      WHERE
        "t0"."account" IN ('direct', 'sheet')
        AND "t0"."day" >= MAKE_DATE(2026, 1, 29)
        AND "t0"."until" <= MAKE_DATE(2026, 2, 28)
    ) AS "t2"
  ) AS "t3"
  GROUP BY
    1,
    2
) AS "t4"
) AS part_3
UNION ALL
SELECT 4 AS "feed", "window", "currency", "v0" FROM (
SELECT
  "t4"."window",
  '' AS "currency",
  "t4"."v0"
FROM (
  SELECT
    "t3"."window",
    CAST(COALESCE(SUM("t3"."reaches"), 0) AS DOUBLE PRECISION) AS "v0"
  FROM (
    SELECT
      *
    FROM (
      SELECT
        0 AS "window",
        "t0"."reaches"
      FROM "conversions" AS "t0"
      WHERE
        "t0"."account" IN ('44')
        AND "t0"."goal" IN ('11', '12')
        AND "t0"."day" >= MAKE_DATE(2026, 3, 1)
        AND "t0"."day" <= MAKE_DATE(2026, 3, 31)
    ) AS "t1"
    UNION ALL
    SELECT
      *
    FROM (
      SELECT
        1 AS "window",
        "t0"."reaches"
      FROM "conversions" AS "t0"
      WHERE
        "t0"."account" IN ('44')
        AND "t0"."goal" IN ('11', '12')
        AND "t0"."day" >= MAKE_DATE(2026, 1, 29)
        AND "t0"."day" <= MAKE_DATE(2026, 2, 28)
    ) AS "t2"
  ) AS "t3"
  GROUP BY
    1
) AS "t4"
) AS part_4
