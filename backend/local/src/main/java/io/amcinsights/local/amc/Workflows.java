package io.amcinsights.local.amc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.amc.engine.QueryEngine;
import io.amcinsights.local.amc.engine.QueryException;
import io.amcinsights.local.amc.world.World.Instance;
import io.amcinsights.local.store.Database;
import io.amcinsights.local.store.Sql;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The saved workflows of every instance. */
final class Workflows {

    static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]+");
    private static final int MOST_PARAMETERS = 100;

    /**
     * Source: AMC Reporting API reference, workflow; {@code query} is the form of old workflows.
     */
    private static final Set<String> FIELDS =
            Set.of(
                    "workflowId",
                    "sqlQuery",
                    "query",
                    "inputParameters",
                    "outputColumns",
                    "outputFormat",
                    "privacyFilteringBehavior",
                    "filteredMetricsDiscriminatorColumn",
                    "distinctUserCountColumn",
                    "filteredReasonColumn");

    private final Database database;
    private final QueryEngine engine;

    Workflows(Database database, QueryEngine engine) {
        this.database = database;
        this.engine = engine;
        database.define(
                "CREATE TABLE IF NOT EXISTS amc_workflow (instance TEXT NOT NULL, id TEXT NOT NULL,"
                        + " body TEXT NOT NULL, PRIMARY KEY (instance, id))");
    }

    void create(Instance instance, ObjectNode workflow) throws AmcError {
        String id = checked(instance, workflow);
        int added =
                database.write(
                        c ->
                                Sql.update(
                                        c,
                                        "INSERT OR IGNORE INTO amc_workflow VALUES (?, ?, ?)",
                                        instance.id(),
                                        id,
                                        workflow.toString()));
        if (added == 0) {
            throw AmcError.badRequest("Workflow with ID " + id + " already exists.");
        }
    }

    void replace(Instance instance, String id, ObjectNode workflow) throws AmcError {
        if (!workflow.has("workflowId")) {
            workflow.put("workflowId", id);
        }
        if (!checked(instance, workflow).equals(id)) {
            throw AmcError.badRequest("The workflowId of the body is not that of the path.");
        }
        int changed =
                database.write(
                        c ->
                                Sql.update(
                                        c,
                                        "UPDATE amc_workflow SET body = ? WHERE instance = ? AND id"
                                                + " = ?",
                                        workflow.toString(),
                                        instance.id(),
                                        id));
        if (changed == 0) {
            throw absent(id);
        }
    }

    ObjectNode get(String instance, String id) throws AmcError {
        String body =
                database.read(
                        c ->
                                Sql.first(
                                        c,
                                        "SELECT body FROM amc_workflow WHERE instance = ? AND id ="
                                                + " ?",
                                        row -> row.getString(1),
                                        instance,
                                        id));
        if (body == null) {
            throw absent(id);
        }
        return parsed(body);
    }

    List<ObjectNode> list(String instance) {
        return database
                .read(
                        c ->
                                Sql.query(
                                        c,
                                        "SELECT body FROM amc_workflow WHERE instance = ? ORDER BY"
                                                + " id",
                                        row -> row.getString(1),
                                        instance))
                .stream()
                .map(Workflows::parsed)
                .toList();
    }

    void delete(String instance, String id) throws AmcError {
        int removed =
                database.write(
                        c ->
                                Sql.update(
                                        c,
                                        "DELETE FROM amc_workflow WHERE instance = ? AND id = ?",
                                        instance,
                                        id));
        if (removed == 0) {
            throw absent(id);
        }
    }

    static AmcError absent(String id) {
        return AmcError.badRequest("Workflow with ID " + id + " does not exist.");
    }

    /** Names of the parameters that a workflow declares. */
    static Set<String> declared(JsonNode workflow) {
        Set<String> names = new LinkedHashSet<>();
        workflow.path("inputParameters").forEach(p -> names.add(p.path("name").asText()));
        return names;
    }

    /** Fields that have a wrong form are refused at once, also in an execution's own workflow. */
    static void checkFields(ObjectNode workflow) throws AmcError {
        workflow.retain(FIELDS);
        if (workflow.path("sqlQuery").asText("").isBlank()) {
            throw AmcError.badRequest("sqlQuery is required.");
        }
        String behavior = workflow.path("privacyFilteringBehavior").asText("REMOVE_ROWS");
        if (!behavior.equals("REMOVE_ROWS") && !behavior.equals("REMOVE_VALUES")) {
            throw AmcError.badRequest(
                    "privacyFilteringBehavior must be REMOVE_ROWS or REMOVE_VALUES.");
        }
        JsonNode parameters = workflow.path("inputParameters");
        if (parameters.size() > MOST_PARAMETERS) {
            throw AmcError.badRequest("A workflow has at most 100 inputParameters.");
        }
        for (JsonNode parameter : parameters) {
            if (parameter.path("name").asText("").isEmpty()) {
                throw AmcError.badRequest("Each of inputParameters needs a name.");
            }
            Parameters.checkType(parameter);
        }
        if (parameters instanceof ArrayNode list) {
            // As recorded from the service, which knows the field as columnType only.
            list.forEach(p -> ((ObjectNode) p).remove("column_type"));
        }
    }

    private String checked(Instance instance, ObjectNode workflow) throws AmcError {
        String id = workflow.path("workflowId").asText("");
        if (!ID.matcher(id).matches()) {
            throw AmcError.badRequest(
                    "workflowId may have letters, digits, periods, hyphens and underscores only: \""
                            + id
                            + "\"");
        }
        checkFields(workflow);
        compile(instance, workflow);
        return id;
    }

    void compile(Instance instance, JsonNode workflow) throws AmcError {
        try {
            // Whether a sandbox's controls are off is known only when the workflow is run.
            engine.compile(
                    instance,
                    workflow.path("sqlQuery").asText(),
                    declared(workflow),
                    instance.type() != Instance.Type.SANDBOX);
        } catch (QueryException e) {
            throw AmcError.badRequest(
                    "Was unable to compile workflow %s because it was found to be invalid: %s"
                            .formatted(workflow.path("workflowId").asText(), e.getMessage()));
        }
    }

    static ObjectNode parsed(@Nullable String json) {
        try {
            return (ObjectNode) AmcCall.JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The simulator's database holds broken JSON", e);
        }
    }
}
