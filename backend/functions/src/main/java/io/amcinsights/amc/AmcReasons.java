package io.amcinsights.amc;

import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * AMC's reasons in the user's words. AMC gives most of them as text only, in the answer to a call
 * or as the reason of an execution that ended. Sources: Amazon Ads, AMC guides "Errors",
 * "Differencing protection", "Data sources"; texts as recorded from the service.
 */
public final class AmcReasons {

    /**
     * @param next what the user does about it
     */
    private record Known(Pattern text, ErrorCode code, String next) {}

    private static final List<Known> KNOWN =
            List.of(
                    known(
                            "terms and conditions must be accepted",
                            "Somebody with administrator rights accepts the terms of AMC in the"
                                    + " Amazon Ads console, once for each region; then try again."),
                    known(
                            "entityid provided is null|marketplaceid provided is null",
                            "Check the AMC account id (ENTITY…) and the marketplace of the"
                                    + " tenant."),
                    known(
                            ErrorCode.AMC_PRIVACY,
                            "too many workflows have already been run",
                            "AMC protects people from being told apart by many alike queries. Run"
                                    + " it over another time window, or wait until older runs no"
                                    + " longer count."),
                    known(
                            "undeclared parameter",
                            "Add the parameter to the workflow, or take it out of the SQL."),
                    known(
                            "interval data types are not enabled",
                            "Write SECONDS_BETWEEN or plain numbers in place of INTERVAL."),
                    known(
                            "requiresyntheticdata",
                            "Onboard the instance again: AMC holds it for a sandbox, or no longer"
                                    + " does."));

    private static final Pattern PLACE =
            Pattern.compile("[Ll]ine (\\d+), column (\\d+)(?: to line (\\d+), column (\\d+))?");
    private static final Pattern ABSENT_TABLE =
            Pattern.compile(
                    "[Oo]bject '([A-Za-z0-9_.]+)' not found|[Tt]able '([A-Za-z0-9_.]+)' not found");

    /** Data sources that an instance has by subscription only. */
    private static final Set<String> PAID =
            Set.of(
                    "conversions_all",
                    "amazon_retail_purchases",
                    "segment_metadata",
                    "amazon_your_garage",
                    "amazon_pvc_enrollments",
                    "amazon_pvc_streaming_events_feed",
                    "experian_vehicle_purchases",
                    "ncs_cpg_insights_stream");

    private static final Pattern PAID_FAMILY =
            Pattern.compile("audience_segments_.*|amazon_brand_store_.*|.*foursquare.*");

    private AmcReasons() {}

    /**
     * The failure that AMC gives a reason for. Details {@code line}, {@code column} (and {@code
     * endLine}, {@code endColumn}) name the place in the SQL.
     */
    public static Failure failure(String reason) {
        Failure failure = Failure.of(ErrorCode.AMC_REFUSED, reason);
        Matcher table = ABSENT_TABLE.matcher(reason);
        if (table.find()) {
            failure = absentTable(reason, table.group(1) == null ? table.group(2) : table.group(1));
        } else {
            String lower = reason.toLowerCase(Locale.ROOT);
            for (Known known : KNOWN) {
                if (known.text().matcher(lower).find()) {
                    failure = Failure.of(known.code(), reason).next(known.next());
                    break;
                }
            }
        }
        return place(failure, reason);
    }

    private static Failure absentTable(String reason, String table) {
        if (!isPaid(table)) {
            return Failure.of(ErrorCode.AMC_REFUSED, reason)
                    .next("Check the name of the table in the list of data sources.");
        }
        return Failure.of(
                        ErrorCode.AMC_REFUSED,
                        "“%s” is a paid data source, and this AMC instance is not subscribed to it. %s"
                                .formatted(table, reason))
                .next("Subscribe to it in the AMC console, or read another table.");
    }

    private static boolean isPaid(String table) {
        String name = table.toLowerCase(Locale.ROOT).replaceFirst("^sandbox\\.", "");
        return PAID.contains(name) || PAID_FAMILY.matcher(name).matches();
    }

    private static Failure place(Failure failure, String reason) {
        Matcher place = PLACE.matcher(reason);
        if (!place.find()) {
            return failure;
        }
        Failure placed = failure.with("line", place.group(1)).with("column", place.group(2));
        return place.group(3) == null
                ? placed
                : placed.with("endLine", place.group(3)).with("endColumn", place.group(4));
    }

    private static Known known(String pattern, String next) {
        return known(ErrorCode.AMC_REFUSED, pattern, next);
    }

    private static Known known(ErrorCode code, String pattern, String next) {
        return new Known(Pattern.compile(pattern), code, next);
    }
}
