WITH "origins_by_campaign" AS (
  SELECT
    "t1"."origin" AS "origin_key",
    CASE WHEN "t1"."campaign_id" <> '' THEN "t1"."campaign_id" ELSE "t1"."campaign" END AS "campaign"
  FROM "origins" AS "t1"
)
SELECT
  *
FROM (
  SELECT
    0 AS "feed",
    "t15"."window" AS "window",
    "t15"."city" AS "city",
    '' AS "currency",
    "t15"."v0" AS "v0",
    "t15"."v1" AS "v1"
  FROM (
    SELECT
      "t11"."window" AS "window",
      "t11"."city" AS "city",
      CAST(COALESCE(SUM("t11"."visits"), 0) AS Nullable(Float64)) AS "v0",
      CAST(CASE
        WHEN COUNT("t11"."page_views") = COUNT("t11"."visits")
        THEN COALESCE(SUM("t11"."page_views"), 0)
        ELSE CAST(NULL AS Nullable(Int64))
      END AS Nullable(Float64)) AS "v1"
    FROM (
      SELECT
        *
      FROM (
        SELECT
          "t7"."window" AS "window",
          "t7"."city" AS "city",
          "t7"."visits" AS "visits",
          "t7"."page_views" AS "page_views",
          COALESCE("t4"."campaign", '') AS "campaign"
        FROM (
          SELECT
            0 AS "window",
            "t0"."city" AS "city",
            "t0"."visits" AS "visits",
            "t0"."page_views" AS "page_views",
            "t0"."origin_last_significant" AS "origin"
          FROM "visits" AS "t0"
          WHERE
            "t0"."account" = '44'
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
        ) AS "t7"
        LEFT OUTER JOIN "origins_by_campaign" AS "t4"
          ON "t7"."origin" = "t4"."origin_key"
      ) AS "t9"
      WHERE
        "t9"."campaign" IN ('101')
    ) AS "t11"
    GROUP BY
      "t11"."window",
      "t11"."city"
  ) AS "t15"
) AS "t16"
UNION ALL
SELECT
  *
FROM (
  SELECT
    1 AS "feed",
    "t13"."window" AS "window",
    "t13"."city" AS "city",
    '' AS "currency",
    "t13"."v0" AS "v0",
    CAST(NULL AS Nullable(Float64)) AS "v1"
  FROM (
    SELECT
      "t12"."window" AS "window",
      "t12"."city" AS "city",
      CAST(COUNT(*) AS Nullable(Float64)) AS "v0"
    FROM (
      SELECT DISTINCT
        "t10"."window" AS "window",
        "t10"."city" AS "city",
        "t10"."visitor" AS "visitor"
      FROM (
        SELECT
          "t8"."window" AS "window",
          "t8"."city" AS "city",
          "t8"."visitor" AS "visitor",
          COALESCE("t4"."campaign", '') AS "campaign"
        FROM (
          SELECT
            0 AS "window",
            "t0"."city" AS "city",
            "t0"."visitor" AS "visitor",
            "t0"."origin_last_significant" AS "origin"
          FROM "visits" AS "t0"
          WHERE
            "t0"."account" = '44'
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
        ) AS "t8"
        LEFT OUTER JOIN "origins_by_campaign" AS "t4"
          ON "t8"."origin" = "t4"."origin_key"
      ) AS "t10"
      WHERE
        "t10"."campaign" IN ('101')
    ) AS "t12"
    GROUP BY
      "t12"."window",
      "t12"."city"
  ) AS "t13"
) AS "t14";

WITH "origins_by_campaign" AS (
  SELECT
    "t1"."origin" AS "origin_key",
    CASE WHEN "t1"."campaign_id" <> '' THEN "t1"."campaign_id" ELSE "t1"."campaign" END AS "campaign"
  FROM "origins" AS "t1"
)
SELECT
  *
FROM (
  SELECT
    0 AS "feed",
    "t15"."window" AS "window",
    '' AS "currency",
    "t15"."v0" AS "v0",
    "t15"."v1" AS "v1"
  FROM (
    SELECT
      "t11"."window" AS "window",
      CAST(COALESCE(SUM("t11"."visits"), 0) AS Nullable(Float64)) AS "v0",
      CAST(CASE
        WHEN COUNT("t11"."page_views") = COUNT("t11"."visits")
        THEN COALESCE(SUM("t11"."page_views"), 0)
        ELSE CAST(NULL AS Nullable(Int64))
      END AS Nullable(Float64)) AS "v1"
    FROM (
      SELECT
        *
      FROM (
        SELECT
          "t7"."window" AS "window",
          "t7"."visits" AS "visits",
          "t7"."page_views" AS "page_views",
          COALESCE("t4"."campaign", '') AS "campaign"
        FROM (
          SELECT
            0 AS "window",
            "t0"."visits" AS "visits",
            "t0"."page_views" AS "page_views",
            "t0"."origin_last_significant" AS "origin"
          FROM "visits" AS "t0"
          WHERE
            "t0"."account" = '44'
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
        ) AS "t7"
        LEFT OUTER JOIN "origins_by_campaign" AS "t4"
          ON "t7"."origin" = "t4"."origin_key"
      ) AS "t9"
      WHERE
        "t9"."campaign" IN ('101')
    ) AS "t11"
    GROUP BY
      "t11"."window"
  ) AS "t15"
) AS "t16"
UNION ALL
SELECT
  *
FROM (
  SELECT
    1 AS "feed",
    "t13"."window" AS "window",
    '' AS "currency",
    "t13"."v0" AS "v0",
    CAST(NULL AS Nullable(Float64)) AS "v1"
  FROM (
    SELECT
      "t12"."window" AS "window",
      CAST(COUNT(*) AS Nullable(Float64)) AS "v0"
    FROM (
      SELECT DISTINCT
        "t10"."window" AS "window",
        "t10"."visitor" AS "visitor"
      FROM (
        SELECT
          "t8"."window" AS "window",
          "t8"."visitor" AS "visitor",
          COALESCE("t4"."campaign", '') AS "campaign"
        FROM (
          SELECT
            0 AS "window",
            "t0"."visitor" AS "visitor",
            "t0"."origin_last_significant" AS "origin"
          FROM "visits" AS "t0"
          WHERE
            "t0"."account" = '44'
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
        ) AS "t8"
        LEFT OUTER JOIN "origins_by_campaign" AS "t4"
          ON "t8"."origin" = "t4"."origin_key"
      ) AS "t10"
      WHERE
        "t10"."campaign" IN ('101')
    ) AS "t12"
    GROUP BY
      "t12"."window"
  ) AS "t13"
) AS "t14"
