import { covers, type Condition, type Statement } from "./policy-document.ts";

const ANY = /^\*+$/;

/** The parts of an ARN, or of a pattern of one: what a pattern's last star swallows is a star. */
function partsOf(pattern: string): readonly string[] {
  const [arn = "", partition, service, region, account, ...rest] = pattern.split(":");
  const open = pattern.endsWith("*") ? "*" : "";
  return [arn, partition ?? open, service ?? open, region ?? open, account ?? open, rest.join(":") || open];
}

/** Whether a pattern of `Resource` covers everything of a service, in any account: `*`, `arn:aws:s3:::*`. */
export function isAnything(pattern: string): boolean {
  const [, , , , account = "", resource = ""] = partsOf(pattern);
  return (
    ANY.test(pattern) || (account === "" && ALL.test(resource)) || (ANY.test(account) && ALL_OF_A_KIND.test(resource))
  );
}

/** Whether a pattern covers everything of its kind in an account: `arn:aws:kms:eu-west-1:111122223333:key/*`. */
export function isAllOfAccount(pattern: string): boolean {
  const [, , , , account = "", resource = ""] = partsOf(pattern);
  // Without an account, as in S3, what stands before the slash is a name and not a kind.
  return isAnything(pattern) || (account !== "" && ALL_OF_A_KIND.test(resource));
}

const ALL = /^[*?/:]*\*[*?/:]*$/;
const ALL_OF_A_KIND = /^([a-z0-9-]+[/:])?[*?/:]*\*[*?/:]*$/i;

const POSITIVE = /^(ForAnyValue:)?(String(Equals|EqualsIgnoreCase|Like)|Arn(Equals|Like))$/i;

/** Keys that say which resource, or what a new one must be. */
const RESOURCE_KEYS: readonly RegExp[] = [
  /^[a-z0-9-]+:(resourcetag|requesttag)\//,
  /^kms:(encryptioncontext:|resourcealiases$|requestalias$)/,
  /^iam:(permissionsboundary|policyarn|passedtoservice|awsservicename|associatedresourcearn)$/,
  /^ecs:(cluster|task-definition|service)$/,
  /^(cloudwatch:namespace|secretsmanager:name|secretsmanager:secretid|s3:dataaccesspointarn)$/,
  /^lambda:(functionarn|layer)$/,
];

/** Whether a condition holds only for some resources: a test that a missing key fails, against fixed values. */
export const narrows = ({ operator, key, values }: Condition): boolean =>
  POSITIVE.test(operator) &&
  RESOURCE_KEYS.some((pattern) => pattern.test(key)) &&
  values.length > 0 &&
  values.every((value) => !/^[*?]*$/.test(value));

export const isNarrowed = ({ conditions }: Statement): boolean => conditions.some(narrows);

/** Whether a key is tested, positively and against fixed values. */
export const requires = ({ conditions }: Pick<Statement, "conditions">, key: string | RegExp): boolean =>
  conditions.some(
    ({ operator, key: tested, values }) =>
      POSITIVE.test(operator) &&
      (typeof key === "string" ? tested === key : key.test(tested)) &&
      values.length > 0 &&
      values.every((value) => !/^[*?]*$/.test(value)),
  );

/** Whether an action's pattern is a whole service or more: `*`, `s3:*`, `s?:Get*`. */
export const isWholeService = (action: string): boolean =>
  /^[*?:]*$/.test(action) || /^[^:]*(:[*?]*$|[*?][^:]*:)/.test(action);

/** The actions of a list that a pattern covers. */
export const coveredBy = (pattern: string, actions: readonly string[]): readonly string[] =>
  actions.filter((action) => covers(pattern, action));
