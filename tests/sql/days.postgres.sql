SELECT 0 AS "feed", "window", "day", "currency", "v0", "v1" FROM (
SELECT
  *
FROM (
  SELECT
    "t1"."window",
    "t1"."day",
    "t1"."currency",
    CAST(COALESCE(SUM("t1"."cost"), 0) AS DOUBLE PRECISION) AS "v0",
    CAST(CASE
      WHEN COUNT("t1"."clicks") = COUNT("t1"."cost")
      THEN COALESCE(SUM("t1"."clicks"), 0)
      ELSE CAST(NULL AS BIGINT)
    END AS DOUBLE PRECISION) AS "v1"
  FROM (
    SELECT
      0 AS "window",
      "t0"."day",
      "t0"."currency",
      "t0"."cost",
      "t0"."clicks"
    FROM "spend" AS "t0"
    WHERE
      "t0"."account" IN ('direct', 'sheet')
      AND "t0"."day" >= MAKE_DATE(2026, 3, 1)
      AND "t0"."until" <= MAKE_DATE(2026, 3, 31)
      AND "t0"."day" = "t0"."until"
  ) AS "t1"
  GROUP BY
    1,
    2,
    3
) AS "t2"
) AS part_0;

SELECT 0 AS "feed", "window", "currency", "v0", "v1" FROM (
SELECT
  *
FROM (
  SELECT
    "t1"."window",
    "t1"."currency",
    CAST(COALESCE(SUM("t1"."cost"), 0) AS DOUBLE PRECISION) AS "v0",
    CAST(CASE
      WHEN COUNT("t1"."clicks") = COUNT("t1"."cost")
      THEN COALESCE(SUM("t1"."clicks"), 0)
      ELSE CAST(NULL AS BIGINT)
    END AS DOUBLE PRECISION) AS "v1"
  FROM (
    SELECT
      0 AS "window",
      "t0"."currency",
      "t0"."cost",
      "t0"."clicks"
    FROM "spend" AS "t0"
    WHERE
      "t0"."account" IN ('direct', 'sheet')
      AND "t0"."day" >= MAKE_DATE(2026, 3, 1)
      AND "t0"."until" <= MAKE_DATE(2026, 3, 31)
  ) AS "t1"
  GROUP BY
    1,
    2
) AS "t2"
) AS part_0
