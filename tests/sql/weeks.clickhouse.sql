SELECT 0 AS "feed", "window", "week", "currency", "v0", "v1" FROM (
SELECT
  "t4"."window" AS "window",
  "t4"."week" AS "week",
  '' AS "currency",
  "t4"."v0" AS "v0",
  "t4"."v1" AS "v1"
FROM (
  SELECT
    "t3"."window" AS "window",
    "t3"."week" AS "week",
    CAST(COALESCE(SUM("t3"."visits"), 0) AS Nullable(Float64)) AS "v0",
    CAST(CASE
      WHEN COUNT("t3"."bounces") = COUNT("t3"."visits")
      THEN COALESCE(SUM("t3"."bounces"), 0)
      ELSE CAST(NULL AS Nullable(Int64))
    END AS Nullable(Float64)) AS "v1"
  FROM (
    SELECT
      *
    FROM (
      SELECT
        0 AS "window",
        dateTrunc('WEEK', "t0"."day") AS "week",
        "t0"."visits" AS "visits",
        "t0"."bounces" AS "bounces"
      FROM "traffic" AS "t0"
      WHERE
        "t0"."account" IN ('44')
        AND "t0"."attribution" = 'last_significant'
        AND "t0"."breakdown" = 'origin,device'
        AND "t0"."goal" = ''
        AND "t0"."day" >= toDate('2026-03-01')
        AND "t0"."until" <= toDate('2026-03-31')
        AND "t0"."device" IN ('phone', 'tablet')
    ) AS "t1"
    UNION ALL
    SELECT
      *
    FROM (
      SELECT
        1 AS "window",
        dateTrunc('WEEK', "t0"."day" + INTERVAL '364' DAY) AS "week",
        "t0"."visits" AS "visits",
        "t0"."bounces" AS "bounces"
      FROM "traffic" AS "t0"
      WHERE
        "t0"."account" IN ('44')
        AND "t0"."attribution" = 'last_significant'
        AND "t0"."breakdown" = 'origin,device'
        AND "t0"."goal" = ''
        AND "t0"."day" >= toDate('2025-03-02')
        AND "t0"."until" <= toDate('2025-04-01')
        AND "t0"."device" IN ('phone', 'tablet')
    ) AS "t2"
  ) AS "t3"
  GROUP BY
    "t3"."window",
    "t3"."week"
) AS "t4"
) AS part_0;

SELECT 0 AS "feed", "window", "currency", "v0", "v1" FROM (
SELECT
  "t4"."window" AS "window",
  '' AS "currency",
  "t4"."v0" AS "v0",
  "t4"."v1" AS "v1"
FROM (
  SELECT
    "t3"."window" AS "window",
    CAST(COALESCE(SUM("t3"."visits"), 0) AS Nullable(Float64)) AS "v0",
    CAST(CASE
      WHEN COUNT("t3"."bounces") = COUNT("t3"."visits")
      THEN COALESCE(SUM("t3"."bounces"), 0)
      ELSE CAST(NULL AS Nullable(Int64))
    END AS Nullable(Float64)) AS "v1"
  FROM (
    SELECT
      *
    FROM (
      SELECT
        0 AS "window",
        "t0"."visits" AS "visits",
        "t0"."bounces" AS "bounces"
      FROM "traffic" AS "t0"
      WHERE
        "t0"."account" IN ('44')
        AND "t0"."attribution" = 'last_significant'
        AND "t0"."breakdown" = 'origin,device'
        AND "t0"."goal" = ''
        AND "t0"."day" >= toDate('2026-03-01')
        AND "t0"."until" <= toDate('2026-03-31')
        AND "t0"."device" IN ('phone', 'tablet')
    ) AS "t1"
    UNION ALL
    SELECT
      *
    FROM (
      SELECT
        1 AS "window",
        "t0"."visits" AS "visits",
        "t0"."bounces" AS "bounces"
      FROM "traffic" AS "t0"
      WHERE
        "t0"."account" IN ('44')
        AND "t0"."attribution" = 'last_significant'
        AND "t0"."breakdown" = 'origin,device'
        AND "t0"."goal" = ''
        AND "t0"."day" >= toDate('2025-03-02')
        AND "t0"."until" <= toDate('2025-04-01')
        AND "t0"."device" IN ('phone', 'tablet')
    ) AS "t2"
  ) AS "t3"
  GROUP BY
    "t3"."window"
) AS "t4"
) AS part_0
