import { isIP } from "node:net";
import type { Properties } from "../../values/value.ts";
import { mapAt, mapsAt, textAt } from "../fields.ts";
import { type CheckFailure, type Operation, Refusal, type ResourceRules } from "../service.ts";
import { expressionLists } from "./cloudflare-expression.ts";
import { ofAccount } from "./cloudflare-lookup.ts";
import { LIST, RULESET } from "./cloudflare-rulesets.ts";

const NAME = /^[a-z0-9_]{1,50}$/;

/** What a list of the kind holds, and what it must be. */
const KINDS: Readonly<Record<string, (item: Properties) => string | undefined>> = {
  ip: (item) => addressProblem(textAt(item, "ip")),
  asn: () => undefined,
  hostname(item) {
    const { urlHostname, excludeExactHostname } = mapAt(item, "hostname");
    const wild = typeof urlHostname === "string" && urlHostname.startsWith("*");
    return wild === (excludeExactHostname !== undefined)
      ? undefined
      : "excludeExactHostname must be given where urlHostname begins with *, and nowhere else";
  },
  redirect(item) {
    const source = textAt(mapAt(item, "redirect"), "sourceUrl");
    return source === undefined || /^(https?:\/\/)?[^/]+\//.test(source)
      ? undefined
      : "sourceUrl must have a path, at least a slash after the host";
  },
};

function addressProblem(address: string | undefined): string | undefined {
  if (address === undefined) return undefined;
  const [ip = "", prefix] = address.split("/");
  const version = isIP(ip);
  if (version === 0) return `${address} is no address or range`;
  const most = version === 4 ? 32 : 128;
  if (prefix === undefined) return undefined;
  return /^\d+$/.test(prefix) && Number(prefix) < most ? undefined : `${address} must be written without /${most}`;
}

function listFailures(inputs: Properties): CheckFailure[] {
  const kind = textAt(inputs, "kind") ?? "";
  const name = textAt(inputs, "name");
  const failures: CheckFailure[] =
    name === undefined || NAME.test(name)
      ? []
      : [
          {
            property: "name",
            reason: "10004: the name may have lower-case letters, digits, and underscores, at most 50",
          },
        ];
  const problem = KINDS[kind];
  if (problem === undefined) return failures;
  return mapsAt(inputs, "items").reduce<CheckFailure[]>((all, item, index) => {
    const reason = item[kind] === undefined ? `an item of a list of kind ${kind} must have ${kind}` : problem(item);
    return reason === undefined ? all : [...all, { property: `items[${index}]`, reason }];
  }, failures);
}

function nameTaken(operation: Operation): Refusal | undefined {
  const name = textAt(operation.inputs, "name");
  return ofAccount(operation, LIST).some((other) => textAt(other.inputs, "name") === name)
    ? new Refusal("10016", `a list with the name ${name} exists already in the account`)
    : undefined;
}

function inUse(operation: Operation): Refusal | undefined {
  const name = textAt(operation.inputs, "name") ?? "";
  const user = operation.world
    .all(RULESET)
    .find(({ inputs }) =>
      mapsAt(inputs, "rules").some((rule) => expressionLists(textAt(rule, "expression") ?? "").includes(name)),
    );
  return user === undefined
    ? undefined
    : new Refusal("10015", `the list ${name} is referenced by a rule of ${user.urn} and cannot be deleted`);
}

export const list: ResourceRules = {
  check: listFailures,
  refuseCreate: nameTaken,
  refuseDelete: inUse,
  computed: ({ inputs }) => ({ numItems: mapsAt(inputs, "items").length, numReferencingFilters: 0 }),
};
