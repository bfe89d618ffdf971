package io.amcinsights.local.template;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a template can know of a resource: what {@code Ref} gives and its attributes, as in the
 * "Return values" of each type in the CloudFormation template reference. Names that CloudFormation
 * would make at random are the same at every start here.
 */
record Identity(String ref, Map<String, String> attributes) {

    /** Types that mean something to AWS only: they are checked, and nothing is made of them. */
    private static final Set<String> WITHOUT_LOCAL_MEANING =
            Set.of(
                    "AWS::CloudTrail::Trail",
                    "AWS::CloudWatch::Alarm",
                    "AWS::CloudWatch::Dashboard",
                    "AWS::IAM::ManagedPolicy",
                    "AWS::IAM::Policy",
                    "AWS::IAM::Role",
                    "AWS::KMS::Alias",
                    "AWS::KMS::Key",
                    "AWS::LakeFormation::DataLakeSettings",
                    "AWS::LakeFormation::PrincipalPermissions",
                    "AWS::LakeFormation::Tag",
                    "AWS::LakeFormation::TagAssociation",
                    "AWS::Lambda::EventInvokeConfig",
                    "AWS::Lambda::Permission",
                    "AWS::Logs::LogGroup",
                    "AWS::Logs::MetricFilter",
                    "AWS::QuickSight::Dashboard",
                    "AWS::QuickSight::DataSet",
                    "AWS::QuickSight::DataSource",
                    "AWS::ResourceGroups::Group",
                    "AWS::S3::BucketPolicy",
                    "AWS::SNS::Subscription",
                    "AWS::SNS::TopicPolicy",
                    "AWS::SQS::QueuePolicy",
                    "AWS::SageMaker::NotebookInstance",
                    "AWS::SageMaker::NotebookInstanceLifecycleConfig",
                    "AWS::ServiceCatalogAppRegistry::Application",
                    "AWS::ServiceCatalogAppRegistry::AttributeGroup",
                    "AWS::ServiceCatalogAppRegistry::AttributeGroupAssociation",
                    "AWS::ServiceCatalogAppRegistry::ResourceAssociation");

    /** A resource while its identity is asked for. */
    interface Naming {
        String logicalId();

        /** A property's text; empty if the template does not set it. */
        Optional<String> property(String name) throws TemplateException;

        String stackName();

        Account account();

        TemplateException problem(String text);
    }

    static boolean hasLocalMeaning(String type) {
        return !WITHOUT_LOCAL_MEANING.contains(type);
    }

    static Identity of(String type, Naming naming) throws TemplateException {
        Account account = naming.account();
        return switch (type) {
            case "AWS::Lambda::Function" -> {
                String name = name(naming, "FunctionName");
                yield new Identity(name, Map.of("Arn", account.arn("lambda", "function:" + name)));
            }
            case "AWS::Lambda::Version" ->
                    withArn(functionArn(naming) + ":1", Map.of("Version", "1"), "FunctionArn");
            case "AWS::Lambda::Alias" ->
                    withArn(
                            functionArn(naming) + ":" + required(naming, "Name"),
                            Map.of(),
                            "AliasArn");
            case "AWS::Lambda::EventSourceMapping" -> {
                String id = name(naming, "");
                yield new Identity(id, Map.of("Id", id));
            }
            case "AWS::StepFunctions::StateMachine" -> {
                String name = name(naming, "StateMachineName");
                yield withArn(
                        account.arn("states", "stateMachine:" + name), Map.of("Name", name), "Arn");
            }
            case "AWS::SQS::Queue" -> queue(naming);
            case "AWS::DynamoDB::Table" -> {
                String name = name(naming, "TableName");
                yield new Identity(name, Map.of("Arn", account.arn("dynamodb", "table/" + name)));
            }
            case "AWS::S3::Bucket" -> {
                String name =
                        naming.property("BucketName")
                                .orElse(
                                        "%s-%s-%s"
                                                .formatted(
                                                        naming.stackName(),
                                                        naming.logicalId(),
                                                        account.id())
                                                .toLowerCase(Locale.ROOT));
                String arn = "arn:%s:s3:::%s".formatted(account.partition(), name);
                yield new Identity(
                        name, Map.of("Arn", arn, "DomainName", name + ".s3.amazonaws.com"));
            }
            case "AWS::SNS::Topic" -> {
                String name = name(naming, "TopicName");
                yield withArn(account.arn("sns", name), Map.of("TopicName", name), "TopicArn");
            }
            case "AWS::SecretsManager::Secret" ->
                    withArn(
                            account.arn(
                                    "secretsmanager", "secret:" + name(naming, "Name") + "-local1"),
                            Map.of(),
                            "Id");
            case "AWS::Glue::Database" ->
                    new Identity(required(naming, "DatabaseInput/Name"), Map.of());
            case "AWS::Glue::Job" -> new Identity(name(naming, "Name"), Map.of());
            case "AWS::LakeFormation::Resource" ->
                    new Identity(required(naming, "ResourceArn"), Map.of());
            case "AWS::Athena::WorkGroup" -> new Identity(required(naming, "Name"), Map.of());
            case "AWS::Events::Rule" -> {
                String name = name(naming, "Name");
                yield new Identity(name, Map.of("Arn", account.arn("events", "rule/" + name)));
            }
            case "AWS::Scheduler::Schedule" -> {
                String name = name(naming, "Name");
                yield new Identity(
                        name, Map.of("Arn", account.arn("scheduler", "schedule/" + name)));
            }
            case "AWS::Scheduler::ScheduleGroup" -> {
                String name = name(naming, "Name");
                yield new Identity(
                        name, Map.of("Arn", account.arn("scheduler", "schedule-group/" + name)));
            }
            case "AWS::IAM::Role" -> {
                String name = name(naming, "RoleName");
                String arn =
                        "arn:%s:iam::%s:role/%s".formatted(account.partition(), account.id(), name);
                yield new Identity(name, Map.of("Arn", arn));
            }
            case "AWS::IAM::ManagedPolicy" ->
                    new Identity(
                            "arn:%s:iam::%s:policy/%s"
                                    .formatted(
                                            account.partition(),
                                            account.id(),
                                            name(naming, "ManagedPolicyName")),
                            Map.of());
            case "AWS::Logs::LogGroup" -> {
                String name = name(naming, "LogGroupName");
                yield new Identity(
                        name, Map.of("Arn", account.arn("logs", "log-group:" + name + ":*")));
            }
            case "AWS::CloudWatch::Alarm" -> {
                String name = name(naming, "AlarmName");
                yield new Identity(name, Map.of("Arn", account.arn("cloudwatch", "alarm:" + name)));
            }
            case "AWS::ServiceCatalogAppRegistry::Application",
                    "AWS::ServiceCatalogAppRegistry::AttributeGroup" -> {
                String id = name(naming, "");
                yield new Identity(id, Map.of("Id", id));
            }
            case "AWS::SageMaker::NotebookInstanceLifecycleConfig" -> {
                String name = name(naming, "NotebookInstanceLifecycleConfigName");
                yield new Identity(name, Map.of("NotebookInstanceLifecycleConfigName", name));
            }
            case "AWS::QuickSight::DataSource" -> quickSight(naming, "datasource", "DataSourceId");
            case "AWS::QuickSight::DataSet" -> quickSight(naming, "dataset", "DataSetId");
            case "AWS::QuickSight::Dashboard" -> quickSight(naming, "dashboard", "DashboardId");
            case "AWS::KMS::Key" -> {
                String id = name(naming, "");
                yield new Identity(id, Map.of("Arn", account.arn("kms", "key/" + id), "KeyId", id));
            }
            default -> {
                if (hasLocalMeaning(type)) {
                    throw naming.problem("the local workspace does not know the type " + type);
                }
                yield new Identity(name(naming, ""), Map.of());
            }
        };
    }

    private static Identity quickSight(Naming naming, String kind, String property)
            throws TemplateException {
        String id = required(naming, property);
        String arn = naming.account().arn("quicksight", kind + "/" + id);
        return new Identity(naming.account().id() + "|" + id, Map.of("Arn", arn));
    }

    private static Identity queue(Naming naming) throws TemplateException {
        Account account = naming.account();
        String suffix = naming.property("FifoQueue").orElse("").equals("true") ? ".fifo" : "";
        String name =
                naming.property("QueueName")
                        .orElse(naming.stackName() + "-" + naming.logicalId() + suffix);
        if (!suffix.isEmpty() && !name.endsWith(suffix)) {
            throw naming.problem("the name of a FIFO queue ends with .fifo");
        }
        String url =
                "https://sqs.%s.amazonaws.com/%s/%s"
                        .formatted(account.region(), account.id(), name);
        return new Identity(
                url, Map.of("Arn", account.arn("sqs", name), "QueueName", name, "QueueUrl", url));
    }

    private static Identity withArn(String arn, Map<String, String> more, String attribute) {
        Map<String, String> attributes = new HashMap<>(more);
        attributes.put(attribute, arn);
        return new Identity(arn, attributes);
    }

    private static String functionArn(Naming naming) throws TemplateException {
        String function = required(naming, "FunctionName");
        return function.startsWith("arn:")
                ? function
                : naming.account().arn("lambda", "function:" + function);
    }

    private static String required(Naming naming, String property) throws TemplateException {
        Optional<String> value = naming.property(property);
        if (value.isEmpty()) {
            throw naming.problem("needs the property " + property);
        }
        return value.get();
    }

    private static String name(Naming naming, String property) throws TemplateException {
        String made = naming.stackName() + "-" + naming.logicalId();
        return property.isEmpty() ? made : naming.property(property).orElse(made);
    }
}
