import { BlockList, isIPv4 } from "node:net";
import { coreOf, hostsOf, partsOf, readingsOf, wordsOf } from "./isolation-text.ts";
import { parseUrn } from "./sandbox/protocol/urn.ts";
import type { ResourceState } from "./sandbox/state/resource.ts";
import type { Value } from "./sandbox/values/value.ts";
import { type Leaf, leaves, leavesOf } from "./isolation-leaves.ts";

/** One stack as the check sees it. */
export interface StackFacts {
  readonly stack: string;
  readonly resources: readonly Pick<ResourceState, "urn" | "type" | "id" | "inputs" | "outputs" | "provider">[];
  /** The stack's own config, key to text: its account, zone, network range, and domain are recognised by their form. */
  readonly config: ReadonlyMap<string, string>;
}

/** What both stacks may share, and why. */
export interface SharedValue {
  /** The whole value, or what it looks like. */
  readonly value: string | RegExp;
  readonly reason: string;
}

/** A config key that both stacks may set to the same value, and why. */
export interface SharedKey {
  /** Without the project's namespace. */
  readonly key: string;
  readonly reason: string;
}

/** What the stacks may have in common. */
export interface AllowList {
  readonly values: readonly SharedValue[];
  readonly keys: readonly SharedKey[];
}

export interface Place {
  readonly stack: string;
  /** URN of the resource, or the config key. */
  readonly where: string;
  /** Path inside the resource: `outputs.arn`. */
  readonly path: string;
}

/** Something of one stack that stands in the other. */
export interface Leak {
  /** "[secret]" where the value is one. */
  readonly value: string;
  readonly kind: "account" | "zone" | "CIDR" | "domain" | "urn" | "id" | "name" | "secret";
  readonly of: Place;
  readonly found: Place;
}

export interface IsolationResult {
  readonly leaks: readonly Leak[];
  /** How many values of both states were looked at. */
  readonly compared: number;
}

interface Identifier {
  readonly value: string;
  readonly kind: Leak["kind"];
  readonly secret: boolean;
  readonly of: Place;
}

/** Looks through every value of both states for what belongs to the other stack. */
export function findLeaks(a: StackFacts, b: StackFacts, { values, keys }: AllowList): IsolationResult {
  const allowed = [...values.map(({ value }) => value), ...configuredAlike(a, b, keys)];
  const one = leaksInto(a, b, allowed);
  const other = leaksInto(b, a, allowed);
  return { leaks: [...one.leaks, ...other.leaks], compared: one.compared + other.compared };
}

/** What both stacks have under a key that they may share. */
function configuredAlike(a: StackFacts, b: StackFacts, keys: readonly SharedKey[]): string[] {
  return [...a.config]
    .filter(([name, text]) => keys.some(({ key }) => name.endsWith(`:${key}`)) && b.config.get(name) === text)
    .flatMap(([, text]) => textsOf(text));
}

function leaksInto(owner: StackFacts, other: StackFacts, allowed: readonly (string | RegExp)[]): IsolationResult {
  const find = finderOf(owner, other, (text) =>
    allowed.some((value) => (typeof value === "string" ? value === text : value.test(text))),
  );
  // The same documents and URNs stand in inputs, outputs, and many resources.
  const known = new Map<string, readonly Identifier[]>();
  const findOnce = (text: string): readonly Identifier[] => {
    const found = known.get(text) ?? readingsOf(text).flatMap(find);
    known.set(text, found);
    return found;
  };
  const leaks = new Map<string, Leak>();
  let compared = 0;
  for (const { where, leaf } of leavesOf(other)) {
    if (leaf.isKey !== true) compared += 1;
    for (const identifier of findOnce(leaf.text)) {
      const key = `${identifier.value} ${where} ${leaf.path}`;
      if (leaks.has(key)) continue;
      leaks.set(key, {
        value: identifier.secret || leaf.secret ? "[secret]" : identifier.value,
        kind: identifier.kind,
        of: identifier.of,
        found: { stack: other.stack, where, path: leaf.path },
      });
    }
  }
  return { leaks: [...leaks.values()], compared };
}

/** Gives what a text holds of the owner. */
function finderOf(
  owner: StackFacts,
  other: StackFacts,
  isAllowed: (text: string) => boolean,
): (text: string) => Identifier[] {
  const own = identifiersOf(owner).filter(({ value }) => !isAllowed(value));
  const domains = own.filter(({ kind }) => kind === "domain");
  const byCore = new Map<string, Identifier>();
  for (const identifier of own)
    if (identifier.kind !== "domain")
      byCore.set(coreOf(identifier.value), byCore.get(coreOf(identifier.value)) ?? identifier);
  const longest = longestByFirstWord(byCore.keys());
  const inRange = rangeCheck(owner, isAllowed);
  const otherDomains = configured(other).filter(({ kind }) => kind === "domain");
  // `example.com` also ends `api.staging.example.com`, which is the other stack's own.
  const isForeign = (host: string, domain: string): boolean =>
    isWithin(host, domain) && !otherDomains.some(({ value }) => isWithin(host, value) && isWithin(value, domain));
  return (text) => [
    ...[...partsOf(text, longest)].flatMap((part) => byCore.get(part) ?? inRange(part) ?? []),
    ...hostsOf(text).flatMap((host) => domains.filter(({ value }) => isForeign(host, value))),
  ];
}

/** How many words the longest identifier with a given first word has, so that a text is not cut into every part. */
function longestByFirstWord(cores: Iterable<string>): (first: string) => number {
  const counts = new Map<string, number>();
  for (const words of [...cores].map(wordsOf)) {
    const first = words[0] ?? "";
    counts.set(first, Math.max(words.length, counts.get(first) ?? 0));
  }
  return (first) => Math.max(counts.get(first) ?? 0, OCTET.test(first) ? RANGE_WORDS : 0);
}

// `10.0.0.0/16`
const OCTET = /^\d{1,3}$/;
const RANGE_WORDS = 5;

const isWithin = (domain: string, parent: string): boolean => domain === parent || domain.endsWith(`.${parent}`);

/** Forms in which an environment's own facts stand in its config. */
const CONFIG_FORMS: readonly (readonly [kind: Leak["kind"], form: RegExp])[] = [
  ["account", /^\d{12}$/],
  ["CIDR", /^\d{1,3}(?:\.\d{1,3}){3}\/\d{1,2}$/],
  ["zone", /^[0-9a-f]{24,32}$/],
  ["domain", /^(?:[a-z0-9-]+\.)+[a-z]{2,}$/],
];

function configured({ stack, config }: StackFacts): Identifier[] {
  return [...config].flatMap(([key, text]) =>
    textsOf(text).flatMap((value): Identifier[] => {
      const kind = CONFIG_FORMS.find(([, form]) => form.test(value))?.[0];
      return kind === undefined ? [] : [{ value, kind, secret: false, of: { stack, where: key, path: "" } }];
    }),
  );
}

/** A structured config value is JSON. */
function textsOf(text: string): string[] {
  if (!/^\s*[{[]/.test(text)) return [text];
  try {
    return leaves("", JSON.parse(text) as Value, false).map((leaf) => leaf.text);
  } catch {
    return [text];
  }
}

/** Outputs that hold what a service called the resource, or where it can be reached. */
const NAMING =
  /^outputs\.(?:\w*(?:Arn|Id|Name|Bucket|Prefix)|arn|name|bucket|prefix)$|(?:^|[a-z.])(?:arn|url|endpoint|host|hostname|domain|domainName|fqdn|address|ip)$/i;
// Shorter or simpler ones ("default", "main", "public") are words, not names that a service gave.
const DISTINCT = /^(?=.{6,})(?=.*[\d-])[\w./:@-]+$/;

// A provider's secrets are the organisation's tokens, and shorter values are flags and numbers.
const isOwnSecret = ({ text, secret }: Leaf, type: string): boolean =>
  secret && text.length >= 16 && !type.startsWith("pulumi:providers:");

function identifiersOf(facts: StackFacts): Identifier[] {
  const found = configured(facts);
  for (const { urn, id, type, outputs } of facts.resources) {
    const of = (path: string): Place => ({ stack: facts.stack, where: urn, path });
    found.push({ value: urn, kind: "urn", secret: false, of: of("urn") });
    if (id !== "" && (DISTINCT.test(id) || type.startsWith("pulumi:providers:")))
      found.push({ value: id, kind: "id", secret: false, of: of("id") });
    for (const leaf of leaves("outputs", outputs, false)) {
      if (leaf.isKey === true) continue;
      if (NAMING.test(leaf.path) && DISTINCT.test(leaf.text) && leaf.text !== parseUrn(urn).name)
        found.push({ value: leaf.text, kind: "name", secret: leaf.secret, of: of(leaf.path) });
      else if (isOwnSecret(leaf, type))
        found.push({ value: leaf.text, kind: "secret", secret: true, of: of(leaf.path) });
    }
  }
  return found;
}

/** Whether an address or a range lies in a network that the owner configured. */
function rangeCheck(owner: StackFacts, isAllowed: (text: string) => boolean): (part: string) => Identifier | undefined {
  const ranges = configured(owner)
    .filter(({ kind }) => kind === "CIDR")
    .map((identifier) => {
      const [network = "", bits = ""] = identifier.value.split("/");
      const list = new BlockList();
      if (isIPv4(network)) list.addSubnet(network, Number(bits), "ipv4");
      return { identifier, list, bits: Number(bits) };
    });
  return (part) => {
    // `ip-10-1-0-5` is how AWS names a host.
    const [address = "", bits = "32"] = part.replaceAll("-", ".").split("/");
    if (!isIPv4(address) || isAllowed(part)) return undefined;
    return ranges.find((range) => Number(bits) >= range.bits && range.list.check(address))?.identifier;
  };
}
