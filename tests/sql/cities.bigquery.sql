WITH `origins_by_campaign` AS (
SELECT
  `t0`.`origin` AS `origin_key`,
  IF(`t0`.`campaign_id` <> '', `t0`.`campaign_id`, `t0`.`campaign`) AS `campaign`
FROM `origins` AS `t0`
)
SELECT 0 AS `feed`, `window`, `city`, `currency`, `v0`, `v1` FROM (
SELECT
  `t7`.`window`,
  `t7`.`city`,
  '' AS `currency`,
  `t7`.`v0`,
  `t7`.`v1`
FROM (
  SELECT
    `t6`.`window`,
    `t6`.`city`,
    CAST(COALESCE(SUM(`t6`.`visits`), 0) AS FLOAT64) AS `v0`,
    CAST(IF(
      COUNT(`t6`.`page_views`) = COUNT(`t6`.`visits`),
      COALESCE(SUM(`t6`.`page_views`), 0),
      CAST(NULL AS INT64)
    ) AS FLOAT64) AS `v1`
  FROM (
    SELECT
      *
    FROM (
      SELECT
        `t4`.`window`,
        `t4`.`city`,
        `t4`.`visits`,
        `t4`.`page_views`,
        COALESCE(`t2`.`campaign`, '') AS `campaign`
      FROM (
        SELECT
          0 AS `window`,
          `t0`.`city`,
          `t0`.`visits`,
          `t0`.`page_views`,
          `t0`.`origin_last_significant` AS `origin`
        FROM `visits` AS `t0`
        WHERE
          `t0`.`account` IN ('44')
          AND (
            (
              (
                `t0`.`day` >= DATE(2026, 3, 1)
              ) AND (
                `t0`.`day` <= DATE(2026, 3, 1)
              )
            )
            OR (
              (
                `t0`.`day` >= DATE(2026, 3, 7)
              ) AND (
                `t0`.`day` <= DATE(2026, 3, 8)
              )
            )
            OR (
              (
                `t0`.`day` >= DATE(2026, 3, 14)
              ) AND (
                `t0`.`day` <= DATE(2026, 3, 15)
              )
            )
            OR (
              (
                `t0`.`day` >= DATE(2026, 3, 21)
              ) AND (
                `t0`.`day` <= DATE(2026, 3, 22)
              )
            )
            OR (
              (
                `t0`.`day` >= DATE(2026, 3, 28)
              ) AND (
                `t0`.`day` <= DATE(2026, 3, 29)
              )
            )
          )
          AND CAST((
            MOD(EXTRACT(dayofweek FROM `t0`.`day`) + 5, 7)
          ) + 1 AS INT64) IN (6, 7)
      ) AS `t4`
      LEFT OUTER JOIN `origins_by_campaign` AS `t2`
        ON `t4`.`origin` = `t2`.`origin_key`
    ) AS `t5`
    WHERE
      `t5`.`campaign` IN ('101')
  ) AS `t6`
  GROUP BY
    1,
    2
) AS `t7`
) AS part_0
UNION ALL
SELECT 1 AS `feed`, `window`, `city`, `currency`, `v0`, CAST(NULL AS FLOAT64) AS `v1` FROM (
SELECT
  `t7`.`window`,
  `t7`.`city`,
  '' AS `currency`,
  `t7`.`v0`
FROM (
  SELECT
    `t6`.`window`,
    `t6`.`city`,
    CAST(COUNT(*) AS FLOAT64) AS `v0`
  FROM (
    SELECT DISTINCT
      `t5`.`window`,
      `t5`.`city`,
      `t5`.`visitor`
    FROM (
      SELECT
        `t4`.`window`,
        `t4`.`city`,
        `t4`.`visitor`,
        COALESCE(`t2`.`campaign`, '') AS `campaign`
      FROM (
        SELECT
          0 AS `window`,
          `t0`.`city`,
          `t0`.`visitor`,
          `t0`.`origin_last_significant` AS `origin`
        FROM `visits` AS `t0`
        WHERE
          `t0`.`account` IN ('44')
          AND `t0`.`visitor` <> 0
          AND (
            (
              (
                `t0`.`day` >= DATE(2026, 3, 1)
              ) AND (
                `t0`.`day` <= DATE(2026, 3, 1)
              )
            )
            OR (
              (
                `t0`.`day` >= DATE(2026, 3, 7)
              ) AND (
                `t0`.`day` <= DATE(2026, 3, 8)
              )
            )
            OR (
              (
                `t0`.`day` >= DATE(2026, 3, 14)
              ) AND (
                `t0`.`day` <= DATE(2026, 3, 15)
              )
            )
            OR (
              (
                `t0`.`day` >= DATE(2026, 3, 21)
              ) AND (
                `t0`.`day` <= DATE(2026, 3, 22)
              )
            )
            OR (
              (
                `t0`.`day` >= DATE(2026, 3, 28)
              ) AND (
                `t0`.`day` <= DATE(2026, 3, 29)
              )
            )
          )
          AND CAST((
            MOD(EXTRACT(dayofweek FROM `t0`.`day`) + 5, 7)
          ) + 1 AS INT64) IN (6, 7)
      ) AS `t4`
      LEFT OUTER JOIN `origins_by_campaign` AS `t2`
        ON `t4`.`origin` = `t2`.`origin_key`
    ) AS `t5`
    WHERE
      `t5`.`campaign` IN ('101')
  ) AS `t6`
  GROUP BY
    1,
    2
) AS `t7`
) AS part_1;

WITH `origins_by_campaign` AS (
SELECT
  `t0`.`origin` AS `origin_key`,
  IF(`t0`.`campaign_id` <> '', `t0`.`campaign_id`, `t0`.`campaign`) AS `campaign`
FROM `origins` AS `t0`
)
SELECT 0 AS `feed`, `window`, `currency`, `v0`, `v1` FROM (
SELECT
  `t7`.`window`,
  '' AS `currency`,
  `t7`.`v0`,
  `t7`.`v1`
FROM (
  SELECT
    `t6`.`window`,
    CAST(COALESCE(SUM(`t6`.`visits`), 0) AS FLOAT64) AS `v0`,
    CAST(IF(
      COUNT(`t6`.`page_views`) = COUNT(`t6`.`visits`),
      COALESCE(SUM(`t6`.`page_views`), 0),
      CAST(NULL AS INT64)
    ) AS FLOAT64) AS `v1`
  FROM (
    SELECT
      *
    FROM (
      SELECT
        `t4`.`window`,
        `t4`.`visits`,
        `t4`.`page_views`,
        COALESCE(`t2`.`campaign`, '') AS `campaign`
      FROM (
        SELECT
          0 AS `window`,
          `t0`.`visits`,
          `t0`.`page_views`,
          `t0`.`origin_last_significant` AS `origin`
        FROM `visits` AS `t0`
        WHERE
          `t0`.`account` IN ('44')
          AND (
            (
              (
                `t0`.`day` >= DATE(2026, 3, 1)
              ) AND (
                `t0`.`day` <= DATE(2026, 3, 1)
              )
            )
            OR (
              (
                `t0`.`day` >= DATE(2026, 3, 7)
              ) AND (
                `t0`.`day` <= DATE(2026, 3, 8)
              )
            )
            OR (
              (
                `t0`.`day` >= DATE(2026, 3, 14)
              ) AND (
                `t0`.`day` <= DATE(2026, 3, 15)
              )
            )
            OR (
              (
                `t0`.`day` >= DATE(2026, 3, 21)
              ) AND (
                `t0`.`day` <= DATE(2026, 3, 22)
              )
            )
            OR (
              (
                `t0`.`day` >= DATE(2026, 3, 28)
              ) AND (
                `t0`.`day` <= DATE(2026, 3, 29)
              )
            )
          )
          AND CAST((
            MOD(EXTRACT(dayofweek FROM `t0`.`day`) + 5, 7)
          ) + 1 AS INT64) IN (6, 7)
      ) AS `t4`
      LEFT OUTER JOIN `origins_by_campaign` AS `t2`
        ON `t4`.`origin` = `t2`.`origin_key`
    ) AS `t5`
    WHERE
      `t5`.`campaign` IN ('101')
  ) AS `t6`
  GROUP BY
    1
) AS `t7`
) AS part_0
UNION ALL
SELECT 1 AS `feed`, `window`, `currency`, `v0`, CAST(NULL AS FLOAT64) AS `v1` FROM (
SELECT
  `t7`.`window`,
  '' AS `currency`,
  `t7`.`v0`
FROM (
  SELECT
    `t6`.`window`,
    CAST(COUNT(*) AS FLOAT64) AS `v0`
  FROM (
    SELECT DISTINCT
      `t5`.`window`,
      `t5`.`visitor`
    FROM (
      SELECT
        `t4`.`window`,
        `t4`.`visitor`,
        COALESCE(`t2`.`campaign`, '') AS `campaign`
      FROM (
        SELECT
          0 AS `window`,
          `t0`.`visitor`,
          `t0`.`origin_last_significant` AS `origin`
        FROM `visits` AS `t0`
        WHERE
          `t0`.`account` IN ('44')
          AND `t0`.`visitor` <> 0
          AND (
            (
              (
                `t0`.`day` >= DATE(2026, 3, 1)
              ) AND (
                `t0`.`day` <= DATE(2026, 3, 1)
              )
            )
            OR (
              (
                `t0`.`day` >= DATE(2026, 3, 7)
              ) AND (
                `t0`.`day` <= DATE(2026, 3, 8)
              )
            )
            OR (
              (
                `t0`.`day` >= DATE(2026, 3, 14)
              ) AND (
                `t0`.`day` <= DATE(2026, 3, 15)
              )
            )
            OR (
              (
                `t0`.`day` >= DATE(2026, 3, 21)
              ) AND (
                `t0`.`day` <= DATE(2026, 3, 22)
              )
            )
            OR (
              (
                `t0`.`day` >= DATE(2026, 3, 28)
              ) AND (
                `t0`.`day` <= DATE(2026, 3, 29)
              )
            )
          )
          AND CAST((
            MOD(EXTRACT(dayofweek FROM `t0`.`day`) + 5, 7)
          ) + 1 AS INT64) IN (6, 7)
      ) AS `t4`
      LEFT OUTER JOIN `origins_by_campaign` AS `t2`
        ON `t4`.`origin` = `t2`.`origin_key`
    ) AS `t5`
    WHERE
      `t5`.`campaign` IN ('101')
  ) AS `t6`
  GROUP BY
    1
) AS `t7`
) AS part_1
