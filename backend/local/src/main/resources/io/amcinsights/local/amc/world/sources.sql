-- The data sources that carry data, with the columns of Amazon's documentation under their own
-- names. EventStore casts them to the documented types, derives the many forms of a time and the
-- clicks and views shares of a metric, and adds the sources that stay empty.

-- Three line items a campaign: they differ in who is addressed.
CREATE TABLE line_item AS
SELECT (c.campaign_no * 3 + part)::SMALLINT AS line_item_no, c.channel, h.ad_product_type, h.viewable, c.price,
    a.advertiser, a.advertiser_id, a.timezone AS advertiser_timezone,
    'ENTITY' || upper(substr(md5(a.advertiser), 1, 13)) AS entity_id,
    (hash(a.advertiser) % 90000000)::BIGINT + 10000000 AS merchant_id,
    a.currency AS currency_iso_code, a.currency AS purchase_currency,
    CASE a.currency WHEN 'USD' THEN 'United States dollar' WHEN 'CAD' THEN 'Canadian dollar' END AS currency_name,
    CASE a.country WHEN 'US' THEN 'AMAZON.COM' WHEN 'CA' THEN 'AMAZON.CA' END AS marketplace_name,
    CASE a.country WHEN 'US' THEN 1 WHEN 'CA' THEN 7 END AS segment_marketplace_id,
    c.campaign, 576000000000000000 + (hash(a.advertiser, c.campaign) % 1000000000000)::BIGINT AS campaign_id,
    CASE WHEN h.ad_product_type IS NULL
        THEN (576000000000000000 + (hash(a.advertiser, c.campaign) % 1000000000000)::BIGINT)::VARCHAR
        ELSE 'A' || upper(substr(md5(a.advertiser || c.campaign), 1, 18)) END AS campaign_id_string,
    a.country AS campaign_country, 'Brand awareness' AS campaign_primary_goal, 'BOOKED' AS campaign_sales_type,
    'AMAZON_DSP' AS campaign_source, 'ENABLED' AS campaign_status, 'DAILY' AS campaign_budget_type,
    (20000 * c.price)::BIGINT * 100000 AS campaign_budget_amount, 700000000 + c.campaign_no AS campaign_flight_id,
    'IO-' || (88000 + c.campaign_no) AS campaign_insertion_order_id,
    date_trunc('month', getvariable('since')::TIMESTAMP) AS campaign_start_dt_utc,
    date_trunc('month', getvariable('since')::TIMESTAMP) + INTERVAL 3 YEAR AS campaign_end_dt_utc,
    date_trunc('month', getvariable('since')::TIMESTAMP) AS line_item_start_dt_utc,
    date_trunc('month', getvariable('since')::TIMESTAMP) + INTERVAL 3 YEAR AS line_item_end_dt_utc,
    date_trunc('month', getvariable('since')::TIMESTAMP) AS ad_group_start_dt_utc,
    date_trunc('month', getvariable('since')::TIMESTAMP) + INTERVAL 3 YEAR AS ad_group_end_dt_utc,
    c.campaign || [' | Prospecting', ' | Lookalike', ' | Re-engage'][part + 1] AS line_item,
    590000000000000000 + (hash(a.advertiser, c.campaign, part) % 1000000000000)::BIGINT AS line_item_id,
    (6000 * c.price)::BIGINT * 100000 AS line_item_budget_amount, 'ENABLED' AS line_item_status,
    coalesce(h.line_item_type, upper(h.ad_product_type)) AS line_item_type,
    CASE WHEN h.ad_product_type = 'sponsored_display' AND part = 2 THEN 'vCPM'
        WHEN h.ad_product_type IS NOT NULL THEN 'CPC' ELSE 'CPM' END AS line_item_price_type,
    ['Core', 'Long tail', 'Competitor'][part + 1] AS ad_group, 'ENABLED' AS ad_group_status, 'MANUAL' AS ad_group_type,
    ['EXACT', 'PHRASE', 'BROAD'][part + 1] AS match_type, a.keywords,
    41000 + a.advertiser_no AS portfolio_id, a.advertiser || ' always on' AS portfolio_name,
    (SELECT min(line) FROM product p WHERE p.advertiser_no = a.advertiser_no) AS product_line,
    (SELECT coalesce(list(segment_id::INTEGER), []) FROM segment s WHERE list_contains(c.segments, s.segment_name)) AS target_ids
FROM campaign c JOIN advertiser a USING (advertiser_no) JOIN channel h USING (channel), range(3) t(part);

CREATE TABLE creative AS
SELECT (c.campaign_no * 4 + part)::SMALLINT AS creative_no,
    c.campaign || ' | ' || ['A', 'B', 'C', 'D'][part + 1] AS creative,
    580000000000000000 + (hash(c.campaign, part) % 1000000000000)::BIGINT AS creative_id,
    CASE WHEN c.channel IN ('stv', 'olv') THEN 'Video' WHEN c.channel = 'audio' THEN 'Audio' ELSE 'Display' END AS creative_category,
    h.creative_type, CASE WHEN c.channel IN ('stv', 'olv', 'audio') THEN [15000, 30000, 15000, 30000][part + 1] ELSE 0 END AS creative_duration,
    'N' AS creative_is_link_in,
    CASE WHEN c.channel IN ('stv', 'olv') THEN '1920x1080' WHEN c.channel = 'audio' THEN '1x1'
        ELSE ['300x250', '728x90', '160x600', '320x50'][part + 1] END AS creative_size,
    p.asin AS creative_asin
FROM campaign c JOIN channel h USING (channel), range(4) t(part)
    JOIN (SELECT *, row_number() OVER (PARTITION BY advertiser_no ORDER BY product_no) - 1 AS place,
        count(*) OVER (PARTITION BY advertiser_no) AS places FROM product) p
    ON p.advertiser_no = c.advertiser_no AND p.place = part % p.places;

-- What was searched for before a sponsored ad was shown: few terms make up most searches.
CREATE MACRO keyword_of(exposure_id, keywords) AS
    keywords[1 + floor(len(keywords) * pow((hash(exposure_id, 4) % 1000) / 1000.0, 1.8))::INTEGER];
CREATE MACRO search_term_of(exposure_id, keywords, match_type) AS
    keyword_of(exposure_id, keywords) || CASE WHEN match_type = 'EXACT' THEN ''
        ELSE [' deals', ' sale', ' reviews', ''][1 + (hash(exposure_id, 5) % 4)::INTEGER] END;

-- What impressions and clicks have in common, of DSP and of sponsored ads.
CREATE VIEW touch AS
SELECT *, creative_size AS ad_slot_size, md5(exposure_id::VARCHAR) AS request_tag,
    'Direct' AS demand_channel, 'AMAZON' AS demand_channel_owner,
    ['Above the fold', 'Below the fold', 'Unknown'][1 + (exposure_id % 3)::INTEGER] AS slot_position,
    [campaign_no + 100]::BIGINT[] AS advertiser_account_frequency_group_ids,
    [900]::BIGINT[] AS manager_account_frequency_group_ids,
    list_intersect(user_behavior_segment_ids, target_ids) AS matched_behavior_segment_ids,
    false AS no_3p_trackers, true AS placement_is_view_aware, true AS supply_source_is_view_aware,
    viewable AS placement_view_rate, viewable AS supply_source_view_rate,
    -- What was paid, in the advertiser's currency: per impression, for most sponsored ads per click.
    (0.75 + 0.5 * (hash(exposure_id, 1) % 1000) / 1000.0) * price / CASE WHEN ad_product_type IS NULL THEN 1000 ELSE 1 END AS amount,
    (hash(exposure_id, 2) % 1000) / 1000.0 < viewable AS is_viewable,
    (hash(exposure_id, 3) % 1000) / 1000.0 AS watched
FROM (
    FROM (SELECT exposure_id, dt, user_no, campaign_no, line_item_no, creative_no, device_no, site_no, false AS is_click FROM exposure)
    UNION ALL
    FROM (SELECT exposure_id, dt, user_no, campaign_no, line_item_no, creative_no, device_no, site_no, true AS is_click FROM click))
    JOIN line_item USING (line_item_no) JOIN person USING (user_no) JOIN creative USING (creative_no)
    JOIN device USING (device_no) LEFT JOIN site USING (site_no);

CREATE VIEW source_dsp_impressions AS
SELECT *, dt AS impression_dt_utc, 1 AS impressions,
    amount * 100000 AS impression_cost, amount * 1.14 * 100000 AS total_cost, amount * 0.82 * 100000000 AS supply_cost,
    amount * 0.06 * 100000000 AS platform_fee, amount * 0.05 * 100000000 AS audience_fee,
    amount * 0.02 * 100000000 AS third_party_fees, 0 AS managed_service_fee, 0 AS ocm_fee,
    amount * 0.9 * 100000000 AS bid_price
FROM touch WHERE ad_product_type IS NULL AND NOT is_click;

CREATE VIEW source_dsp_clicks AS
SELECT *, dt AS click_dt_utc, dt - to_seconds(4 + floor(50 * unit(exposure_id, 32, 0))::INTEGER) AS impression_dt_utc, 1 AS clicks, amount * 100000 AS click_cost, amount * 0.82 * 100000000 AS supply_cost,
    amount * 0.06 * 100000000 AS platform_fee, amount * 0.05 * 100000000 AS audience_fee, amount * 0.9 * 100000000 AS bid_price
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
SELECT *, CASE WHEN watched < 0.97 THEN 1 ELSE 0 END AS video_impression, CASE WHEN watched < 0.97 THEN 1 ELSE 0 END AS video_creative_view,
    CASE WHEN watched < 0.97 THEN 1 ELSE 0 END AS video_start, CASE WHEN watched < 0.94 THEN 1 ELSE 0 END AS video_first_quartile,
    CASE WHEN watched < 0.90 THEN 1 ELSE 0 END AS video_midpoint, CASE WHEN watched < 0.86 THEN 1 ELSE 0 END AS video_third_quartile,
    CASE WHEN watched < 0.82 THEN 1 ELSE 0 END AS video_complete, CASE WHEN watched < 0.004 THEN 1 ELSE 0 END AS video_click,
    CASE WHEN watched BETWEEN 0.50 AND 0.53 THEN 1 ELSE 0 END AS video_mute, CASE WHEN watched BETWEEN 0.50 AND 0.51 THEN 1 ELSE 0 END AS video_unmute,
    CASE WHEN watched BETWEEN 0.60 AND 0.62 THEN 1 ELSE 0 END AS video_pause, CASE WHEN watched BETWEEN 0.60 AND 0.61 THEN 1 ELSE 0 END AS video_resume,
    CASE WHEN watched BETWEEN 0.70 AND 0.702 THEN 1 ELSE 0 END AS video_replay, 0 AS video_skip_backward, 0 AS video_skip_forward
FROM source_dsp_impressions WHERE creative_category = 'Video';

CREATE VIEW source_sponsored_ads_traffic AS
SELECT * EXCLUDE (matched_behavior_segment_ids), dt AS event_dt_utc, md5('event' || exposure_id || is_click) AS event_id,
    CASE WHEN is_click THEN 0 ELSE 1 END AS impressions, CASE WHEN is_click THEN 1 ELSE 0 END AS clicks,
    CASE WHEN line_item_price_type = 'vCPM' AND NOT is_click THEN (amount * 0.009 * 100000000)::BIGINT
        WHEN line_item_price_type <> 'vCPM' AND is_click THEN (amount * 100000000)::BIGINT ELSE 0 END AS spend,
    array_to_string(matched_behavior_segment_ids, ',') AS matched_behavior_segment_ids,
    keyword_of(exposure_id, keywords) AS targeting,
    CASE WHEN ad_product_type <> 'sponsored_display' THEN search_term_of(exposure_id, keywords, match_type) END AS customer_search_term,
    CASE WHEN ad_product_type = 'sponsored_display' THEN ['Detail Page on-Amazon', 'Homepage on-Amazon', 'Off Amazon'][1 + (hash(exposure_id, 6) % 3)::INTEGER]
        ELSE ['Top of Search on-Amazon', 'Top of Search on-Amazon', 'Other on-Amazon', 'Detail Page on-Amazon'][1 + (hash(exposure_id, 6) % 4)::INTEGER] END AS placement_type,
    CASE WHEN is_viewable AND NOT is_click THEN 1 ELSE 0 END AS viewable_impressions,
    CASE WHEN NOT is_viewable AND watched >= 0.9 AND NOT is_click THEN 1 ELSE 0 END AS unmeasurable_viewable_impressions,
    'MRC display: half in view for one second' AS view_definition,
    CASE WHEN ad_product_type = 'sponsored_brands' AND watched < 0.20 AND NOT is_click THEN 1 ELSE 0 END AS five_sec_views,
    CASE WHEN ad_product_type = 'sponsored_brands' AND watched < 0.18 AND NOT is_click THEN 1 ELSE 0 END AS video_first_quartile_views,
    CASE WHEN ad_product_type = 'sponsored_brands' AND watched < 0.13 AND NOT is_click THEN 1 ELSE 0 END AS video_midpoint_views,
    CASE WHEN ad_product_type = 'sponsored_brands' AND watched < 0.10 AND NOT is_click THEN 1 ELSE 0 END AS video_third_quartile_views,
    CASE WHEN ad_product_type = 'sponsored_brands' AND watched < 0.08 AND NOT is_click THEN 1 ELSE 0 END AS video_complete_views,
    CASE WHEN ad_product_type = 'sponsored_brands' AND watched < 0.02 AND NOT is_click THEN 1 ELSE 0 END AS video_unmutes
FROM touch WHERE ad_product_type IS NOT NULL;

-- One row a conversion, with what every conversion source says of it.
CREATE VIEW converted AS
SELECT c.*, p.user_id, p.user_id_type, r.asin AS tracked_asin, r.asin AS tracked_item, r.line AS conversion_product_line,
    a.currency AS purchase_currency, a.advertiser AS brand, false AS no_3p_trackers,
    CASE a.country WHEN 'US' THEN 'AMAZON.COM' WHEN 'CA' THEN 'AMAZON.CA' END AS conversion_marketplace,
    CASE WHEN subtype IN ('order', 'snsSubscription') THEN 'purchase' ELSE 'website' END AS category,
    CASE WHEN subtype IN ('order', 'snsSubscription') THEN 'conversion' ELSE 'consideration' END AS type_class,
    CASE subtype WHEN 'order' THEN 'Order' WHEN 'snsSubscription' THEN 'Subscribe & Save subscription' WHEN 'shoppingCart' THEN 'Add to shopping cart'
        WHEN 'detailPageView' THEN 'Product detail page view' WHEN 'searchConversion' THEN 'Branded search'
        WHEN 'brandStorePageView' THEN 'Brand Store page view' WHEN 'wishList' THEN 'Add to wish list' END AS description,
    CASE WHEN subtype = 'order' THEN 'Amazon.com' END AS retail_program,
    CASE WHEN subtype = 'order' THEN units ELSE 0 END AS sold,
    CASE WHEN subtype = 'order' THEN units * c.unit_price ELSE 0 END AS sales,
    (product_no + touch_campaign_no) % 3 <> 0 AS is_promoted
FROM conversion c JOIN person p USING (user_no) JOIN product r USING (product_no) JOIN advertiser a ON a.advertiser_no = c.advertiser_no;

CREATE VIEW source_conversions AS
SELECT * EXCLUDE (conversion_id, new_to_brand), md5('conversion' || conversion_id) AS conversion_id, dt AS event_dt_utc, 1 AS conversions,
    category AS event_category, subtype AS event_subtype, subtype AS event_type, type_class AS event_type_class,
    description AS event_type_description, NULL AS conversion_event_name, NULL AS conversion_event_source_name,
    conversion_marketplace AS marketplace_name, new_to_brand AND subtype = 'order' AS new_to_brand,
    CASE WHEN subtype = 'order' THEN unit_price END AS purchase_unit_price, retail_program AS purchase_retail_program,
    sales AS total_product_sales, sold AS total_units_sold, sales AS combined_sales,
    0 AS off_amazon_conversion_value, 0 AS off_amazon_product_sales
FROM converted;

CREATE VIEW source_conversions_with_relevance AS
SELECT v.*, l.* EXCLUDE (purchase_currency, marketplace_name),
    CASE WHEN (v.product_no + l.campaign_no) % 3 <> 0 THEN 'PROMOTED' ELSE 'BRAND_HALO' END AS engagement_scope,
    CASE WHEN (v.product_no + l.campaign_no) % 3 <> 0 THEN 'PROMOTED' ELSE 'BRAND' END AS halo_code
FROM source_conversions v
    JOIN (SELECT i.*, c.campaign_no, c.advertiser_no AS owner_no FROM line_item i JOIN campaign c ON i.line_item_no = c.campaign_no * 3) l
    ON l.owner_no = v.advertiser_no;

-- Conversions within 14 days of the ad event that they are credited to.
CREATE VIEW source_amazon_attributed_events_by_conversion_time AS
SELECT v.* EXCLUDE (conversion_id, new_to_brand, user_id, user_id_type, no_3p_trackers, purchase_currency),
    v.user_id, v.user_id_type, v.no_3p_trackers, v.purchase_currency,
    l.* EXCLUDE (purchase_currency, line_item_no, product_line), k.* EXCLUDE (creative_no), d.* EXCLUDE (device_no), s.* EXCLUDE (site_no),
    p.iso_country_code, p.iso_state_province_code, p.dma_code, p.city_name, p.postal_code,
    k.creative_size AS ad_slot_size, md5(touch_id::VARCHAR) AS request_tag, md5('traffic' || touch_id || touch_is_click) AS traffic_event_id,
    v.dt AS conversion_event_dt_utc, touch_dt AS traffic_event_dt_utc,
    CASE WHEN touch_is_click THEN touch_dt END AS click_dt_utc, CASE WHEN NOT touch_is_click THEN touch_dt END AS impression_dt_utc,
    CASE WHEN touch_is_click THEN 'AD_CLICK' ELSE 'AD_IMP' END AS traffic_event_subtype, 'AD' AS traffic_event_type,
    CASE WHEN touch_is_click THEN 1 ELSE 0 END AS clicks, CASE WHEN touch_is_click THEN 0 ELSE 1 END AS impressions,
    l.marketplace_name AS traffic_event_marketplace_name, conversion_marketplace AS conversion_event_marketplace_name,
    category AS conversion_event_category, subtype AS conversion_event_subtype, subtype AS conversion_event_type,
    type_class AS conversion_event_type_class, description AS conversion_event_type_description,
    NULL AS conversion_event_name, NULL AS conversion_event_source_name, retail_program AS purchase_retail_program,
    conversion_product_line AS product_line, CASE WHEN subtype = 'order' THEN v.unit_price END AS purchase_unit_price,
    new_to_brand AND subtype = 'order' AS new_to_brand,
    CASE WHEN l.ad_product_type <> 'sponsored_display' THEN search_term_of(touch_id, l.keywords, l.match_type) END AS customer_search_term,
    CASE WHEN l.ad_product_type IS NOT NULL THEN keyword_of(touch_id, l.keywords) END AS targeting,
    CASE WHEN l.ad_product_type IS NULL THEN 'Standard' ELSE ['Top of Search on-Amazon', 'Detail Page on-Amazon'][1 + (hash(touch_id) % 2)::INTEGER] END AS placement_type,
    l.price * 85000 AS click_cost, l.price * 90000 AS bid_price, l.price * 82000 AS supply_cost, l.price * 5000 AS audience_fee, l.price * 6000 AS platform_fee,
    1 AS conversions, sales AS combined_sales, 0 AS off_amazon_conversion_value, 0 AS off_amazon_product_sales,
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
    CASE WHEN new_to_brand THEN 1 ELSE 0 END AS new_to_brand_total_purchases,
    CASE WHEN new_to_brand AND is_promoted THEN 1 ELSE 0 END AS new_to_brand_purchases,
    CASE WHEN new_to_brand AND NOT is_promoted THEN 1 ELSE 0 END AS new_to_brand_brand_halo_purchases,
    CASE WHEN new_to_brand THEN sales ELSE 0 END AS new_to_brand_total_product_sales,
    CASE WHEN new_to_brand AND is_promoted THEN sales ELSE 0 END AS new_to_brand_product_sales,
    CASE WHEN new_to_brand AND NOT is_promoted THEN sales ELSE 0 END AS new_to_brand_brand_halo_product_sales,
    CASE WHEN new_to_brand THEN sold ELSE 0 END AS new_to_brand_total_units_sold,
    CASE WHEN new_to_brand AND is_promoted THEN sold ELSE 0 END AS new_to_brand_units_sold,
    CASE WHEN new_to_brand AND NOT is_promoted THEN sold ELSE 0 END AS new_to_brand_brand_halo_units_sold,
    0 AS digital_app_subscription_signup_purchases, 0 AS digital_free_trial_app_subscription_signup_purchases,
    0 AS digital_free_trial_subscription_signup_purchases, 0 AS digital_paid_app_subscription_signup_purchases,
    0 AS digital_paid_subscription_signup_purchases, 0 AS digital_subscription_signup_purchases
FROM converted v JOIN line_item l ON l.line_item_no = touch_line_item_no JOIN creative k ON k.creative_no = touch_creative_no
    JOIN person p ON p.user_no = v.user_no
    LEFT JOIN device d ON d.device_no = touch_device_no AND l.ad_product_type IS NULL
    LEFT JOIN site s ON s.site_no = touch_site_no
WHERE touch_dt > v.dt - INTERVAL 14 DAY;

CREATE VIEW source_amazon_attributed_events_by_traffic_time AS FROM source_amazon_attributed_events_by_conversion_time;
