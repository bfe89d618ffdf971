// Holds the template and the state machines against tools that AWS and others make for them:
// node check.mjs [template.yaml]. Ends with 1 where one of them finds something.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { RegoEngine, TemplateFile } from "@aws/cloudformation-validate";
import validateAsl from "asl-validator";
import cdk from "aws-cdk-lib";
import { CfnInclude } from "aws-cdk-lib/cloudformation-include";
import { AwsSolutionsChecks } from "cdk-nag";
import { parse } from "yaml";

const folder = join(dirname(fileURLToPath(import.meta.url)), "..");
const template = process.argv[2] ?? join(folder, "template.yaml");
const found = [];

/** What the tools take for a mistake and is none, by rule and property. */
const FALSE_ALARMS = [
  // The empty text is the parameter's default, and then there is no boundary.
  { rule: "F3033", property: /PermissionsBoundary/ },
  // So it is here: without a subnet there is no such property.
  { rule: "E1150", property: /SecurityGroupIds/ },
  { rule: "E1154", property: /SubnetId/ },
];

function validator() {
  const engine = new RegoEngine();
  try {
    for (const d of engine.validateStandard(new TemplateFile(template)).diagnostics) {
      const known = FALSE_ALARMS.some(
        (a) => a.rule === d.ruleId && a.property.test(JSON.stringify(d.propertyPath ?? "")),
      );
      if (d.severity !== "INFO" && !known) {
        found.push(`cloudformation-validate, line ${d.startLine}: ${d.ruleId} ${d.message}`);
      }
    }
  } finally {
    engine.free();
  }
}

function machines() {
  const place = join(folder, "statemachines");
  for (const file of readdirSync(place)) {
    machine(file, parse(readFileSync(join(place, file), "utf8")));
  }
  // What the local workspace's interpreter accepts must be the States Language.
  const accepted = join(
    folder,
    "../backend/local/src/test/resources/io/amcinsights/local/states/conformance",
  );
  for (const file of readdirSync(accepted)) {
    machine(file, parse(readFileSync(join(accepted, file), "utf8")).definition);
  }
}

function machine(file, definition) {
  const { isValid, errorsText } = validateAsl(definition);
  if (!isValid) {
    found.push(`asl-validator, ${file}: ${errorsText()}`);
  }
}

/** Each finding has to be suppressed in its resource's metadata, with the reason. */
function solutions() {
  const app = new cdk.App();
  const stack = new cdk.Stack(app, "amc-insights");
  const included = new CfnInclude(stack, "template", { templateFile: template });
  const suppressed = new Map();
  for (const [name, resource] of Object.entries(resources())) {
    for (const rule of resource.Metadata?.cdk_nag?.rules_to_suppress ?? []) {
      included.getResource(name); // or the name is wrong
      for (const to of rule.applies_to ?? [""]) {
        suppressed.set(`${name}: ${rule.id}${to && `[${to}]`}`, rule.reason);
      }
    }
  }
  const report = new AwsSolutionsChecks(app).validate({ templatePaths: [], appConstruct: app });
  for (const violation of report.violations) {
    for (const resource of violation.violatingResources) {
      const place = `${resource.constructPath.split("/").at(-1)}: ${violation.ruleName}`;
      if (!suppressed.delete(place)) {
        found.push(`cdk-nag, ${place} ${violation.description}`);
      }
    }
  }
  for (const place of suppressed.keys()) {
    found.push(`cdk-nag, ${place} is suppressed and does not happen any more`);
  }
}

/** The resources; what CloudFormation's short forms say does not count here. */
function resources() {
  const tags = ["Ref", "Sub", "GetAtt", "If", "Not", "Equals", "Condition", "Join", "Select", "Split"];
  const customTags = tags.flatMap((tag) => [
    { tag: `!${tag}`, resolve: (text) => text },
    { tag: `!${tag}`, collection: "seq" },
  ]);
  return parse(readFileSync(template, "utf8"), { customTags, logLevel: "silent" }).Resources;
}

validator();
machines();
solutions();
found.forEach((line) => console.error(line));
console.log(`${found.length} findings of cloudformation-validate, asl-validator and cdk-nag`);
process.exit(found.length ? 1 : 0);
