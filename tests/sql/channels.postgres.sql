WITH "origins_by_channel" AS (
SELECT
  "t0"."origin" AS "origin_key",
  CASE
    WHEN "t0"."given_channel" <> ''
    THEN REPLACE(REPLACE(LOWER("t0"."given_channel"), ' ', '_'), '-', '_')
    ELSE CASE
      WHEN (
        LOWER("t0"."source") = '(direct)'
      )
      AND (
        POSITION('|' || LOWER("t0"."medium") || '|' IN '|(not set)|(none)|') > 0
      )
      THEN 'direct'
      WHEN LOWER("t0"."campaign") ~ 'cross-network'
      THEN 'cross_network'
      WHEN (
        (
          POSITION(
            '|' || LOWER(CASE WHEN "t0"."source" <> '' THEN "t0"."source" ELSE "t0"."referrer" END) || '|' IN '|alibaba|alibaba.com|amazon|amazon.co.uk|amazon.com|apps.shopify.com|checkout.shopify.com|checkout.stripe.com|ebay|ebay.co.uk|ebay.com|ebay.de|etsy|etsy.com|google shopping|igshopping|m.alibaba.com|mercadolibre|mercadolibre.com|message.alibaba.com|offer.alibaba.com|shop.app|shopify|shopify.com|shopping.naver.com|shopping.yahoo.com|shopzilla|shopzilla.com|stripe|stripe.com|walmart|walmart.com|'
          ) > 0
        )
        AND LOWER("t0"."medium") ~ '^(.*cp.*|ppc|retargeting|paid.*)$'
      )
      OR (
        LOWER("t0"."campaign") ~ '^(.*(([^a-df-z]|^)shop|shopping).*)$'
        AND LOWER("t0"."medium") ~ '^(.*cp.*|ppc|retargeting|paid.*)$'
      )
      THEN 'paid_shopping'
      WHEN (
        POSITION(
          '|' || LOWER(CASE WHEN "t0"."source" <> '' THEN "t0"."source" ELSE "t0"."referrer" END) || '|' IN '|360.cn|alice|aol|ask|baidu|bing|cn.bing.com|daum|daum.net|dogpile|dogpile.com|duckduckgo|ecosia.org|go.mail.ru|google|google-play|lens.google.com|lite.qwant.com|lycos|m.baidu.com|m.naver.com|m.search.naver.com|mail.rambler.ru|mail.yandex.ru|msn|msn.com|naver|naver.com|news.google.com|ntp.msn.com|onet|onet.pl|play.google.com|qwant|qwant.com|rakuten|rambler|rambler.ru|search.aol.com|search.google.com|search.ukr.net|seznam|seznam.cz|so.com|sogou|sogou.com|tut.by|ukr|us.search.yahoo.com|uk.search.yahoo.com|webmaster.yandex.ru|yahoo|yahoo.com|yandex|yandex.by|yandex.com|yandex.com.tr|yandex.fr|yandex.kz|yandex.ru|yandex.ua|yandex.uz|zen.yandex.ru|'
        ) > 0
      )
      AND LOWER("t0"."medium") ~ '^(.*cp.*|ppc|retargeting|paid.*)$'
      THEN 'paid_search'
      WHEN (
        POSITION(
          '|' || LOWER(CASE WHEN "t0"."source" <> '' THEN "t0"."source" ELSE "t0"."referrer" END) || '|' IN '|academia.edu|allrecipes.com|amp.reddit.com|apps.facebook.com|artstation.com|askubuntu.com|away.vk.com|babyblog.ru|badoo|badoo.com|bit.ly|blogger|blogger.com|blogspot|blogspot.com|business.facebook.com|buzzfeed.com|deviantart|deviantart.com|digg|digg.com|disqus|disqus.com|douban|douban.com|facebook|facebook.com|fandom.com|fb|fb.me|flickr|flickr.com|flipboard|flipboard.com|foursquare|foursquare.com|getpocket.com|glassdoor|glassdoor.com|goo.gl|goodreads|goodreads.com|google+|googlegroups.com|googleplus|groups.google.com|hi5|hi5.com|hootsuite|hootsuite.com|houzz|houzz.com|ig|instagram|instagram.com|instapaper|instapaper.com|is.gd|kakao|kakao.com|l.facebook.com|l.instagram.com|l.messenger.com|last.fm|line|line.me|linkedin|linkedin.com|livejournal|livejournal.com|lm.facebook.com|lnkd.in|m.facebook.com|m.vk.com|medium.com|meetup|meetup.com|messages.google.com|messenger|messenger.com|mix.com|mobile.facebook.com|myspace|myspace.com|news.ycombinator.com|odnoklassniki.ru|old.reddit.com|out.reddit.com|paper.li|pinterest|pinterest.com|pinterest.de|pinterest.ru|pixiv.net|plus.google.com|pocket.co|quora|quora.com|reddit|reddit.com|researchgate.net|scoop.it|scribd|scribd.com|shareit|sharethis|sites.google.com|skype|slashdot.org|slideshare.net|smartnews.com|snapchat|snapchat.com|social|stackexchange.com|stackoverflow|stackoverflow.com|superuser.com|t.co|t.me|techmeme|tencent|tencent.com|tiktok|tiktok.com|tinyurl|tinyurl.com|touch.facebook.com|tripadvisor|tripadvisor.com|trustpilot|tumblr|tumblr.com|twitter|twitter.com|vk.com|vkontakte.ru|wattpad|wattpad.com|web.facebook.com|web.skype.com|wechat|wechat.com|weebly.com|weibo|weibo.com|whatsapp|whatsapp.com|wordpress|wordpress.com|xing|xing.com|yammer|yelp|yelp.com|zalo|'
        ) > 0
      )
      AND LOWER("t0"."medium") ~ '^(.*cp.*|ppc|retargeting|paid.*)$'
      THEN 'paid_social'
      WHEN (
        POSITION(
          '|' || LOWER(CASE WHEN "t0"."source" <> '' THEN "t0"."source" ELSE "t0"."referrer" END) || '|' IN '|crackle|crackle.com|dailymotion|dailymotion.com|disneyplus|disneyplus.com|fast.wistia.net|hulu|hulu.com|iq.com|iqiyi|iqiyi.com|m.twitch.tv|m.youtube.com|music.youtube.com|netflix|netflix.com|player.twitch.tv|player.vimeo.com|ted|ted.com|twitch|twitch.tv|veoh|veoh.com|vimeo|vimeo.com|wistia|wistia.com|youku|youku.com|youtube|youtube.com|'
        ) > 0
      )
      AND LOWER("t0"."medium") ~ '^(.*cp.*|ppc|retargeting|paid.*)$'
      THEN 'paid_video'
      WHEN POSITION(
        '|' || LOWER("t0"."medium") || '|' IN '|display|banner|expandable|interstitial|cpm|'
      ) > 0
      THEN 'display'
      WHEN LOWER("t0"."medium") ~ '^(.*cp.*|ppc|retargeting|paid.*)$'
      THEN 'paid_other'
      WHEN LOWER("t0"."medium") = 'ai-assistant'
      THEN 'ai_assistant'
      WHEN (
        POSITION(
          '|' || LOWER(CASE WHEN "t0"."source" <> '' THEN "t0"."source" ELSE "t0"."referrer" END) || '|' IN '|alibaba|alibaba.com|amazon|amazon.co.uk|amazon.com|apps.shopify.com|checkout.shopify.com|checkout.stripe.com|ebay|ebay.co.uk|ebay.com|ebay.de|etsy|etsy.com|google shopping|igshopping|m.alibaba.com|mercadolibre|mercadolibre.com|message.alibaba.com|offer.alibaba.com|shop.app|shopify|shopify.com|shopping.naver.com|shopping.yahoo.com|shopzilla|shopzilla.com|stripe|stripe.com|walmart|walmart.com|'
        ) > 0
      )
      OR LOWER("t0"."campaign") ~ '^(.*(([^a-df-z]|^)shop|shopping).*)$'
      THEN 'organic_shopping'
      WHEN (
        POSITION(
          '|' || LOWER(CASE WHEN "t0"."source" <> '' THEN "t0"."source" ELSE "t0"."referrer" END) || '|' IN '|academia.edu|allrecipes.com|amp.reddit.com|apps.facebook.com|artstation.com|askubuntu.com|away.vk.com|babyblog.ru|badoo|badoo.com|bit.ly|blogger|blogger.com|blogspot|blogspot.com|business.facebook.com|buzzfeed.com|deviantart|deviantart.com|digg|digg.com|disqus|disqus.com|douban|douban.com|facebook|facebook.com|fandom.com|fb|fb.me|flickr|flickr.com|flipboard|flipboard.com|foursquare|foursquare.com|getpocket.com|glassdoor|glassdoor.com|goo.gl|goodreads|goodreads.com|google+|googlegroups.com|googleplus|groups.google.com|hi5|hi5.com|hootsuite|hootsuite.com|houzz|houzz.com|ig|instagram|instagram.com|instapaper|instapaper.com|is.gd|kakao|kakao.com|l.facebook.com|l.instagram.com|l.messenger.com|last.fm|line|line.me|linkedin|linkedin.com|livejournal|livejournal.com|lm.facebook.com|lnkd.in|m.facebook.com|m.vk.com|medium.com|meetup|meetup.com|messages.google.com|messenger|messenger.com|mix.com|mobile.facebook.com|myspace|myspace.com|news.ycombinator.com|odnoklassniki.ru|old.reddit.com|out.reddit.com|paper.li|pinterest|pinterest.com|pinterest.de|pinterest.ru|pixiv.net|plus.google.com|pocket.co|quora|quora.com|reddit|reddit.com|researchgate.net|scoop.it|scribd|scribd.com|shareit|sharethis|sites.google.com|skype|slashdot.org|slideshare.net|smartnews.com|snapchat|snapchat.com|social|stackexchange.com|stackoverflow|stackoverflow.com|superuser.com|t.co|t.me|techmeme|tencent|tencent.com|tiktok|tiktok.com|tinyurl|tinyurl.com|touch.facebook.com|tripadvisor|tripadvisor.com|trustpilot|tumblr|tumblr.com|twitter|twitter.com|vk.com|vkontakte.ru|wattpad|wattpad.com|web.facebook.com|web.skype.com|wechat|wechat.com|weebly.com|weibo|weibo.com|whatsapp|whatsapp.com|wordpress|wordpress.com|xing|xing.com|yammer|yelp|yelp.com|zalo|'
        ) > 0
      )
      OR (
        POSITION(
          '|' || LOWER("t0"."medium") || '|' IN '|social|social-network|social-media|sm|social network|social media|'
        ) > 0
      )
      THEN 'organic_social'
      WHEN (
        POSITION(
          '|' || LOWER(CASE WHEN "t0"."source" <> '' THEN "t0"."source" ELSE "t0"."referrer" END) || '|' IN '|crackle|crackle.com|dailymotion|dailymotion.com|disneyplus|disneyplus.com|fast.wistia.net|hulu|hulu.com|iq.com|iqiyi|iqiyi.com|m.twitch.tv|m.youtube.com|music.youtube.com|netflix|netflix.com|player.twitch.tv|player.vimeo.com|ted|ted.com|twitch|twitch.tv|veoh|veoh.com|vimeo|vimeo.com|wistia|wistia.com|youku|youku.com|youtube|youtube.com|'
        ) > 0
      )
      OR LOWER("t0"."medium") ~ 'video'
      THEN 'organic_video'
      WHEN (
        POSITION(
          '|' || LOWER(CASE WHEN "t0"."source" <> '' THEN "t0"."source" ELSE "t0"."referrer" END) || '|' IN '|360.cn|alice|aol|ask|baidu|bing|cn.bing.com|daum|daum.net|dogpile|dogpile.com|duckduckgo|ecosia.org|go.mail.ru|google|google-play|lens.google.com|lite.qwant.com|lycos|m.baidu.com|m.naver.com|m.search.naver.com|mail.rambler.ru|mail.yandex.ru|msn|msn.com|naver|naver.com|news.google.com|ntp.msn.com|onet|onet.pl|play.google.com|qwant|qwant.com|rakuten|rambler|rambler.ru|search.aol.com|search.google.com|search.ukr.net|seznam|seznam.cz|so.com|sogou|sogou.com|tut.by|ukr|us.search.yahoo.com|uk.search.yahoo.com|webmaster.yandex.ru|yahoo|yahoo.com|yandex|yandex.by|yandex.com|yandex.com.tr|yandex.fr|yandex.kz|yandex.ru|yandex.ua|yandex.uz|zen.yandex.ru|'
        ) > 0
      )
      OR (
        LOWER("t0"."medium") = 'organic'
      )
      THEN 'organic_search'
      WHEN POSITION('|' || LOWER("t0"."medium") || '|' IN '|referral|app|link|') > 0
      THEN 'referral'
      WHEN (
        POSITION('|' || LOWER("t0"."source") || '|' IN '|email|e-mail|e_mail|e mail|') > 0
      )
      OR (
        POSITION('|' || LOWER("t0"."medium") || '|' IN '|email|e-mail|e_mail|e mail|') > 0
      )
      THEN 'email'
      WHEN LOWER("t0"."medium") = 'affiliate'
      THEN 'affiliates'
      WHEN LOWER("t0"."medium") = 'audio'
      THEN 'audio'
      WHEN (
        LOWER("t0"."source") = 'sms'
      ) OR (
        LOWER("t0"."medium") = 'sms'
      )
      THEN 'sms'
      WHEN LOWER("t0"."medium") ~ 'push$'
      OR LOWER("t0"."medium") ~ 'mobile'
      OR LOWER("t0"."medium") ~ 'notification'
      OR (
        LOWER("t0"."source") = 'firebase'
      )
      THEN 'mobile_push_notifications'
      WHEN LOWER(CASE WHEN "t0"."source" <> '' THEN "t0"."source" ELSE "t0"."referrer" END) ~ '(^|[.])(chatgpt[.]com|chat[.]openai[.]com|perplexity[.]ai|gemini[.]google[.]com|claude[.]ai|copilot[.]microsoft[.]com|chat[.]deepseek[.]com|deepseek[.]com|alice[.]yandex[.]ru|giga[.]chat|gigachat[.]ru|chat[.]mistral[.]ai|grok[.]com|you[.]com|phind[.]com|chat[.]qwen[.]ai)$'
      THEN 'ai_assistant'
      WHEN (
        (
          LOWER("t0"."source") = ''
        )
        AND (
          LOWER("t0"."medium") = ''
        )
        AND LOWER("t0"."ad_system") ~ '^(vkontakte|vk([._ ]?(ads|реклама))?|mytarget|my_target|target_mail_ru|odnoklassniki|vk: .*|вконтакте.*)$'
      )
      OR (
        (
          LOWER("t0"."source") = ''
        )
        AND (
          LOWER("t0"."medium") = ''
        )
        AND LOWER("t0"."ad_system") ~ '^(facebook.*|meta.*|instagram.*|tiktok.*|linkedin.*|twitter.*|pinterest.*)$'
      )
      THEN 'paid_social'
      WHEN (
        LOWER("t0"."source") = ''
      )
      AND (
        LOWER("t0"."medium") = ''
      )
      AND LOWER("t0"."ad_system") ~ '^(ya_?direct|ya_undefined|yandex[.: ]+direct.*|яндекс[.: ]+директ.*)$'
      AND (
        LOWER("t0"."placement") = 'network'
      )
      THEN 'display'
      WHEN (
        (
          LOWER("t0"."source") = ''
        )
        AND (
          LOWER("t0"."medium") = ''
        )
        AND LOWER("t0"."ad_system") ~ '^(ya_?direct|ya_undefined|yandex[.: ]+direct.*|яндекс[.: ]+директ.*)$'
      )
      OR (
        (
          LOWER("t0"."source") = ''
        )
        AND (
          LOWER("t0"."medium") = ''
        )
        AND LOWER("t0"."ad_system") ~ '^(google_?adwords|google[._ ]?ads.*|adwords)$'
      )
      THEN 'paid_search'
      WHEN (
        (
          LOWER("t0"."traffic_source") = 'ad'
        ) AND (
          LOWER("t0"."medium") = ''
        )
      )
      OR (
        LOWER("t0"."ad_system") ~ '.' AND (
          LOWER("t0"."medium") = ''
        )
      )
      THEN 'paid_other'
      WHEN LOWER("t0"."traffic_source") = 'organic'
      THEN 'organic_search'
      WHEN (
        LOWER("t0"."traffic_source") = 'social'
      )
      AND (
        POSITION('|' || LOWER("t0"."engine") || '|' IN '|youtube|rutube|') > 0
      )
      AND (
        LOWER("t0"."medium") = ''
      )
      THEN 'organic_video'
      WHEN (
        POSITION('|' || LOWER("t0"."traffic_source") || '|' IN '|social|messenger|') > 0
      )
      AND (
        LOWER("t0"."medium") = ''
      )
      THEN 'organic_social'
      WHEN LOWER("t0"."traffic_source") = 'recommend'
      THEN 'recommendations'
      WHEN LOWER("t0"."traffic_source") = 'email'
      THEN 'email'
      WHEN LOWER("t0"."traffic_source") = 'internal'
      THEN 'internal'
      WHEN (
        POSITION('|' || LOWER("t0"."traffic_source") || '|' IN '|referral|external|') > 0
      )
      AND (
        LOWER("t0"."medium") = ''
      )
      THEN 'referral'
      WHEN (
        (
          POSITION('|' || LOWER("t0"."traffic_source") || '|' IN '|direct|saved|qrcode|') > 0
        )
        AND (
          LOWER("t0"."medium") = ''
        )
      )
      OR (
        LOWER("t0"."source") = '(direct)'
      )
      THEN 'direct'
      ELSE 'unassigned'
    END
  END AS "channel"
FROM "origins" AS "t0"
)
SELECT 0 AS "feed", "window", "channel", "currency", "v0" FROM (
SELECT
  "t8"."window",
  "t8"."channel",
  '' AS "currency",
  "t8"."v0"
FROM (
  SELECT
    "t7"."window",
    "t7"."channel",
    CAST(COALESCE(SUM("t7"."visits"), 0) AS DOUBLE PRECISION) AS "v0"
  FROM (
    SELECT
      "t6"."window",
      "t6"."visits",
      COALESCE("t2"."channel", 'unassigned') AS "channel"
    FROM (
      SELECT
        *
      FROM (
        SELECT
          0 AS "window",
          "t1"."visits",
          "t1"."origin"
        FROM "traffic" AS "t1"
        WHERE
          "t1"."account" IN ('44')
          AND "t1"."attribution" = 'last_significant'
          AND "t1"."breakdown" = 'origin,device'
          AND "t1"."goal" = ''
          AND "t1"."day" >= MAKE_DATE(2026, 3, 1)
          AND "t1"."until" <= MAKE_DATE(2026, 3, 31)
      ) AS "t3"
      UNION ALL
      SELECT
        *
      FROM (
        SELECT
          1 AS "window",
          "t1"."visits",
          "t1"."origin"
        FROM "traffic" AS "t1"
        WHERE
          "t1"."account" IN ('44')
          AND "t1"."attribution" = 'last_significant'
          AND "t1"."breakdown" = 'origin,device'
          AND "t1"."goal" = ''
          AND "t1"."day" >= MAKE_DATE(2026, 1, 25)
          AND "t1"."until" <= MAKE_DATE(2026, 2, 24)
      ) AS "t4"
    ) AS "t6"
    LEFT OUTER JOIN "origins_by_channel" AS "t2"
      ON "t6"."origin" = "t2"."origin_key"
  ) AS "t7"
  GROUP BY
    1,
    2
) AS "t8"
) AS part_0
UNION ALL
SELECT 1 AS "feed", "window", "channel", "currency", "v0" FROM (
SELECT
  "t9"."window",
  "t9"."channel",
  '' AS "currency",
  "t9"."v0"
FROM (
  SELECT
    "t8"."window",
    "t8"."channel",
    CAST(COUNT(*) AS DOUBLE PRECISION) AS "v0"
  FROM (
    SELECT DISTINCT
      "t7"."window",
      "t7"."channel",
      "t7"."visitor"
    FROM (
      SELECT
        "t6"."window",
        "t6"."visitor",
        COALESCE("t2"."channel", 'unassigned') AS "channel"
      FROM (
        SELECT
          *
        FROM (
          SELECT
            0 AS "window",
            "t1"."visitor",
            "t1"."origin_last_significant" AS "origin"
          FROM "visits" AS "t1"
          WHERE
            "t1"."account" IN ('44')
            AND "t1"."visitor" <> 0
            AND "t1"."day" >= MAKE_DATE(2026, 3, 1)
            AND "t1"."day" <= MAKE_DATE(2026, 3, 31)
        ) AS "t3"
        UNION ALL
        SELECT
          *
        FROM (
          SELECT
            1 AS "window",
            "t1"."visitor",
            "t1"."origin_last_significant" AS "origin"
          FROM "visits" AS "t1"
          WHERE
            "t1"."account" IN ('44')
            AND "t1"."visitor" <> 0
            AND "t1"."day" >= MAKE_DATE(2026, 1, 25)
            AND "t1"."day" <= MAKE_DATE(2026, 2, 24)
        ) AS "t4"
      ) AS "t6"
      LEFT OUTER JOIN "origins_by_channel" AS "t2"
        ON "t6"."origin" = "t2"."origin_key"
    ) AS "t7"
  ) AS "t8"
  GROUP BY
    1,
    2
) AS "t9"
) AS part_1
UNION ALL
SELECT 2 AS "feed", "window", "channel", "currency", "v0" FROM (
SELECT
  "t8"."window",
  "t8"."channel",
  '' AS "currency",
  "t8"."v0"
FROM (
  SELECT
    "t7"."window",
    "t7"."channel",
    CAST(COALESCE(SUM("t7"."reaches"), 0) AS DOUBLE PRECISION) AS "v0"
  FROM (
    SELECT
      "t6"."window",
      "t6"."reaches",
      COALESCE("t2"."channel", 'unassigned') AS "channel"
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
          "t1"."account" IN ('44')
          AND "t1"."day" >= MAKE_DATE(2026, 3, 1)
          AND "t1"."day" <= MAKE_DATE(2026, 3, 31)
      ) AS "t3"
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
          "t1"."account" IN ('44')
          AND "t1"."day" >= MAKE_DATE(2026, 1, 25)
          AND "t1"."day" <= MAKE_DATE(2026, 2, 24)
      ) AS "t4"
    ) AS "t6"
    LEFT OUTER JOIN "origins_by_channel" AS "t2"
      ON "t6"."origin" = "t2"."origin_key"
  ) AS "t7"
  GROUP BY
    1,
    2
) AS "t8"
) AS part_2
UNION ALL
SELECT 3 AS "feed", "window", "channel", "currency", "v0" FROM (
SELECT
  *
FROM (
  SELECT
    "t7"."window",
    "t7"."channel",
    "t7"."currency",
    CAST(COALESCE(SUM("t7"."cost"), 0) AS DOUBLE PRECISION) AS "v0"
  FROM (
    SELECT
      "t6"."window",
      "t6"."currency",
      "t6"."cost",
      COALESCE("t2"."channel", 'unassigned') AS "channel"
    FROM (
      SELECT
        *
      FROM (
        SELECT
          0 AS "window",
          "t1"."currency",
          "t1"."cost",
          "t1"."origin"
        FROM "spend" AS "t1"
        WHERE
          "t1"."account" IN ('direct', 'sheet')
          AND "t1"."day" >= MAKE_DATE(2026, 3, 1)
          AND "t1"."until" <= MAKE_DATE(2026, 3, 31)
      ) AS "t3"
      UNION ALL
      SELECT
        *
      FROM (
        SELECT
          1 AS "window",
          "t1"."currency",
          "t1"."cost",
          "t1"."origin"
        FROM "spend" AS "t1"
        WHERE
          "t1"."account" IN ('direct', 'sheet')
          AND "t1"."day" >= MAKE_DATE(2026, 1, 25)
          AND "t1"."until" <= MAKE_DATE(2026, 2, 24)
      ) AS "t4"
    ) AS "t6"
    LEFT OUTER JOIN "origins_by_channel" AS "t2"
      ON "t6"."origin" = "t2"."origin_key"
  ) AS "t7"
  GROUP BY
    1,
    2,
    3
) AS "t8"
) AS part_3;

SELECT 0 AS "feed", "window", "currency", "v0" FROM (
SELECT
  "t4"."window",
  '' AS "currency",
  "t4"."v0"
FROM (
  SELECT
    "t3"."window",
    CAST(COALESCE(SUM("t3"."visits"), 0) AS DOUBLE PRECISION) AS "v0"
  FROM (
    SELECT
      *
    FROM (
      SELECT
        0 AS "window",
        "t0"."visits"
      FROM "traffic" AS "t0"
      WHERE
        "t0"."account" IN ('44')
        AND "t0"."attribution" = 'last_significant'
        AND "t0"."breakdown" = 'origin,device'
        AND "t0"."goal" = ''
        AND "t0"."day" >= MAKE_DATE(2026, 3, 1)
        AND "t0"."until" <= MAKE_DATE(2026, 3, 31)
    ) AS "t1"
    UNION ALL
    SELECT
      *
    FROM (
      SELECT
        1 AS "window",
        "t0"."visits"
      FROM "traffic" AS "t0"
      WHERE
        "t0"."account" IN ('44')
        AND "t0"."attribution" = 'last_significant'
        AND "t0"."breakdown" = 'origin,device'
        AND "t0"."goal" = ''
        AND "t0"."day" >= MAKE_DATE(2026, 1, 25)
        AND "t0"."until" <= MAKE_DATE(2026, 2, 24)
    ) AS "t2"
  ) AS "t3"
  GROUP BY
    1
) AS "t4"
) AS part_0
UNION ALL
SELECT 1 AS "feed", "window", "currency", "v0" FROM (
SELECT
  "t5"."window",
  '' AS "currency",
  "t5"."v0"
FROM (
  SELECT
    "t4"."window",
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
          "t0"."visitor"
        FROM "visits" AS "t0"
        WHERE
          "t0"."account" IN ('44')
          AND "t0"."visitor" <> 0
          AND "t0"."day" >= MAKE_DATE(2026, 3, 1)
          AND "t0"."day" <= MAKE_DATE(2026, 3, 31)
      ) AS "t1"
      UNION ALL
      SELECT
        *
      FROM (
        SELECT
          1 AS "window",
          "t0"."visitor"
        FROM "visits" AS "t0"
        WHERE
          "t0"."account" IN ('44')
          AND "t0"."visitor" <> 0
          AND "t0"."day" >= MAKE_DATE(2026, 1, 25)
          AND "t0"."day" <= MAKE_DATE(2026, 2, 24)
      ) AS "t2"
    ) AS "t3"
  ) AS "t4"
  GROUP BY
    1
) AS "t5"
) AS part_1
UNION ALL
SELECT 2 AS "feed", "window", "currency", "v0" FROM (
SELECT
  "t4"."window",
  '' AS "currency",
  "t4"."v0"
FROM (
  SELECT
    "t3"."window",
    CAST(COALESCE(SUM("t3"."reaches"), 0) AS DOUBLE PRECISION) AS "v0"
  FROM (
    SELECT
      *
    FROM (
      SELECT
        0 AS "window",
        "t0"."reaches"
      FROM "conversions" AS "t0"
      WHERE
        "t0"."account" IN ('44')
        AND "t0"."day" >= MAKE_DATE(2026, 3, 1)
        AND "t0"."day" <= MAKE_DATE(2026, 3, 31)
    ) AS "t1"
    UNION ALL
    SELECT
      *
    FROM (
      SELECT
        1 AS "window",
        "t0"."reaches"
      FROM "conversions" AS "t0"
      WHERE
        "t0"."account" IN ('44')
        AND "t0"."day" >= MAKE_DATE(2026, 1, 25)
        AND "t0"."day" <= MAKE_DATE(2026, 2, 24)
    ) AS "t2"
  ) AS "t3"
  GROUP BY
    1
) AS "t4"
) AS part_2
UNION ALL
SELECT 3 AS "feed", "window", "currency", "v0" FROM (
SELECT
  *
FROM (
  SELECT
    "t3"."window",
    "t3"."currency",
    CAST(COALESCE(SUM("t3"."cost"), 0) AS DOUBLE PRECISION) AS "v0"
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
    ) AS "t1"
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
    ) AS "t2"
  ) AS "t3"
  GROUP BY
    1,
    2
) AS "t4"
) AS part_3
