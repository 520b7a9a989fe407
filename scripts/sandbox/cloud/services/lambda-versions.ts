import { regionalArn } from "../arn.ts";
import { mapAt, textAt } from "../fields.ts";
import { type Operation, Refusal, type ResourceRules } from "../service.ts";
import { ALIAS, findFunction, functionMissing, hasQualifier, namedFunction } from "./lambda-lookup.ts";
import { here, valueOf } from "./lookup.ts";

const ownerName = ({ inputs }: Operation): string => namedFunction(textAt(inputs, "functionName") ?? "").name;

/** The versions that the alias points to: its own, and those that take a part of the calls. */
function targetRefusal(operation: Operation): Refusal | undefined {
  const { inputs } = operation;
  const named = textAt(inputs, "functionName") ?? "";
  const owner = findFunction(operation, named);
  if (owner === undefined) return functionMissing(named);
  const weights = mapAt(mapAt(inputs, "routingConfig"), "additionalVersionWeights");
  const versions = [textAt(inputs, "functionVersion") ?? "", ...Object.keys(weights)];
  const missing = versions.find((version) => !hasQualifier(operation, owner, version));
  if (missing !== undefined) return functionMissing(`${valueOf(owner, "arn") ?? named}:${missing}`);
  return versions.length > 1 && versions.includes("$LATEST")
    ? new Refusal(
        "InvalidParameterValueException",
        "$LATEST is not supported for an alias pointing to more than 1 version",
      )
    : undefined;
}

const aliasArn = (operation: Operation): string =>
  regionalArn(
    operation.location,
    "lambda",
    `function:${ownerName(operation)}:${textAt(operation.inputs, "name") ?? operation.name}`,
  );

const alias: ResourceRules = {
  autoName: { property: "name", maxLength: 128 },
  check(inputs) {
    const name = textAt(inputs, "name");
    return name === undefined || (/^[\w-]+$/.test(name) && !/^\d+$/.test(name))
      ? []
      : [{ property: "name", reason: `"${name}" must have letters, digits, _ and -, and not digits alone` }];
  },
  refuseCreate(operation) {
    const arn = aliasArn(operation);
    return here(operation, ALIAS).some(({ id }) => id === arn)
      ? new Refusal("ResourceConflictException", `Alias already exists: ${arn}`)
      : targetRefusal(operation);
  },
  refuseUpdate: targetRefusal,
  id: aliasArn,
  computed: ({ location }, id) => ({
    arn: id,
    invokeArn: `arn:${location.partition}:apigateway:${location.region}:lambda:path/2015-03-31/functions/${id}/invocations`,
  }),
};

export const lambdaVersions: Readonly<Record<string, ResourceRules>> = { [ALIAS]: alias };
