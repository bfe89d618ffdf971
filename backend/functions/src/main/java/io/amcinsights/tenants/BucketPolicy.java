package io.amcinsights.tenants;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.contract.Json;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A bucket's policy and what is added to it. What others have set stays as it is. */
final class BucketPolicy {

    /**
     * What somebody is to be allowed.
     *
     * @param sid ours alone: another statement of this name is an older one of ours
     * @param principal ARN of a role, or of an account's root
     */
    record Grant(String sid, String principal, List<String> actions, String resource) {}

    private static final String STATEMENT = "Statement";

    private BucketPolicy() {}

    /**
     * The policy with what it lacks of these grants.
     *
     * @param policy JSON; empty for none
     * @return the same text where it lacks nothing
     * @throws JsonProcessingException where it is no JSON object
     */
    static String with(String policy, List<Grant> grants) throws JsonProcessingException {
        ObjectNode document = read(policy);
        List<Grant> lacking = grants.stream().filter(g -> !allows(document, g)).toList();
        if (lacking.isEmpty()) {
            return policy;
        }
        ArrayNode statements = Json.mapper().createArrayNode();
        for (JsonNode statement : each(document.path(STATEMENT))) {
            String sid = statement.path("Sid").asText();
            if (lacking.stream().noneMatch(g -> g.sid().equals(sid))) {
                statements.add(statement);
            }
        }
        lacking.forEach(g -> statements.add(statement(g)));
        document.set(STATEMENT, statements);
        return pretty(document);
    }

    /** The policy of a bucket that we make: over TLS only. */
    static String ofNew(String bucketArn, List<Grant> grants) {
        ObjectNode document = empty();
        ObjectNode tls = document.withArray(STATEMENT).addObject();
        tls.put("Sid", "TlsOnly").put("Effect", "Deny").put("Principal", "*").put("Action", "s3:*");
        tls.putArray("Resource").add(bucketArn).add(bucketArn + "/*");
        tls.putObject("Condition").putObject("Bool").put("aws:SecureTransport", "false");
        grants.forEach(g -> document.withArray(STATEMENT).add(statement(g)));
        return pretty(document);
    }

    /** The same policy, laid out for people. */
    static String pretty(String policy) throws JsonProcessingException {
        return policy.isEmpty() ? "" : pretty(read(policy));
    }

    private static String pretty(ObjectNode document) {
        return document.toPrettyString();
    }

    private static ObjectNode read(String policy) throws JsonProcessingException {
        return policy.isEmpty() ? empty() : Json.mapper().readValue(policy, ObjectNode.class);
    }

    private static ObjectNode empty() {
        return Json.mapper().createObjectNode().put("Version", "2012-10-17");
    }

    private static ObjectNode statement(Grant grant) {
        ObjectNode statement = Json.mapper().createObjectNode();
        statement.put("Sid", grant.sid()).put("Effect", "Allow");
        statement.putObject("Principal").put("AWS", grant.principal());
        ArrayNode actions = statement.putArray("Action");
        grant.actions().forEach(actions::add);
        statement.put("Resource", grant.resource());
        return statement;
    }

    private static boolean allows(ObjectNode document, Grant grant) {
        return grant.actions().stream()
                .allMatch(
                        action ->
                                each(document.path(STATEMENT)).stream()
                                        .anyMatch(s -> allows(s, grant, action)));
    }

    /** A condition of the owner's is theirs to know; the grant is there. */
    private static boolean allows(JsonNode statement, Grant grant, String action) {
        return statement.path("Effect").asText().equals("Allow")
                && names(statement.path("Principal"), grant.principal())
                && covers(statement.path("Action"), action)
                && covers(statement.path("Resource"), grant.resource());
    }

    private static boolean names(JsonNode principal, String wanted) {
        if (principal.isTextual()) {
            return principal.asText().equals("*");
        }
        String account = wanted.endsWith(":root") ? wanted.split(":", -1)[4] : wanted;
        return each(principal.path("AWS")).stream()
                .map(JsonNode::asText)
                .anyMatch(p -> p.equals("*") || p.equals(wanted) || p.equals(account));
    }

    private static boolean covers(JsonNode patterns, String wanted) {
        return each(patterns).stream()
                .anyMatch(
                        p ->
                                Pattern.compile(glob(p.asText()), Pattern.CASE_INSENSITIVE)
                                        .matcher(wanted)
                                        .matches());
    }

    private static String glob(String pattern) {
        return pattern.chars()
                .mapToObj(
                        c ->
                                switch (c) {
                                    case '*' -> ".*";
                                    case '?' -> ".";
                                    default -> Pattern.quote(Character.toString(c));
                                })
                .collect(Collectors.joining());
    }

    /** A policy writes one of something with or without brackets. */
    private static List<JsonNode> each(JsonNode oneOrMore) {
        List<JsonNode> all = new ArrayList<>();
        if (oneOrMore.isArray()) {
            oneOrMore.forEach(all::add);
        } else if (!oneOrMore.isMissingNode()) {
            all.add(oneOrMore);
        }
        return all;
    }
}
