WITH "origins_by_channel" AS (
  SELECT
    "t3"."origin" AS "origin_key",
    CASE
      WHEN "t3"."given_channel" <> ''
      THEN REPLACE(REPLACE(LOWER("t3"."given_channel"), ' ', '_'), '-', '_')
      ELSE CASE
        WHEN (
          LOWER("t3"."source") = '(direct)'
        )
        AND CONTAINS('|(not set)|(none)|', '|' || LOWER("t3"."medium") || '|')
        THEN 'direct'
        WHEN REGEXP_MATCHES(LOWER("t3"."campaign"), 'cross-network')
        THEN 'cross_network'
        WHEN (
          CONTAINS(
            '|alibaba|alibaba.com|amazon|amazon.co.uk|amazon.com|apps.shopify.com|checkout.shopify.com|checkout.stripe.com|ebay|ebay.co.uk|ebay.com|ebay.de|etsy|etsy.com|google shopping|igshopping|m.alibaba.com|mercadolibre|mercadolibre.com|message.alibaba.com|offer.alibaba.com|shop.app|shopify|shopify.com|shopping.naver.com|shopping.yahoo.com|shopzilla|shopzilla.com|stripe|stripe.com|walmart|walmart.com|',
            '|' || LOWER(CASE WHEN "t3"."source" <> '' THEN "t3"."source" ELSE "t3"."referrer" END) || '|'
          )
          AND REGEXP_MATCHES(LOWER("t3"."medium"), '^(.*cp.*|ppc|retargeting|paid.*)$')
        )
        OR (
          REGEXP_MATCHES(LOWER("t3"."campaign"), '^(.*(([^a-df-z]|^)shop|shopping).*)$')
          AND REGEXP_MATCHES(LOWER("t3"."medium"), '^(.*cp.*|ppc|retargeting|paid.*)$')
        )
        THEN 'paid_shopping'
        WHEN CONTAINS(
          '|360.cn|alice|aol|ask|baidu|bing|cn.bing.com|daum|daum.net|dogpile|dogpile.com|duckduckgo|ecosia.org|go.mail.ru|google|google-play|lens.google.com|lite.qwant.com|lycos|m.baidu.com|m.naver.com|m.search.naver.com|mail.rambler.ru|mail.yandex.ru|msn|msn.com|naver|naver.com|news.google.com|ntp.msn.com|onet|onet.pl|play.google.com|qwant|qwant.com|rakuten|rambler|rambler.ru|search.aol.com|search.google.com|search.ukr.net|seznam|seznam.cz|so.com|sogou|sogou.com|tut.by|ukr|us.search.yahoo.com|uk.search.yahoo.com|webmaster.yandex.ru|yahoo|yahoo.com|yandex|yandex.by|yandex.com|yandex.com.tr|yandex.fr|yandex.kz|yandex.ru|yandex.ua|yandex.uz|zen.yandex.ru|',
          '|' || LOWER(CASE WHEN "t3"."source" <> '' THEN "t3"."source" ELSE "t3"."referrer" END) || '|'
        )
        AND REGEXP_MATCHES(LOWER("t3"."medium"), '^(.*cp.*|ppc|retargeting|paid.*)$')
        THEN 'paid_search'
        WHEN CONTAINS(
          '|academia.edu|allrecipes.com|amp.reddit.com|apps.facebook.com|artstation.com|askubuntu.com|away.vk.com|babyblog.ru|badoo|badoo.com|bit.ly|blogger|blogger.com|blogspot|blogspot.com|business.facebook.com|buzzfeed.com|deviantart|deviantart.com|digg|digg.com|disqus|disqus.com|douban|douban.com|facebook|facebook.com|fandom.com|fb|fb.me|flickr|flickr.com|flipboard|flipboard.com|foursquare|foursquare.com|getpocket.com|glassdoor|glassdoor.com|goo.gl|goodreads|goodreads.com|google+|googlegroups.com|googleplus|groups.google.com|hi5|hi5.com|hootsuite|hootsuite.com|houzz|houzz.com|ig|instagram|instagram.com|instapaper|instapaper.com|is.gd|kakao|kakao.com|l.facebook.com|l.instagram.com|l.messenger.com|last.fm|line|line.me|linkedin|linkedin.com|livejournal|livejournal.com|lm.facebook.com|lnkd.in|m.facebook.com|m.vk.com|medium.com|meetup|meetup.com|messages.google.com|messenger|messenger.com|mix.com|mobile.facebook.com|myspace|myspace.com|news.ycombinator.com|odnoklassniki.ru|old.reddit.com|out.reddit.com|paper.li|pinterest|pinterest.com|pinterest.de|pinterest.ru|pixiv.net|plus.google.com|pocket.co|quora|quora.com|reddit|reddit.com|researchgate.net|scoop.it|scribd|scribd.com|shareit|sharethis|sites.google.com|skype|slashdot.org|slideshare.net|smartnews.com|snapchat|snapchat.com|social|stackexchange.com|stackoverflow|stackoverflow.com|superuser.com|t.co|t.me|techmeme|tencent|tencent.com|tiktok|tiktok.com|tinyurl|tinyurl.com|touch.facebook.com|tripadvisor|tripadvisor.com|trustpilot|tumblr|tumblr.com|twitter|twitter.com|vk.com|vkontakte.ru|wattpad|wattpad.com|web.facebook.com|web.skype.com|wechat|wechat.com|weebly.com|weibo|weibo.com|whatsapp|whatsapp.com|wordpress|wordpress.com|xing|xing.com|yammer|yelp|yelp.com|zalo|',
          '|' || LOWER(CASE WHEN "t3"."source" <> '' THEN "t3"."source" ELSE "t3"."referrer" END) || '|'
        )
        AND REGEXP_MATCHES(LOWER("t3"."medium"), '^(.*cp.*|ppc|retargeting|paid.*)$')
        THEN 'paid_social'
        WHEN CONTAINS(
          '|crackle|crackle.com|dailymotion|dailymotion.com|disneyplus|disneyplus.com|fast.wistia.net|hulu|hulu.com|iq.com|iqiyi|iqiyi.com|m.twitch.tv|m.youtube.com|music.youtube.com|netflix|netflix.com|player.twitch.tv|player.vimeo.com|ted|ted.com|twitch|twitch.tv|veoh|veoh.com|vimeo|vimeo.com|wistia|wistia.com|youku|youku.com|youtube|youtube.com|',
          '|' || LOWER(CASE WHEN "t3"."source" <> '' THEN "t3"."source" ELSE "t3"."referrer" END) || '|'
        )
        AND REGEXP_MATCHES(LOWER("t3"."medium"), '^(.*cp.*|ppc|retargeting|paid.*)$')
        THEN 'paid_video'
        WHEN CONTAINS('|display|banner|expandable|interstitial|cpm|', '|' || LOWER("t3"."medium") || '|')
        THEN 'display'
        WHEN REGEXP_MATCHES(LOWER("t3"."medium"), '^(.*cp.*|ppc|retargeting|paid.*)$')
        THEN 'paid_other'
        WHEN LOWER("t3"."medium") = 'ai-assistant'
        THEN 'ai_assistant'
        WHEN CONTAINS(
          '|alibaba|alibaba.com|amazon|amazon.co.uk|amazon.com|apps.shopify.com|checkout.shopify.com|checkout.stripe.com|ebay|ebay.co.uk|ebay.com|ebay.de|etsy|etsy.com|google shopping|igshopping|m.alibaba.com|mercadolibre|mercadolibre.com|message.alibaba.com|offer.alibaba.com|shop.app|shopify|shopify.com|shopping.naver.com|shopping.yahoo.com|shopzilla|shopzilla.com|stripe|stripe.com|walmart|walmart.com|',
          '|' || LOWER(CASE WHEN "t3"."source" <> '' THEN "t3"."source" ELSE "t3"."referrer" END) || '|'
        )
        OR REGEXP_MATCHES(LOWER("t3"."campaign"), '^(.*(([^a-df-z]|^)shop|shopping).*)$')
        THEN 'organic_shopping'
        WHEN CONTAINS(
          '|academia.edu|allrecipes.com|amp.reddit.com|apps.facebook.com|artstation.com|askubuntu.com|away.vk.com|babyblog.ru|badoo|badoo.com|bit.ly|blogger|blogger.com|blogspot|blogspot.com|business.facebook.com|buzzfeed.com|deviantart|deviantart.com|digg|digg.com|disqus|disqus.com|douban|douban.com|facebook|facebook.com|fandom.com|fb|fb.me|flickr|flickr.com|flipboard|flipboard.com|foursquare|foursquare.com|getpocket.com|glassdoor|glassdoor.com|goo.gl|goodreads|goodreads.com|google+|googlegroups.com|googleplus|groups.google.com|hi5|hi5.com|hootsuite|hootsuite.com|houzz|houzz.com|ig|instagram|instagram.com|instapaper|instapaper.com|is.gd|kakao|kakao.com|l.facebook.com|l.instagram.com|l.messenger.com|last.fm|line|line.me|linkedin|linkedin.com|livejournal|livejournal.com|lm.facebook.com|lnkd.in|m.facebook.com|m.vk.com|medium.com|meetup|meetup.com|messages.google.com|messenger|messenger.com|mix.com|mobile.facebook.com|myspace|myspace.com|news.ycombinator.com|odnoklassniki.ru|old.reddit.com|out.reddit.com|paper.li|pinterest|pinterest.com|pinterest.de|pinterest.ru|pixiv.net|plus.google.com|pocket.co|quora|quora.com|reddit|reddit.com|researchgate.net|scoop.it|scribd|scribd.com|shareit|sharethis|sites.google.com|skype|slashdot.org|slideshare.net|smartnews.com|snapchat|snapchat.com|social|stackexchange.com|stackoverflow|stackoverflow.com|superuser.com|t.co|t.me|techmeme|tencent|tencent.com|tiktok|tiktok.com|tinyurl|tinyurl.com|touch.facebook.com|tripadvisor|tripadvisor.com|trustpilot|tumblr|tumblr.com|twitter|twitter.com|vk.com|vkontakte.ru|wattpad|wattpad.com|web.facebook.com|web.skype.com|wechat|wechat.com|weebly.com|weibo|weibo.com|whatsapp|whatsapp.com|wordpress|wordpress.com|xing|xing.com|yammer|yelp|yelp.com|zalo|',
          '|' || LOWER(CASE WHEN "t3"."source" <> '' THEN "t3"."source" ELSE "t3"."referrer" END) || '|'
        )
        OR CONTAINS(
          '|social|social-network|social-media|sm|social network|social media|',
          '|' || LOWER("t3"."medium") || '|'
        )
        THEN 'organic_social'
        WHEN CONTAINS(
          '|crackle|crackle.com|dailymotion|dailymotion.com|disneyplus|disneyplus.com|fast.wistia.net|hulu|hulu.com|iq.com|iqiyi|iqiyi.com|m.twitch.tv|m.youtube.com|music.youtube.com|netflix|netflix.com|player.twitch.tv|player.vimeo.com|ted|ted.com|twitch|twitch.tv|veoh|veoh.com|vimeo|vimeo.com|wistia|wistia.com|youku|youku.com|youtube|youtube.com|',
          '|' || LOWER(CASE WHEN "t3"."source" <> '' THEN "t3"."source" ELSE "t3"."referrer" END) || '|'
        )
        OR REGEXP_MATCHES(LOWER("t3"."medium"), 'video')
        THEN 'organic_video'
        WHEN CONTAINS(
          '|360.cn|alice|aol|ask|baidu|bing|cn.bing.com|daum|daum.net|dogpile|dogpile.com|duckduckgo|ecosia.org|go.mail.ru|google|google-play|lens.google.com|lite.qwant.com|lycos|m.baidu.com|m.naver.com|m.search.naver.com|mail.rambler.ru|mail.yandex.ru|msn|msn.com|naver|naver.com|news.google.com|ntp.msn.com|onet|onet.pl|play.google.com|qwant|qwant.com|rakuten|rambler|rambler.ru|search.aol.com|search.google.com|search.ukr.net|seznam|seznam.cz|so.com|sogou|sogou.com|tut.by|ukr|us.search.yahoo.com|uk.search.yahoo.com|webmaster.yandex.ru|yahoo|yahoo.com|yandex|yandex.by|yandex.com|yandex.com.tr|yandex.fr|yandex.kz|yandex.ru|yandex.ua|yandex.uz|zen.yandex.ru|',
          '|' || LOWER(CASE WHEN "t3"."source" <> '' THEN "t3"."source" ELSE "t3"."referrer" END) || '|'
        )
        OR (
          LOWER("t3"."medium") = 'organic'
        )
        THEN 'organic_search'
        WHEN CONTAINS('|referral|app|link|', '|' || LOWER("t3"."medium") || '|')
        THEN 'referral'
        WHEN CONTAINS('|email|e-mail|e_mail|e mail|', '|' || LOWER("t3"."source") || '|')
        OR CONTAINS('|email|e-mail|e_mail|e mail|', '|' || LOWER("t3"."medium") || '|')
        THEN 'email'
        WHEN LOWER("t3"."medium") = 'affiliate'
        THEN 'affiliates'
        WHEN LOWER("t3"."medium") = 'audio'
        THEN 'audio'
        WHEN (
          LOWER("t3"."source") = 'sms'
        ) OR (
          LOWER("t3"."medium") = 'sms'
        )
        THEN 'sms'
        WHEN REGEXP_MATCHES(LOWER("t3"."medium"), 'push$')
        OR REGEXP_MATCHES(LOWER("t3"."medium"), 'mobile')
        OR REGEXP_MATCHES(LOWER("t3"."medium"), 'notification')
        OR (
          LOWER("t3"."source") = 'firebase'
        )
        THEN 'mobile_push_notifications'
        WHEN REGEXP_MATCHES(
          LOWER(CASE WHEN "t3"."source" <> '' THEN "t3"."source" ELSE "t3"."referrer" END),
          '(^|[.])(chatgpt[.]com|chat[.]openai[.]com|perplexity[.]ai|gemini[.]google[.]com|claude[.]ai|copilot[.]microsoft[.]com|chat[.]deepseek[.]com|deepseek[.]com|alice[.]yandex[.]ru|giga[.]chat|gigachat[.]ru|chat[.]mistral[.]ai|grok[.]com|you[.]com|phind[.]com|chat[.]qwen[.]ai)$'
        )
        THEN 'ai_assistant'
        WHEN (
          (
            LOWER("t3"."source") = ''
          )
          AND (
            LOWER("t3"."medium") = ''
          )
          AND REGEXP_MATCHES(
            LOWER("t3"."ad_system"),
            '^(vkontakte|vk([._ ]?(ads|реклама))?|mytarget|my_target|target_mail_ru|odnoklassniki|vk: .*|вконтакте.*)$'
          )
        )
        OR (
          (
            LOWER("t3"."source") = ''
          )
          AND (
            LOWER("t3"."medium") = ''
          )
          AND REGEXP_MATCHES(
            LOWER("t3"."ad_system"),
            '^(facebook.*|meta.*|instagram.*|tiktok.*|linkedin.*|twitter.*|pinterest.*)$'
          )
        )
        THEN 'paid_social'
        WHEN (
          LOWER("t3"."source") = ''
        )
        AND (
          LOWER("t3"."medium") = ''
        )
        AND REGEXP_MATCHES(
          LOWER("t3"."ad_system"),
          '^(ya_?direct|ya_undefined|yandex[.: ]+direct.*|яндекс[.: ]+директ.*)$'
        )
        AND (
          LOWER("t3"."placement") = 'network'
        )
        THEN 'display'
        WHEN (
          (
            LOWER("t3"."source") = ''
          )
          AND (
            LOWER("t3"."medium") = ''
          )
          AND REGEXP_MATCHES(
            LOWER("t3"."ad_system"),
            '^(ya_?direct|ya_undefined|yandex[.: ]+direct.*|яндекс[.: ]+директ.*)$'
          )
        )
        OR (
          (
            LOWER("t3"."source") = ''
          )
          AND (
            LOWER("t3"."medium") = ''
          )
          AND REGEXP_MATCHES(LOWER("t3"."ad_system"), '^(google_?adwords|google[._ ]?ads.*|adwords)$')
        )
        THEN 'paid_search'
        WHEN (
          (
            LOWER("t3"."traffic_source") = 'ad'
          ) AND (
            LOWER("t3"."medium") = ''
          )
        )
        OR (
          REGEXP_MATCHES(LOWER("t3"."ad_system"), '.') AND (
            LOWER("t3"."medium") = ''
          )
        )
        THEN 'paid_other'
        WHEN LOWER("t3"."traffic_source") = 'organic'
        THEN 'organic_search'
        WHEN (
          LOWER("t3"."traffic_source") = 'social'
        )
        AND CONTAINS('|youtube|rutube|', '|' || LOWER("t3"."engine") || '|')
        AND (
          LOWER("t3"."medium") = ''
        )
        THEN 'organic_video'
        WHEN CONTAINS('|social|messenger|', '|' || LOWER("t3"."traffic_source") || '|')
        AND (
          LOWER("t3"."medium") = ''
        )
        THEN 'organic_social'
        WHEN LOWER("t3"."traffic_source") = 'recommend'
        THEN 'recommendations'
        WHEN LOWER("t3"."traffic_source") = 'email'
        THEN 'email'
        WHEN LOWER("t3"."traffic_source") = 'internal'
        THEN 'internal'
        WHEN CONTAINS('|referral|external|', '|' || LOWER("t3"."traffic_source") || '|')
        AND (
          LOWER("t3"."medium") = ''
        )
        THEN 'referral'
        WHEN (
          CONTAINS('|direct|saved|qrcode|', '|' || LOWER("t3"."traffic_source") || '|')
          AND (
            LOWER("t3"."medium") = ''
          )
        )
        OR (
          LOWER("t3"."source") = '(direct)'
        )
        THEN 'direct'
        ELSE 'unassigned'
      END
    END AS "channel"
  FROM "origins" AS "t3"
)
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
        "t31"."window",
        "t31"."channel",
        '' AS "currency",
        "t31"."v0"
      FROM (
        SELECT
          "t26"."window",
          "t26"."channel",
          CAST(COALESCE(SUM("t26"."visits"), 0) AS DOUBLE) AS "v0"
        FROM (
          SELECT
            "t19"."window",
            "t19"."visits",
            COALESCE("t23"."channel", 'unassigned') AS "channel"
          FROM (
            SELECT
              *
            FROM (
              SELECT
                0 AS "window",
                "t2"."visits",
                "t2"."origin"
              FROM "traffic" AS "t2"
              WHERE
                "t2"."account" = '44'
                AND "t2"."attribution" = 'last_significant'
                AND "t2"."breakdown" = 'origin,device'
                AND "t2"."goal" = ''
                AND "t2"."day" >= MAKE_DATE(2026, 3, 1)
                AND "t2"."until" <= MAKE_DATE(2026, 3, 31)
            ) AS "t9"
            UNION ALL
            SELECT
              *
            FROM (
              SELECT
                1 AS "window",
                "t2"."visits",
                "t2"."origin"
              FROM "traffic" AS "t2"
              WHERE
                "t2"."account" = '44'
                AND "t2"."attribution" = 'last_significant'
                AND "t2"."breakdown" = 'origin,device'
                AND "t2"."goal" = ''
                AND "t2"."day" >= MAKE_DATE(2026, 1, 25)
                AND "t2"."until" <= MAKE_DATE(2026, 2, 24)
            ) AS "t10"
          ) AS "t19"
          LEFT OUTER JOIN "origins_by_channel" AS "t23"
            ON "t19"."origin" = "t23"."origin_key"
        ) AS "t26"
        GROUP BY
          1,
          2
      ) AS "t31"
    ) AS "t35"
    UNION ALL
    SELECT
      *
    FROM (
      SELECT
        1 AS "feed",
        "t32"."window",
        "t32"."channel",
        '' AS "currency",
        "t32"."v0"
      FROM (
        SELECT
          "t28"."window",
          "t28"."channel",
          CAST(COUNT(*) AS DOUBLE) AS "v0"
        FROM (
          SELECT DISTINCT
            "t27"."window",
            "t27"."channel",
            "t27"."visitor"
          FROM (
            SELECT
              "t20"."window",
              "t20"."visitor",
              COALESCE("t23"."channel", 'unassigned') AS "channel"
            FROM (
              SELECT
                *
              FROM (
                SELECT
                  0 AS "window",
                  "t4"."visitor",
                  "t4"."origin_last_significant" AS "origin"
                FROM "visits" AS "t4"
                WHERE
                  "t4"."account" = '44'
                  AND "t4"."visitor" <> 0
                  AND "t4"."day" >= MAKE_DATE(2026, 3, 1)
                  AND "t4"."day" <= MAKE_DATE(2026, 3, 31)
              ) AS "t11"
              UNION ALL
              SELECT
                *
              FROM (
                SELECT
                  1 AS "window",
                  "t4"."visitor",
                  "t4"."origin_last_significant" AS "origin"
                FROM "visits" AS "t4"
                WHERE
                  "t4"."account" = '44'
                  AND "t4"."visitor" <> 0
                  AND "t4"."day" >= MAKE_DATE(2026, 1, 25)
                  AND "t4"."day" <= MAKE_DATE(2026, 2, 24)
              ) AS "t12"
            ) AS "t20"
            LEFT OUTER JOIN "origins_by_channel" AS "t23"
              ON "t20"."origin" = "t23"."origin_key"
          ) AS "t27"
        ) AS "t28"
        GROUP BY
          1,
          2
      ) AS "t32"
    ) AS "t36"
  ) AS "t37"
  UNION ALL
  SELECT
    *
  FROM (
    SELECT
      2 AS "feed",
      "t30"."window",
      "t30"."channel",
      '' AS "currency",
      "t30"."v0"
    FROM (
      SELECT
        "t25"."window",
        "t25"."channel",
        CAST(COALESCE(SUM("t25"."reaches"), 0) AS DOUBLE) AS "v0"
      FROM (
        SELECT
          "t18"."window",
          "t18"."reaches",
          COALESCE("t23"."channel", 'unassigned') AS "channel"
        FROM (
          SELECT
            *
          FROM (
            SELECT
              0 AS "window",
              "t1"."reaches",
              "t1"."origin_last_significant" AS "origin"
            FROM "conversions" AS "t1"
            WHERE
              "t1"."account" = '44'
              AND "t1"."day" >= MAKE_DATE(2026, 3, 1)
              AND "t1"."day" <= MAKE_DATE(2026, 3, 31)
          ) AS "t7"
          UNION ALL
          SELECT
            *
          FROM (
            SELECT
              1 AS "window",
              "t1"."reaches",
              "t1"."origin_last_significant" AS "origin"
            FROM "conversions" AS "t1"
            WHERE
              "t1"."account" = '44'
              AND "t1"."day" >= MAKE_DATE(2026, 1, 25)
              AND "t1"."day" <= MAKE_DATE(2026, 2, 24)
          ) AS "t8"
        ) AS "t18"
        LEFT OUTER JOIN "origins_by_channel" AS "t23"
          ON "t18"."origin" = "t23"."origin_key"
      ) AS "t25"
      GROUP BY
        1,
        2
    ) AS "t30"
  ) AS "t34"
) AS "t38"
UNION ALL
SELECT
  *
FROM (
  SELECT
    3 AS "feed",
    "t29"."window",
    "t29"."channel",
    "t29"."currency",
    "t29"."v0"
  FROM (
    SELECT
      "t24"."window",
      "t24"."channel",
      "t24"."currency",
      CAST(COALESCE(SUM("t24"."cost"), 0) AS DOUBLE) AS "v0"
    FROM (
      SELECT
        "t17"."window",
        "t17"."currency",
        "t17"."cost",
        COALESCE("t23"."channel", 'unassigned') AS "channel"
      FROM (
        SELECT
          *
        FROM (
          SELECT
            0 AS "window",
            "t0"."currency",
            "t0"."cost",
            "t0"."origin"
          FROM "spend" AS "t0"
          WHERE
            "t0"."account" IN ('direct', 'sheet')
            AND "t0"."day" >= MAKE_DATE(2026, 3, 1)
            AND "t0"."until" <= MAKE_DATE(2026, 3, 31)
        ) AS "t5"
        UNION ALL
        SELECT
          *
        FROM (
          SELECT
            1 AS "window",
            "t0"."currency",
            "t0"."cost",
            "t0"."origin"
          FROM "spend" AS "t0"
          WHERE
            "t0"."account" IN ('direct', 'sheet')
            AND "t0"."day" >= MAKE_DATE(2026, 1, 25)
            AND "t0"."until" <= MAKE_DATE(2026, 2, 24)
        ) AS "t6"
      ) AS "t17"
      LEFT OUTER JOIN "origins_by_channel" AS "t23"
        ON "t17"."origin" = "t23"."origin_key"
    ) AS "t24"
    GROUP BY
      1,
      2,
      3
  ) AS "t29"
) AS "t33";

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
        "t19"."window",
        '' AS "currency",
        "t19"."v0"
      FROM (
        SELECT
          "t14"."window",
          CAST(COALESCE(SUM("t14"."visits"), 0) AS DOUBLE) AS "v0"
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
          ) AS "t8"
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
              AND "t2"."day" >= MAKE_DATE(2026, 1, 25)
              AND "t2"."until" <= MAKE_DATE(2026, 2, 24)
          ) AS "t9"
        ) AS "t14"
        GROUP BY
          1
      ) AS "t19"
    ) AS "t23"
    UNION ALL
    SELECT
      *
    FROM (
      SELECT
        1 AS "feed",
        "t20"."window",
        '' AS "currency",
        "t20"."v0"
      FROM (
        SELECT
          "t16"."window",
          CAST(COUNT(*) AS DOUBLE) AS "v0"
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
            ) AS "t10"
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
                AND "t3"."day" >= MAKE_DATE(2026, 1, 25)
                AND "t3"."day" <= MAKE_DATE(2026, 2, 24)
            ) AS "t11"
          ) AS "t15"
        ) AS "t16"
        GROUP BY
          1
      ) AS "t20"
    ) AS "t24"
  ) AS "t25"
  UNION ALL
  SELECT
    *
  FROM (
    SELECT
      2 AS "feed",
      "t18"."window",
      '' AS "currency",
      "t18"."v0"
    FROM (
      SELECT
        "t13"."window",
        CAST(COALESCE(SUM("t13"."reaches"), 0) AS DOUBLE) AS "v0"
      FROM (
        SELECT
          *
        FROM (
          SELECT
            0 AS "window",
            "t1"."reaches"
          FROM "conversions" AS "t1"
          WHERE
            "t1"."account" = '44'
            AND "t1"."day" >= MAKE_DATE(2026, 3, 1)
            AND "t1"."day" <= MAKE_DATE(2026, 3, 31)
        ) AS "t6"
        UNION ALL
        SELECT
          *
        FROM (
          SELECT
            1 AS "window",
            "t1"."reaches"
          FROM "conversions" AS "t1"
          WHERE
            "t1"."account" = '44'
            AND "t1"."day" >= MAKE_DATE(2026, 1, 25)
            AND "t1"."day" <= MAKE_DATE(2026, 2, 24)
        ) AS "t7"
      ) AS "t13"
      GROUP BY
        1
    ) AS "t18"
  ) AS "t22"
) AS "t26"
UNION ALL
SELECT
  *
FROM (
  SELECT
    3 AS "feed",
    "t17"."window",
    "t17"."currency",
    "t17"."v0"
  FROM (
    SELECT
      "t12"."window",
      "t12"."currency",
      CAST(COALESCE(SUM("t12"."cost"), 0) AS DOUBLE) AS "v0"
    FROM (
      SELECT
        *
      FROM (
        SELECT
          0 AS "window",
          "t0"."currency",
          "t0"."cost"
        FROM "spend" AS "t0"
        WHERE
          "t0"."account" IN ('direct', 'sheet')
          AND "t0"."day" >= MAKE_DATE(2026, 3, 1)
          AND "t0"."until" <= MAKE_DATE(2026, 3, 31)
      ) AS "t4"
      UNION ALL
      SELECT
        *
      FROM (
        SELECT
          1 AS "window",
          "t0"."currency",
          "t0"."cost"
        FROM "spend" AS "t0"
        WHERE
          "t0"."account" IN ('direct', 'sheet')
          AND "t0"."day" >= MAKE_DATE(2026, 1, 25)
          AND "t0"."until" <= MAKE_DATE(2026, 2, 24)
      ) AS "t5"
    ) AS "t12"
    GROUP BY
      1,
      2
  ) AS "t17"
) AS "t21"
