import { covers } from "../iam/policy-document.ts";
import { joinTo } from "../join.ts";
import { elements, firstUnknown, isFalse, isTrue, locate, textsOf } from "../property.ts";
import type { StackResource } from "../rule.ts";
import type { Stack } from "../stack.ts";
import { Unknown, type Plain } from "../unknown.ts";
import { someOf, type Verdict } from "../verdict.ts";
import { notifies } from "./datadog-message.ts";

export const TOPIC = "aws:sns/topic:Topic";
const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";
const CHAT = [
  "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration",
  "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration",
];
export const ALARMS = ["aws:cloudwatch/metricAlarm:MetricAlarm", "aws:cloudwatch/compositeAlarm:CompositeAlarm"];
const [METRIC_ALARM, COMPOSITE_ALARM] = ALARMS as [string, string];
const MONITOR = "datadog:index/monitor:Monitor";

/** A part of what an alarm or a monitor is about: the dimension `ServiceName`, the tag `env`, and its value. */
interface About {
  /** In lower case, without underscores, so that CloudWatch's and Datadog's spellings are one. */
  readonly key: string;
  /** May end with an asterisk in Datadog. */
  readonly value: string;
}

/** An alarm or a monitor, and whether it tells anybody. */
export interface Watcher {
  readonly resource: StackResource;
  readonly about: readonly About[];
  /** What may still come to be known of that. */
  readonly waiting: Unknown | undefined;
  /** Resources that the part which is not known came from. */
  readonly sources: ReadonlySet<string>;
  readonly isLive: Verdict;
}

/** What a resource is called by those who watch it. */
export interface Watched {
  readonly resource: StackResource;
  readonly keys: ReadonlySet<string>;
  readonly names: ReadonlySet<string>;
  /** The cluster that it is in, where its name is one of that cluster alone. */
  readonly cluster: string | undefined;
  /** Namespaces of CloudWatch whose every member a query may be about. */
  readonly namespaces: readonly string[];
  /** Values of the tags `env` and `service`, where it has both. */
  readonly tags: { readonly env: string; readonly service: string } | undefined;
}

export const plainKey = (key: string): string => key.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

const EVERY_MEMBER = "everymemberof";

/** All alarms and monitors of a stack; `live` is worked out once for each. */
export function watchersOf(stack: Stack): readonly Watcher[] {
  const isHeard = heardTopics(stack);
  const tells = tellingAlarms(stack, isHeard);
  return [
    ...stack.ofType([METRIC_ALARM]).map((resource) => ({
      resource,
      ...alarmed(resource),
      isLive: tells(resource),
    })),
    ...stack.ofType([MONITOR]).map((resource) => ({
      resource,
      ...queried(resource),
      isLive: isPublished(resource),
    })),
  ];
}

/** Whether someone subscribes to a topic of the stack. */
export function heardTopics(stack: Stack): (topic: StackResource) => Verdict {
  const toTopic = joinTo(stack.ofType([TOPIC]));
  const heard = new Set(
    [
      ...stack.ofType([SUBSCRIPTION]).flatMap((subscription) => toTopic(subscription, "topic")),
      ...stack.ofType(CHAT).flatMap((chat) => toTopic(chat, "snsTopicArns")),
    ].map(({ urn }) => urn),
  );
  return ({ urn }) => heard.has(urn);
}

/** Actions that change something and tell nobody. */
const SILENT = /^arn:[^:]*:(automate|autoscaling|ec2|swf):/;

function tellingAlarms(stack: Stack, isHeard: (topic: StackResource) => Verdict): (alarm: StackResource) => Verdict {
  const topics = stack.ofType([TOPIC]);
  const toTopic = joinTo(topics);
  const known = new Set(topics.map(({ props }) => props["arn"]));
  const tells = (alarm: StackResource): Verdict => {
    const enabled = alarm.props["actionsEnabled"];
    if (isFalse.is(enabled)) return false;
    const actions = locate(alarm.props, "alarmActions[]").map(({ value }) => value);
    const named = toTopic(alarm, "alarmActions");
    const elsewhere = actions.map((action): Verdict => {
      // A topic of the stack explains it, known or not.
      if (action instanceof Unknown) return named.length > 0 ? false : action;
      return typeof action === "string" && action !== "" && !known.has(action) && !SILENT.test(action);
    });
    const verdict = someOf([...named.map(isHeard), ...elsewhere]);
    return verdict === true && enabled instanceof Unknown ? enabled : verdict;
  };
  const composites = stack.ofType([COMPOSITE_ALARM]).map((resource) => ({ resource, verdict: tells(resource) }));
  const member = joinTo(stack.ofType(ALARMS));
  const through = new Map<string, Verdict[]>();
  for (const { resource, verdict } of composites)
    for (const { urn } of membersOf(resource, stack, member)) through.set(urn, [...(through.get(urn) ?? []), verdict]);
  return (alarm) => someOf([tells(alarm), ...(through.get(alarm.urn) ?? [])]);
}

/** The alarms that a composite one is made of: named in its rule, or where that is not known, what it came from. */
function membersOf(
  composite: StackResource,
  stack: Stack,
  join: (from: StackResource, path: string) => readonly StackResource[],
): readonly StackResource[] {
  const rule = composite.props["alarmRule"];
  if (typeof rule !== "string") return join(composite, "alarmRule");
  const named = new Set([...rule.matchAll(/\(\s*["']?([^"')]+?)["']?\s*\)/g)].map(([, name = ""]) => name));
  return stack
    .ofType([METRIC_ALARM])
    .filter(({ props }) => [props["name"], props["arn"]].some((name) => typeof name === "string" && named.has(name)));
}

function isPublished({ props }: StackResource): Verdict {
  const message = props["message"];
  if (props["draftStatus"] === "draft") return false;
  if (message instanceof Unknown) return message;
  return typeof message === "string" && notifies(message);
}

type Subject = Pick<Watcher, "about" | "waiting" | "sources">;

function alarmed(resource: StackResource): Subject {
  const { props } = resource;
  const blocks = [
    ...locate(props, "dimensions"),
    ...locate(props, "metricQueries[].metric.dimensions").flatMap(elements),
  ].map(({ value }) => value);
  const expressions = locate(props, "metricQueries[].expression").map(({ value }) => value);
  return {
    about: [...blocks.flatMap(pairsOf), ...textsOf(expressions).flatMap(selected)],
    waiting: firstUnknown([...blocks, ...expressions]),
    sources: sourcesOf(resource, ["dimensions", "metricQueries"]),
  };
}

function pairsOf(block: Plain): readonly About[] {
  return typeof block === "object" && block !== null && !(block instanceof Unknown)
    ? Object.entries(block).flatMap(([key, value]: readonly [string, Plain]) =>
        typeof value === "string" ? [{ key: plainKey(key), value }] : [],
      )
    : [];
}

/** What a query of Metrics Insights is about: what its WHERE names, or without one every member of its namespace. */
function selected(expression: string): readonly About[] {
  const namespace = /\bFROM\s+(?:SCHEMA\(\s*)?"?([\w/]+)"?/i.exec(expression)?.[1];
  if (namespace === undefined) return [];
  const [, where] = /\bWHERE\b(.*)$/is.exec(expression) ?? [];
  if (where === undefined) return [{ key: EVERY_MEMBER, value: namespace }];
  return [...where.matchAll(/"?(\w+)"?\s*=\s*'([^']*)'/g)].map(([, key = "", value = ""]) => ({
    key: plainKey(key),
    value,
  }));
}

function queried(resource: StackResource): Subject {
  const query = resource.props["query"];
  const text = typeof query === "string" ? query : "";
  return {
    about: [...text.matchAll(/(?<![\w!-])([\w.-]+):([^\s,{}()"]+)/g)].map(([, key = "", value = ""]) => ({
      key: plainKey(key),
      value,
    })),
    waiting: query instanceof Unknown ? query : undefined,
    sources: sourcesOf(resource, ["query"]),
  };
}

const sourcesOf = ({ references }: StackResource, inputs: readonly string[]): ReadonlySet<string> =>
  new Set(inputs.flatMap((input) => [...(references.get(input) ?? [])]));

/** Finds who watches: by name, by tags, or while names are not known by what a query came from. */
export function watcherIndex(watchers: readonly Watcher[]): (watched: Watched) => readonly Watcher[] {
  const byValue = new Map<string, Set<Watcher>>();
  const byPrefix: { readonly key: string; readonly prefix: string; readonly watcher: Watcher }[] = [];
  const bySource = new Map<string, Set<Watcher>>();
  for (const watcher of watchers) {
    for (const { key, value } of watcher.about) {
      if (value.endsWith("*")) byPrefix.push({ key, prefix: value.slice(0, -1), watcher });
      else keep(byValue, `${key}:${value}`, watcher);
    }
    if (watcher.waiting !== undefined) for (const source of watcher.sources) keep(bySource, source, watcher);
  }
  return ({ resource, keys, names, cluster, namespaces, tags }) => {
    const exact = [...keys]
      .flatMap((key) => [...names].flatMap((name) => [...(byValue.get(`${key}:${name}`) ?? [])]))
      .filter(({ about }) => isIn(cluster, about));
    const wide = byPrefix.filter(
      ({ key, prefix }) => keys.has(key) && prefix !== "" && [...names].some((name) => `${name}-`.startsWith(prefix)),
    );
    const whole = namespaces.flatMap((namespace) => [...(byValue.get(`${EVERY_MEMBER}:${namespace}`) ?? [])]);
    const service = tags === undefined ? [] : [...(byValue.get(`service:${tags.service}`) ?? [])];
    const environment = tags === undefined ? undefined : byValue.get(`env:${tags.env}`);
    return [
      ...new Set([
        ...exact,
        ...wide.map(({ watcher }) => watcher),
        ...whole,
        ...service.filter((watcher) => environment?.has(watcher) === true),
        ...(bySource.get(resource.urn) ?? []),
      ]),
    ];
  };
}

/** Whether what is watched may be in this cluster: nothing says otherwise. */
function isIn(cluster: string | undefined, about: readonly About[]): boolean {
  const named = about.filter(({ key }) => key === "clustername").map(({ value }) => value);
  return cluster === undefined || named.length === 0 || named.some((value) => covers(value, cluster));
}

function keep(map: Map<string, Set<Watcher>>, key: string, watcher: Watcher): void {
  const kept = map.get(key);
  if (kept === undefined) map.set(key, new Set([watcher]));
  else kept.add(watcher);
}

/** Whether an Atlas alert tells somebody: Atlas takes one that does not say so for switched off. */
export function alerts({ props }: StackResource): Verdict {
  const enabled = props["enabled"];
  if (enabled instanceof Unknown) return enabled;
  const told = props["notifications"];
  if (told instanceof Unknown) return told;
  return isTrue.is(enabled) && Array.isArray(told) && told.length > 0;
}
