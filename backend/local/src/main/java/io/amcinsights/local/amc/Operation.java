package io.amcinsights.local.amc;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the simulated APIs can do. Source: Amazon Ads, AMC Administration and AMC Reporting API
 * references; Login with Amazon, authorization code grant.
 */
enum Operation {
    AUTHORIZE("GET", "ap/oa"),
    CONSENT("POST", "ap/oa"),
    GET_TOKEN("POST", "auth/o2/token"),

    LIST_ACCOUNTS("GET", "amc/accounts"),
    LIST_INSTANCES("GET", "amc/instances"),
    CREATE_INSTANCE("POST", "amc/instances"),
    GET_INSTANCE("GET", "amc/instances/*"),
    UPDATE_INSTANCE("PUT", "amc/instances/*"),
    DELETE_INSTANCE("DELETE", "amc/instances/*"),
    UPDATE_CUSTOMER_AWS_ACCOUNT("POST", "amc/instances/*/updateCustomerAwsAccount"),
    LIST_ADVERTISERS("GET", "amc/instances/*/advertisers"),
    CREATE_ADVERTISER_UPDATE("POST", "amc/instances/*/advertisers/updates"),
    LIST_ADVERTISER_UPDATES("GET", "amc/instances/*/advertisers/updates"),
    GET_ADVERTISER_UPDATE("GET", "amc/instances/*/advertisers/updates/*"),

    CREATE_WORKFLOW("POST", "amc/reporting/*/workflows"),
    LIST_WORKFLOWS("GET", "amc/reporting/*/workflows"),
    GET_WORKFLOW("GET", "amc/reporting/*/workflows/*"),
    UPDATE_WORKFLOW("PUT", "amc/reporting/*/workflows/*"),
    DELETE_WORKFLOW("DELETE", "amc/reporting/*/workflows/*"),
    CREATE_WORKFLOW_EXECUTION("POST", "amc/reporting/*/workflowExecutions"),
    LIST_WORKFLOW_EXECUTIONS("GET", "amc/reporting/*/workflowExecutions"),
    GET_WORKFLOW_EXECUTION("GET", "amc/reporting/*/workflowExecutions/*"),
    UPDATE_WORKFLOW_EXECUTION("PUT", "amc/reporting/*/workflowExecutions/*"),
    GET_DOWNLOAD_URLS("GET", "amc/reporting/*/workflowExecutions/*/downloadUrls"),
    CREATE_SCHEDULE("POST", "amc/reporting/*/schedules"),
    LIST_SCHEDULES("GET", "amc/reporting/*/schedules"),
    GET_SCHEDULE("GET", "amc/reporting/*/schedules/*"),
    UPDATE_SCHEDULE("PUT", "amc/reporting/*/schedules/*"),
    DELETE_SCHEDULE("DELETE", "amc/reporting/*/schedules/*"),
    LIST_DATA_SOURCES("GET", "amc/reporting/*/dataSources"),
    GET_DATA_SOURCE("GET", "amc/reporting/*/dataSources/*"),

    DOWNLOAD("GET", "downloads/*/*");

    /**
     * An operation that a call asks for.
     *
     * @param ids what stands in the path for each star, in order
     */
    record Asked(Operation operation, List<String> ids) {}

    private final String method;
    private final String path;

    Operation(String method, String path) {
        this.method = method;
        this.path = path;
    }

    /**
     * @throws AmcError 404 where nothing has the path, 405 where it is there for other methods
     */
    static Asked of(AmcCall call) throws AmcError {
        TreeSet<String> methods = new TreeSet<>();
        for (Operation operation : values()) {
            if (operation.fits(call.path())) {
                if (operation.method.equals(call.method())) {
                    return new Asked(operation, operation.ids(call.path()));
                }
                methods.add(operation.method);
            }
        }
        String asked = call.method() + " /" + String.join("/", call.path());
        if (methods.isEmpty()) {
            throw AmcError.of(404, "The AMC simulator has no operation " + asked);
        }
        String allowed = String.join(", ", methods);
        throw AmcError.of(
                        405,
                        "The AMC simulator has no operation %s, but %s".formatted(asked, allowed))
                .with("Allow", allowed);
    }

    /** The operation that the control path means by a name. */
    static Operation named(String title) throws AmcError {
        for (Operation operation : values()) {
            if (operation.title().equals(title)) {
                return operation;
            }
        }
        throw AmcError.badRequest(
                "There is no operation %s, but %s"
                        .formatted(
                                title,
                                Stream.of(values())
                                        .map(Operation::title)
                                        .collect(Collectors.joining(", "))));
    }

    private boolean fits(List<String> segments) {
        String[] own = path.split("/", -1);
        if (segments.size() != own.length) {
            return false;
        }
        for (int i = 0; i < own.length; i++) {
            if (!own[i].equals("*") && !own[i].equals(segments.get(i))) {
                return false;
            }
        }
        return true;
    }

    private List<String> ids(List<String> segments) {
        String[] own = path.split("/", -1);
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < own.length; i++) {
            if (own[i].equals("*")) {
                ids.add(segments.get(i));
            }
        }
        return ids;
    }

    /** Whether it belongs to the AMC APIs proper, which a client calls with a token. */
    boolean isAmc() {
        return path.startsWith("amc/");
    }

    /** Whether it belongs to the Reporting API. */
    boolean isReporting() {
        return path.startsWith("amc/reporting/");
    }

    /** Its name as the control path spells it, such as {@code CreateWorkflowExecution}. */
    String title() {
        return Stream.of(name().split("_", -1))
                .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }
}
