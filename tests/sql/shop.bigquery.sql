WITH `origins_by_campaign` AS (
SELECT
  `t0`.`origin` AS `origin_key`,
  IF(`t0`.`campaign_id` <> '', `t0`.`campaign_id`, `t0`.`campaign`) AS `campaign`
FROM `origins` AS `t0`
),
`origins_by_campaign_ad_system_or_source` AS (
SELECT
  `t0`.`origin` AS `origin_key`,
  IF(`t0`.`campaign_id` <> '', `t0`.`campaign_id`, `t0`.`campaign`) AS `campaign`,
  IF(`t0`.`ad_system` <> '', `t0`.`ad_system`, LOWER(`t0`.`source`)) AS `ad_system_or_source`
FROM `origins` AS `t0`
)
SELECT 0 AS `feed`, `window`, `month`, `campaign`, `currency`, `v0`, `v1`, `v2` FROM (
SELECT
  *
FROM (
  SELECT
    `t5`.`window`,
    `t5`.`month`,
    `t5`.`campaign`,
    `t5`.`currency`,
    CAST(COALESCE(SUM(`t5`.`orders`), 0) AS FLOAT64) AS `v0`,
    CAST(COALESCE(SUM(`t5`.`revenue` - COALESCE(`t5`.`refund`, 0)), 0) AS FLOAT64) AS `v1`,
    CAST(IF(
      COUNT(`t5`.`goods_cost`) = COUNT(`t5`.`orders`),
      COALESCE(SUM(`t5`.`goods_cost`), 0),
      CAST(NULL AS NUMERIC)
    ) AS FLOAT64) AS `v2`
  FROM (
    SELECT
      `t4`.`window`,
      `t4`.`month`,
      `t4`.`currency`,
      `t4`.`orders`,
      `t4`.`revenue`,
      `t4`.`refund`,
      `t4`.`goods_cost`,
      COALESCE(`t2`.`campaign`, '') AS `campaign`
    FROM (
      SELECT
        0 AS `window`,
        DATE_TRUNC(`t0`.`day`, MONTH) AS `month`,
        `t0`.`currency`,
        `t0`.`orders`,
        `t0`.`revenue`,
        `t0`.`refund`,
        `t0`.`goods_cost`,
        `t0`.`origin_last_significant` AS `origin`
      FROM `orders` AS `t0`
      WHERE
        `t0`.`account` IN ('44')
        AND NOT (
          `t0`.`status` IN ('cancelled', 'spam')
        )
        AND `t0`.`day` >= DATE(2026, 3, 1)
        AND `t0`.`day` <= DATE(2026, 3, 31)
        AND `t0`.`currency` IN ('RUB')
    ) AS `t4`
    LEFT OUTER JOIN `origins_by_campaign` AS `t2`
      ON `t4`.`origin` = `t2`.`origin_key`
  ) AS `t5`
  GROUP BY
    1,
    2,
    3,
    4
) AS `t6`
) AS part_0
UNION ALL
SELECT 1 AS `feed`, `window`, `month`, `campaign`, `currency`, `v0`, CAST(NULL AS FLOAT64) AS `v1`, CAST(NULL AS FLOAT64) AS `v2` FROM (
SELECT
  `t7`.`window`,
  `t7`.`month`,
  `t7`.`campaign`,
  '' AS `currency`,
  `t7`.`v0`
FROM (
  SELECT
    `t6`.`window`,
    `t6`.`month`,
    `t6`.`campaign`,
    CAST(COUNT(*) AS FLOAT64) AS `v0`
  FROM (
    SELECT DISTINCT
      `t5`.`window`,
      `t5`.`month`,
      `t5`.`campaign`,
      `t5`.`customer`
    FROM (
      SELECT
        `t4`.`window`,
        `t4`.`month`,
        `t4`.`customer`,
        COALESCE(`t2`.`campaign`, '') AS `campaign`
      FROM (
        SELECT
          0 AS `window`,
          DATE_TRUNC(`t0`.`day`, MONTH) AS `month`,
          `t0`.`customer`,
          `t0`.`origin_last_significant` AS `origin`
        FROM `orders` AS `t0`
        WHERE
          `t0`.`account` IN ('44')
          AND NOT (
            `t0`.`status` IN ('cancelled', 'spam')
          )
          AND `t0`.`orders` <> 0
          AND NOT (
            `t0`.`customer` IN ('', '0')
          )
          AND `t0`.`day` >= DATE(2026, 3, 1)
          AND `t0`.`day` <= DATE(2026, 3, 31)
      ) AS `t4`
      LEFT OUTER JOIN `origins_by_campaign` AS `t2`
        ON `t4`.`origin` = `t2`.`origin_key`
    ) AS `t5`
  ) AS `t6`
  GROUP BY
    1,
    2,
    3
) AS `t7`
) AS part_1
UNION ALL
SELECT 2 AS `feed`, `window`, `month`, `campaign`, `currency`, `v0`, CAST(NULL AS FLOAT64) AS `v1`, CAST(NULL AS FLOAT64) AS `v2` FROM (
SELECT
  `t6`.`window`,
  `t6`.`month`,
  `t6`.`campaign`,
  '' AS `currency`,
  `t6`.`v0`
FROM (
  SELECT
    `t5`.`window`,
    `t5`.`month`,
    `t5`.`campaign`,
    IF(
      (
        COUNT(`t5`.`claimed`) = COUNT(`t5`.`cost`)
      )
      AND (
        MIN(`t5`.`ad_system_or_source`) = MAX(`t5`.`ad_system_or_source`)
      ),
      COALESCE(SUM(`t5`.`claimed`), 0),
      CAST(NULL AS FLOAT64)
    ) AS `v0`
  FROM (
    SELECT
      `t4`.`window`,
      `t4`.`month`,
      `t4`.`claimed`,
      `t4`.`cost`,
      COALESCE(`t2`.`campaign`, '') AS `campaign`,
      COALESCE(`t2`.`ad_system_or_source`, '') AS `ad_system_or_source`
    FROM (
      SELECT
        0 AS `window`,
        DATE_TRUNC(`t0`.`day`, MONTH) AS `month`,
        `t0`.`claimed`,
        `t0`.`cost`,
        `t0`.`origin`
      FROM `spend` AS `t0`
      WHERE
        `t0`.`account` IN ('direct', 'sheet')
        AND `t0`.`day` >= DATE(2026, 3, 1)
        AND `t0`.`until` <= DATE(2026, 3, 31)
    ) AS `t4`
    LEFT OUTER JOIN `origins_by_campaign_ad_system_or_source` AS `t2`
      ON `t4`.`origin` = `t2`.`origin_key`
  ) AS `t5`
  GROUP BY
    1,
    2,
    3
) AS `t6`
) AS part_2;

WITH `origins_by_ad_system_or_source` AS (
SELECT
  `t0`.`origin` AS `origin_key`,
  IF(`t0`.`ad_system` <> '', `t0`.`ad_system`, LOWER(`t0`.`source`)) AS `ad_system_or_source`
FROM `origins` AS `t0`
)
SELECT 0 AS `feed`, `window`, `currency`, `v0`, `v1`, `v2` FROM (
SELECT
  *
FROM (
  SELECT
    `t1`.`window`,
    `t1`.`currency`,
    CAST(COALESCE(SUM(`t1`.`orders`), 0) AS FLOAT64) AS `v0`,
    CAST(COALESCE(SUM(`t1`.`revenue` - COALESCE(`t1`.`refund`, 0)), 0) AS FLOAT64) AS `v1`,
    CAST(IF(
      COUNT(`t1`.`goods_cost`) = COUNT(`t1`.`orders`),
      COALESCE(SUM(`t1`.`goods_cost`), 0),
      CAST(NULL AS NUMERIC)
    ) AS FLOAT64) AS `v2`
  FROM (
    SELECT
      0 AS `window`,
      `t0`.`currency`,
      `t0`.`orders`,
      `t0`.`revenue`,
      `t0`.`refund`,
      `t0`.`goods_cost`
    FROM `orders` AS `t0`
    WHERE
      `t0`.`account` IN ('44')
      AND NOT (
        `t0`.`status` IN ('cancelled', 'spam')
      )
      AND `t0`.`day` >= DATE(2026, 3, 1)
      AND `t0`.`day` <= DATE(2026, 3, 31)
      AND `t0`.`currency` IN ('RUB')
  ) AS `t1`
  GROUP BY
    1,
    2
) AS `t2`
) AS part_0
UNION ALL
SELECT 1 AS `feed`, `window`, `currency`, `v0`, CAST(NULL AS FLOAT64) AS `v1`, CAST(NULL AS FLOAT64) AS `v2` FROM (
SELECT
  `t2`.`window`,
  '' AS `currency`,
  `t2`.`v0`
FROM (
  SELECT
    `t1`.`window`,
    CAST(COUNT(*) AS FLOAT64) AS `v0`
  FROM (
    SELECT DISTINCT
      0 AS `window`,
      `t0`.`customer`
    FROM `orders` AS `t0`
    WHERE
      `t0`.`account` IN ('44')
      AND NOT (
        `t0`.`status` IN ('cancelled', 'spam')
      )
      AND `t0`.`orders` <> 0
      AND NOT (
        `t0`.`customer` IN ('', '0')
      )
      AND `t0`.`day` >= DATE(2026, 3, 1)
      AND `t0`.`day` <= DATE(2026, 3, 31)
  ) AS `t1`
  GROUP BY
    1
) AS `t2`
) AS part_1
UNION ALL
SELECT 2 AS `feed`, `window`, `currency`, `v0`, CAST(NULL AS FLOAT64) AS `v1`, CAST(NULL AS FLOAT64) AS `v2` FROM (
SELECT
  `t6`.`window`,
  '' AS `currency`,
  `t6`.`v0`
FROM (
  SELECT
    `t5`.`window`,
    IF(
      (
        COUNT(`t5`.`claimed`) = COUNT(`t5`.`cost`)
      )
      AND (
        MIN(`t5`.`ad_system_or_source`) = MAX(`t5`.`ad_system_or_source`)
      ),
      COALESCE(SUM(`t5`.`claimed`), 0),
      CAST(NULL AS FLOAT64)
    ) AS `v0`
  FROM (
    SELECT
      `t4`.`window`,
      `t4`.`claimed`,
      `t4`.`cost`,
      COALESCE(`t2`.`ad_system_or_source`, '') AS `ad_system_or_source`
    FROM (
      SELECT
        0 AS `window`,
        `t0`.`claimed`,
        `t0`.`cost`,
        `t0`.`origin`
      FROM `spend` AS `t0`
      WHERE
        `t0`.`account` IN ('direct', 'sheet')
        AND `t0`.`day` >= DATE(2026, 3, 1)
        AND `t0`.`until` <= DATE(2026, 3, 31)
    ) AS `t4`
    LEFT OUTER JOIN `origins_by_ad_system_or_source` AS `t2`
      ON `t4`.`origin` = `t2`.`origin_key`
  ) AS `t5`
  GROUP BY
    1
) AS `t6`
) AS part_2
