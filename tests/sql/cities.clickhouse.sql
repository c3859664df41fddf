WITH "origins_by_campaign" AS (
SELECT
  "t0"."origin" AS "origin_key",
  CASE WHEN "t0"."campaign_id" <> '' THEN "t0"."campaign_id" ELSE "t0"."campaign" END AS "campaign"
FROM "origins" AS "t0"
)
SELECT 0 AS "feed", "window", "city", "currency", "v0", "v1" FROM (
SELECT
  "t7"."window" AS "window",
  "t7"."city" AS "city",
  '' AS "currency",
  "t7"."v0" AS "v0",
  "t7"."v1" AS "v1"
FROM (
  SELECT
    "t6"."window" AS "window",
    "t6"."city" AS "city",
    CAST(COALESCE(SUM("t6"."visits"), 0) AS Nullable(Float64)) AS "v0",
    CAST(CASE
      WHEN COUNT("t6"."page_views") = COUNT("t6"."visits")
      THEN COALESCE(SUM("t6"."page_views"), 0)
      ELSE CAST(NULL AS Nullable(Int64))
    END AS Nullable(Float64)) AS "v1"
  FROM (
    SELECT
      *
    FROM (
      SELECT
        "t4"."window" AS "window",
        "t4"."city" AS "city",
        "t4"."visits" AS "visits",
        "t4"."page_views" AS "page_views",
        COALESCE("t2"."campaign", '') AS "campaign"
      FROM (
        SELECT
          0 AS "window",
          "t0"."city" AS "city",
          "t0"."visits" AS "visits",
          "t0"."page_views" AS "page_views",
          "t0"."origin_last_significant" AS "origin"
        FROM "visits" AS "t0"
        WHERE
          "t0"."account" IN ('44')
          AND (
            (
              (
                "t0"."day" >= toDate('2026-03-01')
              )
              AND (
                "t0"."day" <= toDate('2026-03-01')
              )
            )
            OR (
              (
                "t0"."day" >= toDate('2026-03-07')
              )
              AND (
                "t0"."day" <= toDate('2026-03-08')
              )
            )
            OR (
              (
                "t0"."day" >= toDate('2026-03-14')
              )
              AND (
                "t0"."day" <= toDate('2026-03-15')
              )
            )
            OR (
              (
                "t0"."day" >= toDate('2026-03-21')
              )
              AND (
                "t0"."day" <= toDate('2026-03-22')
              )
            )
            OR (
              (
                "t0"."day" >= toDate('2026-03-28')
              )
              AND (
                "t0"."day" <= toDate('2026-03-29')
              )
            )
          )
          AND CAST((
            (
              (
                (
                  toDayOfWeek("t0"."day") - 1
                ) % 7
              ) + 7
            ) % 7
          ) + 1 AS Nullable(Int64)) IN (6, 7)
      ) AS "t4"
      LEFT OUTER JOIN "origins_by_campaign" AS "t2"
        ON "t4"."origin" = "t2"."origin_key"
    ) AS "t5"
    WHERE
      "t5"."campaign" IN ('101')
  ) AS "t6"
  GROUP BY
    "t6"."window",
    "t6"."city"
) AS "t7"
) AS part_0
UNION ALL
SELECT 1 AS "feed", "window", "city", "currency", "v0", CAST(NULL AS Nullable(Float64)) AS "v1" FROM (
SELECT
  "t7"."window" AS "window",
  "t7"."city" AS "city",
  '' AS "currency",
  "t7"."v0" AS "v0"
FROM (
  SELECT
    "t6"."window" AS "window",
    "t6"."city" AS "city",
    CAST(COUNT(*) AS Nullable(Float64)) AS "v0"
  FROM (
    SELECT DISTINCT
      "t5"."window" AS "window",
      "t5"."city" AS "city",
      "t5"."visitor" AS "visitor"
    FROM (
      SELECT
        "t4"."window" AS "window",
        "t4"."city" AS "city",
        "t4"."visitor" AS "visitor",
        COALESCE("t2"."campaign", '') AS "campaign"
      FROM (
        SELECT
          0 AS "window",
          "t0"."city" AS "city",
          "t0"."visitor" AS "visitor",
          "t0"."origin_last_significant" AS "origin"
        FROM "visits" AS "t0"
        WHERE
          "t0"."account" IN ('44')
          AND "t0"."visitor" <> 0
          AND (
            (
              (
                "t0"."day" >= toDate('2026-03-01')
              )
              AND (
                "t0"."day" <= toDate('2026-03-01')
              )
            )
            OR (
              (
                "t0"."day" >= toDate('2026-03-07')
              )
              AND (
                "t0"."day" <= toDate('2026-03-08')
              )
            )
            OR (
              (
                "t0"."day" >= toDate('2026-03-14')
              )
              AND (
                "t0"."day" <= toDate('2026-03-15')
              )
            )
            OR (
              (
                "t0"."day" >= toDate('2026-03-21')
              )
              AND (
                "t0"."day" <= toDate('2026-03-22')
              )
            )
            OR (
              (
                "t0"."day" >= toDate('2026-03-28')
              )
              AND (
                "t0"."day" <= toDate('2026-03-29')
              )
            )
          )
          AND CAST((
            (
              (
                (
                  toDayOfWeek("t0"."day") - 1
                ) % 7
              ) + 7
            ) % 7
          ) + 1 AS Nullable(Int64)) IN (6, 7)
      ) AS "t4"
      LEFT OUTER JOIN "origins_by_campaign" AS "t2"
        ON "t4"."origin" = "t2"."origin_key"
    ) AS "t5"
    WHERE
      "t5"."campaign" IN ('101')
  ) AS "t6"
  GROUP BY
    "t6"."window",
    "t6"."city"
) AS "t7"
) AS part_1;

WITH "origins_by_campaign" AS (
SELECT
  "t0"."origin" AS "origin_key",
  CASE WHEN "t0"."campaign_id" <> '' THEN "t0"."campaign_id" ELSE "t0"."campaign" END AS "campaign"
FROM "origins" AS "t0"
)
SELECT 0 AS "feed", "window", "currency", "v0", "v1" FROM (
SELECT
  "t7"."window" AS "window",
  '' AS "currency",
  "t7"."v0" AS "v0",
  "t7"."v1" AS "v1"
FROM (
  SELECT
    "t6"."window" AS "window",
    CAST(COALESCE(SUM("t6"."visits"), 0) AS Nullable(Float64)) AS "v0",
    CAST(CASE
      WHEN COUNT("t6"."page_views") = COUNT("t6"."visits")
      THEN COALESCE(SUM("t6"."page_views"), 0)
      ELSE CAST(NULL AS Nullable(Int64))
    END AS Nullable(Float64)) AS "v1"
  FROM (
    SELECT
      *
    FROM (
      SELECT
        "t4"."window" AS "window",
        "t4"."visits" AS "visits",
        "t4"."page_views" AS "page_views",
        COALESCE("t2"."campaign", '') AS "campaign"
      FROM (
        SELECT
          0 AS "window",
          "t0"."visits" AS "visits",
          "t0"."page_views" AS "page_views",
          "t0"."origin_last_significant" AS "origin"
        FROM "visits" AS "t0"
        WHERE
          "t0"."account" IN ('44')
          AND (
            (
              (
                "t0"."day" >= toDate('2026-03-01')
              )
              AND (
                "t0"."day" <= toDate('2026-03-01')
              )
            )
            OR (
              (
                "t0"."day" >= toDate('2026-03-07')
              )
              AND (
                "t0"."day" <= toDate('2026-03-08')
              )
            )
            OR (
              (
                "t0"."day" >= toDate('2026-03-14')
              )
              AND (
                "t0"."day" <= toDate('2026-03-15')
              )
            )
            OR (
              (
                "t0"."day" >= toDate('2026-03-21')
              )
              AND (
                "t0"."day" <= toDate('2026-03-22')
              )
            )
            OR (
              (
                "t0"."day" >= toDate('2026-03-28')
              )
              AND (
                "t0"."day" <= toDate('2026-03-29')
              )
            )
          )
          AND CAST((
            (
              (
                (
                  toDayOfWeek("t0"."day") - 1
                ) % 7
              ) + 7
            ) % 7
          ) + 1 AS Nullable(Int64)) IN (6, 7)
      ) AS "t4"
      LEFT OUTER JOIN "origins_by_campaign" AS "t2"
        ON "t4"."origin" = "t2"."origin_key"
    ) AS "t5"
    WHERE
      "t5"."campaign" IN ('101')
  ) AS "t6"
  GROUP BY
    "t6"."window"
) AS "t7"
) AS part_0
UNION ALL
SELECT 1 AS "feed", "window", "currency", "v0", CAST(NULL AS Nullable(Float64)) AS "v1" FROM (
SELECT
  "t7"."window" AS "window",
  '' AS "currency",
  "t7"."v0" AS "v0"
FROM (
  SELECT
    "t6"."window" AS "window",
    CAST(COUNT(*) AS Nullable(Float64)) AS "v0"
  FROM (
    SELECT DISTINCT
      "t5"."window" AS "window",
      "t5"."visitor" AS "visitor"
    FROM (
      SELECT
        "t4"."window" AS "window",
        "t4"."visitor" AS "visitor",
        COALESCE("t2"."campaign", '') AS "campaign"
      FROM (
        SELECT
          0 AS "window",
          "t0"."visitor" AS "visitor",
          "t0"."origin_last_significant" AS "origin"
        FROM "visits" AS "t0"
        WHERE
          "t0"."account" IN ('44')
          AND "t0"."visitor" <> 0
          AND (
            (
              (
                "t0"."day" >= toDate('2026-03-01')
              )
              AND (
                "t0"."day" <= toDate('2026-03-01')
              )
            )
            OR (
              (
                "t0"."day" >= toDate('2026-03-07')
              )
              AND (
                "t0"."day" <= toDate('2026-03-08')
              )
            )
            OR (
              (
                "t0"."day" >= toDate('2026-03-14')
              )
              AND (
                "t0"."day" <= toDate('2026-03-15')
              )
            )
            OR (
              (
                "t0"."day" >= toDate('2026-03-21')
              )
              AND (
                "t0"."day" <= toDate('2026-03-22')
              )
            )
            OR (
              (
                "t0"."day" >= toDate('2026-03-28')
              )
              AND (
                "t0"."day" <= toDate('2026-03-29')
              )
            )
          )
          AND CAST((
            (
              (
                (
                  toDayOfWeek("t0"."day") - 1
                ) % 7
              ) + 7
            ) % 7
          ) + 1 AS Nullable(Int64)) IN (6, 7)
      ) AS "t4"
      LEFT OUTER JOIN "origins_by_campaign" AS "t2"
        ON "t4"."origin" = "t2"."origin_key"
    ) AS "t5"
    WHERE
      "t5"."campaign" IN ('101')
  ) AS "t6"
  GROUP BY
    "t6"."window"
) AS "t7"
) AS part_1
