SELECT
  "t4".*
  EXCEPT ("island")
FROM (
  SELECT
    "t3"."table_name" AS "table_name",
    "t3"."account" AS "account",
    "t3"."attribution" AS "attribution",
    "t3"."breakdown" AS "breakdown",
    "t3"."block" AS "block",
    "t3"."island" AS "island",
    MIN("t3"."day") AS "since",
    MAX("t3"."day") AS "until"
  FROM (
    SELECT
      "t2"."table_name" AS "table_name",
      "t2"."account" AS "account",
      "t2"."attribution" AS "attribution",
      "t2"."breakdown" AS "breakdown",
      "t2"."day" AS "day",
      "t2"."period_since" AS "period_since",
      "t2"."block" AS "block",
      "t2"."place" AS "place",
      CASE
        WHEN "t2"."block"
        THEN DATE_DIFF(DAY, toDate('1970-01-01'), "t2"."period_since")
        ELSE DATE_DIFF(DAY, toDate('1970-01-01'), "t2"."day") - "t2"."place"
      END AS "island"
    FROM (
      SELECT
        "t1"."table_name" AS "table_name",
        "t1"."account" AS "account",
        "t1"."attribution" AS "attribution",
        "t1"."breakdown" AS "breakdown",
        "t1"."day" AS "day",
        "t1"."period_since" AS "period_since",
        "t1"."block" AS "block",
        ROW_NUMBER() OVER (
          PARTITION BY "t1"."table_name", "t1"."account", "t1"."attribution", "t1"."breakdown", "t1"."block"
          ORDER BY "t1"."day" ASC
          ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
        ) - 1 AS "place"
      FROM (
        SELECT DISTINCT
          "t0"."table_name" AS "table_name",
          "t0"."account" AS "account",
          "t0"."attribution" AS "attribution",
          "t0"."breakdown" AS "breakdown",
          "t0"."day" AS "day",
          "t0"."period_since" AS "period_since",
          "t0"."period_until" > "t0"."period_since" AS "block"
        FROM "loads" AS "t0"
      ) AS "t1"
    ) AS "t2"
  ) AS "t3"
  GROUP BY
    "t3"."table_name",
    "t3"."account",
    "t3"."attribution",
    "t3"."breakdown",
    "t3"."block",
    "t3"."island"
) AS "t4"
