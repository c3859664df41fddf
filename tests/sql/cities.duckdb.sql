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
    "t15"."window",
    "t15"."city",
    '' AS "currency",
    "t15"."v0",
    "t15"."v1"
  FROM (
    SELECT
      "t11"."window",
      "t11"."city",
      CAST(COALESCE(SUM("t11"."visits"), 0) AS DOUBLE) AS "v0",
      CAST(CASE
        WHEN COUNT("t11"."page_views") = COUNT("t11"."visits")
        THEN COALESCE(SUM("t11"."page_views"), 0)
        ELSE CAST(NULL AS BIGINT)
      END AS DOUBLE) AS "v1"
    FROM (
      SELECT
        *
      FROM (
        SELECT
          "t7"."window",
          "t7"."city",
          "t7"."visits",
          "t7"."page_views",
          COALESCE("t4"."campaign", '') AS "campaign"
        FROM (
          SELECT
            0 AS "window",
            "t0"."city",
            "t0"."visits",
            "t0"."page_views",
            "t0"."origin_last_significant" AS "origin"
          FROM "visits" AS "t0"
          WHERE
            "t0"."account" = '44'
            AND (
              (
                (
                  "t0"."day" >= MAKE_DATE(2026, 3, 1)
                )
                AND (
                  "t0"."day" <= MAKE_DATE(2026, 3, 1)
                )
              )
              OR (
                (
                  "t0"."day" >= MAKE_DATE(2026, 3, 7)
                )
                AND (
                  "t0"."day" <= MAKE_DATE(2026, 3, 8)
                )
              )
              OR (
                (
                  "t0"."day" >= MAKE_DATE(2026, 3, 14)
                )
                AND (
                  "t0"."day" <= MAKE_DATE(2026, 3, 15)
                )
              )
              OR (
                (
                  "t0"."day" >= MAKE_DATE(2026, 3, 21)
                )
                AND (
                  "t0"."day" <= MAKE_DATE(2026, 3, 22)
                )
              )
              OR (
                (
                  "t0"."day" >= MAKE_DATE(2026, 3, 28)
                )
                AND (
                  "t0"."day" <= MAKE_DATE(2026, 3, 29)
                )
              )
            )
            AND CAST((
              (
                DAYOFWEEK("t0"."day") + 6
              ) % 7
            ) + 1 AS BIGINT) IN (6, 7)
        ) AS "t7"
        LEFT OUTER JOIN "origins_by_campaign" AS "t4"
          ON "t7"."origin" = "t4"."origin_key"
      ) AS "t9"
      WHERE
        "t9"."campaign" IN ('101')
    ) AS "t11"
    GROUP BY
      1,
      2
  ) AS "t15"
) AS "t16"
UNION ALL
SELECT
  *
FROM (
  SELECT
    1 AS "feed",
    "t13"."window",
    "t13"."city",
    '' AS "currency",
    "t13"."v0",
    CAST(NULL AS DOUBLE) AS "v1"
  FROM (
    SELECT
      "t12"."window",
      "t12"."city",
      CAST(COUNT(*) AS DOUBLE) AS "v0"
    FROM (
      SELECT DISTINCT
        "t10"."window",
        "t10"."city",
        "t10"."visitor"
      FROM (
        SELECT
          "t8"."window",
          "t8"."city",
          "t8"."visitor",
          COALESCE("t4"."campaign", '') AS "campaign"
        FROM (
          SELECT
            0 AS "window",
            "t0"."city",
            "t0"."visitor",
            "t0"."origin_last_significant" AS "origin"
          FROM "visits" AS "t0"
          WHERE
            "t0"."account" = '44'
            AND "t0"."visitor" <> 0
            AND (
              (
                (
                  "t0"."day" >= MAKE_DATE(2026, 3, 1)
                )
                AND (
                  "t0"."day" <= MAKE_DATE(2026, 3, 1)
                )
              )
              OR (
                (
                  "t0"."day" >= MAKE_DATE(2026, 3, 7)
                )
                AND (
                  "t0"."day" <= MAKE_DATE(2026, 3, 8)
                )
              )
              OR (
                (
                  "t0"."day" >= MAKE_DATE(2026, 3, 14)
                )
                AND (
                  "t0"."day" <= MAKE_DATE(2026, 3, 15)
                )
              )
              OR (
                (
                  "t0"."day" >= MAKE_DATE(2026, 3, 21)
                )
                AND (
                  "t0"."day" <= MAKE_DATE(2026, 3, 22)
                )
              )
              OR (
                (
                  "t0"."day" >= MAKE_DATE(2026, 3, 28)
                )
                AND (
                  "t0"."day" <= MAKE_DATE(2026, 3, 29)
                )
              )
            )
            AND CAST((
              (
                DAYOFWEEK("t0"."day") + 6
              ) % 7
            ) + 1 AS BIGINT) IN (6, 7)
        ) AS "t8"
        LEFT OUTER JOIN "origins_by_campaign" AS "t4"
          ON "t8"."origin" = "t4"."origin_key"
      ) AS "t10"
      WHERE
        "t10"."campaign" IN ('101')
    ) AS "t12"
    GROUP BY
      1,
      2
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
    "t15"."window",
    '' AS "currency",
    "t15"."v0",
    "t15"."v1"
  FROM (
    SELECT
      "t11"."window",
      CAST(COALESCE(SUM("t11"."visits"), 0) AS DOUBLE) AS "v0",
      CAST(CASE
        WHEN COUNT("t11"."page_views") = COUNT("t11"."visits")
        THEN COALESCE(SUM("t11"."page_views"), 0)
        ELSE CAST(NULL AS BIGINT)
      END AS DOUBLE) AS "v1"
    FROM (
      SELECT
        *
      FROM (
        SELECT
          "t7"."window",
          "t7"."visits",
          "t7"."page_views",
          COALESCE("t4"."campaign", '') AS "campaign"
        FROM (
          SELECT
            0 AS "window",
            "t0"."visits",
            "t0"."page_views",
            "t0"."origin_last_significant" AS "origin"
          FROM "visits" AS "t0"
          WHERE
            "t0"."account" = '44'
            AND (
              (
                (
                  "t0"."day" >= MAKE_DATE(2026, 3, 1)
                )
                AND (
                  "t0"."day" <= MAKE_DATE(2026, 3, 1)
                )
              )
              OR (
                (
                  "t0"."day" >= MAKE_DATE(2026, 3, 7)
                )
                AND (
                  "t0"."day" <= MAKE_DATE(2026, 3, 8)
                )
              )
              OR (
                (
                  "t0"."day" >= MAKE_DATE(2026, 3, 14)
                )
                AND (
                  "t0"."day" <= MAKE_DATE(2026, 3, 15)
                )
              )
              OR (
                (
                  "t0"."day" >= MAKE_DATE(2026, 3, 21)
                )
                AND (
                  "t0"."day" <= MAKE_DATE(2026, 3, 22)
                )
              )
              OR (
                (
                  "t0"."day" >= MAKE_DATE(2026, 3, 28)
                )
                AND (
                  "t0"."day" <= MAKE_DATE(2026, 3, 29)
                )
              )
            )
            AND CAST((
              (
                DAYOFWEEK("t0"."day") + 6
              ) % 7
            ) + 1 AS BIGINT) IN (6, 7)
        ) AS "t7"
        LEFT OUTER JOIN "origins_by_campaign" AS "t4"
          ON "t7"."origin" = "t4"."origin_key"
      ) AS "t9"
      WHERE
        "t9"."campaign" IN ('101')
    ) AS "t11"
    GROUP BY
      1
  ) AS "t15"
) AS "t16"
UNION ALL
SELECT
  *
FROM (
  SELECT
    1 AS "feed",
    "t13"."window",
    '' AS "currency",
    "t13"."v0",
    CAST(NULL AS DOUBLE) AS "v1"
  FROM (
    SELECT
      "t12"."window",
      CAST(COUNT(*) AS DOUBLE) AS "v0"
    FROM (
      SELECT DISTINCT
        "t10"."window",
        "t10"."visitor"
      FROM (
        SELECT
          "t8"."window",
          "t8"."visitor",
          COALESCE("t4"."campaign", '') AS "campaign"
        FROM (
          SELECT
            0 AS "window",
            "t0"."visitor",
            "t0"."origin_last_significant" AS "origin"
          FROM "visits" AS "t0"
          WHERE
            "t0"."account" = '44'
            AND "t0"."visitor" <> 0
            AND (
              (
                (
                  "t0"."day" >= MAKE_DATE(2026, 3, 1)
                )
                AND (
                  "t0"."day" <= MAKE_DATE(2026, 3, 1)
                )
              )
              OR (
                (
                  "t0"."day" >= MAKE_DATE(2026, 3, 7)
                )
                AND (
                  "t0"."day" <= MAKE_DATE(2026, 3, 8)
                )
              )
              OR (
                (
                  "t0"."day" >= MAKE_DATE(2026, 3, 14)
                )
                AND (
                  "t0"."day" <= MAKE_DATE(2026, 3, 15)
                )
              )
              OR (
                (
                  "t0"."day" >= MAKE_DATE(2026, 3, 21)
                )
                AND (
                  "t0"."day" <= MAKE_DATE(2026, 3, 22)
                )
              )
              OR (
                (
                  "t0"."day" >= MAKE_DATE(2026, 3, 28)
                )
                AND (
                  "t0"."day" <= MAKE_DATE(2026, 3, 29)
                )
              )
            )
            AND CAST((
              (
                DAYOFWEEK("t0"."day") + 6
              ) % 7
            ) + 1 AS BIGINT) IN (6, 7)
        ) AS "t8"
        LEFT OUTER JOIN "origins_by_campaign" AS "t4"
          ON "t8"."origin" = "t4"."origin_key"
      ) AS "t10"
      WHERE
        "t10"."campaign" IN ('101')
    ) AS "t12"
    GROUP BY
      1
  ) AS "t13"
) AS "t14"
