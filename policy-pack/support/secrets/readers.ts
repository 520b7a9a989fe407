import { TASK_DEFINITION, containersOf, valuesIn } from "../containers/definitions.ts";
import { identitiesIn, mayUse, type Grant, type Identity } from "../iam/identity.ts";
import { covers, isAboutAction, isForEveryone, statementsOf, type Statement } from "../iam/policy-document.ts";
import { joinTo, type Join } from "../join.ts";
import { leavesOf } from "../leaf.ts";
import { at, type Located } from "../property.ts";
import type { StackResource } from "../rule.ts";
import type { Stack } from "../stack.ts";
import { Unknown, type Plain } from "../unknown.ts";
import type { Verdict } from "../verdict.ts";

export const SECRET = "aws:secretsmanager/secret:Secret";
const SECRET_POLICY = "aws:secretsmanager/secretPolicy:SecretPolicy";
const ROTATION = "aws:secretsmanager/secretRotation:SecretRotation";
const FUNCTION = "aws:lambda/function:Function";
const ROLE = "aws:iam/role:Role";
const READ = "secretsmanager:GetSecretValue";

/** Something that is given a secret, and the role that fetches it for it. */
export interface Need {
  readonly by: StackResource;
  readonly property: string;
  readonly secret: StackResource;
  readonly role: StackResource;
  /** What is not known yet and decides which of its roles needs it. */
  readonly waitsFor?: Unknown;
}

/** The secrets of a stack: who needs each, and who may read it. */
export interface SecretReaders {
  readonly needs: readonly Need[];
  readonly identities: readonly Identity[];
  readonly mayRead: (identity: Identity, secret: StackResource) => Verdict;
  readonly outsiders: (secret: StackResource) => readonly string[];
}

const known = new WeakMap<Stack, SecretReaders>();

export function secretReaders(stack: Stack): SecretReaders {
  const kept = known.get(stack);
  if (kept !== undefined) return kept;
  const identities = identitiesIn(stack).map(aboutReading);
  const policies = policiesOf(stack);
  const readers: SecretReaders = {
    needs: needsIn(stack),
    identities,
    mayRead: (identity, secret) => mayRead(identity, secret, policies(secret)),
    outsiders: (secret) => outsidersIn(policies(secret), identities),
  };
  known.set(stack, readers);
  return readers;
}

/** Only what is about reading secrets, so that most identities have nothing left to ask. */
function aboutReading(identity: Identity): Identity {
  const about = (grants: readonly Grant[]): readonly Grant[] =>
    grants.filter(({ statement }) => statement instanceof Unknown || isAboutAction(statement, READ));
  const { boundary } = identity;
  return {
    ...identity,
    grants: about(identity.grants),
    boundary: Array.isArray(boundary) ? about(boundary as readonly Grant[]) : boundary,
  };
}

/** Which secret a text names: its ARN, perhaps with a key in its value after it. */
function finderIn(secrets: readonly StackResource[]): (text: string) => StackResource | undefined {
  const byArn = new Map(secrets.map((secret) => [secret.props["arn"], secret]));
  return (text) => {
    const [arn] = /^arn:[^:]*:secretsmanager:[^:]*:[^:]*:secret:[^:]+/.exec(text) ?? [];
    return arn === undefined ? undefined : byArn.get(arn);
  };
}

function needsIn(stack: Stack): readonly Need[] {
  const secrets = stack.ofType([SECRET]);
  if (secrets.length === 0) return [];
  const find = finderIn(secrets);
  const byUrn = new Map(secrets.map((secret) => [secret.urn, secret]));
  const toRole = joinTo(stack.ofType([ROLE]));
  const sources = (from: StackResource, input: string): readonly StackResource[] =>
    [...(from.references.get(input) ?? [])].flatMap((urn) => byUrn.get(urn) ?? []);
  const needs = (by: StackResource, rolePath: string, found: readonly Found[]): readonly Need[] =>
    toRole(by, rolePath).flatMap((role) => found.map((one) => ({ ...one, by, role })));

  const ofTasks = stack.ofType([TASK_DEFINITION]).flatMap((task) => {
    const containers = containersOf(task);
    // Not known yet: whatever it came from may be for either role.
    if (containers instanceof Unknown) {
      const found = sources(task, "containerDefinitions").map((secret) => ({
        property: "containerDefinitions",
        secret,
        waitsFor: containers,
      }));
      return [...needs(task, "executionRoleArn", found), ...needs(task, "taskRoleArn", found)];
    }
    const fetched = containers.flatMap((container) =>
      [...valuesIn(container, "secrets[]"), ...valuesIn(container, "logConfiguration.secretOptions[]")].map(
        ({ property, value }) => ({ property: `${property}.valueFrom`, value: at(value, "valueFrom") }),
      ),
    );
    const credentials = containers.flatMap((container) =>
      valuesIn(container, "repositoryCredentials.credentialsParameter"),
    );
    const named = containers.flatMap((container) => valuesIn(container, "environment[].value"));
    return [
      ...needs(task, "executionRoleArn", foundIn([...fetched, ...credentials], find)),
      ...needs(task, "taskRoleArn", foundIn(named, find)),
    ];
  });

  const functions = stack.ofType([FUNCTION]);
  const ofFunctions = functions.flatMap((one) => {
    const variables = at(one.props, "environment.variables");
    const leaves = leavesOf(variables, "environment.variables");
    const open = leaves.some(({ value }) => value instanceof Unknown) ? sources(one, "environment") : [];
    const found = [...foundIn(leaves, find), ...open.map((secret) => ({ property: "environment.variables", secret }))];
    return needs(one, "role", found);
  });
  return [...ofTasks, ...ofFunctions, ...rotationNeeds(stack, joinTo(secrets), joinTo(functions), toRole)];
}

type Found = Pick<Need, "property" | "secret" | "waitsFor">;

const foundIn = (located: readonly Located[], find: (text: string) => StackResource | undefined): readonly Found[] =>
  located.flatMap(({ property, value }) => {
    const secret = typeof value === "string" ? find(value) : undefined;
    return secret === undefined ? [] : [{ property, secret }];
  });

/** The function that rotates a secret reads the old value. */
const rotationNeeds = (stack: Stack, toSecret: Join, toFunction: Join, toRole: Join): readonly Need[] =>
  stack
    .ofType([ROTATION])
    .flatMap((by) =>
      toFunction(by, "rotationLambdaArn").flatMap((one) =>
        toRole(one, "role").flatMap((role) =>
          toSecret(by, "secretId").map((secret) => ({ by, property: "rotationLambdaArn", secret, role })),
        ),
      ),
    );

type PolicyStatements = readonly (Statement | Unknown)[];

function policiesOf(stack: Stack): (secret: StackResource) => PolicyStatements {
  const toSecret = joinTo(stack.ofType([SECRET]));
  const statements = new Map<StackResource, PolicyStatements>();
  for (const policy of stack.ofType([SECRET_POLICY]))
    for (const secret of toSecret(policy, "secretArn"))
      statements.set(secret, [...(statements.get(secret) ?? []), ...aboutWho(policy.props["policy"])]);
  // A provider returns a policy of its own resource on the secret too, which then stands here twice.
  return (secret) => statements.get(secret) ?? aboutWho(secret.props["policy"]);
}

const aboutWho = (document: Plain): PolicyStatements =>
  statementsOf(document, ["Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Condition"]) ?? [];

/** Policies of AWS that let their holders read every secret. */
const READS_ALL = /^arn:[^:]*:iam::aws:policy\/(AdministratorAccess|PowerUserAccess|SecretsManagerReadWrite)$/;

/** Whether somebody may read a secret, by its own policies or the secret's. */
function mayRead(identity: Identity, secret: StackResource, statements: PolicyStatements): Verdict {
  const arn = identity.resource.props["arn"];
  const decided = statements.map((statement) => effectOn(statement, arn));
  if (decided.includes("deny")) return false;
  const waiting = decided.find((effect): effect is Unknown => effect instanceof Unknown);
  const own = identity.foreign.some((policy) => READS_ALL.test(policy)) || mayUse(identity, READ, secret);
  const allowed = decided.includes("allow") ? true : own;
  // What is not known yet may deny what is allowed, or allow what is not.
  return waiting ?? allowed;
}

function effectOn(statement: Statement | Unknown, arn: Plain): "allow" | "deny" | "nothing" | Unknown {
  if (statement instanceof Unknown) return statement;
  if (!isAboutAction(statement, READ)) return "nothing";
  const { allows, principals, everyoneBut, conditions } = statement;
  if (arn instanceof Unknown) return arn;
  if (typeof arn !== "string") return "nothing";
  const named = principals.some(({ kind, value }) => kind === "AWS" && value === arn);
  const meant = everyoneBut ? !named : named || isForEveryone(statement);
  if (!meant || !conditions.every((condition) => holds(condition, arn) ?? allows)) return "nothing";
  return allows ? "allow" : "deny";
}

/** Whether a condition on who asks holds for an ARN. Any other may hold: that allows somebody, and denies nobody. */
function holds({ operator, key, values }: Statement["conditions"][number], arn: string): boolean | undefined {
  if (key !== "aws:principalarn") return undefined;
  const isOne = values.some((value) => covers(value, arn));
  if (/^(arnnotequals|arnnotlike|stringnotequals|stringnotlike)(ifexists)?$/i.test(operator)) return !isOne;
  return /^(arnequals|arnlike|stringequals|stringlike)(ifexists)?$/i.test(operator) ? isOne : undefined;
}

/** ARNs of people and programs that a secret's own policy lets read it, besides the identities of the stack. */
function outsidersIn(statements: PolicyStatements, identities: readonly Identity[]): readonly string[] {
  const own = identities.map(({ resource }) => resource.props["arn"]);
  // While an ARN of the stack is not known, a text may be it.
  if (own.some((arn) => arn instanceof Unknown)) return [];
  const allowed = statements
    .filter((statement): statement is Statement => !(statement instanceof Unknown))
    .filter((statement) => statement.allows && !statement.everyoneBut && isAboutAction(statement, READ));
  const named = allowed.flatMap(({ principals, conditions }) => [
    ...principals.flatMap(({ kind, value }) => (kind === "AWS" ? [value] : [])),
    ...conditions.flatMap(({ operator, key, values }) =>
      key === "aws:principalarn" && !/not/i.test(operator) ? values : [],
    ),
  ]);
  // A whole account leaves it to its own policies.
  return [...new Set(named)].filter(
    (text) => /:(iam|sts)::.*:(role|user|assumed-role|federated-user)\//.test(text) && !own.includes(text),
  );
}
