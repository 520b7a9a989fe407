import { createHash } from "node:crypto";
import { isProperties, type Properties, Secret, type Value } from "../values/value.ts";
import type { Context } from "./context.ts";
import type { Goal } from "./goal.ts";
import { getPath, parsePath } from "./property-path.ts";
import type { CheckFailure } from "./provider-client.ts";
import { remark } from "./secrets.ts";
import { isProviderType } from "../protocol/urn.ts";

export interface CheckedInputs {
  readonly inputs: Properties;
  /** For the user, one message for each. */
  readonly failures: readonly string[];
}

/** Asks the provider whether it takes these inputs. Without `olds` they are those of a resource to create. */
export async function checkInputs(
  context: Context,
  goal: Goal,
  olds: Properties | undefined,
  news: Properties,
): Promise<CheckedInputs> {
  if (isProviderType(goal.type)) {
    const { inputs, failures } = await context.providers.check(goal.urn, olds ?? {}, news);
    return { inputs, failures: described(goal, news, failures) };
  }
  if (!goal.custom) return { inputs: news, failures: [] };
  const provider = context.providers.get(goal.provider);
  if (!provider.configured) return { inputs: news, failures: [] };
  const { inputs, failures } = await provider.client.check(goal.urn, olds, news, seedOf(context, goal.urn));
  return {
    inputs: provider.client.acceptsSecrets ? inputs : remark(inputs, news),
    failures: described(goal, news, failures),
  };
}

/**
 * The same resource gets the same seed, so that a preview shows the names that the update will give. One that replaces
 * another gets another: both exist for a while, and their names must differ.
 */
const seedOf = (context: Context, urn: string): Uint8Array =>
  createHash("sha256")
    .update(`${urn}\n${context.oldByUrn.get(urn)?.id ?? ""}`)
    .digest();

const described = (goal: Goal, news: Properties, failures: readonly CheckFailure[]): string[] =>
  failures.map(({ property, reason }) => {
    const value = getPath(news, parsePath(property));
    const where =
      property === "" ? "" : `: property ${property}${value === undefined ? "" : ` value {${shown(value)}}`}`;
    return `${goal.type} resource '${goal.name}'${where} has a problem: ${reason}`;
  });

/** A value as Pulumi's engine prints it. */
function shown(value: Value | undefined): string {
  if (value === undefined || value === null) return "<nil>";
  if (value instanceof Secret) return "[secret]";
  if (Array.isArray(value)) return `[${value.map((item) => `{${shown(item)}}`).join(" ")}]`;
  if (isProperties(value))
    return `map[${Object.keys(value)
      .sort()
      .map((key) => `${key}:{${shown(value[key])}}`)
      .join(" ")}]`;
  return typeof value === "object" ? value.kind : String(value);
}
