import { parseArn } from "../arn.ts";
import { flagAt, textAt } from "../fields.ts";
import { type CloudResource, type Operation, Refusal } from "../service.ts";
import { findBy, here, valueOf } from "./lookup.ts";

export const FUNCTION = "aws:lambda/function:Function";
export const ALIAS = "aws:lambda/alias:Alias";

/** What a name of a function may say: `name`, `name:qualifier`, or an ARN with or without a qualifier. */
interface Named {
  readonly name: string;
  readonly qualifier: string | undefined;
}

export function namedFunction(text: string): Named {
  const [name = "", qualifier] = (parseArn(text)?.resource.replace(/^function:/, "") ?? text).split(":");
  return { name, qualifier };
}

/** A function of the account and region, by name or ARN. */
export function findFunction(operation: Operation, named: string): CloudResource | undefined {
  const arn = parseArn(named);
  const elsewhere =
    arn !== undefined && (arn.account !== operation.location.account || arn.region !== operation.location.region);
  return elsewhere ? undefined : findBy(here(operation, FUNCTION), namedFunction(named).name, "name");
}

export const functionMissing = (named: string): Refusal =>
  new Refusal("ResourceNotFoundException", `Function not found: ${named}`);

/** Whether the function has the version or alias. The unpublished code is `$LATEST`. */
export function hasQualifier(operation: Operation, owner: CloudResource, qualifier: string): boolean {
  if (qualifier === "$LATEST") return true;
  if (flagAt(owner.inputs, "publish") === true && textAt(owner.outputs, "version") === qualifier) return true;
  return here(operation, ALIAS).some(
    (alias) =>
      valueOf(alias, "name") === qualifier &&
      namedFunction(textAt(alias.inputs, "functionName") ?? "").name === valueOf(owner, "name"),
  );
}
