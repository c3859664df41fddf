SELECT
  *
FROM (
  SELECT
    *
  FROM (
    SELECT
      *
    FROM (
      SELECT
        *
      FROM (
        SELECT
          0 AS "feed",
          "t24"."window",
          '' AS "currency",
          "t24"."v0"
        FROM (
          SELECT
            "t17"."window",
            CAST(COALESCE(SUM("t17"."visits"), 0) AS DOUBLE PRECISION) AS "v0"
          FROM (
            SELECT
              *
            FROM (
              SELECT
                0 AS "window",
                "t2"."visits"
              FROM "traffic" AS "t2"
              WHERE
                "t2"."account" = '44'
                AND "t2"."attribution" = 'last_significant'
                AND "t2"."breakdown" = 'origin,device'
                AND "t2"."goal" = ''
                AND "t2"."day" >= MAKE_DATE(2026, 3, 1)
                AND "t2"."until" <= MAKE_DATE(2026, 3, 31)
            ) AS "t10"
            UNION ALL
            SELECT
              *
            FROM (
              SELECT
                1 AS "window",
                "t2"."visits"
              FROM "traffic" AS "t2"
              WHERE
                "t2"."account" = '44'
                AND "t2"."attribution" = 'last_significant'
                AND "t2"."breakdown" = 'origin,device'
                AND "t2"."goal" = ''
                AND "t2"."day" >= MAKE_DATE(2026, 1, 29)
                AND "t2"."until" <= MAKE_DATE(2026, 2, 28)
            ) AS "t11"
          ) AS "t17"
          GROUP BY
            1
        ) AS "t24"
      ) AS "t29"
      UNION ALL
      SELECT
        *
      FROM (
        SELECT
          1 AS "feed",
          "t25"."window",
          '' AS "currency",
          "t25"."v0"
        FROM (
          SELECT
            "t20"."window",
            CAST(COUNT(*) AS DOUBLE PRECISION) AS "v0"
          FROM (
            SELECT DISTINCT
              *
            FROM (
              SELECT
                *
              FROM (
                SELECT
                  0 AS "window",
                  "t3"."visitor"
                FROM "visits" AS "t3"
                WHERE
                  "t3"."account" = '44'
                  AND "t3"."visitor" <> 0
                  AND "t3"."day" >= MAKE_DATE(2026, 3, 1)
                  AND "t3"."day" <= MAKE_DATE(2026, 3, 31)
              ) AS "t12"
              UNION ALL
              SELECT
                *
              FROM (
                SELECT
                  1 AS "window",
                  "t3"."visitor"
                FROM "visits" AS "t3"
                WHERE
                  "t3"."account" = '44'
                  AND "t3"."visitor" <> 0
                  AND "t3"."day" >= MAKE_DATE(2026, 1, 29)
                  AND "t3"."day" <= MAKE_DATE(2026, 2, 28)
              ) AS "t13"
            ) AS "t18"
          ) AS "t20"
          GROUP BY
            1
        ) AS "t25"
      ) AS "t30"
    ) AS "t31"
    UNION ALL
    SELECT
      *
    FROM (
      SELECT
        2 AS "feed",
        "t22"."window",
        '' AS "currency",
        "t22"."v0"
      FROM (
        SELECT
          "t19"."window",
          CAST(COUNT(*) AS DOUBLE PRECISION) AS "v0"
        FROM (
          SELECT DISTINCT
            *
          FROM (
            SELECT
              *
            FROM (
              SELECT
                0 AS "window",
                "t0"."year",
                "t0"."visit"
              FROM "conversions" AS "t0"
              WHERE
                "t0"."account" = '44'
                AND "t0"."goal" IN ('11', '12')
                AND "t0"."day" >= MAKE_DATE(2026, 3, 1)
                AND "t0"."day" <= MAKE_DATE(2026, 3, 31)
            ) AS "t5"
            UNION ALL
            SELECT
              *
            FROM (
              SELECT
                1 AS "window",
                "t0"."year",
                "t0"."visit"
              FROM "conversions" AS "t0"
              WHERE
                "t0"."account" = '44'
                AND "t0"."goal" IN ('11', '12')
                AND "t0"."day" >= MAKE_DATE(2026, 1, 29)
                AND "t0"."day" <= MAKE_DATE(2026, 2, 28)
            ) AS "t7"
          ) AS "t15"
        ) AS "t19"
        GROUP BY
          1
      ) AS "t22"
    ) AS "t27"
  ) AS "t32"
  UNION ALL
  SELECT
    *
  FROM (
    SELECT
      3 AS "feed",
      "t23"."window",
      "t23"."currency",
      "t23"."v0"
    FROM (
      SELECT
        "t16"."window",
        "t16"."currency",
        CAST(COALESCE(SUM("t16"."cost"), 0) AS DOUBLE PRECISION) AS "v0"
      FROM (
        SELECT
          *
        FROM (
          SELECT
            0 AS "window",
            "t1"."currency",
            "t1"."cost"
          FROM "spend" AS "t1"
          WHERE
            "t1"."account" IN ('direct', 'sheet')
            AND "t1"."day" >= MAKE_DATE(2026, 3, 1)
            AND "t1"."until" <= MAKE_DATE(2026, 3, 31)
        ) AS "t8"
        UNION ALL
        SELECT
          *
        FROM (
          SELECT
            1 AS "window",
            "t1"."currency",
            "t1"."cost"
          FROM "spend" AS "t1"
          WHERE
            "t1"."account" IN ('direct', 'sheet')
            AND "t1"."day" >= MAKE_DATE(2026, 1, 29)
            AND "t1"."until" <= MAKE_DATE(2026, 2, 28)
        ) AS "t9"
      ) AS "t16"
      GROUP BY
        1,
        2
    ) AS "t23"
  ) AS "t28"
) AS "t33"
UNION ALL
SELECT
  *
FROM (
  SELECT
    4 AS "feed",
    "t21"."window",
    '' AS "currency",
    "t21"."v0"
  FROM (
    SELECT
      "t14"."window",
      CAST(COALESCE(SUM("t14"."reaches"), 0) AS DOUBLE PRECISION) AS "v0"
    FROM (
      SELECT
        *
      FROM (
        SELECT
          0 AS "window",
          "t0"."reaches"
        FROM "conversions" AS "t0"
        WHERE
          "t0"."account" = '44'
          AND "t0"."goal" IN ('11', '12')
          AND "t0"."day" >= MAKE_DATE(2026, 3, 1)
          AND "t0"."day" <= MAKE_DATE(2026, 3, 31)
      ) AS "t4"
      UNION ALL
      SELECT
        *
      FROM (
        SELECT
          1 AS "window",
          "t0"."reaches"
        FROM "conversions" AS "t0"
        WHERE
          "t0"."account" = '44'
          AND "t0"."goal" IN ('11', '12')
          AND "t0"."day" >= MAKE_DATE(2026, 1, 29)
          AND "t0"."day" <= MAKE_DATE(2026, 2, 28)
      ) AS "t6"
    ) AS "t14"
    GROUP BY
      1
  ) AS "t21"
) AS "t26"
