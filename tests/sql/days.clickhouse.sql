SELECT 0 AS "feed", "window", "day", "currency", "v0", "v1" FROM (
SELECT
  *
FROM (
  SELECT
    "t1"."window" AS "window",
    "t1"."day" AS "day",
    "t1"."currency" AS "currency",
    CAST(COALESCE(SUM("t1"."cost"), 0) AS Nullable(Float64)) AS "v0",
    CAST(CASE
      WHEN COUNT("t1"."clicks") = COUNT("t1"."cost")
      THEN COALESCE(SUM("t1"."clicks"), 0)
      ELSE CAST(NULL AS Nullable(Int64))
    END AS Nullable(Float64)) AS "v1"
  FROM (
    SELECT
      0 AS "window",
      "t0"."day" AS "day",
      "t0"."currency" AS "currency",
      "t0"."cost" AS "cost",
      "t0"."clicks" AS "clicks"
    FROM "spend" AS "t0"
    WHERE
      "t0"."account" IN ('direct', 'sheet')
      AND "t0"."day" >= toDate('2026-03-01')
      AND "t0"."until" <= toDate('2026-03-31')
      AND "t0"."day" = "t0"."until"
  ) AS "t1"
  GROUP BY
    "t1"."window",
    "t1"."day",
    "t1"."currency"
) AS "t2"
) AS part_0;

SELECT 0 AS "feed", "window", "currency", "v0", "v1" FROM (
SELECT
  *
FROM (
  SELECT
    "t1"."window" AS "window",
    "t1"."currency" AS "currency",
    CAST(COALESCE(SUM("t1"."cost"), 0) AS Nullable(Float64)) AS "v0",
    CAST(CASE
      WHEN COUNT("t1"."clicks") = COUNT("t1"."cost")
      THEN COALESCE(SUM("t1"."clicks"), 0)
      ELSE CAST(NULL AS Nullable(Int64))
    END AS Nullable(Float64)) AS "v1"
  FROM (
    SELECT
      0 AS "window",
      "t0"."currency" AS "currency",
      "t0"."cost" AS "cost",
      "t0"."clicks" AS "clicks"
    FROM "spend" AS "t0"
    WHERE
      "t0"."account" IN ('direct', 'sheet')
      AND "t0"."day" >= toDate('2026-03-01')
      AND "t0"."until" <= toDate('2026-03-31')
  ) AS "t1"
  GROUP BY
    "t1"."window",
    "t1"."currency"
) AS "t2"
) AS part_0
