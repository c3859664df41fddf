WITH "origins_by_campaign" AS (
  SELECT
    "t2"."origin" AS "origin_key",
    CASE WHEN "t2"."campaign_id" <> '' THEN "t2"."campaign_id" ELSE "t2"."campaign" END AS "campaign"
  FROM "origins" AS "t2"
), "origins_by_campaign_ad_system_or_source" AS (
  SELECT
    "t2"."origin" AS "origin_key",
    CASE WHEN "t2"."campaign_id" <> '' THEN "t2"."campaign_id" ELSE "t2"."campaign" END AS "campaign",
    CASE WHEN "t2"."ad_system" <> '' THEN "t2"."ad_system" ELSE LOWER("t2"."source") END AS "ad_system_or_source"
  FROM "origins" AS "t2"
)
SELECT
  *
FROM (
  SELECT
    *
  FROM (
    SELECT
      0 AS "feed",
      "t21"."window",
      "t21"."month",
      "t21"."campaign",
      "t21"."currency",
      "t21"."v0",
      "t21"."v1",
      "t21"."v2"
    FROM (
      SELECT
        "t15"."window",
        "t15"."month",
        "t15"."campaign",
        "t15"."currency",
        CAST(COALESCE(SUM("t15"."orders"), 0) AS DOUBLE PRECISION) AS "v0",
        CAST(COALESCE(SUM("t15"."revenue" - COALESCE("t15"."refund", 0)), 0) AS DOUBLE PRECISION) AS "v1",
        CAST(CASE
          WHEN COUNT("t15"."goods_cost") = COUNT("t15"."orders")
          THEN COALESCE(SUM("t15"."goods_cost"), 0)
          ELSE CAST(NULL AS DECIMAL(38, 6))
        END AS DOUBLE PRECISION) AS "v2"
      FROM (
        SELECT
          "t9"."window",
          "t9"."month",
          "t9"."currency",
          "t9"."orders",
          "t9"."revenue",
          "t9"."refund",
          "t9"."goods_cost",
          COALESCE("t13"."campaign", '') AS "campaign"
        FROM (
          SELECT
            0 AS "window",
            DATE_TRUNC('MONTH', "t1"."day") AS "month",
            "t1"."currency",
            "t1"."orders",
            "t1"."revenue",
            "t1"."refund",
            "t1"."goods_cost",
            "t1"."origin_last_significant" AS "origin"
          FROM "orders" AS "t1"
          WHERE
            "t1"."account" = '44'
            AND NOT (
              "t1"."status" IN ('cancelled', 'spam')
            )
            AND "t1"."day" >= MAKE_DATE(2026, 3, 1)
            AND "t1"."day" <= MAKE_DATE(2026, 3, 31)
            AND "t1"."currency" IN ('RUB')
        ) AS "t9"
        LEFT OUTER JOIN "origins_by_campaign" AS "t13"
          ON "t9"."origin" = "t13"."origin_key"
      ) AS "t15"
      GROUP BY
        1,
        2,
        3,
        4
    ) AS "t21"
  ) AS "t24"
  UNION ALL
  SELECT
    *
  FROM (
    SELECT
      1 AS "feed",
      "t19"."window",
      "t19"."month",
      "t19"."campaign",
      '' AS "currency",
      "t19"."v0",
      CAST(NULL AS DOUBLE PRECISION) AS "v1",
      CAST(NULL AS DOUBLE PRECISION) AS "v2"
    FROM (
      SELECT
        "t18"."window",
        "t18"."month",
        "t18"."campaign",
        CAST(COUNT(*) AS DOUBLE PRECISION) AS "v0"
      FROM (
        SELECT DISTINCT
          "t16"."window",
          "t16"."month",
          "t16"."campaign",
          "t16"."customer"
        FROM (
          SELECT
            "t10"."window",
            "t10"."month",
            "t10"."customer",
            COALESCE("t13"."campaign", '') AS "campaign"
          FROM (
            SELECT
              0 AS "window",
              DATE_TRUNC('MONTH', "t1"."day") AS "month",
              "t1"."customer",
              "t1"."origin_last_significant" AS "origin"
            FROM "orders" AS "t1"
            WHERE
              "t1"."account" = '44'
              AND NOT (
                "t1"."status" IN ('cancelled', 'spam')
              )
              AND "t1"."orders" <> 0
              AND NOT (
                "t1"."customer" IN ('', '0')
              )
              AND "t1"."day" >= MAKE_DATE(2026, 3, 1)
              AND "t1"."day" <= MAKE_DATE(2026, 3, 31)
          ) AS "t10"
          LEFT OUTER JOIN "origins_by_campaign" AS "t13"
            ON "t10"."origin" = "t13"."origin_key"
        ) AS "t16"
      ) AS "t18"
      GROUP BY
        1,
        2,
        3
    ) AS "t19"
  ) AS "t22"
) AS "t25"
UNION ALL
SELECT
  *
FROM (
  SELECT
    2 AS "feed",
    "t20"."window",
    "t20"."month",
    "t20"."campaign",
    '' AS "currency",
    "t20"."v0",
    CAST(NULL AS DOUBLE PRECISION) AS "v1",
    CAST(NULL AS DOUBLE PRECISION) AS "v2"
  FROM (
    SELECT
      "t17"."window",
      "t17"."month",
      "t17"."campaign",
      CASE
        WHEN (
          COUNT("t17"."claimed") = COUNT("t17"."cost")
        )
        AND (
          MIN("t17"."ad_system_or_source") = MAX("t17"."ad_system_or_source")
        )
        THEN COALESCE(SUM("t17"."claimed"), 0)
        ELSE CAST(NULL AS DOUBLE PRECISION)
      END AS "v0"
    FROM (
      SELECT
        "t4"."window",
        "t4"."month",
        "t4"."claimed",
        "t4"."cost",
        COALESCE("t14"."campaign", '') AS "campaign",
        COALESCE("t14"."ad_system_or_source", '') AS "ad_system_or_source"
      FROM (
        SELECT
          0 AS "window",
          DATE_TRUNC('MONTH', "t0"."day") AS "month",
          "t0"."claimed",
          "t0"."cost",
          "t0"."origin"
        FROM "spend" AS "t0"
        WHERE
          "t0"."account" IN ('direct', 'sheet')
          AND "t0"."day" >= MAKE_DATE(2026, 3, 1)
          AND "t0"."until" <= MAKE_DATE(2026, 3, 31)
      ) AS "t4"
      LEFT OUTER JOIN "origins_by_campaign_ad_system_or_source" AS "t14"
        ON "t4"."origin" = "t14"."origin_key"
    ) AS "t17"
    GROUP BY
      1,
      2,
      3
  ) AS "t20"
) AS "t23";

WITH "origins_by_ad_system_or_source" AS (
  SELECT
    "t2"."origin" AS "origin_key",
    CASE WHEN "t2"."ad_system" <> '' THEN "t2"."ad_system" ELSE LOWER("t2"."source") END AS "ad_system_or_source"
  FROM "origins" AS "t2"
)
SELECT
  *
FROM (
  SELECT
    *
  FROM (
    SELECT
      0 AS "feed",
      "t12"."window",
      "t12"."currency",
      "t12"."v0",
      "t12"."v1",
      "t12"."v2"
    FROM (
      SELECT
        "t4"."window",
        "t4"."currency",
        CAST(COALESCE(SUM("t4"."orders"), 0) AS DOUBLE PRECISION) AS "v0",
        CAST(COALESCE(SUM("t4"."revenue" - COALESCE("t4"."refund", 0)), 0) AS DOUBLE PRECISION) AS "v1",
        CAST(CASE
          WHEN COUNT("t4"."goods_cost") = COUNT("t4"."orders")
          THEN COALESCE(SUM("t4"."goods_cost"), 0)
          ELSE CAST(NULL AS DECIMAL(38, 6))
        END AS DOUBLE PRECISION) AS "v2"
      FROM (
        SELECT
          0 AS "window",
          "t0"."currency",
          "t0"."orders",
          "t0"."revenue",
          "t0"."refund",
          "t0"."goods_cost"
        FROM "orders" AS "t0"
        WHERE
          "t0"."account" = '44'
          AND NOT (
            "t0"."status" IN ('cancelled', 'spam')
          )
          AND "t0"."day" >= MAKE_DATE(2026, 3, 1)
          AND "t0"."day" <= MAKE_DATE(2026, 3, 31)
          AND "t0"."currency" IN ('RUB')
      ) AS "t4"
      GROUP BY
        1,
        2
    ) AS "t12"
  ) AS "t14"
  UNION ALL
  SELECT
    *
  FROM (
    SELECT
      1 AS "feed",
      "t9"."window",
      '' AS "currency",
      "t9"."v0",
      CAST(NULL AS DOUBLE PRECISION) AS "v1",
      CAST(NULL AS DOUBLE PRECISION) AS "v2"
    FROM (
      SELECT
        "t5"."window",
        CAST(COUNT(*) AS DOUBLE PRECISION) AS "v0"
      FROM (
        SELECT DISTINCT
          0 AS "window",
          "t0"."customer"
        FROM "orders" AS "t0"
        WHERE
          "t0"."account" = '44'
          AND NOT (
            "t0"."status" IN ('cancelled', 'spam')
          )
          AND "t0"."orders" <> 0
          AND NOT (
            "t0"."customer" IN ('', '0')
          )
          AND "t0"."day" >= MAKE_DATE(2026, 3, 1)
          AND "t0"."day" <= MAKE_DATE(2026, 3, 31)
      ) AS "t5"
      GROUP BY
        1
    ) AS "t9"
  ) AS "t11"
) AS "t15"
UNION ALL
SELECT
  *
FROM (
  SELECT
    2 AS "feed",
    "t16"."window",
    '' AS "currency",
    "t16"."v0",
    CAST(NULL AS DOUBLE PRECISION) AS "v1",
    CAST(NULL AS DOUBLE PRECISION) AS "v2"
  FROM (
    SELECT
      "t13"."window",
      CASE
        WHEN (
          COUNT("t13"."claimed") = COUNT("t13"."cost")
        )
        AND (
          MIN("t13"."ad_system_or_source") = MAX("t13"."ad_system_or_source")
        )
        THEN COALESCE(SUM("t13"."claimed"), 0)
        ELSE CAST(NULL AS DOUBLE PRECISION)
      END AS "v0"
    FROM (
      SELECT
        "t6"."window",
        "t6"."claimed",
        "t6"."cost",
        COALESCE("t10"."ad_system_or_source", '') AS "ad_system_or_source"
      FROM (
        SELECT
          0 AS "window",
          "t1"."claimed",
          "t1"."cost",
          "t1"."origin"
        FROM "spend" AS "t1"
        WHERE
          "t1"."account" IN ('direct', 'sheet')
          AND "t1"."day" >= MAKE_DATE(2026, 3, 1)
          AND "t1"."until" <= MAKE_DATE(2026, 3, 31)
      ) AS "t6"
      LEFT OUTER JOIN "origins_by_ad_system_or_source" AS "t10"
        ON "t6"."origin" = "t10"."origin_key"
    ) AS "t13"
    GROUP BY
      1
  ) AS "t16"
) AS "t17"
