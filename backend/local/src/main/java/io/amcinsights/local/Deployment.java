package io.amcinsights.local;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.local.athena.WorkGroups;
import io.amcinsights.local.clock.Timer;
import io.amcinsights.local.events.EventPattern;
import io.amcinsights.local.events.EventRouter;
import io.amcinsights.local.events.QueueConsumer;
import io.amcinsights.local.events.Queues;
import io.amcinsights.local.events.StoredTimers;
import io.amcinsights.local.glue.Catalogue;
import io.amcinsights.local.http.AwsError;
import io.amcinsights.local.lakeformation.Rights;
import io.amcinsights.local.lambda.AsyncInvocations;
import io.amcinsights.local.lambda.LambdaFunction;
import io.amcinsights.local.lambda.LambdaFunctions;
import io.amcinsights.local.s3.ObjectStore;
import io.amcinsights.local.states.InvalidDefinition;
import io.amcinsights.local.states.StateMachines;
import io.amcinsights.local.template.Account;
import io.amcinsights.local.template.MachineDefinition;
import io.amcinsights.local.template.Stack;
import io.amcinsights.local.template.Stack.Resource;
import io.amcinsights.local.template.TemplateException;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/** Makes of a stack's resources what they are in the workspace. */
final class Deployment {

    private final Stack stack;
    private final Account account;
    private final ObjectStore objects;
    private final Catalogue catalogue;
    private final Rights rights;
    private final WorkGroups workGroups;
    private final LambdaFunctions functions;
    private final AsyncInvocations later;
    private final StateMachines machines;
    private final Queues queues;
    private final EventRouter router;
    private final StoredTimers timers;
    private final Timer timer;
    private final List<QueueConsumer> consumers = new ArrayList<>();

    Deployment(
            Stack stack,
            Account account,
            ObjectStore objects,
            Catalogue catalogue,
            Rights rights,
            WorkGroups workGroups,
            LambdaFunctions functions,
            AsyncInvocations later,
            StateMachines machines,
            Queues queues,
            EventRouter router,
            StoredTimers timers,
            Timer timer) {
        this.stack = stack;
        this.account = account;
        this.objects = objects;
        this.catalogue = catalogue;
        this.rights = rights;
        this.workGroups = workGroups;
        this.functions = functions;
        this.later = later;
        this.machines = machines;
        this.queues = queues;
        this.router = router;
        this.timers = timers;
        this.timer = timer;
    }

    /**
     * Creates everything.
     *
     * @param definitions text of a state machine's file by its name; null where there is none
     * @return the consumers of the queues, not yet started
     */
    List<QueueConsumer> create(Function<String, @Nullable String> definitions)
            throws TemplateException {
        for (Resource bucket : stack.resources("AWS::S3::Bucket")) {
            JsonNode properties = bucket.properties();
            objects.provide(
                    bucket.physicalId(),
                    properties.at("/VersioningConfiguration/Status").asText().equals("Enabled"),
                    properties
                            .at("/NotificationConfiguration/EventBridgeConfiguration")
                            .has("EventBridgeEnabled"));
        }
        for (Resource database : stack.resources("AWS::Glue::Database")) {
            catalogue.provideDatabase(
                    database.physicalId(),
                    database.properties().at("/DatabaseInput/Description").asText());
        }
        for (Resource registered : stack.resources("AWS::LakeFormation::Resource")) {
            register(registered);
        }
        for (Resource group : stack.resources("AWS::Athena::WorkGroup")) {
            workGroups.define(
                    group.physicalId(),
                    group.properties().path("Description").asText(),
                    group.properties().path("WorkGroupConfiguration"));
        }
        stack.resources("AWS::SQS::Queue").forEach(this::queue);
        for (Resource function : stack.resources("AWS::Lambda::Function")) {
            function(function);
        }
        for (Resource alias : stack.resources("AWS::Lambda::Alias")) {
            String arn = alias.physicalId();
            int colon = arn.lastIndexOf(':');
            if (!functions.alias(arn.substring(0, colon), arn.substring(colon + 1))) {
                throw alias.problem("its function does not exist, or has this alias already");
            }
        }
        for (Resource machine : stack.resources("AWS::StepFunctions::StateMachine")) {
            try {
                machines.define(
                        machine.physicalId(),
                        machine.properties().path("RoleArn").asText(),
                        MachineDefinition.of(machine, definitions));
            } catch (InvalidDefinition e) {
                throw machine.problem("its definition, " + e.getMessage());
            }
        }
        for (Resource mapping : stack.resources("AWS::Lambda::EventSourceMapping")) {
            consumers.add(consumer(mapping));
        }
        for (Resource rule : stack.resources("AWS::Events::Rule")) {
            rule(rule);
        }
        for (Resource schedule : stack.resources("AWS::Scheduler::Schedule")) {
            schedule(schedule);
        }
        return List.copyOf(consumers);
    }

    /** With the databases whose tables lie there. */
    private void register(Resource registered) throws TemplateException {
        String place =
                registered.properties().path("ResourceArn").asText().replaceFirst("^arn:.*:::", "");
        String bucket =
                place.substring(0, place.indexOf('/') < 0 ? place.length() : place.indexOf('/'));
        if (!objects.hasBucket(bucket)) {
            throw registered.problem("there is no bucket " + bucket);
        }
        rights.register(
                bucket,
                registered.properties().path("HybridAccessEnabled").asBoolean(),
                stack.resources("AWS::Glue::Database").stream()
                        .filter(
                                d ->
                                        d.properties()
                                                .at("/DatabaseInput/LocationUri")
                                                .asText()
                                                .startsWith("s3://" + bucket + "/"))
                        .map(Resource::physicalId)
                        .collect(Collectors.toSet()));
    }

    private void queue(Resource queue) {
        JsonNode properties = queue.properties();
        JsonNode redrive = properties.path("RedrivePolicy");
        String url = queue.physicalId();
        queues.define(
                new Queues.Queue(
                        account.arn("sqs", url.substring(url.lastIndexOf('/') + 1)),
                        url,
                        properties.path("FifoQueue").asBoolean(),
                        Duration.ofSeconds(properties.path("VisibilityTimeout").asLong(30)),
                        redrive.path("deadLetterTargetArn").asText(null),
                        redrive.path("maxReceiveCount").asInt(Integer.MAX_VALUE)));
    }

    private void function(Resource function) throws TemplateException {
        JsonNode properties = function.properties();
        Map<String, String> environment = new HashMap<>();
        properties
                .at("/Environment/Variables")
                .properties()
                .forEach(v -> environment.put(v.getKey(), v.getValue().asText()));
        environment.put("AWS_REGION", account.region());
        environment.put("AWS_LAMBDA_FUNCTION_NAME", function.physicalId());
        try {
            functions.define(
                    new LambdaFunction(
                            function.physicalId(),
                            account.arn("lambda", "function:" + function.physicalId()),
                            properties.path("Description").asText(),
                            properties.path("Runtime").asText(),
                            properties.path("Role").asText(),
                            properties.path("Handler").asText(),
                            Duration.ofSeconds(properties.path("Timeout").asLong(3)),
                            properties.path("MemorySize").asInt(128),
                            environment));
        } catch (ReflectiveOperationException e) {
            throw function.problem(
                    "its handler %s cannot be used: %s"
                            .formatted(properties.path("Handler").asText(), e.getMessage()));
        }
    }

    private QueueConsumer consumer(Resource mapping) throws TemplateException {
        JsonNode properties = mapping.properties();
        String function = properties.path("FunctionName").asText();
        String source = properties.path("EventSourceArn").asText();
        if (!functions.has(function)) {
            throw mapping.problem("there is no function " + function);
        }
        Queues.Queue queue =
                queues.find(source)
                        .orElseThrow(() -> mapping.problem("there is no queue " + source));
        boolean partial = false;
        for (JsonNode type : properties.path("FunctionResponseTypes")) {
            partial |= type.asText().equals("ReportBatchItemFailures");
        }
        return new QueueConsumer(
                queues,
                functions,
                timer,
                new QueueConsumer.Mapping(
                        queue,
                        function,
                        account.region(),
                        properties.path("BatchSize").asInt(10),
                        properties.at("/ScalingConfig/MaximumConcurrency").asInt(10),
                        partial));
    }

    private void schedule(Resource schedule) throws TemplateException {
        JsonNode properties = schedule.properties();
        String arn = properties.at("/Target/Arn").asText();
        if (!functions.has(arn)) {
            throw schedule.problem("its target cannot be reached here: " + arn);
        }
        try {
            timers.of(arn)
                    .set(
                            schedule.physicalId(),
                            properties.path("ScheduleExpression").asText(),
                            properties.path("ScheduleExpressionTimezone").asText("UTC"),
                            !properties.path("State").asText().equals("DISABLED"),
                            properties.at("/Target/Input").asText("{}"));
        } catch (IllegalArgumentException e) {
            throw schedule.problem(String.valueOf(e.getMessage()));
        }
    }

    private void rule(Resource rule) throws TemplateException {
        JsonNode properties = rule.properties();
        if (!properties.has("EventPattern")) {
            throw rule.problem("rules without EventPattern are not supported here");
        }
        List<EventRouter.Target> targets = new ArrayList<>();
        for (JsonNode target : properties.path("Targets")) {
            for (String field : List.of("Input", "InputPath", "InputTransformer")) {
                if (target.has(field)) {
                    throw rule.problem(field + " of a target is not supported here");
                }
            }
            targets.add(new EventRouter.Target(taker(rule, target), deadLetters(rule, target)));
        }
        try {
            router.define(
                    new EventRouter.Rule(
                            rule.physicalId(),
                            EventPattern.of(properties.path("EventPattern")),
                            targets));
        } catch (IllegalArgumentException e) {
            throw rule.problem(String.valueOf(e.getMessage()));
        }
    }

    private @Nullable Consumer<String> deadLetters(Resource rule, JsonNode target)
            throws TemplateException {
        String arn = target.at("/DeadLetterConfig/Arn").asText();
        if (arn.isEmpty()) {
            return null;
        }
        Queues.Queue queue =
                queues.find(arn).orElseThrow(() -> rule.problem("there is no queue " + arn));
        return body -> {
            String id = UUID.randomUUID().toString();
            queues.send(queue, id, id, body);
        };
    }

    private EventRouter.Taker taker(Resource rule, JsonNode target) throws TemplateException {
        String arn = target.path("Arn").asText();
        boolean machine =
                stack.resources("AWS::StepFunctions::StateMachine").stream()
                        .anyMatch(r -> r.physicalId().equals(arn));
        if (machine) {
            CRC32 distinct = new CRC32();
            distinct.update(
                    (rule.logicalId() + "/" + target.path("Id").asText())
                            .getBytes(StandardCharsets.UTF_8));
            String suffix = "_%08x".formatted(distinct.getValue());
            return (id, event) -> {
                try {
                    machines.start(arn, id + suffix, event);
                } catch (AwsError e) {
                    // The name tells the event: it was taken before.
                    if (!e.code().equals("ExecutionAlreadyExists")) {
                        throw e;
                    }
                }
            };
        }
        if (functions.has(arn)) {
            return (id, event) -> later.invoke(arn, event);
        }
        throw rule.problem("its target cannot be reached here: " + arn);
    }
}
