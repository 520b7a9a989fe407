import { mapsAt, textAt, textsAt } from "../fields.ts";
import { parseArn } from "../arn.ts";
import { matches, policyStatements, type PolicyStatement } from "../iam-policy.ts";
import type { CloudResource, Operation } from "../service.ts";
import { findBy, inAccount, valueOf } from "./lookup.ts";

const ROLE = "aws:iam/role:Role";

/** What AWS's own policies allow, as far as services ask here. */
const AWS_MANAGED: Readonly<Record<string, readonly string[]>> = {
  "service-role/AmazonECSTaskExecutionRolePolicy": [
    "ecr:GetAuthorizationToken",
    "ecr:BatchCheckLayerAvailability",
    "ecr:GetDownloadUrlForLayer",
    "ecr:BatchGetImage",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
  ],
};

export const roleByArn = (operation: Operation, arn: string): CloudResource | undefined =>
  findBy(inAccount(operation, ROLE), arn, "arn");

/**
 * Whether a service of the account and region may take the role. Conditions other than those on the source are taken as
 * met; where a policy names a source, its account, region, and service must fit.
 */
export function trustsService({ location }: Operation, role: CloudResource, service: string, source: string): boolean {
  const trust = valueOf(role, "assumeRolePolicy") ?? "";
  const fits = (key: string, values: readonly string[]): boolean => {
    if (/^aws:SourceAccount$/i.test(key)) return values.some((value) => matches(value, location.account));
    if (!/^aws:SourceArn$/i.test(key)) return true;
    return values.some((value) => {
      const arn = parseArn(value);
      return (
        arn !== undefined &&
        matches(arn.service, source) &&
        matches(arn.region, location.region) &&
        matches(arn.account, location.account)
      );
    });
  };
  return policyStatements(trust).some(
    ({ effect, principals, actions, conditions }) =>
      effect === "Allow" &&
      (principals["Service"] ?? []).includes(service) &&
      actions.some((action) => matches(action, "sts:AssumeRole")) &&
      Object.values(conditions).every((block) => Object.entries(block).every(([key, values]) => fits(key, values))),
  );
}

/** Whether the role's own policies allow the action on the resource. Conditions are taken as met. */
export function roleAllows(operation: Operation, role: CloudResource, action: string, resource: string): boolean {
  const statements = statementsOf(operation, role);
  const says = (wanted: "Allow" | "Deny"): boolean =>
    statements.some((statement) => statement.effect === wanted && covers(statement, action, resource));
  return says("Allow") && !says("Deny");
}

function covers(statement: PolicyStatement, action: string, resource: string): boolean {
  const { actions, notActions, resources, notResources } = statement;
  const named = (patterns: readonly string[], text: string): boolean =>
    patterns.some((pattern) => matches(pattern, text));
  return (
    (notActions.length > 0 ? !named(notActions, action) : named(actions, action)) &&
    (notResources.length > 0 ? !named(notResources, resource) : named(resources, resource))
  );
}

function statementsOf(operation: Operation, role: CloudResource): PolicyStatement[] {
  const name = valueOf(role, "name") ?? "";
  const ofRole = (type: string): CloudResource[] =>
    inAccount(operation, type).filter(({ inputs }) => textAt(inputs, "role") === name);
  const inline = [
    ...ofRole("aws:iam/rolePolicy:RolePolicy").map(({ inputs }) => textAt(inputs, "policy") ?? ""),
    ...mapsAt(role.inputs, "inlinePolicies").map((policy) => textAt(policy, "policy") ?? ""),
  ];
  const attached = [
    ...ofRole("aws:iam/rolePolicyAttachment:RolePolicyAttachment").map(
      ({ inputs }) => textAt(inputs, "policyArn") ?? "",
    ),
    ...textsAt(role.inputs, "managedPolicyArns"),
  ];
  return [...inline.flatMap(policyStatements), ...attached.flatMap((arn) => managedStatements(operation, arn))];
}

function managedStatements(operation: Operation, arn: string): PolicyStatement[] {
  const named = parseArn(arn);
  if (named?.account !== "aws") {
    const policy = findBy(inAccount(operation, "aws:iam/policy:Policy"), arn, "arn");
    return policyStatements(policy === undefined ? "" : (valueOf(policy, "policy") ?? ""));
  }
  // What is not in the table is not known here: it may allow anything.
  const actions = AWS_MANAGED[named.resource.replace(/^policy\//, "")] ?? ["*"];
  return policyStatements(JSON.stringify({ Statement: { Effect: "Allow", Action: actions, Resource: "*" } }));
}
