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
      "t21"."window" AS "window",
      "t21"."month" AS "month",
      "t21"."campaign" AS "campaign",
      "t21"."currency" AS "currency",
      "t21"."v0" AS "v0",
      "t21"."v1" AS "v1",
      "t21"."v2" AS "v2"
    FROM (
      SELECT
        "t15"."window" AS "window",
        "t15"."month" AS "month",
        "t15"."campaign" AS "campaign",
        "t15"."currency" AS "currency",
        CAST(COALESCE(SUM("t15"."orders"), 0) AS Nullable(Float64)) AS "v0",
        CAST(COALESCE(SUM("t15"."revenue" - COALESCE("t15"."refund", 0)), 0) AS Nullable(Float64)) AS "v1",
        CAST(CASE
          WHEN COUNT("t15"."goods_cost") = COUNT("t15"."orders")
          THEN COALESCE(SUM("t15"."goods_cost"), 0)
          ELSE CAST(NULL AS Nullable(Decimal(38, 6)))
        END AS Nullable(Float64)) AS "v2"
      FROM (
        SELECT
          "t9"."window" AS "window",
          "t9"."month" AS "month",
          "t9"."currency" AS "currency",
          "t9"."orders" AS "orders",
          "t9"."revenue" AS "revenue",
          "t9"."refund" AS "refund",
          "t9"."goods_cost" AS "goods_cost",
          COALESCE("t13"."campaign", '') AS "campaign"
        FROM (
          SELECT
            0 AS "window",
            dateTrunc('MONTH', "t1"."day") AS "month",
            "t1"."currency" AS "currency",
            "t1"."orders" AS "orders",
            "t1"."revenue" AS "revenue",
            "t1"."refund" AS "refund",
            "t1"."goods_cost" AS "goods_cost",
            "t1"."origin_last_significant" AS "origin"
          FROM "orders" AS "t1"
          WHERE
            "t1"."account" = '44'
            AND NOT (
              "t1"."status" IN ('cancelled', 'spam')
            )
            AND "t1"."day" >= toDate('2026-03-01')
            AND "t1"."day" <= toDate('2026-03-31')
            AND "t1"."currency" IN ('RUB')
        ) AS "t9"
        LEFT OUTER JOIN "origins_by_campaign" AS "t13"
          ON "t9"."origin" = "t13"."origin_key"
      ) AS "t15"
      GROUP BY
        "t15"."window",
        "t15"."month",
        "t15"."campaign",
        "t15"."currency"
    ) AS "t21"
  ) AS "t24"
  UNION ALL
  SELECT
    *
  FROM (
    SELECT
      1 AS "feed",
      "t19"."window" AS "window",
      "t19"."month" AS "month",
      "t19"."campaign" AS "campaign",
      '' AS "currency",
      "t19"."v0" AS "v0",
      CAST(NULL AS Nullable(Float64)) AS "v1",
      CAST(NULL AS Nullable(Float64)) AS "v2"
    FROM (
      SELECT
        "t18"."window" AS "window",
        "t18"."month" AS "month",
        "t18"."campaign" AS "campaign",
        CAST(COUNT(*) AS Nullable(Float64)) AS "v0"
      FROM (
        SELECT DISTINCT
          "t16"."window" AS "window",
          "t16"."month" AS "month",
          "t16"."campaign" AS "campaign",
          "t16"."customer" AS "customer"
        FROM (
          SELECT
            "t10"."window" AS "window",
            "t10"."month" AS "month",
            "t10"."customer" AS "customer",
            COALESCE("t13"."campaign", '') AS "campaign"
          FROM (
            SELECT
              0 AS "window",
              dateTrunc('MONTH', "t1"."day") AS "month",
              "t1"."customer" AS "customer",
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
              AND "t1"."day" >= toDate('2026-03-01')
              AND "t1"."day" <= toDate('2026-03-31')
          ) AS "t10"
          LEFT OUTER JOIN "origins_by_campaign" AS "t13"
            ON "t10"."origin" = "t13"."origin_key"
        ) AS "t16"
      ) AS "t18"
      GROUP BY
        "t18"."window",
        "t18"."month",
        "t18"."campaign"
    ) AS "t19"
  ) AS "t22"
) AS "t25"
UNION ALL
SELECT
  *
FROM (
  SELECT
    2 AS "feed",
    "t20"."window" AS "window",
    "t20"."month" AS "month",
    "t20"."campaign" AS "campaign",
    '' AS "currency",
    "t20"."v0" AS "v0",
    CAST(NULL AS Nullable(Float64)) AS "v1",
    CAST(NULL AS Nullable(Float64)) AS "v2"
  FROM (
    SELECT
      "t17"."window" AS "window",
      "t17"."month" AS "month",
      "t17"."campaign" AS "campaign",
      CASE
        WHEN (
          COUNT("t17"."claimed") = COUNT("t17"."cost")
        )
        AND (
          MIN("t17"."ad_system_or_source") = MAX("t17"."ad_system_or_source")
        )
        THEN COALESCE(SUM("t17"."claimed"), 0)
        ELSE CAST(NULL AS Nullable(Float64))
      END AS "v0"
    FROM (
      SELECT
        "t4"."window" AS "window",
        "t4"."month" AS "month",
        "t4"."claimed" AS "claimed",
        "t4"."cost" AS "cost",
        COALESCE("t14"."campaign", '') AS "campaign",
        COALESCE("t14"."ad_system_or_source", '') AS "ad_system_or_source"
      FROM (
        SELECT
          0 AS "window",
          dateTrunc('MONTH', "t0"."day") AS "month",
          "t0"."claimed" AS "claimed",
          "t0"."cost" AS "cost",
          "t0"."origin" AS "origin"
        FROM "spend" AS "t0"
        WHERE
          "t0"."account" IN ('direct', 'sheet')
          AND "t0"."day" >= toDate('2026-03-01')
          AND "t0"."until" <= toDate('2026-03-31')
      ) AS "t4"
      LEFT OUTER JOIN "origins_by_campaign_ad_system_or_source" AS "t14"
        ON "t4"."origin" = "t14"."origin_key"
    ) AS "t17"
    GROUP BY
      "t17"."window",
      "t17"."month",
      "t17"."campaign"
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
      "t12"."window" AS "window",
      "t12"."currency" AS "currency",
      "t12"."v0" AS "v0",
      "t12"."v1" AS "v1",
      "t12"."v2" AS "v2"
    FROM (
      SELECT
        "t4"."window" AS "window",
        "t4"."currency" AS "currency",
        CAST(COALESCE(SUM("t4"."orders"), 0) AS Nullable(Float64)) AS "v0",
        CAST(COALESCE(SUM("t4"."revenue" - COALESCE("t4"."refund", 0)), 0) AS Nullable(Float64)) AS "v1",
        CAST(CASE
          WHEN COUNT("t4"."goods_cost") = COUNT("t4"."orders")
          THEN COALESCE(SUM("t4"."goods_cost"), 0)
          ELSE CAST(NULL AS Nullable(Decimal(38, 6)))
        END AS Nullable(Float64)) AS "v2"
      FROM (
        SELECT
          0 AS "window",
          "t0"."currency" AS "currency",
          "t0"."orders" AS "orders",
          "t0"."revenue" AS "revenue",
          "t0"."refund" AS "refund",
          "t0"."goods_cost" AS "goods_cost"
        FROM "orders" AS "t0"
        WHERE
          "t0"."account" = '44'
          AND NOT (
            "t0"."status" IN ('cancelled', 'spam')
          )
          AND "t0"."day" >= toDate('2026-03-01')
          AND "t0"."day" <= toDate('2026-03-31')
          AND "t0"."currency" IN ('RUB')
      ) AS "t4"
      GROUP BY
        "t4"."window",
        "t4"."currency"
    ) AS "t12"
  ) AS "t14"
  UNION ALL
  SELECT
    *
  FROM (
    SELECT
      1 AS "feed",
      "t9"."window" AS "window",
      '' AS "currency",
      "t9"."v0" AS "v0",
      CAST(NULL AS Nullable(Float64)) AS "v1",
      CAST(NULL AS Nullable(Float64)) AS "v2"
    FROM (
      SELECT
        "t5"."window" AS "window",
        CAST(COUNT(*) AS Nullable(Float64)) AS "v0"
      FROM (
        SELECT DISTINCT
          0 AS "window",
          "t0"."customer" AS "customer"
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
          AND "t0"."day" >= toDate('2026-03-01')
          AND "t0"."day" <= toDate('2026-03-31')
      ) AS "t5"
      GROUP BY
        "t5"."window"
    ) AS "t9"
  ) AS "t11"
) AS "t15"
UNION ALL
SELECT
  *
FROM (
  SELECT
    2 AS "feed",
    "t16"."window" AS "window",
    '' AS "currency",
    "t16"."v0" AS "v0",
    CAST(NULL AS Nullable(Float64)) AS "v1",
    CAST(NULL AS Nullable(Float64)) AS "v2"
  FROM (
    SELECT
      "t13"."window" AS "window",
      CASE
        WHEN (
          COUNT("t13"."claimed") = COUNT("t13"."cost")
        )
        AND (
          MIN("t13"."ad_system_or_source") = MAX("t13"."ad_system_or_source")
        )
        THEN COALESCE(SUM("t13"."claimed"), 0)
        ELSE CAST(NULL AS Nullable(Float64))
      END AS "v0"
    FROM (
      SELECT
        "t6"."window" AS "window",
        "t6"."claimed" AS "claimed",
        "t6"."cost" AS "cost",
        COALESCE("t10"."ad_system_or_source", '') AS "ad_system_or_source"
      FROM (
        SELECT
          0 AS "window",
          "t1"."claimed" AS "claimed",
          "t1"."cost" AS "cost",
          "t1"."origin" AS "origin"
        FROM "spend" AS "t1"
        WHERE
          "t1"."account" IN ('direct', 'sheet')
          AND "t1"."day" >= toDate('2026-03-01')
          AND "t1"."until" <= toDate('2026-03-31')
      ) AS "t6"
      LEFT OUTER JOIN "origins_by_ad_system_or_source" AS "t10"
        ON "t6"."origin" = "t10"."origin_key"
    ) AS "t13"
    GROUP BY
      "t13"."window"
  ) AS "t16"
) AS "t17"
