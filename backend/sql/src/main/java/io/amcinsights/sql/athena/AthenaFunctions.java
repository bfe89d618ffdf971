package io.amcinsights.sql.athena;

import java.util.List;

/** Functions of Athena's engine that analysts use, with their arguments. */
final class AthenaFunctions {

    record Function(String name, String arguments) {}

    private static final List<Function> ALL =
            """
            abs(x)
            approx_distinct(x)
            approx_percentile(x, share)
            arbitrary(x)
            array_agg(x)
            array_distinct(array)
            array_join(array, separator)
            array_sort(array)
            avg(x)
            bool_and(condition)
            bool_or(condition)
            cardinality(array)
            ceil(x)
            coalesce(x, …)
            concat(text, …)
            contains(array, value)
            corr(y, x)
            count(x)
            count_if(condition)
            cume_dist()
            date(x)
            date_add(unit, value, time)
            date_diff(unit, from, to)
            date_format(time, format)
            date_parse(text, format)
            date_trunc(unit, time)
            day(time)
            day_of_week(time)
            dense_rank()
            element_at(array, index)
            exp(x)
            first_value(x)
            floor(x)
            format(pattern, x, …)
            from_iso8601_date(text)
            from_iso8601_timestamp(text)
            from_unixtime(seconds)
            greatest(x, …)
            histogram(x)
            hour(time)
            if(condition, then, else)
            json_extract(json, path)
            json_extract_scalar(json, path)
            json_parse(text)
            lag(x, offset)
            last_value(x)
            lead(x, offset)
            least(x, …)
            length(text)
            ln(x)
            log10(x)
            lower(text)
            lpad(text, size, with)
            map_agg(key, value)
            max(x)
            max_by(x, by)
            min(x)
            min_by(x, by)
            mod(n, m)
            month(time)
            now()
            ntile(buckets)
            nullif(x, y)
            parse_datetime(text, format)
            percent_rank()
            power(x, p)
            quarter(time)
            rand()
            rank()
            regexp_extract(text, pattern, group)
            regexp_like(text, pattern)
            regexp_replace(text, pattern, with)
            replace(text, search, with)
            reverse(text)
            round(x, digits)
            row_number()
            sequence(from, to, step)
            slice(array, start, length)
            split(text, separator)
            split_part(text, separator, index)
            sqrt(x)
            stddev(x)
            strpos(text, part)
            substr(text, start, length)
            sum(x)
            to_unixtime(time)
            transform(array, function)
            trim(text)
            try(expression)
            try_cast(x AS type)
            typeof(x)
            upper(text)
            url_extract_host(url)
            url_extract_parameter(url, name)
            variance(x)
            week(time)
            width_bucket(x, bins)
            year(time)
            """
                    .lines()
                    .map(AthenaFunctions::function)
                    .toList();

    private AthenaFunctions() {}

    static List<Function> all() {
        return ALL;
    }

    private static Function function(String line) {
        int open = line.indexOf('(');
        return new Function(line.substring(0, open), line.substring(open));
    }
}
