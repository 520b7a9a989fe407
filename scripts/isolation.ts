import { BlockList, isIPv4 } from "node:net";
import { parseUrn } from "./sandbox/engine/urn.ts";
import type { ResourceState } from "./sandbox/state/resource.ts";
import { Asset, Archive, OutputValue, ResourceReference, Secret, Unknown, type Value } from "./sandbox/values/value.ts";

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
  readonly kind: "account" | "zone" | "CIDR" | "domain" | "urn" | "id" | "name";
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

interface Leaf {
  readonly text: string;
  readonly path: string;
  readonly secret: boolean;
}

/** Looks through every value of both states for what belongs to the other stack. */
export function findLeaks(a: StackFacts, b: StackFacts, allowed: readonly SharedValue[]): IsolationResult {
  const one = leaksInto(a, b, allowed);
  const other = leaksInto(b, a, allowed);
  return { leaks: [...one.leaks, ...other.leaks], compared: one.compared + other.compared };
}

function leaksInto(owner: StackFacts, other: StackFacts, allowed: readonly SharedValue[]): IsolationResult {
  const isAllowed = (text: string): boolean =>
    allowed.some(({ value }) => (typeof value === "string" ? value === text : value.test(text)));
  const identifiers = new Map<string, Identifier>();
  for (const identifier of identifiersOf(owner))
    if (!identifiers.has(identifier.value) && !isAllowed(identifier.value))
      identifiers.set(identifier.value, identifier);
  const inRange = rangeCheck(owner, isAllowed);
  const ownDomains = configured(other)
    .filter(({ kind }) => kind === "domain")
    .map(({ value }) => value);
  const leaks = new Map<string, Leak>();
  let compared = 0;
  for (const { urn, leaf } of leavesOf(other)) {
    compared += 1;
    for (const token of tokensOf(leaf.text)) {
      const identifier = identifiers.get(token) ?? inRange(token);
      if (identifier === undefined) continue;
      // `example.com` also ends `staging.example.com`, which is the other stack's own.
      if (identifier.kind === "domain" && ownDomains.some((own) => isWithin(own, identifier.value))) continue;
      const key = `${identifier.value} ${urn} ${leaf.path}`;
      if (leaks.has(key)) continue;
      leaks.set(key, {
        value: identifier.secret || leaf.secret ? "[secret]" : identifier.value,
        kind: identifier.kind,
        of: identifier.of,
        found: { stack: other.stack, where: urn, path: leaf.path },
      });
    }
  }
  return { leaks: [...leaks.values()], compared };
}

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

function identifiersOf(facts: StackFacts): Identifier[] {
  const found = configured(facts);
  for (const { urn, id, type, outputs } of facts.resources) {
    const of = (path: string): Place => ({ stack: facts.stack, where: urn, path });
    found.push({ value: urn, kind: "urn", secret: false, of: of("urn") });
    if (id !== "" && (DISTINCT.test(id) || type.startsWith("pulumi:providers:")))
      found.push({ value: id, kind: "id", secret: false, of: of("id") });
    for (const leaf of leaves("outputs", outputs, false)) {
      if (!NAMING.test(leaf.path) || !DISTINCT.test(leaf.text) || leaf.text === parseUrn(urn).name) continue;
      found.push({ value: leaf.text, kind: "name", secret: leaf.secret, of: of(leaf.path) });
    }
  }
  return found;
}

/** Whether an address or a range lies in a network that the owner configured. */
function rangeCheck(
  owner: StackFacts,
  isAllowed: (text: string) => boolean,
): (token: string) => Identifier | undefined {
  const ranges = configured(owner)
    .filter(({ kind }) => kind === "CIDR")
    .map((identifier) => {
      const [network = "", bits = ""] = identifier.value.split("/");
      const list = new BlockList();
      if (isIPv4(network)) list.addSubnet(network, Number(bits), "ipv4");
      return { identifier, list, bits: Number(bits) };
    });
  return (token) => {
    const [address = "", bits = "32"] = token.split("/");
    if (!isIPv4(address) || isAllowed(token)) return undefined;
    return ranges.find((range) => Number(bits) >= range.bits && range.list.check(address))?.identifier;
  };
}

function* leavesOf({ resources }: StackFacts): Generator<{ urn: string; leaf: Leaf }> {
  for (const { urn, id, provider, inputs, outputs } of resources) {
    yield { urn, leaf: { text: id, path: "id", secret: false } };
    yield { urn, leaf: { text: provider, path: "provider", secret: false } };
    for (const leaf of leaves("inputs", inputs, false)) yield { urn, leaf };
    for (const leaf of leaves("outputs", outputs, false)) yield { urn, leaf };
  }
}

/** Every scalar inside a value, secrets included. */
function leaves(path: string, value: Value, secret: boolean): Leaf[] {
  if (value === null || typeof value === "boolean" || value instanceof Unknown) return [];
  if (typeof value === "string" || typeof value === "number") return [{ text: String(value), path, secret }];
  if (Array.isArray(value)) return value.flatMap((item, index) => leaves(`${path}[${index}]`, item, secret));
  if (value instanceof Secret) return leaves(path, value.value, true);
  if (value instanceof OutputValue)
    return value.value === undefined ? [] : leaves(path, value.value, secret || value.secret);
  if (value instanceof ResourceReference)
    return [
      { text: value.urn, path, secret },
      ...(typeof value.id === "string" ? [{ text: value.id, path, secret }] : []),
    ];
  if (value instanceof Asset || value instanceof Archive)
    return leaves(
      path,
      Object.values(value.source).filter((part) => typeof part === "string"),
      secret,
    );
  return Object.entries(value).flatMap(([key, item]) => leaves(path === "" ? key : `${path}.${key}`, item, secret));
}

/** The value itself, its parts between delimiters, and every domain that ends a part. */
function tokensOf(text: string): Set<string> {
  const tokens = new Set([text]);
  const add = (separator: RegExp): void => {
    for (const part of text.split(separator)) if (part !== "") tokens.add(part);
  };
  // URNs and ARNs inside documents; then paths and ranges; then names; then labels of a host.
  for (const separator of [/[\s"'`,;<>()[\]{}=]+/, /[\s"'`,;<>()[\]{}=:?&]+/, /[^A-Za-z0-9._-]+/, /[^A-Za-z0-9_-]+/])
    add(separator);
  // A provider is named by URN::ID.
  const provider = text.lastIndexOf("::");
  if (provider > 0) {
    tokens.add(text.slice(0, provider));
    tokens.add(text.slice(provider + 2));
  }
  for (const part of text.split(/[^A-Za-z0-9.-]+/)) {
    const labels = part.split(".");
    for (let index = 1; index < labels.length - 1; index++) tokens.add(labels.slice(index).join("."));
  }
  return tokens;
}
