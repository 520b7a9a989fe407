import { textsOf } from "../property.ts";
import type { Finding, StackResource } from "../rule.ts";
import type { Stack } from "../stack.ts";
import { tagsOf } from "../tags/tagged.ts";
import { Unknown } from "../unknown.ts";
import { someOf, type Verdict } from "../verdict.ts";
import { plainKey, watcherIndex, watchersOf, type Watched, type Watcher } from "./watchers.ts";

/** How those who watch a type of resource call it. */
export interface Kind {
  /** Dimensions in CloudWatch, and tags in Datadog. */
  readonly keys: readonly string[];
  /** Outputs that hold a name. */
  readonly names: readonly string[];
  readonly namespaces: readonly string[];
}

export type Kinds = Readonly<Record<string, Kind>>;

export const ALARM = "add an aws.cloudwatch.MetricAlarm with alarmActions";
export const OR_MONITOR = "or a datadog.Monitor whose message names whom to tell";

function watchedAs(resource: StackResource, { keys, names, namespaces }: Kind): Watched {
  const { values } = tagsOf(resource);
  const [env, service] = [values.get("Environment"), values.get("Service")];
  return {
    resource,
    keys: new Set(keys.map(plainKey)),
    names: new Set([...names.flatMap((name) => textsOf(resource.props[name])), ...suffixOf(resource)]),
    cluster: keys.includes("ServiceName") ? clusterOf(resource) : undefined,
    namespaces,
    tags: typeof env === "string" && typeof service === "string" ? { env, service } : undefined,
  };
}

/** A service says it by ARN or by name. */
const clusterOf = ({ props }: StackResource): string | undefined =>
  typeof props["cluster"] === "string" ? props["cluster"].split("/").at(-1) : undefined;

/** `app/name/0123456789abcdef`, the end of a load balancer's ARN. */
function suffixOf({ props }: StackResource): readonly string[] {
  const [, suffix] = typeof props["arn"] === "string" ? (/:loadbalancer\/(.+)$/.exec(props["arn"]) ?? []) : [];
  return suffix === undefined ? [] : [suffix];
}

const indices = new WeakMap<Stack, (watched: Watched) => readonly Watcher[]>();

/** Several rules ask about the same stack. */
function watchersIn(stack: Stack): (watched: Watched) => readonly Watcher[] {
  const kept = indices.get(stack);
  if (kept !== undefined) return kept;
  const index = watcherIndex(watchersOf(stack));
  indices.set(stack, index);
  return index;
}

export type More = (resource: StackResource) => Verdict;
const NO_MORE: More = () => false;

/** Resources of some kinds that nobody is told about. `more` finds those who watch in another way. */
export function unwatched(
  stack: Stack,
  kinds: Kinds,
  fix: string,
  resources = stack.ofType(Object.keys(kinds)),
  more = NO_MORE,
): readonly Finding[] {
  if (resources.length === 0) return [];
  const find = watchersIn(stack);
  return resources.flatMap((resource): readonly Finding[] => {
    const kind = kinds[resource.type];
    if (kind === undefined) return [];
    const watchers = find(watchedAs(resource, kind));
    const verdict = someOf([...watchers.map(({ isLive }) => isLive), more(resource)]);
    if (verdict === true) return [];
    const property = kind.names[0] ?? "name";
    if (verdict instanceof Unknown) return [{ urn: resource.urn, property, unknown: verdict }];
    const [first] = watchers;
    const wrong =
      first === undefined
        ? `nothing watches "${resource.name}"`
        : `whatever watches "${resource.name}" tells nobody, as "${first.resource.name}"`;
    return [{ urn: resource.urn, property, wrong, fix }];
  });
}
