package io.amcinsights.local.amc;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.amc.world.World.Account;
import io.amcinsights.local.amc.world.World.Instance;
import io.amcinsights.sql.amc.AmcSchema;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What each operation does: the headers that it needs, and the shape of its reply. */
final class AmcApi {

    private final AmcSchema schema;
    private final Credentials credentials;
    private final Instances instances;
    private final Advertisers advertisers;
    private final Workflows workflows;
    private final Executions executions;
    private final Schedules schedules;
    private final Downloads downloads;
    private final Runner runner;
    private final Supplier<Behaviour> behaviour;

    AmcApi(
            AmcSchema schema,
            Credentials credentials,
            Instances instances,
            Advertisers advertisers,
            Workflows workflows,
            Executions executions,
            Schedules schedules,
            Downloads downloads,
            Runner runner,
            Supplier<Behaviour> behaviour) {
        this.schema = schema;
        this.credentials = credentials;
        this.instances = instances;
        this.advertisers = advertisers;
        this.workflows = workflows;
        this.executions = executions;
        this.schedules = schedules;
        this.downloads = downloads;
        this.runner = runner;
        this.behaviour = behaviour;
    }

    Answer answer(AmcCall call, Operation.Asked asked) throws AmcError {
        Operation operation = asked.operation();
        List<String> ids = asked.ids();
        if (!operation.isAmc()) {
            return switch (operation) {
                case AUTHORIZE -> credentials.consent().page(call.query());
                case CONSENT -> credentials.consent().decided(call.form());
                case GET_TOKEN -> Answer.of(credentials.exchange(call));
                default -> downloads.fetch(call, ids.getFirst(), ids.getLast());
            };
        }
        credentials.require(call);
        if (operation == Operation.LIST_ACCOUNTS) {
            return Answer.of(accounts(call));
        }
        Account account = account(call);
        if (ids.isEmpty()) {
            return ofAccount(call, operation, account);
        }
        Instance instance = instances.require(account, ids.getFirst());
        if (operation.isReporting()) {
            runner.prepare(instance);
            return ofInstance(call, operation, instance, ids.getLast());
        }
        return ofAdministration(call, operation, account, instance, ids.getLast());
    }

    private ObjectNode accounts(AmcCall call) throws AmcError {
        List<ObjectNode> accounts = new ArrayList<>();
        for (Account account : instances.accounts()) {
            accounts.add(
                    AmcCall.JSON
                            .createObjectNode()
                            .put("accountId", account.entityId())
                            .put("accountName", account.name())
                            .put("marketplaceId", account.marketplaceId()));
        }
        return AmcCall.list("amcAccounts", accounts, call.page());
    }

    private Account account(AmcCall call) throws AmcError {
        String entity = call.header("Amazon-Advertising-API-AdvertiserId");
        if (entity == null || entity.isBlank()) {
            throw AmcError.badRequest("entityId provided is null");
        }
        String marketplace = call.header("Amazon-Advertising-API-MarketplaceId");
        if (marketplace == null || marketplace.isBlank()) {
            throw AmcError.badRequest("marketplaceId provided is null");
        }
        for (Account account : instances.accounts()) {
            if (account.entityId().equals(entity) && account.marketplaceId().equals(marketplace)) {
                return account;
            }
        }
        throw AmcError.of(403, "Unauthorized request");
    }

    private Answer ofAccount(AmcCall call, Operation operation, Account account) throws AmcError {
        if (operation == Operation.CREATE_INSTANCE) {
            return instance(instances.create(account, call.json()));
        }
        List<ObjectNode> all = instances.of(account).stream().map(instances::shown).toList();
        return Answer.of(AmcCall.list("instances", all, call.page()));
    }

    private static Answer instance(ObjectNode shown) {
        return Answer.of(AmcCall.JSON.createObjectNode().set("instance", shown));
    }

    private Answer ofAdministration(
            AmcCall call, Operation operation, Account account, Instance instance, String id)
            throws AmcError {
        return switch (operation) {
            case UPDATE_INSTANCE -> instance(instances.update(account, instance, call.json()));
            case DELETE_INSTANCE -> {
                instances.delete(account, instance);
                yield Answer.nothing(204);
            }
            case UPDATE_CUSTOMER_AWS_ACCOUNT ->
                    Answer.of(instances.link(account, instance, call.json()));
            case LIST_ADVERTISERS -> Answer.of(advertisers.list(call, account, instance));
            case CREATE_ADVERTISER_UPDATE ->
                    Answer.of(advertisers.change(account, instance, call.json()));
            case LIST_ADVERTISER_UPDATES -> Answer.of(advertisers.listUpdates(call, instance));
            case GET_ADVERTISER_UPDATE -> Answer.of(advertisers.getUpdate(instance, id));
            default -> instance(instances.shown(instance));
        };
    }

    /**
     * @param id the last of the path: that of the workflow, execution and so on
     */
    private Answer ofInstance(AmcCall call, Operation operation, Instance instance, String id)
            throws AmcError {
        return switch (operation) {
            case CREATE_WORKFLOW -> {
                workflows.create(instance, call.json());
                yield Answer.empty();
            }
            case LIST_WORKFLOWS ->
                    Answer.of(
                            AmcCall.list("workflows", workflows.list(instance.id()), call.page()));
            case GET_WORKFLOW -> single("workflow", workflows.get(instance.id(), id));
            case UPDATE_WORKFLOW -> {
                workflows.replace(instance, id, call.json());
                yield Answer.empty();
            }
            case DELETE_WORKFLOW -> {
                schedules.requireUnscheduled(instance, id);
                workflows.delete(instance.id(), id);
                yield Answer.empty();
            }
            case CREATE_WORKFLOW_EXECUTION ->
                    single("workflowExecution", executions.create(instance, call.json()));
            case LIST_WORKFLOW_EXECUTIONS -> Answer.of(executions.list(instance, call));
            case GET_WORKFLOW_EXECUTION ->
                    single("workflowExecution", executions.get(instance, id));
            case UPDATE_WORKFLOW_EXECUTION ->
                    Answer.of(executions.cancel(instance, id, call.json()));
            case GET_DOWNLOAD_URLS -> {
                executions.requireResult(instance, id);
                yield Answer.of(downloads.links(call, id));
            }
            case CREATE_SCHEDULE -> single("schedule", schedules.create(instance, call.json()));
            case LIST_SCHEDULES ->
                    Answer.of(AmcCall.list("schedules", schedules.list(instance), call.page()));
            case GET_SCHEDULE -> single("schedule", schedules.get(instance, id));
            case UPDATE_SCHEDULE ->
                    single("schedule", schedules.replace(instance, id, call.json()));
            case DELETE_SCHEDULE -> {
                schedules.delete(instance, id);
                yield Answer.empty();
            }
            case LIST_DATA_SOURCES -> {
                List<ObjectNode> all =
                        instance.schema(schema).tables().stream().map(AmcApi::shown).toList();
                yield Answer.of(AmcCall.list("dataSources", all, call.page()));
            }
            case GET_DATA_SOURCE -> {
                AmcSchema.Table table = instance.schema(schema).table(id);
                if (table == null) {
                    throw AmcError.badRequest("Data source with ID " + id + " does not exist.");
                }
                yield single("dataSource", shown(table));
            }
            default -> throw new IllegalStateException(operation + " is no reporting operation");
        };
    }

    private Answer single(String name, ObjectNode json) {
        return Answer.of(
                behaviour.get().wrapped() ? AmcCall.JSON.createObjectNode().set(name, json) : json);
    }

    private static ObjectNode shown(AmcSchema.Table table) {
        ObjectNode json = AmcCall.JSON.createObjectNode();
        json.put("dataSourceId", table.name()).put("description", table.description());
        json.put("owner", "AMAZON").put("provider", "AMAZON").put("isPremium", table.paid());
        json.putArray("outputChannels");
        json.putArray("tags");
        ArrayNode columns = json.putArray("columns");
        for (AmcSchema.Column column : table.columns()) {
            columns.addObject()
                    .put("name", column.name())
                    .put("columnType", column.metric() ? "METRIC" : "DIMENSION")
                    .put("dataType", column.dataType())
                    .put("sensitivity", column.threshold().name())
                    .put("description", "");
        }
        return json;
    }
}
