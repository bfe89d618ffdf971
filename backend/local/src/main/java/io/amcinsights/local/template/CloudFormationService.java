package io.amcinsights.local.template;

import io.amcinsights.local.http.AwsError;
import io.amcinsights.local.http.QueryService;

import java.time.Instant;
import java.util.Map;

/** As much of the CloudFormation API as tells what the workspace was built of. */
public final class CloudFormationService extends QueryService {

    private final Stack stack;
    private final String template;
    private final Instant created;

    /**
     * @param template the text that the stack was read from
     * @param created when the workspace was first built
     */
    public CloudFormationService(Stack stack, String template, Instant created) {
        super("cloudformation", "http://cloudformation.amazonaws.com/doc/2010-05-15/");
        this.stack = stack;
        this.template = template;
        this.created = created;
    }

    @Override
    protected Map<String, Operation> operations() {
        return Map.of(
                "DescribeStacks", this::describeStacks,
                "ListStacks", this::listStacks,
                "DescribeStackResources", this::describeStackResources,
                "ListStackResources", this::listStackResources,
                "GetTemplate", this::getTemplate);
    }

    private String describeStacks(Form form) throws AwsError {
        if (!form.get("StackName").isEmpty()) {
            check(form);
        }
        StringBuilder parameters = new StringBuilder();
        stack.parameters()
                .forEach(
                        (key, value) ->
                                parameters.append(
                                        member(
                                                element("ParameterKey", key)
                                                        + element("ParameterValue", value))));
        StringBuilder outputs = new StringBuilder();
        for (Stack.Output output : stack.outputs()) {
            outputs.append(
                    member(
                            element("OutputKey", output.key())
                                    + element("OutputValue", output.value())
                                    + element("Description", output.description())));
        }
        return "<Stacks>"
                + member(
                        summary()
                                + element("Description", stack.description())
                                + "<Parameters>"
                                + parameters
                                + "</Parameters><Outputs>"
                                + outputs
                                + "</Outputs>")
                + "</Stacks>";
    }

    private String listStacks(Form form) {
        return "<StackSummaries>" + member(summary()) + "</StackSummaries>";
    }

    private String describeStackResources(Form form) throws AwsError {
        check(form);
        StringBuilder resources = new StringBuilder();
        for (Stack.Resource resource : stack.resources()) {
            resources.append(
                    member(
                            element("StackId", stack.id())
                                    + element("StackName", stack.name())
                                    + resource(resource)
                                    + element("Timestamp", created.toString())));
        }
        return "<StackResources>" + resources + "</StackResources>";
    }

    private String listStackResources(Form form) throws AwsError {
        check(form);
        StringBuilder resources = new StringBuilder();
        for (Stack.Resource resource : stack.resources()) {
            resources.append(
                    member(
                            resource(resource)
                                    + element("LastUpdatedTimestamp", created.toString())));
        }
        return "<StackResourceSummaries>" + resources + "</StackResourceSummaries>";
    }

    private String getTemplate(Form form) throws AwsError {
        check(form);
        return element("TemplateBody", template);
    }

    private void check(Form form) throws AwsError {
        String name = form.get("StackName");
        if (!name.equals(stack.name()) && !name.equals(stack.id())) {
            throw new AwsError(400, "ValidationError", "Stack with id " + name + " does not exist");
        }
    }

    private String summary() {
        return element("StackName", stack.name())
                + element("StackId", stack.id())
                + element("CreationTime", created.toString())
                + element("StackStatus", "CREATE_COMPLETE");
    }

    private static String resource(Stack.Resource resource) {
        return element("LogicalResourceId", resource.logicalId())
                + element("PhysicalResourceId", resource.physicalId())
                + element("ResourceType", resource.type())
                + element("ResourceStatus", "CREATE_COMPLETE");
    }

    private static String member(String content) {
        return "<member>" + content + "</member>";
    }
}
