"""What the notebooks share: the way to an installation of AMC Insights, on AWS or on this machine.

Needs boto3 and nothing else. Copy it beside your own code, or copy out of it what you need.
"""

import datetime
import hashlib
import html
import json
import os
import re
import time

import boto3
import botocore
import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

# By the output of the CloudFormation stack that names the function, and by the function's alias.
OPERATIONS = {
    "TenantsFunction": {
        "read": """
            ListTenants GetTenant DiscoverInstances TestConnection PlanBucket PlanOffboarding
            ListCredentials ExportTenants
        """.split(),
        "write": """
            OnboardTenant RetryProvisioning UpdateTenant PauseTenant ResumeTenant PrepareBucket
            OffboardTenant BeginAuthorization CompleteAuthorization DeleteCredentials ImportTenants
        """.split(),
    },
    "WorkflowsFunction": {
        "read": """
            ListTemplates ListWorkflows GetWorkflow ListVersions CompareWorkflows ReadResult GetBatch
            GetCapacity GetRun ListRuns ListSchedules ListNotices GetNoticeSettings
        """.split(),
        "write": """
            PutWorkflow DeleteWorkflow CopyWorkflow SettleWorkflow RunWorkflow RunQuery RunBatch
            CancelBatch ResumeBatch AcceptPayload CancelRun PutSchedule DeleteSchedule
            PutNoticeSettings
        """.split(),
    },
    "LakeFunction": {
        "read": """
            ListDeliveries GetDelivery PreviewDelivery ListDatasets GetDatasetSettings ListGrants
            ListRawDatasets GetDatasetRules GetTransformation GetCampaignReport
        """.split(),
        "write": """
            RedriveDelivery RedriveDeliveries PutDatasetSettings PutGrant RemoveGrant PutRawDataset
            RemoveRawDataset PutDatasetRules TryTransformation PutTransformation
            SwitchTransformation PutReportMapping
        """.split(),
    },
}


class Failure(Exception):
    """AMC Insights did not do it. `code` is stable, `message` says why, `next` what to do."""

    def __init__(self, code, message, details=None):
        super().__init__(code, message, details)
        self.code = code
        self.message = message
        self.details = details or {}
        self.next = self.details.get("next")

    def __str__(self):
        field = f", field {self.details['field']}" if "field" in self.details else ""
        return " ".join(filter(None, [self.message, self.next, f"({self.code}{field})"]))


class Installation:
    """One deployed stack, or the local workspace."""

    def __init__(self, session, stack):
        self._session = session
        described = self.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
        self.stack = stack
        self.region, self.account = described["StackId"].split(":")[3:5]
        self.outputs = {o["OutputKey"]: o["OutputValue"] for o in described.get("Outputs", [])}
        if "TenantsFunction" not in self.outputs:
            raise ConnectionError(f"The stack “{stack}” is no installation of AMC Insights.")
        # A function may take two minutes, and must not be asked again meanwhile.
        self._lambda = self.client("lambda", read_timeout=150)

    def client(self, service, **options):
        """A boto3 client with the installation's credentials, region and endpoint."""
        return self._session.client(
            service, endpoint_url=_endpoint(self._session), config=Config(**options)
        )

    def call(self, operation, **fields):
        """Asks one operation and returns its answer.

        :raises Failure: with the code, the message and the next step of AMC Insights
        """
        function, alias = _place(operation)
        answer = self._lambda.invoke(
            FunctionName=self.outputs[function],
            Qualifier=alias,
            Payload=json.dumps({"operation": operation, **fields}),
        )
        reply = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:
            raise Failure(
                "INTERNAL",
                f"The function {self.outputs[function]} broke off: {reply.get('errorMessage')}",
                {"next": "Its log says more."},
            )
        if "error" in reply:
            raise Failure(**reply["error"])
        return reply


def connect(stack=None):
    """The installation of a stack; else of AMC_INSIGHTS_STACK; else of amc-insights.

    Credentials, region and endpoint are those of the environment, as for every program with boto3.
    """
    stack = stack or os.environ.get("AMC_INSIGHTS_STACK") or "amc-insights"
    try:
        return Installation(boto3.Session(), stack)
    except (BotoCoreError, ClientError) as e:
        raise ConnectionError(
            f"The installation “{stack}” cannot be reached: {e}\nOn AWS, set AWS_PROFILE and"
            " AWS_REGION, and AMC_INSIGHTS_STACK if the stack has another name. For the local"
            " workspace, start it and set AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE to the"
            " files in its folder, and AWS_PROFILE to local."
        ) from None


def _endpoint(session):
    """What boto3 reads by itself from version 1.28 on. An older one would call AWS instead."""
    if tuple(int(n) for n in botocore.__version__.split(".")[:2]) >= (1, 31):
        return None
    profile = botocore.session.Session(profile=session.profile_name).get_scoped_config()
    return os.environ.get("AWS_ENDPOINT_URL") or profile.get("endpoint_url")


def _place(operation):
    for function, aliases in OPERATIONS.items():
        for alias, operations in aliases.items():
            if operation in operations:
                return function, alias
    raise ValueError(f"There is no operation “{operation}”.")


def wait_until(ended, ask, minutes=90):
    """Asks, often at first and then less often, until what comes has ended; returns that."""
    give_up = time.monotonic() + minutes * 60
    pause = 0.5
    while True:
        seen = ask()
        if ended(seen):
            return seen
        if time.monotonic() > give_up:
            raise TimeoutError(
                f"It has not ended within {minutes} minutes. It goes on by itself; run this cell"
                " again to wait on."
            )
        time.sleep(pause)
        pause = min(pause * 1.5, 20)


def request_key(*request, attempt=1):
    """The same for the same request on the same day, so that a cell that is run again asks for
    nothing twice. Raise the attempt to have it done once more."""
    text = json.dumps([request, attempt], sort_keys=True)
    return f"notebook-{datetime.date.today()}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def draft(installation, instance, credentials="default"):
    """What is to be entered for an AMC instance. Where it has no bucket yet, one is named."""
    return {
        "name": instance["advertiser"] or instance["instanceName"],
        "instanceId": instance["instanceId"],
        "accountId": instance["accountId"],
        "marketplaceId": instance["marketplaceId"],
        "region": instance["region"],
        "bucketName": instance["bucketName"]
        or f"{installation.stack}-{instance['instanceId']}-{installation.account}",
        "bucketRegion": instance["bucketRegion"] or installation.region,
        "awsAccountId": instance["awsAccountId"] or installation.account,
        "credentialsId": credentials,
    }


def onboard(installation, tenant):
    """Onboards a tenant, unless it is one, and waits until that has ended."""
    try:
        installation.call("OnboardTenant", tenant=tenant)
    except Failure as e:
        if e.code != "ALREADY_EXISTS":
            raise
    made = wait_until(
        lambda t: t["status"] != "PROVISIONING",
        lambda: installation.call("GetTenant", tenantId=tenant["instanceId"]),
    )
    if made["status"] == "FAILED":
        raise Failure(**made["problem"])
    return made


def any_tenant(installation):
    """The first tenant that workflows may run for; where there is none, one is onboarded."""
    for tenant in installation.call("ListTenants")["tenants"]:
        if tenant["status"] == "ACTIVE":
            return tenant
    for instance in installation.call("DiscoverInstances", credentialsId="default")["instances"]:
        if instance["ready"] and not instance["sandbox"] and not instance.get("tenantId"):
            return onboard(installation, draft(installation, instance))
    raise LookupError("There is no active tenant, and no AMC instance that could become one.")


def save_workflow(installation, **workflow):
    """Saves a workflow, unless it is saved just so."""
    saved = {}
    try:
        saved = installation.call(
            "GetWorkflow", tenantId=workflow["tenantId"], workflowId=workflow["workflowId"]
        )
    except Failure as e:
        if e.code != "NOT_FOUND":
            raise
    if all(saved.get(field) == value for field, value in workflow.items()):
        return saved
    return installation.call(
        "PutWorkflow", workflow={**workflow, "version": saved.get("version", 0)}
    )


def wait_for_run(installation, run):
    """Waits until a run has succeeded."""
    ended = wait_until(
        lambda r: r["status"] not in ("QUEUED", "RUNNING"),
        lambda: installation.call("GetRun", runId=run["runId"]),
    )
    if ended["status"] == "FAILED":
        raise Failure(**ended["problem"])
    if ended["status"] == "CANCELLED":
        raise RuntimeError("The run was cancelled.")
    return ended


def wait_for_delivery(installation, run):
    """Waits until a run has succeeded and what it gave is in the lake."""
    wait_for_run(installation, run)

    def delivery():
        newest = installation.call("ListDeliveries", tenantId=run["tenantId"], limit=200)
        return next((d for d in newest["deliveries"] if d.get("runId") == run["runId"]), None)

    loaded = wait_until(lambda d: d and d["status"] != "LOADING", delivery, minutes=20)
    if loaded["status"] == "FAILED":
        raise Failure(**loaded["problem"])
    return loaded


class Table:
    """Rows as a table: in a notebook as HTML, elsewhere as text."""

    def __init__(self, rows, columns, most=20):
        """
        :param rows: dicts, or lists in the order of the columns
        :param most: so many rows are shown
        """
        self._columns = list(columns)
        self._rows = [
            [_text(row.get(c) if isinstance(row, dict) else row[i]) for i, c in enumerate(columns)]
            for row in rows[:most]
        ]
        more = len(rows) - most
        self._note = "no rows" if not rows else f"… and {more:,} more" if more > 0 else ""

    def __repr__(self):
        lines = [self._columns, *self._rows]
        widths = [max(len(line[i]) for line in lines) for i in range(len(self._columns))]
        shown = [
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip()
            for line in lines
        ]
        return "\n".join([*shown, self._note]).rstrip()

    def _repr_html_(self):
        def line(tag, cells):
            inner = "".join(
                f"<{tag} style='text-align: left'>{html.escape(c)}</{tag}>" for c in cells
            )
            return f"<tr>{inner}</tr>"

        body = "".join(line("td", row) for row in self._rows)
        note = f"<p>{self._note}</p>" if self._note else ""
        return f"<table>{line('th', self._columns)}{body}</table>{note}"


def _text(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    return re.sub(r"(T\d\d:\d\d:\d\d)\.\d+Z$", r"\1Z", str(value))  # seconds are enough to read
