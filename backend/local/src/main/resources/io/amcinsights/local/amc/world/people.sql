-- The users of one instance, once. Expects the variables seed and users, and the tables
-- advertiser, product and campaign of world.yaml.

-- A number in [0, 1) that depends on its arguments only: the same on any number of threads.
CREATE MACRO unit(a, b, c) AS
    (hash(hash(getvariable('seed'), a, b, c)) >> 11) / 9007199254740992.0;

CREATE TABLE person AS
WITH home AS (
    SELECT *, row_number() OVER (ORDER BY country, city, state) AS place_no,
        weight / sum(weight) OVER (PARTITION BY country) AS share
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
    upper(md5('user' || getvariable('seed') || user_no)) AS user_id,
    upper(md5('device' || getvariable('seed') || user_no)) AS device_id,
    CASE WHEN unit(user_no, 4, 0) < 0.82 THEN 'adUserId' WHEN unit(user_no, 4, 0) < 0.94
        THEN 'sisDeviceId' ELSE 'adBrowserId' END AS user_id_type,
    country AS iso_country_code, state AS iso_state_province_code, dma AS dma_code, city AS city_name,
    -- Nine postal codes a place, so that some rows stay below AMC's hundred users.
    CASE country WHEN 'US' THEN 'US-' || postal || lpad((11 + floor(9 * unit(user_no, 5, 0)))::INTEGER::VARCHAR, 2, '0')
        ELSE 'CA-' || postal END AS postal_code,
    -- Few people see many ads, most see few.
    least(6.0, 0.45 * pow(1 - unit(user_no, 6, 0), -0.55)) AS activity,
    unit(user_no, 7, 0) < 0.34 AS is_customer,
    [0, 1, 2][1 + floor(3 * unit(user_no, 8, 0))::INTEGER] AS tv,
    [3, 3, 4, 5][1 + floor(4 * unit(user_no, 8, 1))::INTEGER] AS phone,
    [6, 6, 7][1 + floor(3 * unit(user_no, 8, 2))::INTEGER] AS computer,
    [8, 9][1 + floor(2 * unit(user_no, 8, 3))::INTEGER] AS tablet,
    coalesce(segment_ids, []) AS user_behavior_segment_ids, coalesce(segment_names, []) AS segment_names
FROM draw ASOF JOIN stretch ON draw.place_draw >= stretch.low LEFT JOIN membership USING (user_no);

-- Who can be reached by a campaign, and how likely in a month.
CREATE TABLE audience AS
SELECT c.campaign_no, c.channel, c.advertiser_no, p.user_no,
    least(0.9, c.audience * 1.4 * sqrt(p.activity) * CASE
        WHEN len(c.segments) = 0 THEN 1.0
        WHEN list_has_any(p.segment_names, c.segments) THEN 2.4
        ELSE 0.45 END) AS reach,
    0.55 * c.frequency * p.activity AS more
FROM campaign c JOIN advertiser a USING (advertiser_no) JOIN person p ON p.iso_country_code = a.country;

CREATE TABLE exposure (
    exposure_id UBIGINT, dt TIMESTAMP, user_no INTEGER, campaign_no SMALLINT, line_item_no SMALLINT,
    creative_no SMALLINT, device_no TINYINT, site_no TINYINT, nth SMALLINT);

CREATE TABLE click (
    exposure_id UBIGINT, dt TIMESTAMP, user_no INTEGER, campaign_no SMALLINT, line_item_no SMALLINT,
    creative_no SMALLINT, device_no TINYINT, site_no TINYINT);

-- The touch_ columns name the ad event that is credited; null after 28 days without one.
CREATE TABLE conversion (
    conversion_id UBIGINT, dt TIMESTAMP, user_no INTEGER, advertiser_no SMALLINT, product_no SMALLINT,
    subtype VARCHAR, units INTEGER, unit_price DECIMAL(18, 4), new_to_brand BOOLEAN,
    touch_id UBIGINT, touch_dt TIMESTAMP, touch_campaign_no SMALLINT, touch_line_item_no SMALLINT,
    touch_creative_no SMALLINT, touch_device_no TINYINT, touch_site_no TINYINT, touch_is_click BOOLEAN);
