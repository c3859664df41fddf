SELECT
  `t4`.*
  EXCEPT (`island`)
FROM (
  SELECT
    `t3`.`table_name`,
    `t3`.`account`,
    `t3`.`attribution`,
    `t3`.`breakdown`,
    `t3`.`block`,
    `t3`.`island`,
    MIN(`t3`.`day`) AS `since`,
    MAX(`t3`.`day`) AS `until`
  FROM (
    SELECT
      `t2`.`table_name`,
      `t2`.`account`,
      `t2`.`attribution`,
      `t2`.`breakdown`,
      `t2`.`day`,
      `t2`.`period_since`,
      `t2`.`block`,
      `t2`.`place`,
      IF(
        `t2`.`block`,
        DATE_DIFF(`t2`.`period_since`, DATE(1970, 1, 1), DAY),
        DATE_DIFF(`t2`.`day`, DATE(1970, 1, 1), DAY) - `t2`.`place`
      ) AS `island`
    FROM (
      SELECT
        `t1`.`table_name`,
        `t1`.`account`,
        `t1`.`attribution`,
        `t1`.`breakdown`,
        `t1`.`day`,
        `t1`.`period_since`,
        `t1`.`block`,
        ROW_NUMBER() OVER (
          PARTITION BY `t1`.`table_name`, `t1`.`account`, `t1`.`attribution`, `t1`.`breakdown`, `t1`.`block`
          ORDER BY `t1`.`day` ASC
        ) - 1 AS `place`
      FROM (
        SELECT DISTINCT
          `t0`.`table_name`,
          `t0`.`account`,
          `t0`.`attribution`,
          `t0`.`breakdown`,
          `t0`.`day`,
          `t0`.`period_since`,
          `t0`.`period_until` > `t0`.`period_since` AS `block`
        FROM `loads` AS `t0`
      ) AS `t1`
    ) AS `t2`
  ) AS `t3`
  GROUP BY
    1,
    2,
    3,
    4,
    5,
    6
) AS `t4`
