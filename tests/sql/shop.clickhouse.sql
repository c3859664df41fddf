WITH "origins_by_campaign" AS (
SELECT
  "t0"."origin" AS "origin_key",
  CASE WHEN "t0"."campaign_id" <> '' THEN "t0"."campaign_id" ELSE "t0"."campaign" END AS "campaign"
FROM "origins" AS "t0"
),
"origins_by_campaign_ad_system_or_source" AS (
SELECT
  "t0"."origin" AS "origin_key",
  CASE WHEN "t0"."campaign_id" <> '' THEN "t0"."campaign_id" ELSE "t0"."campaign" END AS "campaign",
  CASE WHEN "t0"."ad_system" <> '' THEN "t0"."ad_system" ELSE LOWER("t0"."source") END AS "ad_system_or_source"
FROM "origins" AS "t0"
)
SELECT 0 AS "feed", "window", "month", "campaign", "currency", "v0", "v1", "v2" FROM (
SELECT
  *
FROM (
  SELECT
    "t5"."window" AS "window",
    "t5"."month" AS "month",
    "t5"."campaign" AS "campaign",
    "t5"."currency" AS "currency",
    CAST(COALESCE(SUM("t5"."orders"), 0) AS Nullable(Float64)) AS "v0",
    CAST(COALESCE(SUM("t5"."revenue" - COALESCE("t5"."refund", 0)), 0) AS Nullable(Float64)) AS "v1",
    CAST(CASE
      WHEN COUNT("t5"."goods_cost") = COUNT("t5"."orders")
      THEN COALESCE(SUM("t5"."goods_cost"), 0)
      ELSE CAST(NULL AS Nullable(Decimal(38, 6)))
    END AS Nullable(Float64)) AS "v2"
  FROM (
    SELECT
      "t4"."window" AS "window",
      "t4"."month" AS "month",
      "t4"."currency" AS "currency",
      "t4"."orders" AS "orders",
      "t4"."revenue" AS "revenue",
      "t4"."refund" AS "refund",
      "t4"."goods_cost" AS "goods_cost",
      COALESCE("t2"."campaign", '') AS "campaign"
    FROM (
      SELECT
        0 AS "window",
        dateTrunc('MONTH', "t0"."day") AS "month",
        "t0"."currency" AS "currency",
        "t0"."orders" AS "orders",
        "t0"."revenue" AS "revenue",
        "t0"."refund" AS "refund",
        "t0"."goods_cost" AS "goods_cost",
        "t0"."origin_last_significant" AS "origin"
      FROM "orders" AS "t0"
      WHERE
        "t0"."account" IN ('44')
        AND NOT (
          "t0"."status" IN ('cancelled', 'spam')
        )
        AND "t0"."day" >= toDate('2026-03-01')
        AND "t0"."day" <= toDate('2026-03-31')
        AND "t0"."currency" IN ('RUB')
    ) AS "t4"
    LEFT OUTER JOIN "origins_by_campaign" AS "t2"
      ON "t4"."origin" = "t2"."origin_key"
  ) AS "t5"
  GROUP BY
    "t5"."window",
    "t5"."month",
    "t5"."campaign",
    "t5"."currency"
) AS "t6"
) AS part_0
UNION ALL
SELECT 1 AS "feed", "window", "month", "campaign", "currency", "v0", CAST(NULL AS Nullable(Float64)) AS "v1", CAST(NULL AS Nullable(Float64)) AS "v2" FROM (
SELECT
  "t7"."window" AS "window",
  "t7"."month" AS "month",
  "t7"."campaign" AS "campaign",
  '' AS "currency",
  "t7"."v0" AS "v0"
FROM (
  SELECT
    "t6"."window" AS "window",
    "t6"."month" AS "month",
    "t6"."campaign" AS "campaign",
    CAST(COUNT(*) AS Nullable(Float64)) AS "v0"
  FROM (
    SELECT DISTINCT
      "t5"."window" AS "window",
      "t5"."month" AS "month",
      "t5"."campaign" AS "campaign",
      "t5"."customer" AS "customer"
    FROM (
      SELECT
        "t4"."window" AS "window",
        "t4"."month" AS "month",
        "t4"."customer" AS "customer",
        COALESCE("t2"."campaign", '') AS "campaign"
      FROM (
        SELECT
          0 AS "window",
          dateTrunc('MONTH', "t0"."day") AS "month",
          "t0"."customer" AS "customer",
          "t0"."origin_last_significant" AS "origin"
        FROM "orders" AS "t0"
        WHERE
          "t0"."account" IN ('44')
          AND NOT (
            "t0"."status" IN ('cancelled', 'spam')
          )
          AND "t0"."orders" <> 0
          AND NOT (
            "t0"."customer" IN ('', '0')
          )
          AND "t0"."day" >= toDate('2026-03-01')
          AND "t0"."day" <= toDate('2026-03-31')
      ) AS "t4"
      LEFT OUTER JOIN "origins_by_campaign" AS "t2"
        ON "t4"."origin" = "t2"."origin_key"
    ) AS "t5"
  ) AS "t6"
  GROUP BY
    "t6"."window",
    "t6"."month",
    "t6"."campaign"
) AS "t7"
) AS part_1
UNION ALL
SELECT 2 AS "feed", "window", "month", "campaign", "currency", "v0", CAST(NULL AS Nullable(Float64)) AS "v1", CAST(NULL AS Nullable(Float64)) AS "v2" FROM (
SELECT
  "t6"."window" AS "window",
  "t6"."month" AS "month",
  "t6"."campaign" AS "campaign",
  '' AS "currency",
  "t6"."v0" AS "v0"
FROM (
  SELECT
    "t5"."window" AS "window",
    "t5"."month" AS "month",
    "t5"."campaign" AS "campaign",
    CASE
      WHEN (
        COUNT("t5"."claimed") = COUNT("t5"."cost")
      )
      AND (
        MIN("t5"."ad_system_or_source") = MAX("t5"."ad_system_or_source")
      )
      THEN COALESCE(SUM("t5"."claimed"), 0)
      ELSE CAST(NULL AS Nullable(Float64))
    END AS "v0"
  FROM (
    SELECT
      "t4"."window" AS "window",
      "t4"."month" AS "month",
      "t4"."claimed" AS "claimed",
      "t4"."cost" AS "cost",
      COALESCE("t2"."campaign", '') AS "campaign",
      COALESCE("t2"."ad_system_or_source", '') AS "ad_system_or_source"
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
    LEFT OUTER JOIN "origins_by_campaign_ad_system_or_source" AS "t2"
      ON "t4"."origin" = "t2"."origin_key"
  ) AS "t5"
  GROUP BY
    "t5"."window",
    "t5"."month",
    "t5"."campaign"
) AS "t6"
) AS part_2;

WITH "origins_by_ad_system_or_source" AS (
SELECT
  "t0"."origin" AS "origin_key",
  CASE WHEN "t0"."ad_system" <> '' THEN "t0"."ad_system" ELSE LOWER("t0"."source") END AS "ad_system_or_source"
FROM "origins" AS "t0"
)
SELECT 0 AS "feed", "window", "currency", "v0", "v1", "v2" FROM (
SELECT
  *
FROM (
  SELECT
    "t1"."window" AS "window",
    "t1"."currency" AS "currency",
    CAST(COALESCE(SUM("t1"."orders"), 0) AS Nullable(Float64)) AS "v0",
    CAST(COALESCE(SUM("t1"."revenue" - COALESCE("t1"."refund", 0)), 0) AS Nullable(Float64)) AS "v1",
    CAST(CASE
      WHEN COUNT("t1"."goods_cost") = COUNT("t1"."orders")
      THEN COALESCE(SUM("t1"."goods_cost"), 0)
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
      "t0"."account" IN ('44')
      AND NOT (
        "t0"."status" IN ('cancelled', 'spam')
      )
      AND "t0"."day" >= toDate('2026-03-01')
      AND "t0"."day" <= toDate('2026-03-31')
      AND "t0"."currency" IN ('RUB')
  ) AS "t1"
  GROUP BY
    "t1"."window",
    "t1"."currency"
) AS "t2"
) AS part_0
UNION ALL
SELECT 1 AS "feed", "window", "currency", "v0", CAST(NULL AS Nullable(Float64)) AS "v1", CAST(NULL AS Nullable(Float64)) AS "v2" FROM (
SELECT
  "t2"."window" AS "window",
  '' AS "currency",
  "t2"."v0" AS "v0"
FROM (
  SELECT
    "t1"."window" AS "window",
    CAST(COUNT(*) AS Nullable(Float64)) AS "v0"
  FROM (
    SELECT DISTINCT
      0 AS "window",
      "t0"."customer" AS "customer"
    FROM "orders" AS "t0"
    WHERE
      "t0"."account" IN ('44')
      AND NOT (
        "t0"."status" IN ('cancelled', 'spam')
      )
      AND "t0"."orders" <> 0
      AND NOT (
        "t0"."customer" IN ('', '0')
      )
      AND "t0"."day" >= toDate('2026-03-01')
      AND "t0"."day" <= toDate('2026-03-31')
  ) AS "t1"
  GROUP BY
    "t1"."window"
) AS "t2"
) AS part_1
UNION ALL
SELECT 2 AS "feed", "window", "currency", "v0", CAST(NULL AS Nullable(Float64)) AS "v1", CAST(NULL AS Nullable(Float64)) AS "v2" FROM (
SELECT
  "t6"."window" AS "window",
  '' AS "currency",
  "t6"."v0" AS "v0"
FROM (
  SELECT
    "t5"."window" AS "window",
    CASE
      WHEN (
        COUNT("t5"."claimed") = COUNT("t5"."cost")
      )
      AND (
        MIN("t5"."ad_system_or_source") = MAX("t5"."ad_system_or_source")
      )
      THEN COALESCE(SUM("t5"."claimed"), 0)
      ELSE CAST(NULL AS Nullable(Float64))
    END AS "v0"
  FROM (
    SELECT
      "t4"."window" AS "window",
      "t4"."claimed" AS "claimed",
      "t4"."cost" AS "cost",
      COALESCE("t2"."ad_system_or_source", '') AS "ad_system_or_source"
    FROM (
      SELECT
        0 AS "window",
        "t0"."claimed" AS "claimed",
        "t0"."cost" AS "cost",
        "t0"."origin" AS "origin"
      FROM "spend" AS "t0"
      WHERE
        "t0"."account" IN ('direct', 'sheet')
        AND "t0"."day" >= toDate('2026-03-01')
        AND "t0"."until" <= toDate('2026-03-31')
    ) AS "t4"
    LEFT OUTER JOIN "origins_by_ad_system_or_source" AS "t2"
      ON "t4"."origin" = "t2"."origin_key"
  ) AS "t5"
  GROUP BY
    "t5"."window"
) AS "t6"
) AS part_2
