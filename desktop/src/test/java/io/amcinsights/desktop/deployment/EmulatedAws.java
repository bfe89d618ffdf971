package io.amcinsights.desktop.deployment;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;

import io.amcinsights.desktop.aws.AwsAccount;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * As much of AWS as a deployment speaks with, over HTTP: STS, S3, CloudFormation, and a question
 * each to Lambda, IAM, Lake Formation and Secrets Manager.
 */
public final class EmulatedAws implements AutoCloseable {

    public static final String ACCOUNT = "112233445566";
    public static final String REGION = "eu-west-1";
    public static final String BUCKET = "amc-insights-artifacts-112233445566-eu-west-1";

    private static final String WHO =
            "arn:aws:sts::112233445566:assumed-role/"
                    + "AWSReservedSSO_Administrator_0123456789abcdef/jane";

    private final HttpServer server;
    private final EmulatedStacks stacks;
    private final Map<String, Bucket> buckets = new HashMap<>();
    private final Map<String, String> refusals = new HashMap<>();
    private final Set<String> secrets = new TreeSet<>();
    private final List<String> sent = new CopyOnWriteArrayList<>();
    private volatile int concurrency = 1000;
    private volatile long codeSize = 300_000_000;
    private volatile int roles = 120;
    private volatile int policies = 30;
    private volatile int stackLimit = 2000;
    private volatile boolean administrator;

    private static final class Bucket {

        final String owner;
        final Map<String, byte[]> objects = new LinkedHashMap<>();
        final Map<String, String> hashes = new HashMap<>();
        final Map<String, String> settings = new HashMap<>();

        Bucket(String owner) {
            this.owner = owner;
        }
    }

    public EmulatedAws() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        stacks =
                new EmulatedStacks(
                        ACCOUNT,
                        REGION,
                        this::template,
                        new EmulatedStacks.Buckets() {
                            @Override
                            public void made(String name) {
                                bucket(name, ACCOUNT);
                            }

                            @Override
                            public boolean removed(String name) {
                                return remove(name);
                            }
                        });
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    /** Lets something else answer below a path. */
    public void serve(String path, HttpHandler handler) {
        server.createContext(path, handler);
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    public AwsAccount account() {
        return new AwsAccount(
                "acme",
                null,
                "aws sso login --profile acme",
                REGION,
                StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "key")),
                endpoint());
    }

    /** The time as its events have it. */
    public Clock clock() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return stacks.now();
            }
        };
    }

    public EmulatedStacks stacks() {
        return stacks;
    }

    /**
     * Refuses an action from now on; {@code DescribeStacks *} is that of all stacks.
     *
     * @param refusal a status, a code and a message, such as {@code 403 AccessDenied You may not}
     */
    public void refuse(String action, String refusal) {
        synchronized (refusals) {
            refusals.put(action, refusal);
        }
    }

    public void allow(String action) {
        synchronized (refusals) {
            refusals.remove(action);
        }
    }

    public void concurrency(int limit) {
        concurrency = limit;
    }

    /** How many bytes of code Lambda keeps already, of the usual 75 GB. */
    void codeSize(long bytes) {
        codeSize = bytes;
    }

    /** How many roles and managed policies there are, of the usual 1,000 and 1,500. */
    void identities(int roles, int policies) {
        this.roles = roles;
        this.policies = policies;
    }

    void stackLimit(int limit) {
        stackLimit = limit;
    }

    void administrator(boolean is) {
        administrator = is;
    }

    public void secret(String name) {
        secrets.add(name);
    }

    /** A bucket that somebody has. */
    void bucket(String name, String owner) {
        synchronized (buckets) {
            buckets.put(name, new Bucket(owner));
        }
    }

    /** Puts something into a bucket. */
    public void put(String bucket, String key) {
        synchronized (buckets) {
            buckets.computeIfAbsent(bucket, name -> new Bucket(ACCOUNT))
                    .objects
                    .put(key, new byte[] {1});
        }
    }

    private boolean remove(String name) {
        synchronized (buckets) {
            Bucket bucket = buckets.get(name);
            if (bucket != null && !bucket.objects.isEmpty()) {
                return false;
            }
            buckets.remove(name);
            return true;
        }
    }

    /** The settings of a bucket by their names, each as it was sent. */
    Map<String, String> settings(String bucket) {
        synchronized (buckets) {
            return Map.copyOf(buckets.getOrDefault(bucket, new Bucket("")).settings);
        }
    }

    /** The keys in a bucket. */
    Set<String> keys(String bucket) {
        synchronized (buckets) {
            return new TreeSet<>(buckets.getOrDefault(bucket, new Bucket("")).objects.keySet());
        }
    }

    /** The keys of all objects that were sent, in their order, also those that are there twice. */
    public List<String> sent() {
        return List.copyOf(sent);
    }

    private String template(String url) {
        String path = URI.create(url).getPath();
        String[] parts = path.substring(1).split("/", 2);
        synchronized (buckets) {
            Bucket bucket = buckets.get(parts[0]);
            byte[] body = bucket == null ? null : bucket.objects.get(parts[1]);
            if (body == null) {
                throw new EmulatedStacks.Refused(
                        "ValidationError", "S3 error: The specified key does not exist.");
            }
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
            String path = exchange.getRequestURI().getPath();
            if (path.equals("/2016-08-19/account-settings")
                    || path.equals("/2016-08-19/account-settings/")) {
                json(
                        exchange,
                        "GetAccountSettings",
                        """
                        {"AccountLimit":{"ConcurrentExecutions":%d,"TotalCodeSize":80530636800},\
                        "AccountUsage":{"TotalCodeSize":%d}}\
                        """
                                .formatted(concurrency, codeSize));
            } else if (path.equals("/GetDataLakeSettings")) {
                json(exchange, "GetDataLakeSettings", lakeSettings());
            } else if (target != null && target.equals("secretsmanager.DescribeSecret")) {
                secret(exchange, new String(body, StandardCharsets.UTF_8));
            } else if (path.equals("/")) {
                query(exchange, form(new String(body, StandardCharsets.UTF_8)));
            } else {
                s3(exchange, path.substring(1).split("/", 2), body);
            }
        } catch (RuntimeException e) {
            e.printStackTrace();
            throw e;
        }
    }

    private String lakeSettings() {
        return """
        {"DataLakeSettings":{"DataLakeAdmins":[%s],"CreateDatabaseDefaultPermissions":[\
        {"Principal":{"DataLakePrincipalIdentifier":"IAM_ALLOWED_PRINCIPALS"},\
        "Permissions":["ALL"]}]}}\
        """
                .formatted(
                        administrator
                                ? "{\"DataLakePrincipalIdentifier\":\"arn:aws:iam::112233445566:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Administrator_0123456789abcdef\"}"
                                : "");
    }

    private void secret(HttpExchange exchange, String body) throws IOException {
        boolean there = secrets.stream().anyMatch(name -> body.contains("\"" + name + "\""));
        if (there) {
            json(exchange, "DescribeSecret", "{\"Name\":\"there\"}");
        } else {
            reply(
                    exchange,
                    400,
                    "application/x-amz-json-1.1",
                    "{\"__type\":\"ResourceNotFoundException\",\"Message\":\"No such secret\"}");
        }
    }

    private void json(HttpExchange exchange, String action, String answer) throws IOException {
        String[] refusal = refusal(action);
        if (refusal == null) {
            reply(exchange, 200, "application/json", answer);
        } else {
            exchange.getResponseHeaders().set("x-amzn-errortype", refusal[1]);
            reply(
                    exchange,
                    Integer.parseInt(refusal[0]),
                    "application/json",
                    "{\"__type\":\"%s\",\"Message\":\"%s\"}".formatted(refusal[1], refusal[2]));
        }
    }

    private String @Nullable [] refusal(String action) {
        synchronized (refusals) {
            String refusal = refusals.get(action);
            return refusal == null ? null : refusal.split(" ", 3);
        }
    }

    private void query(HttpExchange exchange, Map<String, String> request) throws IOException {
        String action = request.getOrDefault("Action", "");
        boolean ofAll = action.equals("DescribeStacks") && !request.containsKey("StackName");
        String[] refusal = refusal(ofAll ? "DescribeStacks *" : action);
        if (refusal != null) {
            error(exchange, Integer.parseInt(refusal[0]), refusal[1], refusal[2]);
            return;
        }
        if (action.equals("GetCallerIdentity")) {
            reply(
                    exchange,
                    200,
                    "text/xml",
                    """
                    <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">\
                    <GetCallerIdentityResult><Arn>%s</Arn><UserId>AROA:jane</UserId>\
                    <Account>%s</Account></GetCallerIdentityResult></GetCallerIdentityResponse>\
                    """
                            .formatted(WHO, ACCOUNT));
            return;
        }
        if (action.equals("GetAccountSummary")) {
            reply(exchange, 200, "text/xml", accountSummary());
            return;
        }
        if (action.equals("DescribeAccountLimits")) {
            reply(
                    exchange,
                    200,
                    "text/xml",
                    """
                    <DescribeAccountLimitsResponse><DescribeAccountLimitsResult><AccountLimits>\
                    <member><Name>StackLimit</Name><Value>%d</Value></member></AccountLimits>\
                    </DescribeAccountLimitsResult></DescribeAccountLimitsResponse>\
                    """
                            .formatted(stackLimit));
            return;
        }
        try {
            reply(exchange, 200, "text/xml", stacks.answer(request));
        } catch (EmulatedStacks.Refused e) {
            error(exchange, 400, e.code, String.valueOf(e.getMessage()));
        }
    }

    private String accountSummary() {
        return Map.of(
                        "Roles",
                        roles,
                        "RolesQuota",
                        1000,
                        "Policies",
                        policies,
                        "PoliciesQuota",
                        1500)
                .entrySet()
                .stream()
                .map(
                        each ->
                                "<entry><key>%s</key><value>%d</value></entry>"
                                        .formatted(each.getKey(), each.getValue()))
                .collect(
                        Collectors.joining(
                                "",
                                "<GetAccountSummaryResponse><GetAccountSummaryResult><SummaryMap>",
                                "</SummaryMap></GetAccountSummaryResult>"
                                        + "</GetAccountSummaryResponse>"));
    }

    private static void error(HttpExchange exchange, int status, String code, String message)
            throws IOException {
        reply(
                exchange,
                status,
                "text/xml",
                """
                <ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message>\
                </Error><RequestId>0</RequestId></ErrorResponse>\
                """
                        .formatted(code, EmulatedStacks.xml(message)));
    }

    private void s3(HttpExchange exchange, String[] place, byte[] body) throws IOException {
        String method = exchange.getRequestMethod();
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        String expected = exchange.getRequestHeaders().getFirst("x-amz-expected-bucket-owner");
        synchronized (buckets) {
            Bucket bucket = buckets.get(place[0]);
            boolean makes = method.equals("PUT") && place.length == 1 && query.equals("null");
            if (makes) {
                make(exchange, place[0], bucket, new String(body, StandardCharsets.UTF_8));
            } else if (bucket == null) {
                s3Error(exchange, 404, "NoSuchBucket");
            } else if (!bucket.owner.equals(ACCOUNT) || !ACCOUNT.equals(expected)) {
                s3Error(exchange, 403, "AccessDenied");
            } else if (place.length == 1) {
                setting(exchange, bucket, query, body);
            } else {
                object(exchange, bucket, place[1], body);
            }
        }
    }

    private void make(HttpExchange exchange, String name, @Nullable Bucket there, String body)
            throws IOException {
        if (there != null) {
            s3Error(
                    exchange,
                    409,
                    there.owner.equals(ACCOUNT)
                            ? "BucketAlreadyOwnedByYou"
                            : "BucketAlreadyExists");
        } else if (!body.contains("<LocationConstraint>" + REGION)) {
            s3Error(exchange, 400, "IllegalLocationConstraintException");
        } else {
            Bucket made = new Bucket(ACCOUNT);
            made.settings.put(
                    "ownership",
                    String.valueOf(
                            exchange.getRequestHeaders().getFirst("x-amz-object-ownership")));
            buckets.put(name, made);
            reply(exchange, 200, "application/xml", "");
        }
    }

    private static void setting(HttpExchange exchange, Bucket bucket, String query, byte[] body)
            throws IOException {
        String name = query.replaceAll("[=&].*", "");
        if (name.equals("versions")) {
            reply(exchange, 200, "application/xml", versions(bucket));
            return;
        }
        if (name.equals("delete")) {
            Matcher keys =
                    Pattern.compile("<Key>([^<]+)</Key>")
                            .matcher(new String(body, StandardCharsets.UTF_8));
            while (keys.find()) {
                bucket.objects.remove(keys.group(1));
            }
            reply(exchange, 200, "application/xml", "<DeleteResult></DeleteResult>");
            return;
        }
        if (exchange.getRequestMethod().equals("PUT")) {
            bucket.settings.put(name, new String(body, StandardCharsets.UTF_8));
            reply(exchange, 200, "application/xml", "");
        } else if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(200, -1);
        } else if (bucket.settings.containsKey(name)) {
            reply(exchange, 200, "application/json", bucket.settings.getOrDefault(name, ""));
        } else {
            s3Error(exchange, 404, "NoSuchBucketPolicy");
        }
    }

    private static String versions(Bucket bucket) {
        return bucket.objects.keySet().stream()
                .limit(2)
                .map(
                        key ->
                                "<Version><Key>%s</Key><VersionId>1</VersionId></Version>"
                                        .formatted(key))
                .collect(
                        Collectors.joining(
                                "",
                                "<ListVersionsResult><IsTruncated>%s</IsTruncated>"
                                        .formatted(bucket.objects.size() > 2),
                                "</ListVersionsResult>"));
    }

    private void object(HttpExchange exchange, Bucket bucket, String key, byte[] body)
            throws IOException {
        if (exchange.getRequestMethod().equals("PUT")) {
            boolean chunked =
                    String.valueOf(exchange.getRequestHeaders().getFirst("Content-Encoding"))
                            .contains("aws-chunked");
            bucket.objects.put(key, chunked ? joined(body) : body);
            bucket.hashes.put(
                    key,
                    String.valueOf(exchange.getRequestHeaders().getFirst("x-amz-meta-sha256")));
            sent.add(key);
            reply(exchange, 200, "application/xml", "");
            return;
        }
        byte[] there = bucket.objects.get(key);
        if (there == null) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        exchange.getResponseHeaders().set("Content-Length", String.valueOf(there.length));
        exchange.getResponseHeaders().set("x-amz-meta-sha256", bucket.hashes.getOrDefault(key, ""));
        exchange.sendResponseHeaders(200, -1);
    }

    /** What the chunks of a body hold, without their lengths, signatures and the trailer. */
    private static byte[] joined(byte[] body) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int at = 0;
        while (true) {
            int end = at;
            while (body[end] != '\r') {
                end++;
            }
            String header =
                    new String(Arrays.copyOfRange(body, at, end), StandardCharsets.US_ASCII);
            int length = Integer.parseInt(header.split(";", 2)[0], 16);
            if (length == 0) {
                return all.toByteArray();
            }
            all.write(body, end + 2, length);
            at = end + 2 + length + 2;
        }
    }

    private static void s3Error(HttpExchange exchange, int status, String code) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
        } else {
            reply(
                    exchange,
                    status,
                    "application/xml",
                    "<Error><Code>%1$s</Code><Message>%1$s</Message></Error>".formatted(code));
        }
    }

    private static void reply(HttpExchange exchange, int status, String type, String text)
            throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }

    private static Map<String, String> form(String body) {
        Map<String, String> values = new HashMap<>();
        for (String pair : body.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            values.put(
                    URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
                    parts.length == 1 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return values;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
