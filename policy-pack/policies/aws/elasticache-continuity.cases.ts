import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import type { Case } from "../../test/case.ts";
import { aboutProperty } from "../../test/property-cases.ts";
import { cluster, group, member, memcached, redis, serverless } from "../../test/sent/elasticache.ts";

const parameters = (list: Json): Sent => ({
  type: "aws:elasticache/parameterGroup:ParameterGroup",
  props: { family: "valkey8", parameters: list },
});

const snapshots = "elasticache-snapshots-kept";
const engine = "elasticache-engine-supported";
const memory = "elasticache-memory-reserved";

export const cases: readonly Case[] = [
  ...["multiAzEnabled", "automaticFailoverEnabled"].flatMap((property) =>
    aboutProperty({
      rule: "elasticache-multi-az",
      sound: group(),
      property,
      passes: [true, "true"],
      fails: [false],
      absent: "fails",
      unknown: "refused",
    }),
  ),

  ...[group(), serverless(), cluster({ engine: "redis" })].flatMap((sound) =>
    aboutProperty({
      rule: snapshots,
      sound,
      property: "snapshotRetentionLimit",
      passes: [7, "7", 35],
      fails: [0, 6, "6", "many"],
      absent: "fails",
      unknown: "refused",
    }),
  ),
  {
    rule: snapshots,
    when: "the environment asks for fewer days",
    given: group({ snapshotRetentionLimit: 1 }),
    config: { days: 1 },
    result: "passes",
  },
  {
    rule: snapshots,
    when: "the environment asks for more days",
    given: group({ snapshotRetentionLimit: 7 }),
    config: { days: 14 },
    result: [/snapshotRetentionLimit: it is 7, and must be at least 14\..*Fix: set snapshotRetentionLimit: 14/],
  },
  { rule: snapshots, when: "Memcached has none", given: memcached, result: "passes" },
  { rule: snapshots, when: "a cluster is a member of a group", given: member, result: "passes" },

  ...aboutProperty({
    rule: "elasticache-final-snapshot",
    sound: group(),
    property: "finalSnapshotIdentifier",
    passes: ["cache-final"],
    fails: [""],
    absent: "fails",
    unknown: "waits",
  }),
  ...aboutProperty({
    rule: "elasticache-changes-in-window",
    sound: group(),
    property: "applyImmediately",
    passes: [false, "false"],
    fails: [true, "true"],
    absent: "passes",
    unknown: "refused",
  }),
  ...aboutProperty({
    rule: "elasticache-minor-upgrades",
    sound: group(),
    property: "autoMinorVersionUpgrade",
    passes: [true, "true"],
    fails: [false, "false"],
    absent: "passes",
    unknown: "refused",
  }),

  ...aboutProperty({
    rule: engine,
    sound: redis(),
    property: "engineVersion",
    passes: ["7.1", "7.0"],
    fails: ["5.0.6", "4.0.10", "3.2.6"],
    absent: "passes",
    unknown: "refused",
    says: /it is "[\d.]+", whose support ended on 20\d\d-/,
  }),
  { rule: engine, when: "Valkey has the same number", given: group({ engineVersion: "5.0.6" }), result: "passes" },
  {
    rule: engine,
    when: "the engine is unknown",
    given: group({ engine: UNKNOWN, engineVersion: "5.0.6" }),
    result: [/engine: its value is not known/],
  },
  { rule: engine, when: "it is Memcached", given: memcached, result: "passes" },
  ...aboutProperty({
    rule: engine,
    sound: serverless({ engine: "redis" }),
    property: "majorEngineVersion",
    passes: ["7", 7],
    fails: ["5"],
    absent: "passes",
    unknown: "refused",
    says: /it is "5", whose support ended/,
  }),

  ...aboutProperty({
    rule: memory,
    sound: parameters([{ name: "reserved-memory-percent", value: "25" }]),
    property: "parameters[0].value",
    passes: ["25", 50],
    fails: ["10", 0],
    absent: "fails",
    unknown: "refused",
  }),
  { rule: memory, when: "nothing is said of memory", given: parameters([]), result: "passes" },
  {
    rule: memory,
    when: "another parameter is unknown",
    given: parameters([
      { name: "maxmemory-policy", value: UNKNOWN },
      { name: "reserved-memory-percent", value: "0" },
    ]),
    result: [/parameters\[1\]\.value: it is "0", and must be at least 25/],
  },
  {
    rule: memory,
    when: "there are no parameters",
    given: { type: "aws:elasticache/parameterGroup:ParameterGroup", props: { family: "valkey8" } },
    result: "passes",
  },
  {
    rule: memory,
    when: "all parameters are unknown",
    given: parameters(UNKNOWN),
    result: [/parameters: its value is not known/],
  },
];
