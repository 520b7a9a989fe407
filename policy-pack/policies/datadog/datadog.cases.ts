import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import type { Case } from "../../test/case.ts";

const TAGS = ["env:staging", "service:api", "team:platform"];
const MESSAGE = "It fails.\nRunbook: https://example.org/runbook#api\n@pagerduty-shop";

const monitor = (props: Sent["props"]): Sent => ({
  type: "datadog:index/monitor:Monitor",
  props: {
    name: "It fails",
    type: "query alert",
    query: "sum(last_30m):sum:requests{env:staging} < 1",
    message: MESSAGE,
    priority: "2",
    renotifyInterval: 60,
    tags: TAGS,
    ...props,
  },
});
const test = (props: Sent["props"]): Sent => ({
  type: "datadog:index/syntheticsTest:SyntheticsTest",
  props: {
    name: "It answers",
    type: "api",
    status: "live",
    message: MESSAGE,
    tags: TAGS,
    optionsList: { tickEvery: 300, monitorPriority: 1, monitorOptions: { renotifyInterval: 30 } },
    ...props,
  },
});
const slo = (thresholds: Json, tags: Json = TAGS): Sent => ({
  type: "datadog:index/serviceLevelObjective:ServiceLevelObjective",
  props: { name: "Availability", type: "metric", thresholds, tags },
});
const notifies = "datadog-monitor-notifies";
const runbook = "datadog-monitor-runbook";
const tagged = "datadog-monitor-tags";
const silence = "datadog-monitor-reports-silence";
const window = "datadog-monitor-no-data-window";
const priority = "datadog-monitor-priority";
const repeats = "datadog-monitor-renotifies";
const published = "datadog-monitor-published";
const readable = "datadog-monitor-readable";
const target = "datadog-slo-has-target";

export const cases: readonly Case[] = [
  { rule: notifies, when: "it pages", given: monitor({}), result: "passes" },
  {
    rule: notifies,
    when: "it pages unless it warns",
    given: monitor({ message: "{{^is_warning}}@pagerduty-shop{{/is_warning}}" }),
    result: "passes",
  },
  {
    rule: notifies,
    when: "it tells nobody",
    given: monitor({ message: "It fails. Ask ada@example.org" }),
    result: [/^.*\nmessage: it names nobody whom an alert tells.*Fix: end the message with a handle/],
  },
  {
    rule: notifies,
    when: "it tells somebody only once it is over",
    given: monitor({ message: "{{#is_recovery}}@slack-shop{{/is_recovery}}" }),
    result: [/message: it names nobody/],
  },
  { rule: notifies, when: "a test says nothing", given: test({ message: "" }), result: [/message: it names nobody/] },
  { rule: notifies, when: "a test pages", given: test({}), result: "passes" },
  { rule: notifies, when: "the message is unknown", given: monitor({ message: UNKNOWN }), result: "waits" },

  { rule: runbook, when: "the message leads to it", given: monitor({}), result: "passes" },
  {
    rule: runbook,
    when: "an asset leads to it",
    given: monitor({
      message: "@pagerduty-shop",
      assets: [{ category: "runbook", name: "Runbook", url: UNKNOWN }],
    }),
    result: "passes",
  },
  {
    rule: runbook,
    when: "nothing leads to it",
    given: monitor({ message: "It fails. @pagerduty-shop" }),
    result: [/message: it does not say where to read what to do/],
  },
  {
    rule: runbook,
    when: "a test leads to a dashboard alone",
    given: test({ message: "https://example.org/dashboard @pagerduty-shop" }),
    result: [/message: it does not say/],
  },
  {
    rule: runbook,
    when: "a test has no message",
    given: { ...test({}), props: { status: "live" } },
    result: [/message/],
  },
  { rule: runbook, when: "the message is unknown", given: test({ message: UNKNOWN }), result: "waits" },
  {
    rule: runbook,
    when: "an asset is unknown",
    given: monitor({ message: "@pagerduty-shop", assets: [UNKNOWN] }),
    result: "waits",
  },

  { rule: tagged, when: "all are there", given: monitor({}), result: "passes" },
  {
    rule: tagged,
    when: "two are missing",
    given: monitor({ tags: ["env:staging", "team:"] }),
    result: [/tags: service, team is missing or empty.*Fix: add "service:\.\.\.", "team:\.\.\."/],
  },
  {
    rule: tagged,
    when: "a test has none",
    given: { ...test({}), props: { status: "live" } },
    result: [/tags: env, service, team/],
  },
  { rule: tagged, when: "an objective has one", given: slo([], ["env:staging"]), result: [/tags: service, team/] },
  {
    rule: tagged,
    when: "this organisation asks for one",
    given: slo([], ["env:staging"]),
    config: { keys: ["env"] },
    result: "passes",
  },
  {
    rule: tagged,
    when: "one is unknown",
    given: monitor({ tags: ["env:staging", "service:api", UNKNOWN] }),
    result: "waits",
  },
  { rule: tagged, when: "one more is unknown", given: monitor({ tags: [...TAGS, UNKNOWN] }), result: "passes" },
  { rule: tagged, when: "all are unknown", given: monitor({ tags: UNKNOWN }), result: "waits" },

  { rule: silence, when: "it is no service check", given: monitor({}), result: "passes" },
  {
    rule: silence,
    when: "a service check reports it",
    given: monitor({ type: "service check", notifyNoData: true, noDataTimeframe: 10 }),
    result: "passes",
  },
  {
    rule: silence,
    when: "it reports it in the newer way",
    given: monitor({ type: "service check", onMissingData: "show_and_notify_no_data" }),
    result: "passes",
  },
  {
    rule: silence,
    when: "a service check does not say",
    given: monitor({ type: "service check" }),
    result: [/notifyNoData: a check that is not sent any more looks like one that is well/],
  },
  {
    rule: silence,
    when: "a service check does not",
    given: monitor({ type: "service check", notifyNoData: false }),
    result: [/notifyNoData: a check/],
  },
  {
    rule: silence,
    when: "it is unknown whether it does",
    given: monitor({ type: "service check", notifyNoData: UNKNOWN }),
    result: [/notifyNoData: its value is not known/],
  },

  {
    rule: window,
    when: "it is two windows",
    given: monitor({ notifyNoData: true, noDataTimeframe: 60 }),
    result: "passes",
  },
  {
    rule: window,
    when: "it is one window",
    given: monitor({ notifyNoData: true, noDataTimeframe: 30 }),
    result: [/noDataTimeframe: it is 30, less than two windows.*set noDataTimeframe: 60 or more/],
  },
  {
    rule: window,
    when: "a day is one window",
    given: monitor({ notifyNoData: true, noDataTimeframe: 1440, query: "sum(last_1d):sum:backups{*} < 1" }),
    result: [/set noDataTimeframe: 2880 or more/],
  },
  { rule: window, when: "it is Datadog's own", given: monitor({ notifyNoData: true }), result: "passes" },
  {
    rule: window,
    when: "missing data is well",
    given: monitor({ noDataTimeframe: 1, notifyNoData: false }),
    result: "passes",
  },
  {
    rule: window,
    when: "a service check waits two minutes",
    given: monitor({
      type: "service check",
      query: '"ping".over("*").last(2)',
      notifyNoData: true,
      noDataTimeframe: 2,
    }),
    result: "passes",
  },
  {
    rule: window,
    when: "it is unknown",
    given: monitor({ notifyNoData: true, noDataTimeframe: UNKNOWN }),
    result: "waits",
  },
  {
    rule: window,
    when: "the query is unknown",
    given: monitor({ notifyNoData: true, noDataTimeframe: 30, query: UNKNOWN }),
    result: "waits",
  },

  { rule: priority, when: "it is text", given: monitor({ priority: "1" }), result: "passes" },
  { rule: priority, when: "it is a number", given: monitor({ priority: 5 }), result: "passes" },
  { rule: priority, when: "it is none", given: monitor({ priority: null }), result: [/priority: it is not set/] },
  {
    rule: priority,
    when: "it is 6",
    given: monitor({ priority: 6 }),
    result: [/priority: it is 6, and must be one of/],
  },
  {
    rule: priority,
    when: "it is unknown",
    given: monitor({ priority: UNKNOWN }),
    result: [/priority: its value is not known/],
  },
  { rule: priority, when: "a test has one", given: test({}), result: "passes" },
  {
    rule: priority,
    when: "a test has none",
    given: test({ optionsList: { tickEvery: 300 } }),
    result: [/optionsList\.monitorPriority: it is not set/],
  },

  { rule: repeats, when: "it is repeated each hour", given: monitor({}), result: "passes" },
  {
    rule: repeats,
    when: "it is never repeated",
    given: monitor({ renotifyInterval: 0 }),
    result: [/renotifyInterval: an alert that nobody takes up is not repeated.*10 to 1440/],
  },
  { rule: repeats, when: "nothing is said", given: monitor({ renotifyInterval: null }), result: [/is not repeated/] },
  {
    rule: repeats,
    when: "it is repeated each minute",
    given: monitor({ renotifyInterval: 1 }),
    result: [/it is repeated every 1 minutes/],
  },
  {
    rule: repeats,
    when: "it is repeated each week",
    given: monitor({ renotifyInterval: 10_080 }),
    result: [/it is repeated every 10080 minutes/],
  },
  {
    rule: repeats,
    when: "each week is enough",
    given: monitor({ renotifyInterval: 10_080 }),
    config: { most: 10_080 },
    result: "passes",
  },
  {
    rule: repeats,
    when: "it is unknown",
    given: monitor({ renotifyInterval: UNKNOWN }),
    result: [/its value is not known/],
  },
  { rule: repeats, when: "a test is repeated", given: test({}), result: "passes" },
  {
    rule: repeats,
    when: "a test says nothing",
    given: test({ optionsList: { tickEvery: 300 } }),
    result: [/optionsList\.monitorOptions\.renotifyInterval: an alert/],
  },

  { rule: published, when: "nothing is said", given: monitor({}), result: "passes" },
  { rule: published, when: "it is", given: monitor({ draftStatus: "published" }), result: "passes" },
  {
    rule: published,
    when: "it is a draft",
    given: monitor({ draftStatus: "draft" }),
    result: [/draftStatus: it is "draft"/],
  },
  {
    rule: published,
    when: "it is unknown",
    given: monitor({ draftStatus: UNKNOWN }),
    result: [/its value is not known/],
  },

  { rule: readable, when: "it is a monitor", given: monitor({}), result: "passes" },
  {
    rule: readable,
    when: "it is a text",
    given: { type: "datadog:index/monitorJson:MonitorJson", props: { monitor: "{}" } },
    result: [/monitor: the monitor is a text of JSON/],
  },
  {
    rule: readable,
    when: "the text is unknown",
    given: { type: "datadog:index/monitorJson:MonitorJson", props: { monitor: UNKNOWN } },
    result: [/monitor: the monitor is a text of JSON/],
  },

  {
    rule: target,
    when: "it can be missed",
    given: slo([{ timeframe: "30d", target: 99.9, warning: 99.95 }]),
    result: "passes",
  },
  { rule: target, when: "it has no warning", given: slo([{ timeframe: "30d", target: 99.9 }]), result: "passes" },
  { rule: target, when: "there is none", given: slo([]), result: [/thresholds: there is no target/] },
  {
    rule: target,
    when: "it is all",
    given: slo([{ timeframe: "30d", target: 100 }]),
    result: [/thresholds\[0\]\.target: 100 per cent is no target/],
  },
  {
    rule: target,
    when: "it warns too late",
    given: slo([{ timeframe: "30d", target: 99.9, warning: 99 }]),
    result: [/thresholds\[0\]\.warning: it warns only once/],
  },
  { rule: target, when: "it is not said", given: slo([{ timeframe: "30d" }]), result: [/target: there is no target/] },
  { rule: target, when: "it is unknown", given: slo([{ timeframe: "30d", target: UNKNOWN }]), result: "waits" },

  {
    rule: notifies,
    when: "only a comment names somebody",
    given: monitor({ message: "It fails. {{!-- @pagerduty-shop --}}" }),
    result: [/message: it names nobody/],
  },
];
