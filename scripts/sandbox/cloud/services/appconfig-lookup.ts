import type { Properties } from "../../values/value.ts";
import { textAt } from "../fields.ts";
import { type CloudResource, type Operation, Refusal } from "../service.ts";
import { findBy, here, letters } from "./lookup.ts";
import type { Json } from "./json-schema.ts";

export const APPLICATION = "aws:appconfig/application:Application";
export const ENVIRONMENT = "aws:appconfig/environment:Environment";
export const PROFILE = "aws:appconfig/configurationProfile:ConfigurationProfile";
export const VERSION = "aws:appconfig/hostedConfigurationVersion:HostedConfigurationVersion";
export const STRATEGY = "aws:appconfig/deploymentStrategy:DeploymentStrategy";
export const DEPLOYMENT = "aws:appconfig/deployment:Deployment";

export const badRequest = (message: string): Refusal => new Refusal("BadRequestException", message);
export const notFound = (what: string, id: string): Refusal =>
  new Refusal("ResourceNotFoundException", `${what} ${id} not found`);

/** Seven small letters and digits. */
export const shortId = (operation: Operation): string =>
  letters(operation.hex("id", 14), "0123456789abcdefghijklmnopqrstuvwxyz");

export const at = (inputs: Properties, key: string): string => textAt(inputs, key) ?? "";

export const applicationRefusal = (operation: Operation): Refusal | undefined => {
  const id = at(operation.inputs, "applicationId");
  return findBy(here(operation, APPLICATION), id, "id") === undefined ? notFound("Application", id) : undefined;
};

/** What belongs to the application, and to the profile or environment where that is named too. */
export const partsOf = (
  operation: Operation,
  type: string,
  inputs: Properties,
  ...keys: readonly string[]
): CloudResource[] =>
  here(operation, type).filter((one) =>
    ["applicationId", ...keys].every((key) => at(one.inputs, key) === at(inputs, key)),
  );

export const partOf = (operation: Operation, type: string, output: string, id: string): CloudResource | undefined =>
  findBy(partsOf(operation, type, operation.inputs), id, output);

export function json(text: string | undefined): { readonly value: Json } | undefined {
  try {
    return { value: JSON.parse(text ?? "") as Json };
  } catch {
    return undefined;
  }
}
