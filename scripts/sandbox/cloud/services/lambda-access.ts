import type { Properties } from "../../values/value.ts";
import { parseArn, regionalArn } from "../arn.ts";
import { flagAt, textAt } from "../fields.ts";
import { matches } from "../iam-policy.ts";
import { type CheckFailure, type CloudResource, type Operation, Refusal, type ResourceRules } from "../service.ts";
import { findFunction, functionMissing, hasQualifier, namedFunction } from "./lambda-lookup.ts";
import { findBy, here, inAccount, LETTERS_AND_DIGITS, letters, prefixedName, valueOf } from "./lookup.ts";
import { isNoService } from "./service-principals.ts";

const PERMISSION = "aws:lambda/permission:Permission";
const URL = "aws:lambda/functionUrl:FunctionUrl";

const functionOf = (inputs: Properties): string => namedFunction(textAt(inputs, "function") ?? "").name;

const qualifierOf = (inputs: Properties): string | undefined =>
  textAt(inputs, "qualifier") ?? namedFunction(textAt(inputs, "function") ?? "").qualifier;

/** An account, a service, a role or user that exists, or everyone. */
function principalRefusal(operation: Operation): Refusal | undefined {
  const principal = textAt(operation.inputs, "principal") ?? "";
  const arn = parseArn(principal);
  const known = inAccount(operation, "aws:iam/role:Role", "aws:iam/user:User");
  const right =
    arn === undefined
      ? /^(\*|\d{12})$/.test(principal) || !isNoService(principal)
      : arn.service === "iam" &&
        (arn.account !== operation.location.account ||
          arn.resource === "root" ||
          findBy(known, principal, "arn") !== undefined);
  return right
    ? undefined
    : new Refusal(
        "InvalidParameterValueException",
        "The provided principal was invalid. Please check the principal and try again.",
      );
}

function permissionRefusal(operation: Operation): Refusal | undefined {
  const { inputs } = operation;
  const named = textAt(inputs, "function") ?? "";
  const owner = findFunction(operation, named);
  if (owner === undefined) return functionMissing(named);
  const qualifier = qualifierOf(inputs);
  if (qualifier !== undefined && !hasQualifier(operation, owner, qualifier))
    return functionMissing(`${valueOf(owner, "arn") ?? named}:${qualifier}`);
  const statement = statementId(operation);
  const taken = here(operation, PERMISSION).some(
    (other) =>
      other.id === statement &&
      functionOf(other.inputs) === functionOf(inputs) &&
      qualifierOf(other.inputs) === qualifier,
  );
  return taken
    ? new Refusal(
        "ResourceConflictException",
        `The statement id (${statement}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
      )
    : principalRefusal(operation);
}

const statementId = (operation: Operation): string =>
  textAt(operation.inputs, "statementId") ??
  prefixedName(operation, textAt(operation.inputs, "statementIdPrefix") ?? "terraform-");

function urlFailures(inputs: Properties): CheckFailure[] {
  const action = textAt(inputs, "action");
  const tied: readonly (readonly [string, string])[] = [
    ["functionUrlAuthType", "lambda:InvokeFunctionUrl"],
    ["invokedViaFunctionUrl", "lambda:InvokeFunction"],
  ];
  return tied
    .filter(([property, needed]) => inputs[property] !== undefined && action !== undefined && action !== needed)
    .map(([property, needed]) => ({ property, reason: `goes with the action ${needed} alone` }));
}

const permission: ResourceRules = {
  check: urlFailures,
  refuseCreate: permissionRefusal,
  id: statementId,
  computed: (operation, id) => ({
    statementId: id,
    statementIdPrefix: textAt(operation.inputs, "statementIdPrefix") ?? "",
  }),
};

/** Whether the function's policy lets the service call it on behalf of the resource. */
export function mayInvoke(operation: Operation, owner: CloudResource, service: string, sourceArn: string): boolean {
  return here(operation, PERMISSION).some(
    ({ inputs }) =>
      functionOf(inputs) === valueOf(owner, "name") &&
      qualifierOf(inputs) === undefined &&
      matches(textAt(inputs, "action") ?? "", "lambda:InvokeFunction") &&
      textAt(inputs, "principal") === service &&
      matches(textAt(inputs, "sourceAccount") ?? "*", operation.location.account) &&
      matches(textAt(inputs, "sourceArn") ?? "*", sourceArn) &&
      flagAt(inputs, "invokedViaFunctionUrl") !== true,
  );
}

const urlOwner = ({ inputs }: Operation): string => namedFunction(textAt(inputs, "functionName") ?? "").name;

const urlId = (operation: Operation): string => letters(operation.hex("url", 64), LETTERS_AND_DIGITS).toLowerCase();

const functionUrl: ResourceRules = {
  refuseCreate(operation) {
    const named = textAt(operation.inputs, "functionName") ?? "";
    const owner = findFunction(operation, named);
    if (owner === undefined) return functionMissing(named);
    const qualifier = textAt(operation.inputs, "qualifier");
    return here(operation, URL).some(
      ({ inputs }) =>
        namedFunction(textAt(inputs, "functionName") ?? "").name === urlOwner(operation) &&
        textAt(inputs, "qualifier") === qualifier,
    )
      ? new Refusal(
          "ResourceConflictException",
          `Failed to create function url config for [functionArn = ${valueOf(owner, "arn") ?? named}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
        )
      : undefined;
  },
  id(operation) {
    const qualifier = textAt(operation.inputs, "qualifier");
    return [urlOwner(operation), ...(qualifier === undefined ? [] : [qualifier])].join("/");
  },
  computed: (operation) => ({
    functionArn: regionalArn(operation.location, "lambda", `function:${urlOwner(operation)}`),
    functionUrl: `https://${urlId(operation)}.lambda-url.${operation.location.region}.on.aws/`,
    urlId: urlId(operation),
  }),
};

export const lambdaAccess: Readonly<Record<string, ResourceRules>> = {
  [PERMISSION]: permission,
  [URL]: functionUrl,
};
