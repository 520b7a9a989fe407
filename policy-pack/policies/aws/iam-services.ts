import { boundsNothing } from "../../support/iam/identity.ts";
import { policiesOn } from "../../support/iam/policy-carriers.ts";
import { faultsIn, statementCheck, type Judge } from "../../support/iam/policy-check.ts";
import { covers, type Statement } from "../../support/iam/policy-document.ts";
import { isAnything, requires } from "../../support/iam/scope.ts";
import { textsOf } from "../../support/property.ts";
import { isUndecided, type Finding, type Resource, type Rule } from "../../support/rule.ts";
import { Unknown } from "../../support/unknown.ts";

const ROLE = "aws:iam/role:Role";

const SOURCES = /^(aws:source(arn|account|orgid|orgpaths)|sts:externalid)$/;

/** Whether a condition says on whose behalf a service acts. */
const namesSource = ({ conditions }: Statement, keys: RegExp): boolean =>
  conditions.some(
    (condition) => requires({ conditions: [condition] }, keys) && condition.values.every((value) => !isAnything(value)),
  );

const servicesOf = ({ allows, principals }: Statement): readonly string[] =>
  allows ? principals.filter(({ kind, value }) => kind === "Service" && value !== "*").map(({ value }) => value) : [];

const unsourcedTrust: Judge = (statement, _resource, config) => {
  if (namesSource(statement, SOURCES)) return [];
  const without = textsOf(config["servicesWithout"]);
  return servicesOf(statement)
    .filter((service) => !without.includes(service))
    .map((service) => ({
      wrong: `${statement.id} lets ${service} assume the role for any customer of it`,
      fix: "add Condition StringEquals aws:SourceAccount with this account, and ArnLike aws:SourceArn where it is known",
    }));
};

/** Services that send no source with some actions: the documentation of their targets says so. */
const SENDS_NO_SOURCE: readonly (readonly [service: string, actions: string])[] = [
  ["events.amazonaws.com", "sns:*"],
  ["events.amazonaws.com", "kms:*"],
];

const CONFINED_IN_KEYS = /^kms:(encryptioncontext:.+|calleraccount)$/;
const ACCOUNT_IN_PATH = /\/AWSLogs\/(o-[a-z0-9]+\/)?\d{12}\//;

/** Grants of a resource to a service, whoever it acts for. */
const unsourcedGrant: Judge = (statement) => {
  const { actions, resources } = statement;
  if (namesSource(statement, SOURCES) || namesSource(statement, CONFINED_IN_KEYS)) return [];
  if (resources.length > 0 && resources.every((resource) => ACCOUNT_IN_PATH.test(resource))) return [];
  return servicesOf(statement)
    .filter(
      (service) =>
        !SENDS_NO_SOURCE.some(
          ([named, allowed]) => named === service && actions.every((action) => covers(allowed, action)),
        ),
    )
    .map((service) => ({
      wrong: `${statement.id} lets ${service} use it for any customer of it`,
      fix: "add Condition StringEquals aws:SourceAccount with this account, and ArnLike aws:SourceArn where it is known",
    }));
};

/** Roles that nothing bounds. Who hands out boundaries, from outside of AWS, cannot carry the same one. */
function unbounded(resource: Resource): readonly Finding[] {
  const boundary = resource.props["permissionsBoundary"];
  if (boundary instanceof Unknown) return [{ property: "permissionsBoundary", unknown: boundary }];
  const set = typeof boundary === "string" && boundary !== "";
  if (set && !boundsNothing(boundary)) return [];
  const wrong = set ? `it is ${boundary}, which bounds nothing` : "it is not set";
  return policiesOn(resource, "trust").flatMap((policy): readonly Finding[] =>
    faultsIn(policy, ({ principals }) =>
      principals.every(({ kind }) => kind === "Federated")
        ? []
        : [{ wrong, fix: "set permissionsBoundary to the ARN of the program's boundary policy" }],
    )
      .slice(0, 1)
      .map((finding) => (isUndecided(finding) ? finding : { ...finding, property: "permissionsBoundary" })),
  );
}

export const rules: readonly Rule[] = [
  {
    name: "iam-service-trust-names-source",
    description: "A role that a service assumes names the account or resource that the service acts for.",
    why: "Otherwise somebody else's resource can have the service use this role.",
    severity: "high",
    level: "mandatory",
    standards: ["Prowler iam_role_cross_service_confused_deputy_prevention"],
    settings: {
      servicesWithout: {
        type: "array",
        description: "Services that send neither aws:SourceArn nor aws:SourceAccount when they assume a role.",
        default: ["ec2.amazonaws.com", "ecs.amazonaws.com", "edgelambda.amazonaws.com"],
      },
    },
    resources: [statementCheck(["trust"], unsourcedTrust)],
  },
  {
    name: "iam-service-grant-names-source",
    description: "A resource policy that lets a service in names the account or resource that the service acts for.",
    why: "Otherwise somebody else's resource can have the service use this one.",
    severity: "medium",
    level: "mandatory",
    standards: ["Prowler iam_role_cross_service_confused_deputy_prevention"],
    resources: [statementCheck(["resource"], unsourcedGrant)],
  },
  {
    name: "iam-role-has-boundary",
    description: "Every role that a service or another account assumes has a permissions boundary.",
    why: "The boundary is the most that a role of the program can do, whatever its policies say one day.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    resources: [{ types: [ROLE], unknown: "defer", find: unbounded }],
  },
];
