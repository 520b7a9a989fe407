import type { Properties } from "../../values/value.ts";
import { textAt } from "../fields.ts";
import { type CloudResource, type Operation, Refusal } from "../service.ts";
import { here } from "./lookup.ts";

/** Cloudflare's provider has no account or region of its own: each resource names its account or its zone. */
export const cloudflareType = (name: string): string =>
  `cloudflare:index/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;

const of =
  (scope: "accountId" | "zoneId") =>
  (operation: Operation, ...types: readonly string[]): CloudResource[] => {
    const id = textAt(operation.inputs, scope);
    return here(operation, ...types).filter(({ inputs }) => textAt(inputs, scope) === id);
  };

/** What else the operation's account, or zone, has of these types. */
export const ofAccount = of("accountId");
export const ofZone = of("zoneId");

export const zoneOf = ({ inputs }: { readonly inputs: Properties }): string => textAt(inputs, "zoneId") ?? "";

/**
 * What a zone has once. Cloudflare lets the second write over the first without a word; two programs that do so undo
 * each other for ever, so the sandbox refuses the second. The code is the sandbox's own.
 */
export function ownedAlready(what: string, owner: CloudResource | undefined): Refusal | undefined {
  return owner === undefined
    ? undefined
    : new Refusal(
        "AlreadyManaged",
        `${what} is managed by ${owner.urn}: Cloudflare would let this program write over it, and each would undo the other. Give each stack a zone of its own.`,
      );
}

/** `'x' is not a valid value for action because ...`, as the rulesets and the settings answer. */
export const notValid = (code: number, value: unknown, property: string, why: string): string =>
  `${code}: '${String(value)}' is not a valid value for ${property} because ${why}`;
