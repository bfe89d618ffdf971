-- What every instance shares: places, devices, sites, channels, segments.

CREATE TABLE place AS FROM (VALUES
    ('US', 'US-NY', 'US-DMA501', 'New York', '100', 20),
    ('US', 'US-NJ', 'US-DMA501', 'Newark', '071', 6),
    ('US', 'US-CA', 'US-DMA803', 'Los Angeles', '900', 14),
    ('US', 'US-CA', 'US-DMA807', 'San Francisco', '941', 7),
    ('US', 'US-CA', 'US-DMA825', 'San Diego', '921', 4),
    ('US', 'US-CA', 'US-DMA862', 'Sacramento', '958', 4),
    ('US', 'US-IL', 'US-DMA602', 'Chicago', '606', 9),
    ('US', 'US-TX', 'US-DMA623', 'Dallas', '752', 8),
    ('US', 'US-TX', 'US-DMA618', 'Houston', '770', 7),
    ('US', 'US-TX', 'US-DMA635', 'Austin', '787', 4),
    ('US', 'US-TX', 'US-DMA641', 'San Antonio', '782', 3),
    ('US', 'US-PA', 'US-DMA504', 'Philadelphia', '191', 8),
    ('US', 'US-PA', 'US-DMA508', 'Pittsburgh', '152', 3),
    ('US', 'US-GA', 'US-DMA524', 'Atlanta', '303', 7),
    ('US', 'US-DC', 'US-DMA511', 'Washington', '200', 6),
    ('US', 'US-VA', 'US-DMA544', 'Norfolk', '235', 2),
    ('US', 'US-MA', 'US-DMA506', 'Boston', '021', 6),
    ('US', 'US-FL', 'US-DMA528', 'Miami', '331', 5),
    ('US', 'US-FL', 'US-DMA539', 'Tampa', '336', 5),
    ('US', 'US-FL', 'US-DMA534', 'Orlando', '328', 4),
    ('US', 'US-FL', 'US-DMA561', 'Jacksonville', '322', 2),
    ('US', 'US-WA', 'US-DMA819', 'Seattle', '981', 6),
    ('US', 'US-WA', 'US-DMA881', 'Spokane', '992', 1),
    ('US', 'US-OR', 'US-DMA820', 'Portland', '972', 4),
    ('US', 'US-AZ', 'US-DMA753', 'Phoenix', '850', 5),
    ('US', 'US-AZ', 'US-DMA789', 'Tucson', '857', 1),
    ('US', 'US-MI', 'US-DMA505', 'Detroit', '482', 5),
    ('US', 'US-MN', 'US-DMA613', 'Minneapolis', '554', 5),
    ('US', 'US-CO', 'US-DMA751', 'Denver', '802', 5),
    ('US', 'US-OH', 'US-DMA510', 'Cleveland', '441', 4),
    ('US', 'US-OH', 'US-DMA535', 'Columbus', '432', 3),
    ('US', 'US-OH', 'US-DMA515', 'Cincinnati', '452', 3),
    ('US', 'US-NC', 'US-DMA517', 'Charlotte', '282', 3),
    ('US', 'US-NC', 'US-DMA560', 'Raleigh', '276', 3),
    ('US', 'US-MO', 'US-DMA609', 'St. Louis', '631', 3),
    ('US', 'US-MO', 'US-DMA616', 'Kansas City', '641', 2),
    ('US', 'US-TN', 'US-DMA659', 'Nashville', '372', 3),
    ('US', 'US-TN', 'US-DMA640', 'Memphis', '381', 1),
    ('US', 'US-UT', 'US-DMA770', 'Salt Lake City', '841', 3),
    ('US', 'US-IN', 'US-DMA527', 'Indianapolis', '462', 3),
    ('US', 'US-MD', 'US-DMA512', 'Baltimore', '212', 3),
    ('US', 'US-WI', 'US-DMA617', 'Milwaukee', '532', 2),
    ('US', 'US-NV', 'US-DMA839', 'Las Vegas', '891', 2),
    ('US', 'US-CT', 'US-DMA533', 'Hartford', '061', 2),
    ('US', 'US-LA', 'US-DMA622', 'New Orleans', '701', 2),
    ('US', 'US-OK', 'US-DMA650', 'Oklahoma City', '731', 2),
    ('US', 'US-KY', 'US-DMA529', 'Louisville', '402', 2),
    ('US', 'US-AL', 'US-DMA630', 'Birmingham', '352', 2),
    ('US', 'US-NM', 'US-DMA790', 'Albuquerque', '871', 1),
    ('US', 'US-ID', 'US-DMA757', 'Boise', '837', 1),
    ('US', 'US-ME', 'US-DMA500', 'Portland', '041', 1),
    ('US', 'US-MT', 'US-DMA762', 'Missoula', '598', 0.5),
    ('US', 'US-VT', 'US-DMA523', 'Burlington', '054', 0.5),
    ('US', 'US-AK', 'US-DMA743', 'Anchorage', '995', 0.4),
    ('US', 'US-HI', 'US-DMA744', 'Honolulu', '968', 0.8),
    ('US', 'US-SC', 'US-DMA567', 'Greenville', '296', 2.4),
    ('US', 'US-AR', 'US-DMA693', 'Little Rock', '722', 1.4),
    ('US', 'US-IA', 'US-DMA679', 'Des Moines', '503', 1.5),
    ('US', 'US-KS', 'US-DMA678', 'Wichita', '672', 1.3),
    ('US', 'US-MS', 'US-DMA718', 'Jackson', '392', 1.3),
    ('US', 'US-NE', 'US-DMA652', 'Omaha', '681', 1),
    ('US', 'US-WV', 'US-DMA564', 'Charleston', '253', 0.8),
    ('US', 'US-NH', 'US-DMA506', 'Manchester', '031', 0.7),
    ('US', 'US-RI', 'US-DMA521', 'Providence', '029', 0.6),
    ('US', 'US-DE', 'US-DMA504', 'Wilmington', '198', 0.5),
    ('US', 'US-SD', 'US-DMA725', 'Sioux Falls', '571', 0.45),
    ('US', 'US-ND', 'US-DMA724', 'Fargo', '581', 0.4),
    ('US', 'US-WY', 'US-DMA767', 'Casper', '826', 0.3),
    ('CA', 'CA-ON', NULL, 'Toronto', 'M5V', 22),
    ('CA', 'CA-ON', NULL, 'Ottawa', 'K1P', 8),
    ('CA', 'CA-ON', NULL, 'Hamilton', 'L8P', 5),
    ('CA', 'CA-QC', NULL, 'Montreal', 'H2Y', 16),
    ('CA', 'CA-QC', NULL, 'Quebec City', 'G1R', 5),
    ('CA', 'CA-BC', NULL, 'Vancouver', 'V6B', 12),
    ('CA', 'CA-BC', NULL, 'Victoria', 'V8W', 4),
    ('CA', 'CA-AB', NULL, 'Calgary', 'T2P', 9),
    ('CA', 'CA-AB', NULL, 'Edmonton', 'T5J', 7),
    ('CA', 'CA-MB', NULL, 'Winnipeg', 'R3C', 4),
    ('CA', 'CA-SK', NULL, 'Saskatoon', 'S7K', 2),
    ('CA', 'CA-NS', NULL, 'Halifax', 'B3J', 3),
    ('CA', 'CA-NB', NULL, 'Moncton', 'E1C', 1),
    ('CA', 'CA-NL', NULL, 'St. John''s', 'A1C', 1),
    ('CA', 'CA-PE', NULL, 'Charlottetown', 'C1A', 0.5),
    ('DE', 'DE-BE', NULL, 'Berlin', '101', 18),
    ('DE', 'DE-HH', NULL, 'Hamburg', '203', 9),
    ('DE', 'DE-BY', NULL, 'Munich', '803', 11),
    ('DE', 'DE-BY', NULL, 'Nuremberg', '904', 4),
    ('DE', 'DE-NW', NULL, 'Cologne', '506', 10),
    ('DE', 'DE-NW', NULL, 'Dortmund', '441', 6),
    ('DE', 'DE-NW', NULL, 'Dusseldorf', '402', 6),
    ('DE', 'DE-HE', NULL, 'Frankfurt am Main', '603', 8),
    ('DE', 'DE-BW', NULL, 'Stuttgart', '701', 8),
    ('DE', 'DE-BW', NULL, 'Karlsruhe', '761', 4),
    ('DE', 'DE-NI', NULL, 'Hanover', '301', 6),
    ('DE', 'DE-SN', NULL, 'Leipzig', '041', 5),
    ('DE', 'DE-SN', NULL, 'Dresden', '010', 4),
    ('DE', 'DE-HB', NULL, 'Bremen', '281', 3),
    ('DE', 'DE-RP', NULL, 'Mainz', '551', 3),
    ('DE', 'DE-SH', NULL, 'Kiel', '241', 2),
    ('DE', 'DE-TH', NULL, 'Erfurt', '990', 2),
    ('DE', 'DE-ST', NULL, 'Magdeburg', '391', 2),
    ('DE', 'DE-MV', NULL, 'Rostock', '180', 1.5),
    ('DE', 'DE-BB', NULL, 'Potsdam', '144', 1.5),
    ('DE', 'DE-SL', NULL, 'Saarbrucken', '661', 1)
) AS t(country, state, dma, city, postal, weight);

CREATE TABLE device AS FROM (VALUES
    (0, 'TV', 'Amazon', 'Fire TV', 'Fire OS', '8.1', 'Unknown', 'App'),
    (1, 'TV', 'Sony', 'Bravia', 'Android', '12', 'Unknown', 'App'),
    (2, 'ConnectedDevice', 'Amazon', 'Fire TV Stick', 'Fire OS', '7.6', 'Unknown', 'App'),
    (3, 'Phone', 'Apple', 'iPhone', 'iOS', '18.1', 'Safari', 'App'),
    (4, 'Phone', 'Samsung', 'Galaxy S', 'Android', '15', 'Chrome Mobile', 'App'),
    (5, 'Phone', 'Google', 'Pixel', 'Android', '15', 'Chrome Mobile', 'Web'),
    (6, 'PC', 'Unknown', 'Unknown', 'Windows', '11', 'Chrome', 'Web'),
    (7, 'PC', 'Apple', 'Mac', 'macOS', '15', 'Safari', 'Web'),
    (8, 'Tablet', 'Apple', 'iPad', 'iOS', '18.0', 'Safari', 'Web'),
    (9, 'Tablet', 'Amazon', 'Fire HD', 'Fire OS', '8.3', 'Silk', 'App'),
    (10, 'ConnectedDevice', 'Roku', 'Streaming Stick', 'Roku OS', '14.5', 'Roku App', 'App'),
    (11, 'ConnectedDevice', 'Sony', 'PlayStation', 'Orbis OS', '11.5', 'Unknown', 'App'),
    (12, 'Unknown', 'Unknown', 'Unknown', 'Unknown', 'Unknown', 'Unknown', 'Web')
) AS t(device_no, device_type, device_make, device_model, operating_system, os_version, browser_family, environment_type);

CREATE TABLE site AS FROM (VALUES
    (0, 'stv', 'Prime Video', 'Amazon Publisher Direct - Streaming TV', 1101, 'AZ-STV-01', 'Streaming TV upfront', 'com.amazon.avod', 'Video', true),
    (1, 'stv', 'Harborlight TV', 'Third-party streaming apps', 1102, 'TP-STV-07', 'Premium streaming', 'tv.harborlight.app', 'Video', false),
    (2, 'stv', 'Tideline News', 'Third-party streaming apps', 1102, 'TP-STV-08', 'News and live', 'tv.tideline.app', 'Video', false),
    (3, 'olv', 'IMDb', 'Amazon owned and operated', 1201, NULL, NULL, 'com.imdb.mobile', 'Title', true),
    (4, 'olv', 'Daily Trellis', 'Third-party exchanges', 1202, 'TP-OLV-03', 'Video run of network', NULL, 'Article', false),
    (5, 'olv', 'Twitch', 'Amazon owned and operated', 1201, 'AZ-OLV-02', 'Gaming video', 'tv.twitch.android.app', 'Stream', true),
    (6, 'display', 'Amazon.com', 'Amazon owned and operated', 1301, NULL, NULL, NULL, 'Detail', true),
    (7, 'display', 'Amazon.com', 'Amazon owned and operated', 1301, NULL, NULL, NULL, 'Search', true),
    (8, 'display', 'The Copper Post', 'Third-party exchanges', 1302, 'TP-DSP-11', 'News bundle', NULL, 'Article', false),
    (9, 'display', 'Weatherby Daily', 'Third-party exchanges', 1302, NULL, NULL, 'com.weatherby.app', 'Forecast', false),
    (10, 'audio', 'Amazon Music', 'Amazon owned and operated', 1401, 'AZ-AUD-01', 'Music free tier', 'com.amazon.mp3', 'Audio', true),
    (11, 'audio', 'Low Tide Radio', 'Third-party audio', 1402, 'TP-AUD-02', 'Podcast network', 'fm.lowtide.app', 'Audio', false),
    (12, 'mobile', 'Amazon Shopping', 'Amazon owned and operated', 1301, NULL, NULL, 'com.amazon.shopping', 'Home', true),
    (13, 'mobile', 'Orchard Puzzles', 'Third-party exchanges', 1302, 'TP-MOB-05', 'Casual games', 'app.orchardpuzzles', 'Game', false)
) AS t(site_no, site_channel, site, supply_source, supply_source_id, deal_id, deal_name, app_bundle, page_type, is_amazon_owned);

-- effect: of an impression on an average person, before what people have seen already, how many
-- media they met, how they like the brand and the day count in. price: 'cpm' or 'cpc'.
CREATE TABLE channel AS FROM (VALUES
    ('stv', 'tv', NULL, 'AAP_VIDEO_CPM', 'Streaming TV Video', 0.0004, 0.0092, 1.35, 0.97, 'tv', 'cpm'),
    ('olv', 'video', NULL, 'AAP_VIDEO_CPM', 'Online Video', 0.0022, 0.0056, 1.20, 0.72, 'day', 'cpm'),
    ('display', 'display', NULL, 'AAP_DISPLAY', 'Standard Display', 0.0026, 0.0019, 1.00, 0.66, 'day', 'cpm'),
    ('mobile', 'display', NULL, 'AAP_MOBILE', 'Responsive eCommerce', 0.0020, 0.0036, 0.95, 0.69, 'day', 'cpm'),
    ('audio', 'audio', NULL, 'AAP', 'Audio', 0.0005, 0.0032, 1.30, 0.95, 'audio', 'cpm'),
    ('sp', 'search', 'sponsored_products', NULL, 'Product ad', 0.0140, 0.0010, 0.55, 0.70, 'search', 'cpc'),
    ('sb', 'search', 'sponsored_brands', NULL, 'Product collection', 0.0110, 0.0013, 0.65, 0.75, 'search', 'cpc'),
    ('sd', 'display', 'sponsored_display', NULL, 'Product ad', 0.0042, 0.0010, 0.80, 0.64, 'search', 'cpc'),
    ('st', 'tv', 'sponsored_television', NULL, 'Streaming TV Video', 0.0003, 0.0090, 1.35, 0.97, 'tv', 'cpm')
) AS t(channel, medium, ad_product_type, line_item_type, creative_type, ctr, effect, delay, viewable, clock, price_type);

-- When people are met, in their own time: the 512 slots of a day's or month's draw.
CREATE TABLE hour_slot AS
SELECT clock, slot::SMALLINT AS slot, hours[1 + slot * len(hours) // 512]::INTEGER AS hour
FROM (
    SELECT clock, flatten(list([hour FOR _ IN range(weights[hour + 1])] ORDER BY hour)) AS hours
    FROM (VALUES
        ('tv', [6, 3, 2, 1, 1, 1, 2, 3, 4, 4, 4, 5, 6, 6, 6, 7, 9, 12, 16, 21, 24, 23, 18, 11]),
        ('day', [4, 2, 1, 1, 1, 2, 4, 7, 9, 10, 11, 11, 12, 11, 11, 11, 11, 12, 13, 14, 15, 15, 12, 8]),
        ('audio', [2, 1, 1, 1, 2, 5, 10, 14, 14, 12, 11, 11, 11, 11, 11, 11, 12, 12, 9, 7, 6, 5, 4, 3]),
        ('search', [5, 3, 2, 1, 1, 1, 3, 6, 9, 11, 12, 12, 13, 12, 12, 11, 11, 11, 12, 14, 17, 18, 15, 10])
    ) t(clock, weights), range(24) h(hour)
    GROUP BY clock), range(512) s(slot);

-- How much is advertised and bought on a day: weekends, the days of July and October when the store
-- gives discounts (Tuesday and Wednesday of the second week), Black Friday to Cyber Monday.
CREATE TABLE calendar AS
SELECT day::DATE AS day, year(day) * 12 + month(day) AS month_no,
    [1.00, 0.98, 0.97, 0.98, 1.00, 1.10, 1.14][isodow(day)] * CASE event WHEN 'deals' THEN 1.9 WHEN 'friday' THEN 1.9
        WHEN 'weekend' THEN 1.4 WHEN 'christmas' THEN 0.6 ELSE 1.0 END AS media,
    [1.05, 1.00, 0.98, 0.97, 0.95, 0.98, 1.10][isodow(day)] * CASE event WHEN 'deals' THEN 2.6 WHEN 'friday' THEN 2.4
        WHEN 'weekend' THEN 1.6 WHEN 'christmas' THEN 0.5 ELSE 1.0 END AS demand,
    event IN ('deals', 'friday', 'weekend') AS discount
FROM (SELECT day, CASE
        WHEN month(day) IN (7, 10) AND isodow(day) IN (2, 3) AND day(day - to_days(isodow(day)::INTEGER - 2)) BETWEEN 8 AND 14 THEN 'deals'
        WHEN isodow(day) = 5 AND month(day) = 11 AND day(day) BETWEEN 23 AND 29 THEN 'friday'
        WHEN isodow(day) = 1 AND month(day - INTERVAL 3 DAY) = 11 AND day(day - INTERVAL 3 DAY) BETWEEN 23 AND 29 THEN 'friday'
        WHEN isodow(day) IN (6, 7) AND month(day - to_days(isodow(day)::INTEGER - 5)) = 11
            AND day(day - to_days(isodow(day)::INTEGER - 5)) BETWEEN 23 AND 29 THEN 'weekend'
        WHEN month(day) = 12 AND day(day) BETWEEN 24 AND 26 THEN 'christmas' END AS event
    FROM generate_series(TIMESTAMP '2019-01-01', TIMESTAMP '2039-12-31', INTERVAL 1 DAY) t(day));

CREATE TABLE month AS
SELECT month_no, min(day)::TIMESTAMP AS month,
    [0.80, 0.84, 0.94, 1.00, 1.04, 1.02, 1.18, 0.94, 0.96, 1.10, 1.46, 1.32][((month_no - 1) % 12 + 1)::INTEGER] AS season
FROM calendar GROUP BY month_no;

CREATE TABLE day_slot AS
SELECT month_no, slot::SMALLINT AS slot, media[1 + slot * len(media) // 512] AS media_day, demand[1 + slot * len(demand) // 512] AS demand_day
FROM (
    SELECT month_no, flatten(list([day(day) FOR _ IN range((20 * media)::INTEGER)] ORDER BY day)) AS media,
        flatten(list([day(day) FOR _ IN range((20 * demand)::INTEGER)] ORDER BY day)) AS demand
    FROM calendar GROUP BY month_no), range(512) s(slot);

CREATE TABLE segment AS FROM (VALUES
    (21001, 'In-market camping', 'In-market', 0.14),
    (21018, 'Hikers', 'Lifestyle', 0.16),
    (21035, 'Outdoor lifestyle', 'Lifestyle', 0.24),
    (21052, 'Home cooks', 'Lifestyle', 0.28),
    (21069, 'In-market cookware', 'In-market', 0.13),
    (21086, 'Dog owners', 'Lifestyle', 0.3),
    (21103, 'New pet', 'In-market', 0.08),
    (21120, 'Beauty enthusiasts', 'Lifestyle', 0.22),
    (21137, 'In-market skin care', 'In-market', 0.15),
    (21154, 'Brand viewers', 'Advertiser audience', 0.12),
    (21171, 'Streaming TV heavy viewers', 'Lifestyle', 0.26),
    (21188, 'Value shoppers', 'Lifestyle', 0.31),
    (21205, 'Frequent travellers', 'Lifestyle', 0.17),
    (21222, 'Parents of young children', 'Demographic', 0.19),
    (21239, 'Age 18-24', 'Demographic', 0.15),
    (21256, 'Age 25-34', 'Demographic', 0.24),
    (21273, 'Age 35-44', 'Demographic', 0.23),
    (21290, 'Age 45-54', 'Demographic', 0.19),
    (21307, 'Age 55+', 'Demographic', 0.19)
) AS t(segment_id, segment_name, category, share);
