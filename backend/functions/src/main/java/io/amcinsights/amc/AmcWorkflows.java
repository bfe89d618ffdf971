package io.amcinsights.amc;

import static io.amcinsights.amc.AmcTransport.encode;
import static io.amcinsights.amc.AmcTransport.reporting;
import static io.amcinsights.amc.AmcTransport.text;
import static io.amcinsights.amc.AmcTransport.unwrap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.Parameter;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The workflows that AMC keeps of an instance. */
public final class AmcWorkflows {

    private final AmcTransport transport;

    AmcWorkflows(AmcTransport transport) {
        this.transport = transport;
    }

    /** All workflows of an instance, whoever made them. */
    public List<AmcWorkflow> list(AmcAddress address) {
        return transport
                .pages(address.account(), reporting(address, "/workflows"), "workflows", "workflow")
                .stream()
                .map(AmcWorkflows::workflow)
                .toList();
    }

    /** A workflow; empty where AMC has none of this id. */
    public Optional<AmcWorkflow> find(AmcAddress address, String workflowId) {
        try {
            JsonNode answer = transport.get(address.account(), path(address, workflowId));
            return Optional.of(workflow(unwrap(answer, "workflow")));
        } catch (FailureException e) {
            if (AmcTransport.saysAbsent(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Makes a workflow.
     *
     * @return false where AMC has one of this id already, which is left as it is
     */
    public boolean create(AmcAddress address, AmcWorkflow workflow) {
        try {
            // a second one of the same id is refused, so asking twice does no harm
            transport.call(
                    address.account(),
                    "POST",
                    reporting(address, "/workflows"),
                    definition(workflow),
                    true);
            return true;
        } catch (FailureException e) {
            if (AmcTransport.refusedWith(e, "already exists")) {
                return false;
            }
            throw e;
        }
    }

    /** Replaces a workflow. */
    public void update(AmcAddress address, AmcWorkflow workflow) {
        transport.call(
                address.account(),
                "PUT",
                path(address, workflow.workflowId()),
                definition(workflow),
                true);
    }

    /** Removes a workflow; nothing happens where AMC has none of this id. */
    public void delete(AmcAddress address, String workflowId) {
        try {
            transport.call(address.account(), "DELETE", path(address, workflowId), null, true);
        } catch (FailureException e) {
            if (!AmcTransport.saysAbsent(e)) {
                throw e;
            }
        }
    }

    private static String path(AmcAddress address, String workflowId) {
        return reporting(address, "/workflows/" + encode(workflowId));
    }

    /** As AMC wants to read it. */
    static ObjectNode definition(AmcWorkflow workflow) {
        ObjectNode json = Json.mapper().createObjectNode();
        if (!workflow.workflowId().isEmpty()) {
            json.put("workflowId", workflow.workflowId());
        }
        json.put("sqlQuery", plain(workflow.sql()));
        var parameters = json.putArray("inputParameters");
        for (Parameter parameter : workflow.parameters()) {
            ObjectNode one = parameters.addObject();
            one.put("name", parameter.name());
            one.put("columnType", "DIMENSION");
            one.put("description", parameter.description());
            if (parameter.array()) {
                one.putObject("dataType")
                        .put("type", "ARRAY")
                        .put("elementDataType", parameter.type().name())
                        .put("elementNullable", false);
            } else {
                one.put("dataType", parameter.type().name());
            }
            if (parameter.defaultValue() != null) {
                one.set("defaultValue", parameter.defaultValue());
            }
        }
        AmcWorkflow.Privacy privacy = workflow.privacy();
        putUnlessNull(json, "filteredMetricsDiscriminatorColumn", privacy.filtered());
        putUnlessNull(json, "distinctUserCountColumn", privacy.users());
        putUnlessNull(json, "filteredReasonColumn", privacy.reason());
        return json;
    }

    private static void putUnlessNull(ObjectNode json, String name, @Nullable String value) {
        if (value != null) {
            json.put(name, value);
        }
    }

    /** AMC refuses a semicolon at the end. */
    static String plain(String sql) {
        return sql.strip().replaceFirst("[;\\s]+$", "");
    }

    /** Reads a workflow in AMC's form. */
    public static AmcWorkflow workflow(JsonNode json) {
        List<Parameter> parameters = new ArrayList<>();
        json.path("inputParameters").forEach(p -> parameters.add(parameter(p)));
        return new AmcWorkflow(
                json.path("workflowId").asText(),
                json.path("sqlQuery").asText(""),
                parameters,
                new AmcWorkflow.Privacy(
                        text(json, "filteredMetricsDiscriminatorColumn"),
                        text(json, "distinctUserCountColumn"),
                        text(json, "filteredReasonColumn")));
    }

    private static Parameter parameter(JsonNode json) {
        JsonNode type = json.path("dataType");
        boolean array = type.isObject();
        JsonNode fallback = json.path("defaultValue");
        return new Parameter(
                json.path("name").asText(),
                type(array ? type.path("elementDataType").asText() : type.asText()),
                array,
                json.path("description").asText(""),
                fallback.isMissingNode() || fallback.isNull() ? null : fallback);
    }

    /** AMC knows more types than we offer; each is read as the one that holds its values. */
    private static Parameter.Type type(String name) {
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "LONG", "INTEGER", "SHORT", "BYTE" -> Parameter.Type.LONG;
            case "DOUBLE", "FLOAT", "DECIMAL" -> Parameter.Type.DOUBLE;
            case "BOOLEAN" -> Parameter.Type.BOOLEAN;
            case "DATE" -> Parameter.Type.DATE;
            case "TIMESTAMP" -> Parameter.Type.TIMESTAMP;
            default -> Parameter.Type.STRING;
        };
    }
}
