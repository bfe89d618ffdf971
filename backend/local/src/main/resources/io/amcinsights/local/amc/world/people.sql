-- The users of one instance, once. Expects the variables seed and users, and the tables
-- advertiser, product and campaign of world.yaml.

-- A number in [0, 1) that depends on its arguments only: the same on any number of threads.
CREATE MACRO unit(a, b, c) AS
    (hash(hash(getvariable('seed'), a, b, c)) >> 11) / 9007199254740992.0;

-- One of a list, for a number in [0, 1).
CREATE MACRO pick(list, draw) AS list[1 + floor(len(list) * draw)::INTEGER];

CREATE TABLE person AS
WITH home AS (
    SELECT *, row_number() OVER (ORDER BY country, city, state) AS place_no,
        weight / sum(weight) OVER (PARTITION BY country) AS share,
        CASE WHEN state IN ('US-WA', 'US-OR', 'US-CA', 'US-NV', 'CA-BC') THEN -8
            WHEN state IN ('US-CO', 'US-UT', 'US-AZ', 'US-NM', 'US-ID', 'US-MT', 'US-WY', 'CA-AB') THEN -7
            WHEN state IN ('US-IL', 'US-TX', 'US-MN', 'US-MO', 'US-TN', 'US-WI', 'US-LA', 'US-OK', 'US-AL', 'US-KS', 'US-NE', 'US-IA',
                'US-AR', 'US-MS', 'US-ND', 'US-SD', 'CA-MB', 'CA-SK') THEN -6
            WHEN state = 'US-AK' THEN -9 WHEN state = 'US-HI' THEN -10
            WHEN state IN ('CA-NS', 'CA-NB', 'CA-NL', 'CA-PE') THEN -4
            WHEN country = 'DE' THEN 1 ELSE -5 END AS utc_offset
    FROM place
    WHERE country IN (SELECT country FROM advertiser)
), stretch AS (
    SELECT *, (sum(share) OVER (ORDER BY place_no) - share) / sum(share) OVER () AS low
    FROM home
), draw AS (
    SELECT n::INTEGER AS user_no, unit(n, 1, 0) AS place_draw FROM range(getvariable('users')) t(n)
), membership AS (
    SELECT user_no, list(segment_id::INTEGER ORDER BY segment_id) AS segment_ids,
        list(segment_name ORDER BY segment_id) AS segment_names
    FROM draw, (
        SELECT *, segment_name LIKE 'Age %' AS is_age,
            sum(share) OVER (PARTITION BY segment_name LIKE 'Age %' ORDER BY segment_id) AS high
        FROM segment)
    WHERE CASE WHEN is_age THEN unit(user_no, 2, 0) BETWEEN high - share AND high
        ELSE unit(user_no, 3, segment_id) < share END
    GROUP BY user_no
)
SELECT user_no,
    -- Twelve letters, which DuckDB compares without looking further.
    upper(substr(md5('user' || getvariable('seed') || user_no), 1, 12)) AS user_id,
    upper(md5('device' || getvariable('seed') || user_no)) AS device_id,
    CASE WHEN unit(user_no, 4, 0) < 0.82 THEN 'adUserId' WHEN unit(user_no, 4, 0) < 0.94
        THEN 'sisDeviceId' ELSE 'adBrowserId' END AS user_id_type,
    country AS iso_country_code, state AS iso_state_province_code, dma AS dma_code, city AS city_name, utc_offset,
    -- Postal codes of very different size, so that some rows stay below AMC's hundred users.
    CASE country WHEN 'US' THEN 'US-' || postal || lpad((1 + floor(40 * pow(unit(user_no, 5, 0), 2)))::INTEGER::VARCHAR, 2, '0')
        WHEN 'DE' THEN 'DE-' || postal || lpad((1 + 2 * floor(20 * pow(unit(user_no, 5, 0), 2)))::INTEGER::VARCHAR, 2, '0')
        ELSE 'CA-' || postal END AS postal_code,
    -- Few people see many ads, most see few.
    least(6.0, 0.45 * pow(1 - unit(user_no, 6, 0), -0.55)) AS activity,
    pick([0, 0, 1, 2, 2, 10, 11], unit(user_no, 8, 0)) AS tv,
    pick([3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 12], unit(user_no, 8, 1)) AS phone,
    pick([6, 6, 7], unit(user_no, 8, 2)) AS computer,
    pick([8, 9], unit(user_no, 8, 3)) AS tablet,
    coalesce(segment_ids, []) AS user_behavior_segment_ids, coalesce(segment_names, []) AS segment_names
FROM draw ASOF JOIN stretch ON draw.place_draw >= stretch.low LEFT JOIN membership USING (user_no);

-- How somebody stands to a brand: how much they like it (1 on average, few very much), and whether
-- they buy it without being asked: how likely in a month, and in which months of their life.
CREATE TABLE relation AS
SELECT advertiser_no, user_no, least(5.0, affinity) AS affinity,
    CASE WHEN unit(user_no, 52, advertiser_no) < least(0.7, 0.26 * affinity)
        THEN 0.02 + 0.20 * pow(unit(user_no, 53, advertiser_no), 2) ELSE 0 END AS buys,
    24228 + floor(192 * unit(user_no, 54, advertiser_no))::INTEGER AS first_month,
    8 + floor(50 * pow(unit(user_no, 55, advertiser_no), 1.5))::INTEGER AS months
FROM (
    SELECT advertiser_no, user_no, exp(0.75 * sqrt(-2 * ln(1 - unit(user_no, 50, advertiser_no)))
        * cos(2 * pi() * unit(user_no, 51, advertiser_no)) - 0.28) AS affinity
    FROM advertiser a JOIN person p ON p.iso_country_code = a.country);

-- Who can be reached by a campaign, and how likely in a month. Who likes a brand looks for it.
CREATE TABLE audience AS
SELECT c.campaign_no, c.channel, c.advertiser_no, p.user_no,
    least(0.9, c.audience * 1.4 * sqrt(p.activity) * CASE
        WHEN h.medium = 'search' THEN pow(r.affinity, 0.6)
        WHEN len(c.segments) = 0 THEN 1.0
        WHEN list_has_any(p.segment_names, c.segments) THEN 2.4
        ELSE 0.45 END) AS reach,
    0.55 * c.frequency * p.activity AS more
FROM campaign c JOIN channel h USING (channel) JOIN advertiser a USING (advertiser_no)
    JOIN person p ON p.iso_country_code = a.country JOIN relation r USING (user_no, advertiser_no);

CREATE TABLE exposure (
    exposure_id UBIGINT, dt TIMESTAMP, user_no INTEGER, campaign_no SMALLINT, line_item_no SMALLINT,
    creative_no SMALLINT, device_no TINYINT, site_no TINYINT);

-- after: seconds after the impression.
CREATE TABLE click (
    exposure_id UBIGINT, dt TIMESTAMP, user_no INTEGER, campaign_no SMALLINT, line_item_no SMALLINT,
    creative_no SMALLINT, device_no TINYINT, site_no TINYINT, after SMALLINT);

-- Whatever people did with a brand, orders for 60 months. root: what it follows from, an order that
-- is repeated or a customer's own habit; null if an ad led to it. subscription: what it is delivered
-- for. The touch_ columns name the ad event that is credited, null after 30 days without one.
CREATE TABLE conversion (
    conversion_id UBIGINT, dt TIMESTAMP, user_no INTEGER, advertiser_no SMALLINT, product_no SMALLINT,
    subtype VARCHAR, units INTEGER, unit_price DECIMAL(18, 4), root UBIGINT, subscription UBIGINT, new_to_brand BOOLEAN,
    touch_id UBIGINT, touch_dt TIMESTAMP, touch_campaign_no SMALLINT, touch_line_item_no SMALLINT,
    touch_creative_no SMALLINT, touch_device_no TINYINT, touch_site_no TINYINT, touch_is_click BOOLEAN);
