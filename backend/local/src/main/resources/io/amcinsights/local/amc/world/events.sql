-- Events after the variable since, up to and including the variable until (both UTC). A month is
-- always computed as a whole and cut, so that it does not matter when it is asked for.

INSERT INTO exposure
WITH month AS (
    SELECT month::TIMESTAMP AS month, year(month) * 12 + month(month) AS month_no,
        day(last_day(month)) AS days,
        [0.80, 0.84, 0.94, 1.00, 1.04, 1.02, 1.18, 0.94, 0.96, 1.10, 1.46, 1.32][month(month)] AS season
    FROM generate_series(date_trunc('month', getvariable('since')), getvariable('until'), INTERVAL 1 MONTH) t(month)
), reached AS (
    SELECT a.*, month, month_no, days,
        -- How often: a few see the ad very often.
        least(45, 1 + floor(-a.more * ln(1 - unit(a.user_no, a.campaign_no * 100000 + month_no, 12))))::INTEGER AS times
    FROM audience a, month
    -- Video and audio pause every fourth month.
    WHERE NOT (a.channel IN ('stv', 'olv', 'audio') AND (month_no + a.campaign_no) % 4 = 0)
        AND unit(a.user_no, a.campaign_no * 100000 + month_no, 11) < a.reach * season
), placed AS (
    SELECT *, hash(getvariable('seed'), user_no, campaign_no * 100000 + month_no, nth) AS exposure_id
    FROM (SELECT *, unnest(range(1, times + 1)) AS nth FROM reached)
), timed AS (
    SELECT *, month + to_days(floor(days * unit(exposure_id, 21, 0))::INTEGER)
        + to_seconds(floor(86399 * CASE channel
            WHEN 'stv' THEN pow(unit(exposure_id, 22, 0), 0.38)
            WHEN 'audio' THEN 0.22 + 0.6 * unit(exposure_id, 22, 0) * unit(exposure_id, 22, 1)
            ELSE 0.25 + 0.75 * (unit(exposure_id, 22, 0) + unit(exposure_id, 22, 1)) / 2 END)::INTEGER)
        + INTERVAL 6 HOUR AS dt
    FROM placed
)
SELECT exposure_id, dt, t.user_no, t.campaign_no,
    t.campaign_no * 3 + floor(3 * unit(exposure_id, 23, 0)) AS line_item_no,
    t.campaign_no * 4 + floor(4 * unit(exposure_id, 24, 0)) AS creative_no,
    CASE WHEN t.channel = 'stv' THEN p.tv
        WHEN unit(exposure_id, 25, 0) < 0.58 THEN p.phone
        WHEN unit(exposure_id, 25, 0) < 0.86 THEN p.computer
        ELSE p.tablet END AS device_no,
    s.first + floor(s.sites * unit(exposure_id, 26, 0)) AS site_no, nth
FROM timed t JOIN person p USING (user_no)
LEFT JOIN (SELECT site_channel AS channel, min(site_no) AS first, count(*) AS sites FROM site GROUP BY site_channel) s USING (channel)
WHERE dt > getvariable('since') AND dt <= getvariable('until')
ORDER BY dt, exposure_id;

INSERT INTO click
SELECT exposure_id, clicked, user_no, campaign_no, line_item_no, creative_no, device_no, site_no
FROM (
    SELECT e.*, e.dt + to_seconds(4 + floor(50 * unit(exposure_id, 32, 0))::INTEGER) AS clicked
    FROM exposure e JOIN campaign c USING (campaign_no) JOIN channel h USING (channel)
    WHERE e.dt > getvariable('since')::TIMESTAMP - INTERVAL 1 HOUR AND unit(exposure_id, 31, 0) < h.ctr)
WHERE clicked > getvariable('since') AND clicked <= getvariable('until')
ORDER BY clicked, exposure_id;

INSERT INTO conversion
WITH cause AS (
    -- Each further impression adds less; a click says more than an impression.
    SELECT e.exposure_id AS cause_id, e.dt, e.user_no, e.campaign_no,
        h.effect * exp(-0.16 * e.nth) * 1.6 AS effect, h.delay
    FROM exposure e JOIN campaign c USING (campaign_no) JOIN channel h USING (channel)
    WHERE e.dt > getvariable('since')::TIMESTAMP - INTERVAL 15 DAY
    UNION ALL
    SELECT k.exposure_id + 1, k.dt, k.user_no, k.campaign_no, 0.24, 0.40
    FROM click k
    WHERE k.dt > getvariable('since')::TIMESTAMP - INTERVAL 15 DAY
), visit AS (
    SELECT cause_id, user_no, campaign_no,
        -- From seconds to two weeks, most of it in the first day.
        dt + to_seconds((20 * exp(11.0 * pow(unit(cause_id, 42, 0), 1 / delay)))::INTEGER) AS dt
    FROM cause
    WHERE unit(cause_id, 41, 0) < effect
), visitor AS MATERIALIZED (
    -- Apart: DuckDB 2.0 loses the identity of a joined column in a cross product.
    SELECT v.*, a.advertiser_no, p.is_customer
    FROM visit v JOIN campaign a USING (campaign_no) JOIN person p USING (user_no)
), stage AS (
    SELECT v.*, subtype, chance, lag, unit(cause_id, 43, 0) AS depth
    FROM visitor v,
        (VALUES ('searchConversion', 0.30, -180), ('detailPageView', 1.00, 0),
            ('brandStorePageView', 0.12, -60), ('wishList', 0.03, 45), ('shoppingCart', 0.38, 90),
            ('order', 0.21, 420), ('snsSubscription', 0.02, 430)) s(subtype, chance, lag)
    WHERE unit(cause_id, 43, CASE WHEN subtype IN ('shoppingCart', 'order', 'snsSubscription') THEN 0 ELSE hash(subtype) END)
        < chance * CASE WHEN v.is_customer THEN 1.25 ELSE 0.9 END
), happened AS (
    SELECT hash(cause_id, subtype) AS conversion_id, s.dt + to_seconds(lag) AS dt, user_no, s.advertiser_no,
        r.first + floor(r.products * pow(unit(cause_id, 44, CASE WHEN unit(cause_id, 45, 0) < 0.7 THEN campaign_no ELSE 99 END), 1.5))::INTEGER AS product_no,
        subtype, CASE WHEN subtype IN ('order', 'snsSubscription') THEN 1 + floor(0.45 * -ln(1 - unit(cause_id, 46, 0)))::INTEGER END AS units,
        is_customer
    FROM stage s JOIN (SELECT advertiser_no, min(product_no) AS first, count(*) AS products FROM product GROUP BY advertiser_no) r USING (advertiser_no)
), fresh AS (
    SELECT * FROM happened WHERE dt > getvariable('since') AND dt <= getvariable('until')
), judged AS (
    -- New to brand: no purchase of the brand in the twelve months before.
    SELECT f.*, subtype = 'order' AND NOT is_customer
        AND coalesce(dt - lag(dt) OVER ordered > INTERVAL 365 DAY, true)
        AND NOT EXISTS (FROM conversion o WHERE o.user_no = f.user_no AND o.advertiser_no = f.advertiser_no
            AND o.subtype = 'order' AND o.dt > f.dt - INTERVAL 365 DAY) AS new_to_brand
    FROM fresh f
    WINDOW ordered AS (PARTITION BY user_no, advertiser_no, subtype ORDER BY dt, conversion_id)
), seen AS (
    SELECT e.*, a.advertiser_no FROM exposure e JOIN campaign a USING (campaign_no)
    WHERE e.dt > getvariable('since')::TIMESTAMP - INTERVAL 29 DAY
), clicked AS (
    SELECT k.*, a.advertiser_no FROM click k JOIN campaign a USING (campaign_no)
    WHERE k.dt > getvariable('since')::TIMESTAMP - INTERVAL 15 DAY
), credited AS (
    -- The last click of the last 14 days counts, else the last impression of the last 28.
    SELECT j.*, coalesce(k.dt > j.dt - INTERVAL 14 DAY, false) AS by_click, e, k
    FROM judged j
    ASOF LEFT JOIN seen e ON e.user_no = j.user_no AND e.advertiser_no = j.advertiser_no AND e.dt <= j.dt
    ASOF LEFT JOIN clicked k ON k.user_no = j.user_no AND k.advertiser_no = j.advertiser_no AND k.dt <= j.dt
), touched AS (
    SELECT *, CASE WHEN by_click THEN k.exposure_id ELSE e.exposure_id END AS touch_id,
        CASE WHEN by_click THEN k.dt ELSE e.dt END AS touch_dt,
        CASE WHEN by_click THEN k.campaign_no ELSE e.campaign_no END AS touch_campaign_no,
        CASE WHEN by_click THEN k.line_item_no ELSE e.line_item_no END AS touch_line_item_no,
        CASE WHEN by_click THEN k.creative_no ELSE e.creative_no END AS touch_creative_no,
        CASE WHEN by_click THEN k.device_no ELSE e.device_no END AS touch_device_no,
        CASE WHEN by_click THEN k.site_no ELSE e.site_no END AS touch_site_no
    FROM credited
)
SELECT conversion_id, dt, user_no, advertiser_no, product_no, subtype, units, p.price, new_to_brand,
    touch_id, touch_dt, touch_campaign_no, touch_line_item_no, touch_creative_no, touch_device_no, touch_site_no, by_click
FROM touched JOIN product p USING (product_no, advertiser_no)
WHERE touch_dt > dt - INTERVAL 28 DAY
ORDER BY dt, conversion_id;
