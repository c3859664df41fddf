SELECT 0 AS `feed`, `window`, `week`, `currency`, `v0`, `v1` FROM (
SELECT
  `t4`.`window`,
  `t4`.`week`,
  '' AS `currency`,
  `t4`.`v0`,
  `t4`.`v1`
FROM (
  SELECT
    `t3`.`window`,
    `t3`.`week`,
    CAST(COALESCE(SUM(`t3`.`visits`), 0) AS FLOAT64) AS `v0`,
    CAST(IF(
      COUNT(`t3`.`bounces`) = COUNT(`t3`.`visits`),
      COALESCE(SUM(`t3`.`bounces`), 0),
      CAST(NULL AS INT64)
    ) AS FLOAT64) AS `v1`
  FROM (
    SELECT
      *
    FROM (
      SELECT
        0 AS `window`,
        DATE_TRUNC(`t0`.`day`, WEEK(MONDAY)) AS `week`,
        `t0`.`visits`,
        `t0`.`bounces`
      FROM `traffic` AS `t0`
      WHERE
        `t0`.`account` IN ('44')
        AND `t0`.`attribution` = 'last_significant'
        AND `t0`.`breakdown` = 'origin,device'
        AND `t0`.`goal` = ''
        AND `t0`.`day` >= DATE(2026, 3, 1)
        AND `t0`.`until` <= DATE(2026, 3, 31)
        AND `t0`.`device` IN ('phone', 'tablet')
    ) AS `t1`
    UNION ALL
    SELECT
      *
    FROM (
      SELECT
        1 AS `window`,
        DATE_TRUNC(DATE_ADD(`t0`.`day`, INTERVAL '364' DAY), WEEK(MONDAY)) AS `week`,
        `t0`.`visits`,
        `t0`.`bounces`
      FROM `traffic` AS `t0`
      WHERE
        `t0`.`account` IN ('44')
        AND `t0`.`attribution` = 'last_significant'
        AND `t0`.`breakdown` = 'origin,device'
        AND `t0`.`goal` = ''
        AND `t0`.`day` >= DATE(2025, 3, 2)
        AND `t0`.`until` <= DATE(2025, 4, 1)
        AND `t0`.`device` IN ('phone', 'tablet')
    ) AS `t2`
  ) AS `t3`
  GROUP BY
    1,
    2
) AS `t4`
) AS part_0;

SELECT 0 AS `feed`, `window`, `currency`, `v0`, `v1` FROM (
SELECT
  `t4`.`window`,
  '' AS `currency`,
  `t4`.`v0`,
  `t4`.`v1`
FROM (
  SELECT
    `t3`.`window`,
    CAST(COALESCE(SUM(`t3`.`visits`), 0) AS FLOAT64) AS `v0`,
    CAST(IF(
      COUNT(`t3`.`bounces`) = COUNT(`t3`.`visits`),
      COALESCE(SUM(`t3`.`bounces`), 0),
      CAST(NULL AS INT64)
    ) AS FLOAT64) AS `v1`
  FROM (
    SELECT
      *
    FROM (
      SELECT
        0 AS `window`,
        `t0`.`visits`,
        `t0`.`bounces`
      FROM `traffic` AS `t0`
      WHERE
        `t0`.`account` IN ('44')
        AND `t0`.`attribution` = 'last_significant'
        AND `t0`.`breakdown` = 'origin,device'
        AND `t0`.`goal` = ''
        AND `t0`.`day` >= DATE(2026, 3, 1)
        AND `t0`.`until` <= DATE(2026, 3, 31)
        AND `t0`.`device` IN ('phone', 'tablet')
    ) AS `t1`
    UNION ALL
    SELECT
      *
    FROM (
      SELECT
        1 AS `window`,
        `t0`.`visits`,
        `t0`.`bounces`
      FROM `traffic` AS `t0`
      WHERE
        `t0`.`account` IN ('44')
        AND `t0`.`attribution` = 'last_significant'
        AND `t0`.`breakdown` = 'origin,device'
        AND `t0`.`goal` = ''
        AND `t0`.`day` >= DATE(2025, 3, 2)
        AND `t0`.`until` <= DATE(2025, 4, 1)
        AND `t0`.`device` IN ('phone', 'tablet')
    ) AS `t2`
  ) AS `t3`
  GROUP BY
    1
) AS `t4`
) AS part_0
