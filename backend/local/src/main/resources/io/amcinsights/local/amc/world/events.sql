-- Events after the variable since, up to and including the variable until (both UTC), and orders
-- after the variable history. A month is always computed as a whole and cut, and what depends on
-- earlier events looks back as far as they matter: it does not matter when one asks.

INSERT INTO exposure
WITH reached AS (
    SELECT a.user_no, a.campaign_no, a.channel, month_no,
        -- How often: a few see the ad very often.
        least(45, 1 + floor(-a.more * ln(1 - unit(a.user_no, a.campaign_no * 100000 + month_no, 12))))::INTEGER AS times
    FROM audience a, month
    WHERE month BETWEEN date_trunc('month', getvariable('since')::TIMESTAMP - INTERVAL 1 DAY) AND getvariable('until')::TIMESTAMP + INTERVAL 1 DAY
        -- Video and audio pause every fourth month.
        AND NOT (a.channel IN ('stv', 'olv', 'audio', 'st') AND (month_no + a.campaign_no) % 4 = 0)
        AND unit(a.user_no, a.campaign_no * 100000 + month_no, 11) < a.reach * season
), placed AS (
    SELECT *, hash(getvariable('seed'), user_no, campaign_no * 100000 + month_no, nth) AS exposure_id
    FROM (SELECT *, unnest(range(1, times + 1)) AS nth FROM reached)
), drawn AS (
    SELECT *, (exposure_id & 511)::SMALLINT AS day_draw, ((exposure_id >> 9) & 511)::SMALLINT AS hour_draw FROM placed
), timed AS (
    SELECT exposure_id, t.user_no, t.campaign_no, t.channel, p.tv, p.phone, p.computer, p.tablet,
        make_timestamp(month_start + (86400000000 * (d.media_day - 1)
            + 3600000000 * (k.hour - p.utc_offset - CASE WHEN t.month_no % 12 BETWEEN 4 AND 10 THEN 1 ELSE 0 END)
            + 1000000 * (((exposure_id >> 18) & 4095) * 3600 // 4096)::BIGINT)) AS dt
    FROM drawn t JOIN channel h USING (channel)
        JOIN (SELECT clock, slot, hour FROM hour_slot) k ON k.clock = h.clock AND k.slot = t.hour_draw
        JOIN (SELECT month_no, slot, media_day, epoch_us(month) AS month_start FROM day_slot JOIN month USING (month_no)) d
            ON d.month_no = t.month_no AND d.slot = t.day_draw
        JOIN person p USING (user_no)
)
SELECT exposure_id, dt, user_no, campaign_no,
    -- DSP line items differ in whom they address, ad groups in what was searched for.
    campaign_no * 3 + floor(3 * unit(CASE WHEN channel IN ('sp', 'sb', 'sd', 'st') THEN exposure_id ELSE user_no END, 23, campaign_no)) AS line_item_no,
    campaign_no * 4 + floor(4 * unit(exposure_id, 24, 0)) AS creative_no,
    CASE WHEN channel IN ('stv', 'st') THEN tv
        WHEN channel = 'mobile' OR unit(exposure_id, 25, 0) < 0.58 THEN phone
        WHEN unit(exposure_id, 25, 0) < 0.86 THEN computer
        ELSE tablet END AS device_no,
    s.first + floor(s.sites * unit(exposure_id, 26, 0)) AS site_no
FROM timed
LEFT JOIN (SELECT site_channel AS channel, min(site_no) AS first, count(*) AS sites FROM site GROUP BY site_channel) s USING (channel)
WHERE dt > getvariable('since') AND dt <= getvariable('until')
ORDER BY dt, exposure_id;

INSERT INTO click
SELECT exposure_id, clicked, user_no, campaign_no, line_item_no, creative_no, device_no, site_no, after
FROM (
    SELECT e.*, 4 + floor(50 * unit(exposure_id, 32, 0))::SMALLINT AS after, e.dt + to_seconds(after) AS clicked
    FROM exposure e JOIN campaign c USING (campaign_no) JOIN channel h USING (channel)
    WHERE e.dt > getvariable('since')::TIMESTAMP - INTERVAL 1 HOUR AND unit(exposure_id, 31, 0) < h.ctr)
WHERE clicked > getvariable('since') AND clicked <= getvariable('until')
ORDER BY clicked, exposure_id;

-- Ad events that may lead to a visit of the store: drawn first with the greatest chance there is.
CREATE OR REPLACE TEMP TABLE cause AS
SELECT e.exposure_id AS cause_id, e.dt, e.user_no, e.campaign_no, a.advertiser_no, h.effect, h.delay, h.medium
FROM exposure e JOIN campaign a USING (campaign_no) JOIN channel h USING (channel)
WHERE e.dt > getvariable('since')::TIMESTAMP - INTERVAL 25 DAY AND unit(e.exposure_id, 41, 0) < h.effect * 8
UNION ALL
SELECT k.exposure_id + 1, k.dt, k.user_no, k.campaign_no, a.advertiser_no, 0.20, 0.40, h.medium
FROM click k JOIN campaign a USING (campaign_no) JOIN channel h USING (channel)
WHERE k.dt > getvariable('since')::TIMESTAMP - INTERVAL 25 DAY AND unit(k.exposure_id + 1, 41, 0) < 0.20 * 8;

-- Then judged by what the person had seen of the brand in the 28 days before: each further
-- impression adds less, and each further medium more than its own part.
CREATE OR REPLACE TEMP TABLE visit AS
WITH before AS (
    SELECT t.cause_id, any_value(t) AS t, count(h.medium) AS seen,
        count(DISTINCT CASE WHEN h.medium <> t.medium THEN h.medium END) AS others
    FROM cause t LEFT JOIN (exposure e JOIN campaign c USING (campaign_no) JOIN channel h USING (channel))
        ON e.user_no = t.user_no AND c.advertiser_no = t.advertiser_no AND e.dt < t.dt AND e.dt > t.dt - INTERVAL 28 DAY
    GROUP BY t.cause_id
)
SELECT b.cause_id, t.user_no, t.campaign_no, t.advertiser_no,
    -- From seconds to two weeks, most of it in the first day.
    t.dt + to_seconds((20 * exp(11.0 * pow(unit(cause_id, 42, 0), 1 / t.delay)))::INTEGER) AS dt,
    r.buys > 0 AND year(t.dt) * 12 + month(t.dt) BETWEEN r.first_month AND r.first_month + r.months AS is_customer
FROM before b JOIN relation r ON r.user_no = t.user_no AND r.advertiser_no = t.advertiser_no JOIN calendar d ON d.day = t.dt::DATE
WHERE unit(cause_id, 41, 0) < t.effect * least(8.0, (1.35 * exp(-0.11 * seen) + 0.05) * (1 + 0.45 * others) * r.affinity * sqrt(d.demand)
    * CASE WHEN r.buys > 0 AND year(t.dt) * 12 + month(t.dt) BETWEEN r.first_month AND r.first_month + r.months THEN 2.4 ELSE 1.0 END);

CREATE OR REPLACE TEMP TABLE happening AS
WITH stage AS (
    SELECT v.*, subtype, lag, funnel
    FROM visit v,
        (VALUES ('searchConversion', 0.30, -180, false), ('detailPageView', 1.00, 0, true), ('brandStorePageView', 0.16, -60, false),
            ('wishList', 0.03, 45, false), ('babyRegistry', 0.004, 50, false), ('weddingRegistry', 0.003, 55, false),
            ('shoppingCart', 0.38, 90, true), ('order', 0.20, 420, true), ('snsSubscription', 0.035, 430, true), ('customerReview', 0.012, 800000, true),
            ('134', 0.09, 3600, false), ('140', 0.018, 3900, false), ('141', 0.012, 4200, false)) s(subtype, chance, lag, funnel)
    WHERE unit(v.cause_id, 43, CASE WHEN funnel THEN 0 ELSE hash(subtype) END) < chance * CASE WHEN v.is_customer THEN 1.25 ELSE 0.95 END
), led AS (
    SELECT hash(cause_id, subtype) AS conversion_id, s.dt + to_seconds(lag) AS dt, user_no, s.advertiser_no,
        r.first + floor(r.products * pow(unit(cause_id, 44, CASE WHEN unit(cause_id, 45, 0) < 0.7 THEN campaign_no ELSE 99 END), 1.5))::INTEGER AS product_no,
        subtype, 1 + floor(0.45 * -ln(1 - unit(cause_id, 46, 0)))::INTEGER AS units, NULL::UBIGINT AS root, NULL::UBIGINT AS subscription
    FROM stage s JOIN (SELECT advertiser_no, min(product_no) AS first, count(*) AS products FROM product GROUP BY advertiser_no) r USING (advertiser_no)
), able AS (
    -- What lasts is not subscribed to.
    SELECT l.* FROM led l JOIN product p USING (product_no) WHERE subtype <> 'snsSubscription' OR p.repeat IS NOT NULL
), ordered AS (
    FROM able WHERE subtype IN ('order', 'snsSubscription') AND dt > getvariable('since')
    UNION ALL
    SELECT conversion_id, dt, user_no, advertiser_no, product_no, subtype, units, root, subscription FROM conversion
    WHERE subtype IN ('order', 'snsSubscription') AND root IS NULL AND dt > getvariable('since')::TIMESTAMP - INTERVAL 600 DAY
), again AS (
    -- Bought again: what is used up, as often as it is; the rest seldom, and then something else of the brand.
    SELECT hash(conversion_id, nth) AS conversion_id,
        o.dt + to_seconds((86400 * (CASE WHEN p.repeat IS NULL THEN 25 + 70 * unit(conversion_id, 71, nth)
            ELSE nth * p.repeat * (0.8 + 0.4 * unit(conversion_id, 71, nth)) END))::INTEGER) AS dt,
        user_no, advertiser_no,
        CASE WHEN p.repeat IS NULL OR unit(conversion_id, 72, nth) < 0.3
            THEN r.first + (product_no - r.first + CASE WHEN unit(conversion_id, 73, nth) < 0.65 THEN 1 ELSE 2 END) % r.products
            ELSE product_no END AS product_no,
        'order' AS subtype, units, conversion_id AS root, NULL::UBIGINT AS subscription
    FROM ordered o JOIN product p USING (product_no, advertiser_no)
        JOIN (SELECT advertiser_no, min(product_no) AS first, count(*) AS products FROM product GROUP BY advertiser_no) r USING (advertiser_no),
        range(1, 9) t(nth)
    WHERE subtype = 'order' AND unit(conversion_id, 74, 0) < pow(CASE WHEN p.repeat IS NULL THEN 0.16 ELSE 0.52 END, nth)
), delivered AS (
    SELECT hash(conversion_id, nth + 100) AS conversion_id, o.dt + to_days(30 * nth::INTEGER) + to_seconds(floor(7200 * unit(conversion_id, 75, nth))::INTEGER) AS dt,
        user_no, advertiser_no, product_no, 'order' AS subtype, 1 AS units, conversion_id AS root, conversion_id AS subscription
    FROM ordered o JOIN product p USING (product_no, advertiser_no), range(1, 13) t(nth)
    WHERE subtype = 'snsSubscription' AND unit(conversion_id, 76, 0) < pow(0.86, nth)
), bought AS (
    -- Customers who need no ad.
    SELECT b.*, month + to_days(demand_day::INTEGER - 1) + to_seconds((3600 * (hour + 5) + floor(3600 * unit(id, 64, 1)))::INTEGER) AS dt
    FROM (
        SELECT r.advertiser_no, r.user_no, month, month_no, hash(getvariable('seed'), r.user_no, r.advertiser_no * 100000 + month_no, 62) AS id
        FROM relation r, month
        WHERE month BETWEEN date_trunc('month', getvariable('history')::TIMESTAMP - INTERVAL 2 DAY) AND getvariable('until')::TIMESTAMP
            AND r.buys > 0 AND month_no BETWEEN r.first_month AND r.first_month + r.months
            AND unit(r.user_no, r.advertiser_no * 100000 + month_no, 61) < r.buys * season * 1.6) b
        JOIN day_slot d ON d.month_no = b.month_no AND d.slot = floor(512 * unit(id, 63, 0))
        JOIN hour_slot k ON k.clock = 'search' AND k.slot = floor(512 * unit(id, 64, 0))
), unled AS (
    SELECT hash(id, s.subtype) AS conversion_id, b.dt + to_seconds(s.lag) AS dt, b.user_no, b.advertiser_no,
        -- Three times in four the customer's own product.
        p.first + floor(p.products * pow(unit(CASE WHEN unit(id, 65, 0) < 0.75 THEN user_no ELSE id END, 66, 0), 1.5))::INTEGER AS product_no,
        s.subtype, 1 + floor(0.45 * -ln(1 - unit(id, 46, 0)))::INTEGER AS units, id AS root, NULL::UBIGINT AS subscription
    FROM bought b JOIN (SELECT advertiser_no, min(product_no) AS first, count(*) AS products FROM product GROUP BY advertiser_no) p USING (advertiser_no),
        (VALUES ('detailPageView', -300), ('shoppingCart', -120), ('order', 0), ('searchConversion', -400), ('brandStorePageView', -350)) s(subtype, lag)
    WHERE CASE WHEN s.subtype = 'order' THEN unit(id, 67, 0) < CASE WHEN b.dt > getvariable('since') THEN 0.62 ELSE 0.9 END
        WHEN s.subtype = 'shoppingCart' THEN unit(id, 67, 0) < 0.8
        WHEN s.subtype = 'searchConversion' THEN unit(id, 68, 0) < 0.3
        WHEN s.subtype = 'brandStorePageView' THEN unit(id, 69, 0) < 0.15
        ELSE true END
        AND b.dt + to_seconds(s.lag) > CASE WHEN s.subtype = 'order' THEN getvariable('history') ELSE getvariable('since') END
), viewed AS (
    SELECT hash(conversion_id, 'seen') AS conversion_id, dt - to_seconds(200) AS dt, user_no, advertiser_no, product_no,
        'detailPageView' AS subtype, units, root, NULL::UBIGINT AS subscription
    FROM again WHERE unit(conversion_id, 77, 0) < 0.7
)
FROM (
    FROM (FROM able UNION ALL FROM again UNION ALL FROM delivered UNION ALL FROM viewed) WHERE dt > getvariable('since')
    UNION ALL FROM unled)
WHERE dt <= getvariable('until');

INSERT INTO conversion
WITH orders AS (
    SELECT conversion_id, dt, user_no, advertiser_no FROM conversion WHERE subtype = 'order' AND dt > getvariable('history')::TIMESTAMP - INTERVAL 366 DAY
    UNION ALL
    SELECT conversion_id, dt, user_no, advertiser_no FROM happening WHERE subtype = 'order'
), judged AS (
    -- New to brand: no purchase of the brand in the twelve months before.
    SELECT conversion_id, coalesce(dt - lag(dt) OVER (PARTITION BY user_no, advertiser_no ORDER BY dt, conversion_id) > INTERVAL 365 DAY, true) AS new_to_brand
    FROM orders
), seen AS (
    SELECT e.*, a.advertiser_no FROM exposure e JOIN campaign a USING (campaign_no)
    WHERE e.dt > getvariable('since')::TIMESTAMP - INTERVAL 31 DAY
), clicked AS (
    SELECT k.*, a.advertiser_no FROM click k JOIN campaign a USING (campaign_no)
    WHERE k.dt > getvariable('since')::TIMESTAMP - INTERVAL 15 DAY
), credited AS (
    -- The last click of the last 14 days counts, else the last impression of the last 30.
    SELECT h.*, coalesce(k.dt > h.dt - INTERVAL 14 DAY, false) AS by_click,
        coalesce(coalesce(k.dt > h.dt - INTERVAL 14 DAY, false) OR e.dt > h.dt - INTERVAL 30 DAY, false) AS touched, e, k
    FROM happening h
    ASOF LEFT JOIN seen e ON e.user_no = h.user_no AND e.advertiser_no = h.advertiser_no AND e.dt <= h.dt
    ASOF LEFT JOIN clicked k ON k.user_no = h.user_no AND k.advertiser_no = h.advertiser_no AND k.dt <= h.dt
)
SELECT conversion_id, c.dt, c.user_no, c.advertiser_no, product_no, subtype, CASE WHEN subtype IN ('order', 'snsSubscription', '141') THEN units END,
    round(p.price * CASE WHEN d.discount THEN 0.84 ELSE pick([1.0, 1.0, 1.0, 1.0, 0.95, 0.9], unit(hash(product_no, dayofyear(d.day) // 14), 78, 0)) END
        * CASE WHEN subscription IS NULL THEN 1.0 ELSE 0.95 END, 2),
    root, subscription, coalesce(j.new_to_brand, false),
    CASE WHEN by_click THEN k.exposure_id WHEN touched THEN e.exposure_id END,
    CASE WHEN by_click THEN k.dt WHEN touched THEN e.dt END,
    CASE WHEN by_click THEN k.campaign_no WHEN touched THEN e.campaign_no END,
    CASE WHEN by_click THEN k.line_item_no WHEN touched THEN e.line_item_no END,
    CASE WHEN by_click THEN k.creative_no WHEN touched THEN e.creative_no END,
    CASE WHEN by_click THEN k.device_no WHEN touched THEN e.device_no END,
    CASE WHEN by_click THEN k.site_no WHEN touched THEN e.site_no END,
    CASE WHEN touched THEN by_click END
FROM credited c JOIN product p USING (product_no, advertiser_no) JOIN calendar d ON d.day = c.dt::DATE
    LEFT JOIN judged j USING (conversion_id)
ORDER BY c.dt, conversion_id;

DROP TABLE happening;

DROP TABLE visit;

DROP TABLE cause;
