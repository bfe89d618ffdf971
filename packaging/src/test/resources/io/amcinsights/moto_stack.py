"""Creates the template's stack in moto and prints, as JSON, what moto then has.

Arguments: the folder of the template, and the stack's parameters as JSON. Ends with status 3 where
moto is not installed. Nothing leaves this process.
"""

import io
import json
import os
import pathlib
import re
import sys
import warnings
import zipfile

try:
    import boto3
    from moto import mock_aws
except ImportError as e:
    print(e)
    sys.exit(3)

FOLDER = pathlib.Path(sys.argv[1])
PARAMETERS = json.loads(sys.argv[2])
STACK = "amc-insights"
BUCKET = "artifacts"


def template():
    text = (FOLDER / "template.yaml").read_text()
    # moto knows neither aliases of functions nor the ARN of an alarm
    text = re.sub(r"!Ref (\w+?)(Read|Write)\b", r"!GetAtt \1Function.Arn", text)
    return re.sub(r"\$\{(\w+Alarm)\.Arn}", r"${\1}", text)


def upload(s3):
    s3.create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    prefix = PARAMETERS.get("ArtifactPrefix", "release/")
    jar = io.BytesIO()
    with zipfile.ZipFile(jar, "w") as archive:
        archive.writestr("empty", "")
    for name in ("functions.jar", "transform.jar"):
        s3.put_object(Bucket=BUCKET, Key=prefix + name, Body=jar.getvalue())
    for file in (FOLDER / "statemachines").iterdir():
        key = f"{prefix}statemachines/{file.name}"
        s3.put_object(Bucket=BUCKET, Key=key, Body=file.read_bytes())


def found():
    client = boto3.client
    described = client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]
    outputs = {o["OutputKey"]: o["OutputValue"] for o in described["Outputs"]}
    sqs = client("sqs")
    states = client("stepfunctions")
    dynamodb = client("dynamodb")
    iam = client("iam")
    return {
        "status": described["StackStatus"],
        "outputs": outputs,
        "functions": client("lambda").list_functions()["Functions"],
        "mappings": client("lambda").list_event_source_mappings()["EventSourceMappings"],
        "machines": [m["stateMachineArn"] for m in states.list_state_machines()["stateMachines"]],
        "tables": [
            dynamodb.describe_table(TableName=t)["Table"]
            for t in dynamodb.list_tables()["TableNames"]
        ],
        "queues": {
            url: sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
            for url in sqs.list_queues()["QueueUrls"]
        },
        "rules": {
            rule["Name"]: client("events").list_targets_by_rule(Rule=rule["Name"])["Targets"]
            for rule in client("events").list_rules()["Rules"]
        },
        "roles": {
            r["Arn"]: {
                "boundary": iam.get_role(RoleName=r["RoleName"])["Role"].get("PermissionsBoundary"),
                "policies": iam.list_role_policies(RoleName=r["RoleName"])["PolicyNames"],
            }
            for r in iam.list_roles()["Roles"]
        },
        "managedPolicies": [p["PolicyName"] for p in iam.list_policies(Scope="Local")["Policies"]],
        "dashboards": [
            d["DashboardName"] for d in client("cloudwatch").list_dashboards()["DashboardEntries"]
        ],
        "logGroups": client("logs").describe_log_groups()["logGroups"],
        "topics": [t["TopicArn"] for t in client("sns").list_topics()["Topics"]],
    }


os.environ.update(
    AWS_ACCESS_KEY_ID="id",
    AWS_SECRET_ACCESS_KEY="key",
    AWS_SESSION_TOKEN="token",
    AWS_DEFAULT_REGION="eu-west-1",
)
os.environ.pop("AWS_PROFILE", None)
warnings.simplefilter("ignore")  # about each type that it does not know
with mock_aws():
    upload(boto3.client("s3"))
    boto3.client("cloudformation").create_stack(
        StackName=STACK,
        TemplateBody=template(),
        Capabilities=["CAPABILITY_NAMED_IAM"],
        Parameters=[
            {"ParameterKey": key, "ParameterValue": value}
            for key, value in {"ArtifactBucket": BUCKET, **PARAMETERS}.items()
        ],
    )
    print(json.dumps(found(), default=str))
