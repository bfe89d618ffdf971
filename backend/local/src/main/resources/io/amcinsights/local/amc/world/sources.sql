-- The data sources that carry data, with the columns of Amazon's documentation under their own
-- names. EventStore casts them to the documented types, derives the many forms of a time and the
-- clicks and views shares of a metric, and adds the sources that stay empty.

CREATE TABLE country AS FROM (VALUES
    ('US', 'AMAZON.COM', 1, 'amer'), ('CA', 'AMAZON.CA', 7, 'amer'), ('DE', 'AMAZON.DE', 4, 'eu')
) AS t(country, marketplace, marketplace_no, region);

-- Three line items a campaign: they differ in who is addressed.
CREATE TABLE line_item AS
SELECT (c.campaign_no * 3 + part)::SMALLINT AS line_item_no, c.channel, h.ad_product_type, h.viewable, h.price_type, c.price,
    a.advertiser, a.advertiser_id, a.timezone AS advertiser_timezone,
    'ENTITY' || upper(substr(md5(a.advertiser), 1, 13)) AS entity_id,
    (hash(a.advertiser) % 90000000)::BIGINT + 10000000 AS merchant_id,
    a.currency AS currency_iso_code, a.currency AS purchase_currency,
    CASE a.currency WHEN 'USD' THEN 'United States dollar' WHEN 'CAD' THEN 'Canadian dollar' WHEN 'EUR' THEN 'Euro' END AS currency_name,
    o.marketplace AS marketplace_name, o.marketplace_no AS segment_marketplace_id,
    c.campaign, 576000000000000000 + (hash(a.advertiser, c.campaign) % 1000000000000)::BIGINT AS campaign_id,
    CASE WHEN h.ad_product_type IS NULL
        THEN (576000000000000000 + (hash(a.advertiser, c.campaign) % 1000000000000)::BIGINT)::VARCHAR
        ELSE 'A' || upper(substr(md5(a.advertiser || c.campaign), 1, 18)) END AS campaign_id_string,
    a.country AS campaign_country,
    CASE h.medium WHEN 'tv' THEN 'REACH' WHEN 'video' THEN 'COMPLETION_RATE' WHEN 'audio' THEN 'REACH' ELSE ['ROAS', 'CTR', 'DPVR'][1 + (c.campaign_no % 3)] END AS campaign_primary_goal,
    CASE WHEN c.campaign_no % 3 = 1 THEN 'MANAGED' ELSE 'SELF_SERVICE' END AS campaign_sales_type,
    CASE WHEN h.ad_product_type IS NULL THEN 'AMAZON_DSP' ELSE 'SPONSORED_ADS' END AS campaign_source,
    CASE WHEN c.campaign_no % 7 IN (1, 5) THEN 'PAUSED' ELSE 'ENABLED' END AS campaign_status,
    CASE WHEN c.campaign_no % 4 = 2 THEN 'LIFETIME_BUDGET' ELSE 'DAILY_BUDGET' END AS campaign_budget_type,
    (20000 * greatest(c.price, 4))::BIGINT * 100000 AS campaign_budget_amount, 700000000 + c.campaign_no AS campaign_flight_id,
    'IO-' || (88000 + c.campaign_no) AS campaign_insertion_order_id,
    day - to_days(7 * (c.campaign_no % 9)) AS campaign_start_dt_utc, day + to_days(760 + 30 * (c.campaign_no % 5)) AS campaign_end_dt_utc,
    day - to_days(5 * (c.campaign_no % 9)) + to_days(part::INTEGER) AS line_item_start_dt_utc, day + to_days((740 + 30 * (c.campaign_no % 5) - part)::INTEGER) AS line_item_end_dt_utc,
    line_item_start_dt_utc AS ad_group_start_dt_utc, line_item_end_dt_utc AS ad_group_end_dt_utc,
    c.campaign || CASE WHEN h.ad_product_type IS NULL THEN [' | Prospecting', ' | Lookalike', ' | Re-engage'][part + 1]
        ELSE [' | Core', ' | Long tail', ' | Competitor'][part + 1] END AS line_item,
    590000000000000000 + (hash(a.advertiser, c.campaign, part) % 1000000000000)::BIGINT AS line_item_id,
    (6000 * greatest(c.price, 4))::BIGINT * 100000 AS line_item_budget_amount, CASE WHEN (c.campaign_no + part) % 8 = 3 THEN 'PAUSED' ELSE 'ENABLED' END AS line_item_status,
    coalesce(h.line_item_type, upper(h.ad_product_type)) AS line_item_type,
    CASE WHEN h.ad_product_type = 'sponsored_display' AND part = 2 THEN 'vCPM' WHEN h.price_type = 'cpc' THEN 'CPC' ELSE 'CPM' END AS line_item_price_type,
    line_item AS ad_group, line_item_status AS ad_group_status,
    CASE WHEN h.channel = 'sp' AND part = 1 THEN 'AUTO' ELSE 'MANUAL' END AS ad_group_type,
    CASE WHEN h.medium = 'search' AND NOT (h.channel = 'sp' AND part = 1) THEN ['EXACT', 'PHRASE', 'BROAD'][part + 1] END AS match_type,
    a.keywords, 41000 + a.advertiser_no AS portfolio_id, a.advertiser || ' always on' AS portfolio_name,
    l.lines[1 + (c.campaign_no + part)::INTEGER % len(l.lines)] AS product_line, h.medium = 'search' AS is_search,
    (SELECT coalesce(list(segment_id::INTEGER), []) FROM segment s WHERE list_contains(c.segments, s.segment_name)) AS target_ids
FROM campaign c JOIN advertiser a USING (advertiser_no) JOIN channel h USING (channel) JOIN country o USING (country)
    JOIN (SELECT advertiser_no, list(DISTINCT line ORDER BY line) AS lines FROM product GROUP BY advertiser_no) l USING (advertiser_no),
    range(3) t(part), (SELECT date_trunc('day', since)::TIMESTAMP AS day FROM made);

CREATE TABLE creative AS
SELECT (c.campaign_no * 4 + part)::SMALLINT AS creative_no,
    c.campaign || ' | ' || ['A', 'B', 'C', 'D'][part + 1] AS creative,
    580000000000000000 + (hash(c.campaign, part) % 1000000000000)::BIGINT AS creative_id,
    CASE WHEN h.medium IN ('tv', 'video') OR (c.channel = 'sb' AND part = 3) THEN 'Video' WHEN h.medium = 'audio' THEN 'Audio' ELSE 'Display' END AS creative_category,
    CASE WHEN c.channel = 'sb' AND part = 3 THEN 'Video' ELSE h.creative_type END AS creative_type,
    CASE WHEN creative_category IN ('Video', 'Audio') THEN [15000, 30000, 15000, 30000][part + 1] ELSE 0 END AS creative_duration,
    CASE WHEN part = 2 THEN 'N' ELSE 'Y' END AS creative_is_link_in,
    CASE creative_category WHEN 'Video' THEN '1920x1080' WHEN 'Audio' THEN '1x1' ELSE ['300x250', '728x90', '160x600', '320x50'][part + 1] END AS creative_size,
    p.asin AS creative_asin
FROM campaign c JOIN channel h USING (channel), range(4) t(part)
    JOIN (SELECT *, row_number() OVER (PARTITION BY advertiser_no ORDER BY product_no) - 1 AS place,
        count(*) OVER (PARTITION BY advertiser_no) AS places FROM product) p
    ON p.advertiser_no = c.advertiser_no AND p.place = part % p.places;

-- What was searched for before a sponsored ad was shown: few terms make up most searches.
CREATE MACRO keyword_of(exposure_id, keywords) AS
    keywords[1 + floor(len(keywords) * pow((hash(exposure_id, 4) % 1000) / 1000.0, 1.8))::INTEGER];
-- What people type who search for the brand: its name, alone or with a product.
CREATE MACRO brand_words(advertiser, keywords) AS
    [lower(split_part(advertiser, ' ', 1))] || [k FOR k IN keywords IF starts_with(k, lower(split_part(advertiser, ' ', 1)) || ' ')];
CREATE MACRO search_term_of(exposure_id, keywords, match_type) AS
    keyword_of(exposure_id, keywords) || CASE WHEN match_type = 'EXACT' THEN ''
        ELSE [' deals', ' sale', ' reviews', ''][1 + (hash(exposure_id, 5) % 4)::INTEGER] END;
CREATE MACRO placement_of(exposure_id, ad_product_type) AS
    CASE ad_product_type WHEN 'sponsored_display' THEN ['Detail Page on-Amazon', 'Homepage on-Amazon', 'Off Amazon'][1 + (hash(exposure_id, 6) % 3)::INTEGER]
        WHEN 'sponsored_television' THEN 'Off Amazon'
        ELSE ['Top of Search on-Amazon', 'Top of Search on-Amazon', 'Other on-Amazon', 'Detail Page on-Amazon'][1 + (hash(exposure_id, 6) % 4)::INTEGER] END;
-- What an ad of a DSP brand or a keyword is aimed at.
CREATE MACRO target_of(exposure_id, ad_product_type, keywords, asin) AS
    CASE ad_product_type WHEN 'sponsored_display' THEN ['asin="' || asin || '"', 'views=(category lookback=30)', 'purchases=(related-product lookback=90)'][1 + (hash(exposure_id, 7) % 3)::INTEGER]
        WHEN 'sponsored_television' THEN ['audience="In-market"', 'audience="Lifestyle"'][1 + (hash(exposure_id, 7) % 2)::INTEGER]
        ELSE keyword_of(exposure_id, keywords) END;

-- What impressions and clicks have in common, of DSP and of sponsored ads.
CREATE VIEW touch AS
SELECT *, creative_size AS ad_slot_size, md5(exposure_id::VARCHAR) AS request_tag,
    CASE WHEN deal_id IS NULL THEN 'Open exchange' ELSE 'Direct' END AS demand_channel,
    CASE WHEN is_amazon_owned THEN 'AMAZON' ELSE 'THIRD_PARTY' END AS demand_channel_owner,
    ['Above the fold', 'Below the fold', 'Unknown'][1 + (exposure_id % 3)::INTEGER] AS slot_position,
    [campaign_no + 100]::BIGINT[] AS advertiser_account_frequency_group_ids,
    [900 + line_item_no % 3]::BIGINT[] AS manager_account_frequency_group_ids,
    list_intersect(user_behavior_segment_ids, target_ids) AS matched_behavior_segment_ids,
    line_item_no % 11 = 7 AS no_3p_trackers, coalesce(site_no % 5 <> 4, true) AS placement_is_view_aware, coalesce(site_no % 4 <> 3, true) AS supply_source_is_view_aware,
    viewable - 0.01 * (site_no % 4) AS placement_view_rate, viewable - 0.01 * (site_no % 3) AS supply_source_view_rate,
    -- What was paid, in the advertiser's currency: per impression, for most sponsored ads per click.
    (0.75 + 0.5 * (hash(exposure_id, 1) % 1000) / 1000.0) * price / CASE WHEN price_type = 'cpm' THEN 1000 ELSE 1 END AS amount,
    (hash(exposure_id, 2) % 1000) / 1000.0 < viewable AS is_viewable,
    (hash(exposure_id, 3) % 1000) / 1000.0 AS watched
FROM (
    FROM (SELECT exposure_id, dt, user_no, campaign_no, line_item_no, creative_no, device_no, site_no, false AS is_click, 0::SMALLINT AS after FROM exposure)
    UNION ALL
    FROM (SELECT exposure_id, dt, user_no, campaign_no, line_item_no, creative_no, device_no, site_no, true AS is_click, after FROM click))
    JOIN line_item USING (line_item_no) JOIN person USING (user_no) JOIN creative USING (creative_no)
    JOIN device USING (device_no) LEFT JOIN site USING (site_no);

CREATE VIEW source_dsp_impressions AS
SELECT *, dt AS impression_dt_utc, 1 AS impressions,
    amount * 100000 AS impression_cost, amount * (1.13 + CASE WHEN campaign_sales_type = 'MANAGED' THEN 0.04 ELSE 0 END + CASE WHEN is_amazon_owned THEN 0 ELSE 0.01 END) * 100000 AS total_cost, amount * 0.82 * 100000000 AS supply_cost,
    amount * 0.06 * 100000000 AS platform_fee, amount * 0.05 * 100000000 AS audience_fee,
    amount * 0.02 * 100000000 AS third_party_fees, CASE WHEN campaign_sales_type = 'MANAGED' THEN amount * 0.04 * 100000000 ELSE 0 END AS managed_service_fee,
    CASE WHEN is_amazon_owned THEN 0 ELSE amount * 0.01 * 100000000 END AS ocm_fee, amount * (1.1 + 0.6 * watched) * 100000000 AS bid_price
FROM touch WHERE ad_product_type IS NULL AND NOT is_click;

CREATE VIEW source_dsp_clicks AS
SELECT *, dt AS click_dt_utc, dt - to_seconds(after) AS impression_dt_utc, 1 AS clicks, amount * 100000 AS click_cost, amount * 0.82 * 100000000 AS supply_cost,
    amount * 0.06 * 100000000 AS platform_fee, amount * 0.05 * 100000000 AS audience_fee, amount * (1.1 + 0.6 * watched) * 100000000 AS bid_price
FROM touch WHERE ad_product_type IS NULL AND is_click;

CREATE VIEW source_dsp_views AS
SELECT *, dt AS event_dt_utc, md5('impression' || exposure_id) AS impression_id, 1 AS events,
    CASE WHEN is_viewable THEN 'VIEW' WHEN watched < 0.9 THEN 'MEASURABLE' ELSE 'UNMEASURABLE' END AS event_type,
    CASE WHEN is_viewable THEN 1 ELSE 0 END AS viewable_impressions,
    CASE WHEN is_viewable OR watched < 0.9 THEN 1 ELSE 0 END AS measurable_impressions,
    CASE WHEN NOT is_viewable AND watched >= 0.9 THEN 1 ELSE 0 END AS unmeasurable_viewable_impressions,
    CASE WHEN creative_category = 'Video' THEN 'MRC video: half in view for two seconds' ELSE 'MRC display: half in view for one second' END AS view_definition
FROM touch WHERE ad_product_type IS NULL AND NOT is_click;

CREATE VIEW source_dsp_impressions_by_user_segments AS
SELECT * EXCLUDE (segment), segment AS behavior_segment_id, segment_name AS behavior_segment_name,
    segment_name || ' (' || category || ')' AS behavior_segment_description,
    CASE WHEN list_contains(matched_behavior_segment_ids, segment) THEN 1 ELSE 0 END AS behavior_segment_matched
FROM (SELECT *, unnest(user_behavior_segment_ids) AS segment FROM source_dsp_impressions) i
    JOIN segment s ON s.segment_id = i.segment;

CREATE VIEW source_dsp_impressions_by_matched_segments AS
FROM source_dsp_impressions_by_user_segments WHERE behavior_segment_matched = 1;

CREATE VIEW source_dsp_video_events_feed AS
SELECT *, CASE WHEN watched < 0.99 THEN 1 ELSE 0 END AS video_impression, CASE WHEN watched < 0.988 THEN 1 ELSE 0 END AS video_creative_view,
    CASE WHEN watched < 0.985 THEN 1 ELSE 0 END AS video_start, CASE WHEN watched < 1 - lost * 0.4 THEN 1 ELSE 0 END AS video_first_quartile,
    CASE WHEN watched < 1 - lost * 0.65 THEN 1 ELSE 0 END AS video_midpoint, CASE WHEN watched < 1 - lost * 0.85 THEN 1 ELSE 0 END AS video_third_quartile,
    CASE WHEN watched < 1 - lost THEN 1 ELSE 0 END AS video_complete, CASE WHEN watched < 0.002 THEN 1 ELSE 0 END AS video_click,
    CASE WHEN watched BETWEEN 0.50 AND 0.53 THEN 1 ELSE 0 END AS video_mute, CASE WHEN watched BETWEEN 0.50 AND 0.51 THEN 1 ELSE 0 END AS video_unmute,
    CASE WHEN watched BETWEEN 0.60 AND 0.62 THEN 1 ELSE 0 END AS video_pause, CASE WHEN watched BETWEEN 0.60 AND 0.61 THEN 1 ELSE 0 END AS video_resume,
    CASE WHEN watched BETWEEN 0.70 AND 0.702 THEN 1 ELSE 0 END AS video_replay, CASE WHEN watched BETWEEN 0.710 AND 0.711 THEN 1 ELSE 0 END AS video_skip_backward,
    CASE WHEN watched BETWEEN 0.715 AND 0.716 THEN 1 ELSE 0 END AS video_skip_forward
-- Of ten who watch on a TV nearly all see the end, of ten on the web not seven.
FROM (SELECT *, CASE WHEN channel = 'stv' THEN 0.045 ELSE 0.34 END AS lost FROM source_dsp_impressions WHERE creative_category = 'Video');

CREATE VIEW source_sponsored_ads_traffic AS
SELECT * EXCLUDE (matched_behavior_segment_ids), dt AS event_dt_utc, md5('event' || exposure_id || is_click) AS event_id,
    CASE WHEN is_click THEN 0 ELSE 1 END AS impressions, CASE WHEN is_click THEN 1 ELSE 0 END AS clicks,
    CASE WHEN line_item_price_type = 'vCPM' THEN CASE WHEN is_viewable AND NOT is_click THEN (amount * 0.005 * 100000000)::BIGINT ELSE 0 END
        WHEN line_item_price_type = 'CPM' THEN CASE WHEN NOT is_click THEN (amount * 100000000)::BIGINT ELSE 0 END
        WHEN is_click THEN (amount * 100000000)::BIGINT ELSE 0 END AS spend,
    -- Half of the search campaigns raise their bids for one audience each; null where nobody of it was met.
    CASE WHEN NOT is_search THEN nullif(array_to_string(matched_behavior_segment_ids, ','), '')
        WHEN campaign_no % 2 = 0 AND list_contains(user_behavior_segment_ids, 21001 + 17 * (campaign_no % 14)) THEN (21001 + 17 * (campaign_no % 14))::VARCHAR END AS matched_behavior_segment_ids,
    target_of(exposure_id, ad_product_type, keywords, creative_asin) AS targeting,
    CASE WHEN is_search THEN search_term_of(exposure_id, keywords, match_type) END AS customer_search_term,
    placement_of(exposure_id, ad_product_type) AS placement_type,
    CASE WHEN is_viewable AND NOT is_click THEN 1 ELSE 0 END AS viewable_impressions,
    CASE WHEN NOT is_viewable AND watched >= 0.9 AND NOT is_click THEN 1 ELSE 0 END AS unmeasurable_viewable_impressions,
    CASE WHEN creative_category = 'Video' THEN 'MRC video: half in view for two seconds' ELSE 'MRC display: half in view for one second' END AS view_definition,
    CASE WHEN is_played AND watched < 1 - 0.5 * lost THEN 1 ELSE 0 END AS five_sec_views,
    CASE WHEN is_played AND watched < 1 - 0.4 * lost THEN 1 ELSE 0 END AS video_first_quartile_views,
    CASE WHEN is_played AND watched < 1 - 0.65 * lost THEN 1 ELSE 0 END AS video_midpoint_views,
    CASE WHEN is_played AND watched < 1 - 0.85 * lost THEN 1 ELSE 0 END AS video_third_quartile_views,
    CASE WHEN is_played AND watched < 1 - lost THEN 1 ELSE 0 END AS video_complete_views,
    CASE WHEN is_played AND watched < 0.05 THEN 1 ELSE 0 END AS video_unmutes
FROM (SELECT *, creative_category = 'Video' AND NOT is_click AS is_played, CASE WHEN channel = 'st' THEN 0.05 ELSE 0.72 END AS lost
    FROM touch WHERE ad_product_type IS NOT NULL);

-- One row a conversion, with what every conversion source says of it.
CREATE VIEW converted AS
SELECT c.*, p.user_id, p.user_id_type, a.currency AS purchase_currency, a.advertiser AS brand, hash(conversion_id, 9) % 50 = 0 AS no_3p_trackers,
    CASE WHEN subtype = 'order' THEN r.asin END AS tracked_asin,
    CASE WHEN subtype IN ('134', '140', '141') THEN 'CD' || (88000 + 10 * a.advertiser_no + subtype::INTEGER % 10)
        WHEN subtype = 'searchConversion' THEN pick(brand_words(a.advertiser, a.keywords), (hash(conversion_id, 8) % 1000) / 1000.0)
        WHEN subtype = 'brandStorePageView' THEN upper(substr(md5('store' || a.advertiser), 1, 8)) ELSE r.asin END AS tracked_item,
    CASE WHEN subtype IN ('134', '140', '141') THEN NULL WHEN subtype = 'order' AND program = 'Whole Foods Market' AND conversion_id % 3 > 0 THEN 'WHOLE_FOODS_MARKET_US'
        WHEN subtype = 'order' AND program = 'Amazon Fresh' AND conversion_id % 3 = 0 THEN 'AMAZON_FRESH_STORES_US' ELSE o.marketplace END AS conversion_marketplace,
    CASE WHEN subtype = 'order' THEN 'purchase' WHEN subtype IN ('134', '140', '141') THEN 'off-Amazon' ELSE 'website' END AS category,
    CASE WHEN subtype IN ('order', 'snsSubscription') THEN 'conversion' WHEN subtype NOT IN ('134', '140', '141', 'searchConversion') THEN 'consideration' END AS type_class,
    CASE subtype WHEN 'order' THEN 'Product purchased' WHEN 'snsSubscription' THEN 'New SnS Subscription' WHEN 'shoppingCart' THEN 'Add to Shopping Cart'
        WHEN 'detailPageView' THEN 'Product detail page viewed' WHEN 'brandStorePageView' THEN 'Brand Store page viewed' WHEN 'wishList' THEN 'add to wishlist'
        WHEN 'babyRegistry' THEN 'add to baby registry' WHEN 'weddingRegistry' THEN 'add to wedding registry' WHEN 'customerReview' THEN 'Customer Reviews Page'
        WHEN '134' THEN 'Page view' WHEN '140' THEN 'Sign up' WHEN '141' THEN 'Checkout' END AS description,
    CASE subtype WHEN '134' THEN 'Brand site page view' WHEN '140' THEN 'Newsletter sign-up' WHEN '141' THEN 'Brand shop order' END AS event_name,
    CASE WHEN subtype = '141' THEN 'Conversions API' WHEN subtype IN ('134', '140') THEN 'Amazon Ad Tag' END AS event_source_name,
    CASE WHEN subtype = 'order' THEN program END AS retail_program,
    CASE WHEN subtype = 'order' THEN units ELSE 0 END AS sold,
    CASE WHEN subtype = 'order' THEN units * c.unit_price ELSE 0 END AS sales,
    CASE WHEN subtype = '141' THEN units * c.unit_price ELSE 0 END AS off_sales,
    CASE subtype WHEN '134' THEN 1 WHEN '140' THEN 10 ELSE 0 END AS off_value,
    new_to_brand AND subtype = 'order' AS is_new,
    (product_no + touch_campaign_no) % 3 <> 0 OR subtype IN ('134', '140', '141') AS is_promoted
FROM (SELECT c.*, CASE WHEN a.grocery AND conversion_id % 100 < 11 THEN 'Whole Foods Market' WHEN a.grocery AND conversion_id % 100 < 21 THEN 'Amazon Fresh'
        ELSE 'Amazon.com' END AS program FROM conversion c JOIN advertiser a USING (advertiser_no)) c
    JOIN person p USING (user_no) JOIN product r USING (product_no) JOIN advertiser a ON a.advertiser_no = c.advertiser_no JOIN country o USING (country);

-- Conversions within 28 days after an ad, each once.
CREATE VIEW source_conversions AS
SELECT * EXCLUDE (conversion_id, new_to_brand), md5('conversion' || conversion_id) AS conversion_id, dt AS event_dt_utc, 1 AS conversions,
    category AS event_category, subtype AS event_subtype, 'CONVERSION' AS event_type, type_class AS event_type_class,
    description AS event_type_description, event_name AS conversion_event_name, event_source_name AS conversion_event_source_name,
    conversion_marketplace AS marketplace_name, is_new AS new_to_brand,
    CASE WHEN subtype = 'order' THEN unit_price END AS purchase_unit_price, retail_program AS purchase_retail_program,
    sales AS total_product_sales, sold AS total_units_sold, sales + off_sales AS combined_sales,
    off_value AS off_amazon_conversion_value, off_sales AS off_amazon_product_sales
FROM converted WHERE touch_dt > dt - INTERVAL 28 DAY;

CREATE VIEW source_conversions_with_relevance AS
SELECT v.*, l.* EXCLUDE (purchase_currency, marketplace_name, campaign_no),
    CASE WHEN v.subtype IN ('134', '140', '141') OR (v.product_no + l.campaign_no) % 3 <> 0 THEN 'PROMOTED' ELSE 'BRAND_HALO' END AS engagement_scope,
    CASE WHEN v.subtype IN ('134', '140', '141') THEN NULL WHEN v.subtype = 'searchConversion' THEN 'BRAND_KEYWORD'
        WHEN (v.product_no + l.campaign_no) % 3 <> 0 THEN 'TRACKED_ASIN'
        ELSE ['VARIATIONAL_ASIN', 'BRAND_CATEGORY', 'BRAND_SUBCATEGORY', 'BRAND_GL_PRODUCT'][1 + v.product_no % 4] END AS halo_code
FROM source_conversions v
    JOIN (SELECT i.*, c.campaign_no, c.advertiser_no AS owner_no FROM line_item i JOIN campaign c ON i.line_item_no = c.campaign_no * 3) l
    ON l.owner_no = v.advertiser_no;

-- All conversions since there are ads to see, whether one was seen or not.
CREATE VIEW source_conversions_all AS
SELECT v.* EXCLUDE (conversion_id, new_to_brand), md5('conversion' || conversion_id) AS conversion_id, v.dt AS event_dt_utc, 1 AS conversions,
    category AS event_category, subtype AS event_subtype, 'CONVERSION' AS event_type, type_class AS event_type_class,
    description AS event_type_description, event_name AS conversion_event_name, event_source_name AS conversion_event_source,
    CASE WHEN category = 'off-Amazon' THEN 'EVENTS_MANAGER' ELSE 'RETAIL' END AS event_source,
    CASE WHEN touch_dt > v.dt - INTERVAL 28 DAY THEN 'ad-exposed' ELSE 'non-ad-exposed' END AS exposure_type,
    o.marketplace_no AS marketplace_id, conversion_marketplace AS marketplace_name, is_new AS new_to_brand,
    CASE WHEN subtype = 'order' THEN unit_price END AS purchase_unit_price,
    CASE WHEN subtype = 'snsSubscription' THEN md5('sns' || conversion_id) WHEN subscription IS NOT NULL THEN md5('sns' || subscription) END AS sns_subscription_id,
    sales AS total_product_sales, sold AS total_units_sold, sales + off_sales AS combined_sales,
    off_value AS off_amazon_conversion_value, off_sales AS off_amazon_product_sales
FROM converted v JOIN advertiser a USING (advertiser_no) JOIN country o USING (country)
WHERE v.dt > (SELECT since FROM made) AND (category <> 'off-Amazon' OR touch_dt IS NOT NULL);

-- Every order of 60 months.
CREATE VIEW source_amazon_retail_purchases AS
SELECT c.user_no, p.user_id, 'adUserId' AS user_id_type, r.asin, a.advertiser AS asin_brand, r.title AS asin_name, 'P' || substr(r.asin, 2) AS asin_parent,
    a.currency AS currency_code, md5('retail' || conversion_id) AS event_id, md5('purchase' || c.user_no || c.dt::DATE) AS purchase_id,
    conversion_id % 100 < 6 AS is_business_flag, (conversion_id // 100) % 100 < 5 AS is_gift_flag, o.marketplace_no AS marketplace_id,
    o.marketplace AS marketplace_name, hash(conversion_id, 9) % 50 = 0 AS no_3p_trackers, md5('cart' || c.user_no || (conversion_id % 7)) AS origin_session_id,
    md5('session' || c.user_no || c.dt::DATE) AS purchase_session_id, c.dt AS purchase_dt_utc,
    month(c.dt) AS purchase_month_utc, ['S', 'S', 'B', '1'][1 + (conversion_id % 4)::INTEGER] AS purchase_order_method,
    CASE WHEN hash(c.user_no) % 100 < 72 THEN 'Prime' ELSE 'NON-PRIME' END AS purchase_order_type,
    CASE WHEN subscription IS NOT NULL THEN 'Subscribe & Save' WHEN conversion_id % 100 < 6 THEN 'Amazon Business' ELSE 'Retail' END AS purchase_program_name,
    units AS purchase_units_sold, unit_price
FROM conversion c JOIN person p USING (user_no) JOIN product r USING (product_no) JOIN advertiser a ON a.advertiser_no = c.advertiser_no JOIN country o USING (country)
WHERE subtype = 'order';

-- A visit of the Brand Store: one to four pages.
CREATE VIEW store_page AS
SELECT v.*, nth, a.advertiser_id, a.advertiser || ' Store' AS store_name, o.marketplace_no AS marketplace_id, p.user_id, p.user_id_type,
    v.dt + to_seconds((nth * (20 + v.conversion_id % 70))::INTEGER) AS event_dt_utc, (v.conversion_id + nth) % 17 = 3 AS no_3p_trackers,
    CASE WHEN nth = 0 THEN 'Home' ELSE l.lines[1 + ((v.conversion_id + nth) % len(l.lines))::INTEGER] END AS page_title,
    upper(substr(md5(a.advertiser || page_title), 1, 12)) AS page_id, round(4 + 90 * pow((hash(v.conversion_id, nth) % 1000) / 1000.0, 2), 1) AS dwell_time,
    d.device_type, CASE WHEN touch_is_click THEN '4' ELSE ['1', '2', '2', '0', '6'][1 + (v.conversion_id % 5)::INTEGER] END AS ingress_type,
    CASE WHEN ingress_type = '4' THEN i.campaign_id_string END AS reference_id,
    CASE ingress_type WHEN '0' THEN ['google.com', 'instagram.com', 'pinterest.com'][1 + (v.conversion_id % 3)::INTEGER] ELSE lower(o.marketplace) END AS referrer_domain,
    CASE WHEN ingress_type = '4' THEN 'ads' WHEN ingress_type = '0' THEN 'social' END AS channel,
    md5('session' || v.conversion_id) AS session_id, md5('visit' || v.conversion_id) AS visit_id
FROM (SELECT *, unnest(range(0, 1 + (hash(conversion_id) % 4)::INTEGER)) AS nth FROM conversion WHERE subtype = 'brandStorePageView') v
    JOIN advertiser a USING (advertiser_no) JOIN country o USING (country) JOIN person p USING (user_no)
    JOIN (SELECT advertiser_no, list(DISTINCT line ORDER BY line) AS lines FROM product GROUP BY advertiser_no) l USING (advertiser_no)
    JOIN device d ON d.device_no = CASE WHEN v.conversion_id % 3 = 0 THEN p.computer ELSE p.phone END
    LEFT JOIN line_item i ON i.line_item_no = v.touch_line_item_no;

CREATE VIEW source_amazon_brand_store_page_views AS FROM store_page;

CREATE VIEW source_amazon_brand_store_engagement_events AS
SELECT s.* REPLACE (s.event_dt_utc + to_seconds(3 + (hash(conversion_id, nth, 1) % 15)::INTEGER) AS event_dt_utc),
    ['ProductGrid', 'ProductGrid', 'ImageWithText', 'Video', 'Navigation'][1 + (hash(conversion_id, nth, 2) % 5)::INTEGER] AS widget_type,
    CASE WHEN which = 0 THEN 'render' ELSE 'click' END AS event_type,
    CASE WHEN which = 0 THEN 'PAGEVIEW' WHEN widget_type = 'ProductGrid' THEN ['DETAILPAGE', 'ADDTOCART', 'DETAILPAGE'][1 + (hash(conversion_id, 3) % 3)::INTEGER] ELSE 'NAVIGATE' END AS event_sub_type,
    CASE widget_type WHEN 'ProductGrid' THEN ['standard', 'bestSellers'][1 + (nth % 2)] WHEN 'Video' THEN 'background' ELSE 'fullWidth' END AS widget_sub_type,
    CASE WHEN widget_type = 'ProductGrid' THEN r.asin END AS asin
FROM store_page s JOIN product r USING (product_no, advertiser_no), range(2) t(which)
WHERE which = 0 OR hash(conversion_id, nth, 4) % 100 < 45;

-- Who belongs to which segment, by region and kind.
CREATE VIEW segment_member AS
SELECT user_no, user_id, user_id_type, s.segment_id, s.segment_name, s.category, o.region, o.marketplace_no AS segment_marketplace_id, s.segment_id % 3 = 0 AS no_3p_trackers
FROM (SELECT user_no, user_id, user_id_type, iso_country_code, unnest(user_behavior_segment_ids) AS segment_id FROM person) p
    JOIN segment s USING (segment_id) JOIN country o ON o.country = p.iso_country_code;

CREATE VIEW segment_member_today AS SELECT *, (SELECT until::DATE FROM made) AS snapshot_datetime FROM segment_member;

-- On the first Thursday of each month; a few more had left by now.
CREATE VIEW segment_member_then AS
SELECT m.*, day AS snapshot_datetime FROM segment_member m, (
    SELECT day FROM calendar, made WHERE isodow(day) = 4 AND day(day) <= 7 AND day BETWEEN since AND until)
WHERE hash(user_no, segment_id, month(day)) % 100 < 92;

CREATE VIEW source_audience_segments_amer_inmarket AS FROM segment_member_today WHERE region = 'amer' AND category = 'In-market';
CREATE VIEW source_audience_segments_amer_lifestyle AS FROM segment_member_today WHERE region = 'amer' AND category = 'Lifestyle';
CREATE VIEW source_audience_segments_eu_inmarket AS FROM segment_member_today WHERE region = 'eu' AND category = 'In-market';
CREATE VIEW source_audience_segments_eu_lifestyle AS FROM segment_member_today WHERE region = 'eu' AND category = 'Lifestyle';
CREATE VIEW source_audience_segments_amer_inmarket_snapshot AS FROM segment_member_then WHERE region = 'amer' AND category = 'In-market';
CREATE VIEW source_audience_segments_amer_lifestyle_snapshot AS FROM segment_member_then WHERE region = 'amer' AND category = 'Lifestyle';
CREATE VIEW source_audience_segments_eu_inmarket_snapshot AS FROM segment_member_then WHERE region = 'eu' AND category = 'In-market';
CREATE VIEW source_audience_segments_eu_lifestyle_snapshot AS FROM segment_member_then WHERE region = 'eu' AND category = 'Lifestyle';

CREATE VIEW source_segment_metadata AS
SELECT NULL::INTEGER AS user_no, segment_id, segment_name, segment_name || ': people whom Amazon counts to this ' || lower(category) || ' segment' AS segment_description,
    category AS category_level_1, split_part(segment_name, ' ', 1) AS category_level_2, category || '/' || category_level_2 || '/' || segment_name AS category_path,
    segment_id % 3 = 0 AS no_3p_trackers, o.marketplace_no AS segment_marketplace_id
FROM segment, country o WHERE o.country IN (SELECT country FROM advertiser);

-- Conversions and the ad event that each is credited to.
CREATE VIEW attributed AS
SELECT v.* EXCLUDE (conversion_id, new_to_brand, user_id, user_id_type, no_3p_trackers, purchase_currency),
    v.user_id, v.user_id_type, v.no_3p_trackers, v.purchase_currency,
    l.* EXCLUDE (purchase_currency, line_item_no), k.* EXCLUDE (creative_no), d.* EXCLUDE (device_no), s.* EXCLUDE (site_no),
    p.iso_country_code, p.iso_state_province_code, p.dma_code, p.city_name, p.postal_code,
    k.creative_size AS ad_slot_size, md5(touch_id::VARCHAR) AS request_tag, md5('event' || touch_id || touch_is_click) AS traffic_event_id,
    v.dt AS conversion_event_dt_utc, touch_dt AS traffic_event_dt_utc,
    CASE WHEN touch_is_click THEN touch_dt END AS click_dt_utc, CASE WHEN NOT touch_is_click THEN touch_dt END AS impression_dt_utc,
    CASE WHEN touch_is_click THEN 'AD_CLICK' ELSE 'AD_IMP' END AS traffic_event_subtype, CASE WHEN touch_is_click THEN 'CLICK' ELSE 'IMPRESSION' END AS traffic_event_type,
    CASE WHEN touch_is_click THEN 1 ELSE 0 END AS clicks, CASE WHEN touch_is_click THEN 0 ELSE 1 END AS impressions,
    l.marketplace_name AS traffic_event_marketplace_name, conversion_marketplace AS conversion_event_marketplace_name,
    category AS conversion_event_category, subtype AS conversion_event_subtype, 'CONVERSION' AS conversion_event_type,
    type_class AS conversion_event_type_class, description AS conversion_event_type_description,
    event_name AS conversion_event_name, event_source_name AS conversion_event_source_name, retail_program AS purchase_retail_program,
    CASE WHEN subtype = 'order' THEN v.unit_price END AS purchase_unit_price, is_new AS new_to_brand,
    CASE WHEN l.is_search THEN search_term_of(touch_id, l.keywords, l.match_type) END AS customer_search_term,
    CASE WHEN l.ad_product_type IS NOT NULL THEN target_of(touch_id, l.ad_product_type, l.keywords, k.creative_asin) END AS targeting,
    CASE WHEN l.ad_product_type IS NOT NULL THEN placement_of(touch_id, l.ad_product_type) END AS placement_type,
    (0.75 + 0.5 * (hash(touch_id, 1) % 1000) / 1000.0) * l.price / CASE WHEN l.price_type = 'cpm' THEN 1000 ELSE 1 END AS amount,
    CASE WHEN touch_is_click THEN amount * 100000 ELSE 0 END AS click_cost, amount * 1.3 * 100000000 AS bid_price, amount * 0.82 * 100000000 AS supply_cost,
    amount * 0.05 * 100000000 AS audience_fee, amount * 0.06 * 100000000 AS platform_fee,
    1 AS conversions, sales + off_sales AS combined_sales, off_value AS off_amazon_conversion_value, off_sales AS off_amazon_product_sales,
    CASE WHEN subtype = 'order' THEN 1 ELSE 0 END AS total_purchases,
    CASE WHEN subtype = 'order' AND is_promoted THEN 1 ELSE 0 END AS purchases,
    CASE WHEN subtype = 'order' AND NOT is_promoted THEN 1 ELSE 0 END AS brand_halo_purchases,
    sales AS total_product_sales, CASE WHEN is_promoted THEN sales ELSE 0 END AS product_sales, CASE WHEN is_promoted THEN 0 ELSE sales END AS brand_halo_product_sales,
    sold AS total_units_sold, CASE WHEN is_promoted THEN sold ELSE 0 END AS units_sold, CASE WHEN is_promoted THEN 0 ELSE sold END AS brand_halo_units_sold,
    CASE WHEN subtype = 'detailPageView' THEN 1 ELSE 0 END AS total_detail_page_view,
    CASE WHEN subtype = 'detailPageView' AND is_promoted THEN 1 ELSE 0 END AS detail_page_view,
    CASE WHEN subtype = 'detailPageView' AND NOT is_promoted THEN 1 ELSE 0 END AS brand_halo_detail_page_view,
    CASE WHEN subtype = 'shoppingCart' THEN 1 ELSE 0 END AS total_add_to_cart,
    CASE WHEN subtype = 'shoppingCart' AND is_promoted THEN 1 ELSE 0 END AS add_to_cart,
    CASE WHEN subtype = 'shoppingCart' AND NOT is_promoted THEN 1 ELSE 0 END AS brand_halo_add_to_cart,
    CASE WHEN is_new THEN 1 ELSE 0 END AS new_to_brand_total_purchases,
    CASE WHEN is_new AND is_promoted THEN 1 ELSE 0 END AS new_to_brand_purchases,
    CASE WHEN is_new AND NOT is_promoted THEN 1 ELSE 0 END AS new_to_brand_brand_halo_purchases,
    CASE WHEN is_new THEN sales ELSE 0 END AS new_to_brand_total_product_sales,
    CASE WHEN is_new AND is_promoted THEN sales ELSE 0 END AS new_to_brand_product_sales,
    CASE WHEN is_new AND NOT is_promoted THEN sales ELSE 0 END AS new_to_brand_brand_halo_product_sales,
    CASE WHEN is_new THEN sold ELSE 0 END AS new_to_brand_total_units_sold,
    CASE WHEN is_new AND is_promoted THEN sold ELSE 0 END AS new_to_brand_units_sold,
    CASE WHEN is_new AND NOT is_promoted THEN sold ELSE 0 END AS new_to_brand_brand_halo_units_sold,
    -- Nobody here sells apps or subscriptions.
    0 AS digital_app_subscription_signup_purchases, 0 AS digital_free_trial_app_subscription_signup_purchases,
    0 AS digital_free_trial_subscription_signup_purchases, 0 AS digital_paid_app_subscription_signup_purchases,
    0 AS digital_paid_subscription_signup_purchases, 0 AS digital_subscription_signup_purchases
FROM converted v JOIN line_item l ON l.line_item_no = touch_line_item_no JOIN creative k ON k.creative_no = touch_creative_no
    JOIN person p ON p.user_no = v.user_no
    LEFT JOIN device d ON d.device_no = touch_device_no
    LEFT JOIN site s ON s.site_no = touch_site_no;

-- By the time of the conversion: 14 days back to the ad; by the time of the ad: 30 days ahead.
CREATE VIEW source_amazon_attributed_events_by_conversion_time AS FROM attributed WHERE touch_dt > dt - INTERVAL 14 DAY;
CREATE VIEW source_amazon_attributed_events_by_traffic_time AS FROM attributed;
