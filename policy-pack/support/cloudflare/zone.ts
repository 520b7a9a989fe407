import type { Finding, StackResource } from "../rule.ts";
import type { Stack } from "../stack.ts";
import { Unknown } from "../unknown.ts";
import type { Verdict } from "../verdict.ts";

const ZONE = "cloudflare:index/zone:Zone";
export const RULESET = "cloudflare:index/ruleset:Ruleset";

/** The phase in which a ruleset runs the rules that Cloudflare keeps. */
export const MANAGED_PHASE = "http_request_firewall_managed";

/** What only the one owner of a zone may hold, since a zone has each of them once. Records are not among them. */
const OWNERSHIP: ReadonlySet<string> = new Set([
  ZONE,
  RULESET,
  "cloudflare:index/authenticatedOriginPullsSettings:AuthenticatedOriginPullsSettings",
  "cloudflare:index/botManagement:BotManagement",
  "cloudflare:index/totalTls:TotalTls",
  "cloudflare:index/universalSslSetting:UniversalSslSetting",
  "cloudflare:index/zoneDnssec:ZoneDnssec",
  "cloudflare:index/zoneSetting:ZoneSetting",
]);

/** A Cloudflare zone as far as a stack describes it. */
export interface CloudflareZone {
  /** Where to report what the zone lacks. */
  readonly anchor: StackResource;
  /** Whether the stack decides about the zone's settings, and not only about some records in it. */
  readonly owned: boolean;
  readonly ofType: (types: readonly string[]) => readonly StackResource[];
}

const known = new WeakMap<Stack, readonly CloudflareZone[]>();

/** The zones that anything of the stack belongs to. Resources of one zone are joined also before its id is known. */
export function zonesOf(stack: Stack): readonly CloudflareZone[] {
  const before = known.get(stack);
  if (before !== undefined) return before;
  const zones = [...membersOf(stack).values()].map(zoneFrom);
  known.set(stack, zones);
  return zones;
}

/** Only those whose settings the stack decides about: a preview that adds a record to staging's zone owns no zone. */
export const ownedZonesOf = (stack: Stack): readonly CloudflareZone[] => zonesOf(stack).filter(({ owned }) => owned);

/** What belongs together: at least one resource. */
type Members = [StackResource, ...StackResource[]];

function membersOf(stack: Stack): ReadonlyMap<string, Members> {
  const zones = stack.ofType([ZONE]);
  const urnOfId = new Map(zones.map(({ props, urn }) => [props["id"], urn]));
  const zoneUrns = new Set(zones.map(({ urn }) => urn));
  const keyOf = ({ type, urn, props, references }: StackResource): string | undefined => {
    const zoneId = props["zoneId"];
    if (type === ZONE) return urn;
    if (typeof zoneId === "string") return urnOfId.get(zoneId) ?? zoneId;
    if (!(zoneId instanceof Unknown)) return undefined;
    const from = [...(references.get("zoneId") ?? [])];
    return from.find((source) => zoneUrns.has(source)) ?? from.sort().join(" ");
  };
  const members = new Map<string, Members>();
  for (const resource of stack.resources) {
    const key = resource.type.startsWith("cloudflare:") ? keyOf(resource) : undefined;
    if (key === undefined) continue;
    const others = members.get(key);
    if (others === undefined) members.set(key, [resource]);
    else others.push(resource);
  }
  return members;
}

function zoneFrom(resources: Members): CloudflareZone {
  const owning = resources.filter(({ type }) => OWNERSHIP.has(type));
  const byType = Map.groupBy(resources, ({ type }) => type);
  return {
    anchor: owning[0] ?? resources[0],
    owned: owning.length > 0,
    ofType: (types) => types.flatMap((type) => byType.get(type) ?? []),
  };
}

export interface Requirement {
  readonly types: readonly string[];
  /** Whether this resource is what the zone must have. */
  readonly is: (resource: StackResource) => Verdict;
  readonly property: string;
  readonly wrong: string;
  readonly fix: string;
}

/** One finding per owned zone without what is required; undecided while something unknown may turn out to be it. */
export const required =
  (requirement: Requirement) =>
  (stack: Stack): readonly Finding[] =>
    ownedZonesOf(stack).flatMap((zone) => lackOf(zone, requirement));

export function lackOf(zone: CloudflareZone, { types, is, property, wrong, fix }: Requirement): readonly Finding[] {
  const verdicts = zone.ofType(types).map((resource) => ({ resource, verdict: is(resource) }));
  if (verdicts.some(({ verdict }) => verdict === true)) return [];
  for (const { resource, verdict } of verdicts)
    if (verdict instanceof Unknown) return [{ urn: resource.urn, property, unknown: verdict }];
  return [{ urn: zone.anchor.urn, property, wrong, fix }];
}
