import { carriersOf, policiesOn } from "../../support/iam/policy-carriers.ts";
import { WHAT, statementsOf, type Statement } from "../../support/iam/policy-document.ts";
import { identitiesOf, joinTo } from "../../support/join.ts";
import { leavesOf } from "../../support/leaf.ts";
import { GROUP, RULES } from "../../support/network/security-group.ts";
import { textsOf } from "../../support/property.ts";
import type { Config, Finding, Rule, StackResource } from "../../support/rule.ts";
import { secretReaders } from "../../support/secrets/readers.ts";
import type { Stack } from "../../support/stack.ts";
import { Unknown } from "../../support/unknown.ts";
import type { Verdict } from "../../support/verdict.ts";

/** A type whose resources are of no use alone. */
interface Kind {
  readonly name: string;
  readonly what: string;
  readonly types: readonly string[];
  /** What belongs to a resource, describes it, or watches it, and so is no use of it. */
  readonly ignores: (type: string) => boolean;
  /** Other ways of being used. */
  readonly isUsed?: (resource: StackResource, stack: Stack, config: Config) => Verdict;
  readonly why: string;
  readonly standards: readonly string[];
  readonly fix: string;
}

const ALIAS = "aws:kms/alias:Alias";
const DOCUMENTS: ReadonlySet<string> = new Set(carriersOf("identity", "resource"));
const WATCHERS =
  /^(datadog:|aws:cloudwatch\/(metricAlarm|compositeAlarm|dashboard|contributorInsightRule):|aws:appautoscaling\/|aws:synthetics\/)/;
const COMPONENT = /^[^:]+:[^:/]+:[^:]+$|^pulumi:pulumi:Stack$/;

const among =
  (...types: readonly string[]) =>
  (type: string): boolean =>
    types.includes(type);

/** Aliases and grants are of no use alone, and most documents only say who may use a key. */
const isNoUseOfKey = (type: string): boolean =>
  [ALIAS, "aws:kms/grant:Grant"].includes(type) ||
  (DOCUMENTS.has(type) &&
    !/^aws:(s3\/bucket|s3\/bucketV2|secretsmanager\/secret|sns\/topic|sqs\/queue|elasticsearch\/domain|opensearch\/domain|kms\/replicaKey):/.test(
      type,
    ));

const KINDS: readonly Kind[] = [
  {
    name: "orphans-security-group",
    what: "security group",
    types: [GROUP],
    // To be named as a source or a destination is not to be attached.
    ignores: among(GROUP, ...RULES),
    why: "Its rules say what is open, and nobody can tell that they no longer mean anything.",
    standards: ["CKV2_AWS_5", "Prowler ec2_securitygroup_not_used"],
    fix: "attach it to what it is meant for, or remove it with its rules",
  },
  {
    name: "orphans-role",
    what: "role",
    types: ["aws:iam/role:Role"],
    ignores: (type) => type.startsWith("aws:iam/role") || DOCUMENTS.has(type),
    isUsed: (role, _stack, config) => isTakenFromOutside(role, textsOf(config["takenByName"])),
    why: "It keeps permissions that nobody misses until somebody else takes it.",
    standards: [],
    fix: "give it to what it is meant for, or remove it with its policies",
  },
  {
    name: "orphans-policy",
    what: "policy",
    types: ["aws:iam/policy:Policy"],
    ignores: (type) => DOCUMENTS.has(type) && type !== "aws:iam/role:Role",
    why: "One wrong attachment gives somebody permissions that nobody has looked at for long.",
    standards: [],
    fix: "attach it to a role, or remove it",
  },
  {
    name: "orphans-key",
    what: "key",
    types: ["aws:kms/key:Key"],
    ignores: isNoUseOfKey,
    isUsed: isUsedByAlias,
    why: "It costs a dollar a month, and hides that what should be encrypted with it is not.",
    standards: [],
    fix: "name it in kmsKeyId of what it is meant for, or remove it with its alias",
  },
  {
    name: "orphans-bucket",
    what: "bucket",
    types: ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"],
    ignores: (type) => /^aws:s3\/bucket(?!Object)/.test(type),
    isUsed: (bucket, stack) => {
      const { beginnings, waiting } = patterns(stack);
      return beginnings.has(`${bucket.urn.split("::").at(-1) ?? ""}-`) || (waiting ?? false);
    },
    why: "Whatever was once put there stays, is paid for, and is looked after by nobody.",
    standards: [],
    fix: "name it in what writes or reads it, or remove it",
  },
  {
    name: "orphans-target-group",
    what: "target group",
    types: ["aws:lb/targetGroup:TargetGroup", "aws:alb/targetGroup:TargetGroup"],
    ignores: (type) => type.includes("/targetGroupAttachment:") || type === "aws:ecs/service:Service",
    why: "What is registered there gets no request.",
    standards: [],
    fix: "forward to it in an aws.lb.ListenerRule, or remove it",
  },
  {
    name: "orphans-log-group",
    what: "log group",
    types: ["aws:cloudwatch/logGroup:LogGroup"],
    ignores: (type) =>
      /^aws:cloudwatch\/log(MetricFilter|SubscriptionFilter|Stream|DataProtectionPolicy|ResourcePolicy|IndexPolicy|AnomalyDetector)/.test(
        type,
      ) || DOCUMENTS.has(type),
    // Services write to groups of these names without being told.
    isUsed: ({ props }) =>
      typeof props["name"] === "string" && /^(\/aws\/|aws-waf-logs-|API-Gateway-)/.test(props["name"]),
    why: "Whoever looks for logs there finds none, and what should write there writes nowhere or elsewhere.",
    standards: [],
    fix: "name it in what is meant to write there, or remove it",
  },
  {
    name: "orphans-secret",
    what: "secret",
    types: ["aws:secretsmanager/secret:Secret"],
    ignores: (type) =>
      type.startsWith("aws:secretsmanager/") ||
      /^aws:(ecs\/taskDefinition|lambda\/function):/.test(type) ||
      DOCUMENTS.has(type),
    isUsed: (secret, stack) => given(stack).has(secret.urn),
    why: "A secret that nobody reads still works for whoever gets hold of it.",
    standards: [],
    fix: "give it to the container or function that needs it, or remove it and revoke its value",
  },
  {
    name: "orphans-subnet-group",
    what: "subnet or parameter group",
    types: [
      ...["docdb", "elasticache", "memorydb", "neptune", "rds", "redshift"].map(
        (service) => `aws:${service}/subnetGroup:SubnetGroup`,
      ),
      ...["elasticache", "memorydb", "neptune", "rds", "redshift"].map(
        (service) => `aws:${service}/parameterGroup:ParameterGroup`,
      ),
      ...["docdb", "neptune", "rds"].map((service) => `aws:${service}/clusterParameterGroup:ClusterParameterGroup`),
    ],
    ignores: () => false,
    why: "The store that it is meant for runs with the defaults, or in subnets that nobody chose.",
    standards: [],
    fix: "name it in the store that it is meant for, or remove it",
  },
  {
    name: "orphans-prefix-list",
    what: "prefix list",
    types: ["aws:ec2/managedPrefixList:ManagedPrefixList"],
    ignores: among("aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry"),
    why: "Whoever keeps its ranges up to date believes that they are in force.",
    standards: [],
    fix: "name it in a rule of a security group or in a route, or remove it",
  },
];

/** Whether somebody outside the program takes a role: a person, an account, a federated identity, or a service by name. */
function isTakenFromOutside({ props }: StackResource, services: readonly string[]): boolean {
  const statements = statementsOf(props["assumeRolePolicy"]) ?? [];
  // A trust that is not known yet may be anybody's.
  return statements.some(
    (statement: Statement | Unknown) =>
      statement instanceof Unknown ||
      (statement.allows &&
        statement.principals.some(({ kind, value }) =>
          kind === "Service" ? services.includes(value) : value !== props["arn"],
        )),
  );
}

/** Whether something names a key's alias. */
function isUsedByAlias(key: StackResource, stack: Stack): boolean {
  const toKey = joinTo([key]);
  return stack
    .ofType([ALIAS])
    .filter((alias) => toKey(alias, "targetKeyId").length > 0)
    .some(({ urn }) => [...(usersIn(stack).get(urn) ?? [])].some((type) => !isNoUseOfKey(type)));
}

interface Patterns {
  readonly beginnings: ReadonlySet<string>;
  /** A policy that is not known yet, and may hold more. */
  readonly waiting: Unknown | undefined;
}

const granted = new WeakMap<Stack, Patterns>();

/** How the names begin of the buckets that identity policies give by a pattern: "media-" of "arn:aws:s3:::media-*". */
function patterns(stack: Stack): Patterns {
  const kept = granted.get(stack);
  if (kept !== undefined) return kept;
  const statements = stack
    .ofType(carriersOf("identity"))
    .flatMap((carrier) => policiesOn(carrier, "identity"))
    .flatMap(({ value }) => statementsOf(value, WHAT) ?? []);
  const found: Patterns = {
    beginnings: new Set(
      statements
        .flatMap((statement) => (statement instanceof Unknown || !statement.allows ? [] : statement.resources))
        .flatMap((resource) => /^arn:[^:]*:s3:::([^*/]+)\*/.exec(resource)?.[1] ?? []),
    ),
    waiting: statements.find((statement) => statement instanceof Unknown),
  };
  granted.set(stack, found);
  return found;
}

const taken = new WeakMap<Stack, ReadonlySet<string>>();

/** URNs of secrets that a container or a function is given; that something rotates them is no use. */
function given(stack: Stack): ReadonlySet<string> {
  const kept = taken.get(stack);
  if (kept !== undefined) return kept;
  const urns = new Set(
    secretReaders(stack).needs.flatMap(({ property, secret }) =>
      property === "rotationLambdaArn" ? [] : [secret.urn],
    ),
  );
  taken.set(stack, urns);
  return urns;
}

/** Types of what names each resource that can be an orphan. */
type Users = ReadonlyMap<string, ReadonlySet<string>>;

const users = new WeakMap<Stack, Users>();

/** Looks at all that the stack holds once, for all rules: what a value came from, and what it names. */
function usersIn(stack: Stack): Users {
  const kept = users.get(stack);
  if (kept !== undefined) return kept;
  const candidates = stack.ofType([...KINDS.flatMap(({ types }) => types), ALIAS]);
  const found = new Map<string, Set<string>>(candidates.map(({ urn }) => [urn, new Set()]));
  const byName = new Map<string, StackResource[]>();
  for (const candidate of candidates)
    for (const name of namesOf(candidate)) byName.set(name, [...(byName.get(name) ?? []), candidate]);
  for (const { type, urn, references, props } of stack.resources) {
    if (COMPONENT.test(type) || WATCHERS.test(type)) continue;
    const named = [...tokensIn(props)].flatMap((token) => byName.get(token) ?? []);
    const referred = [...references.values()].flatMap((urns) => [...urns]);
    for (const one of [...named.map((candidate) => candidate.urn), ...referred])
      if (one !== urn) found.get(one)?.add(type);
  }
  users.set(stack, found);
  return found;
}

/** Names of more than a word, so that no word of a sentence is taken for one. */
const namesOf = (resource: StackResource): readonly string[] =>
  [...identitiesOf(resource)].filter((name) => name.length > 5 && /[\d:/-]/.test(name));

/** Every text inside, and the parts of those that are documents or lists. */
function tokensIn(props: StackResource["props"]): ReadonlySet<string> {
  const tokens = new Set<string>();
  for (const { value } of leavesOf(props)) {
    if (typeof value !== "string") continue;
    tokens.add(value);
    if (/[\s"',*]/.test(value))
      for (const part of value.split(/[\s"',\\()[\]{}]+/)) tokens.add(part.replace(/(:\*|\/\*)$/, ""));
  }
  return tokens;
}

function orphans({ types, what, ignores, isUsed, fix }: Kind) {
  return (stack: Stack, config: Config): readonly Finding[] => {
    const resources = stack.ofType(types);
    if (resources.length === 0) return [];
    const found = usersIn(stack);
    const outside = textsOf(config["usedOutside"]);
    return resources
      .filter((resource) => ![...(found.get(resource.urn) ?? [])].some((type) => !ignores(type)))
      .filter(({ name }) => !outside.some((ending) => name.endsWith(ending)))
      .flatMap((resource): readonly Finding[] => {
        const { urn, name } = resource;
        const used = isUsed?.(resource, stack, config) ?? false;
        if (used instanceof Unknown) return [{ urn, property: "id", unknown: used }];
        return used ? [] : [{ urn, property: "id", wrong: `nothing uses the ${what} "${name}"`, fix }];
      });
  };
}

const ruleOf = (kind: Kind): Rule => ({
  name: kind.name,
  description: `Every ${kind.what} is used by something.`,
  why: kind.why,
  severity: "low",
  level: "mandatory",
  standards: kind.standards,
  settings: {
    usedOutside: {
      type: "array",
      description: "Endings of the names of resources that something outside the program uses.",
      default: [],
    },
    ...(kind.name === "orphans-role" && {
      takenByName: {
        type: "array" as const,
        description: "Services that take the role which a person names in each request.",
        default: ["backup.amazonaws.com", "ssm.amazonaws.com"],
      },
    }),
  },
  stack: orphans(kind),
});

export const rules: readonly Rule[] = KINDS.map(ruleOf);
