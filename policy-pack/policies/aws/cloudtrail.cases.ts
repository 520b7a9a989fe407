import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import { TAGS as tags, type Case } from "../../test/case.ts";

type Props = Sent["props"];

const trail = (props: Props = {}): Sent => ({
  type: "aws:cloudtrail/trail:Trail",
  props: { s3BucketName: "records", isMultiRegionTrail: true, enableLogFileValidation: true, ...props, tags },
});
const bare = (props: Props = {}): Sent => ({
  type: "aws:cloudtrail/trail:Trail",
  props: { s3BucketName: "records", ...props, tags },
});
const store = (props: Props = {}): Sent => ({
  type: "aws:cloudtrail/eventDataStore:EventDataStore",
  props: { ...props, tags },
});
const selectors = (...eventSelectors: Json[]): Sent => trail({ eventSelectors });
const advanced = (...fieldSelectors: Json[]): Sent => trail({ advancedEventSelectors: [{ fieldSelectors }] });

const MANAGEMENT: Json = { field: "eventCategory", equals: ["Management"] };
const KEY = "arn:aws:kms:us-east-1:444455556666:key/1";

const regions = "cloudtrail-all-regions";
const management = "cloudtrail-records-management";
const validation = "cloudtrail-log-validation";
const key = "cloudtrail-customer-key";
const guarded = "cloudtrail-store-protected";
const copied = "cloudtrail-to-cloudwatch";

export const cases: readonly Case[] = [
  { rule: regions, when: "it does", given: trail(), result: "passes" },
  {
    rule: regions,
    when: "nothing is said",
    given: bare(),
    result: [/isMultiRegionTrail: it is not set, and must be true/],
  },
  {
    rule: regions,
    when: "it has one region",
    given: trail({ isMultiRegionTrail: false }),
    result: [/isMultiRegionTrail: it is false/],
  },
  {
    rule: regions,
    when: "global services are left out",
    given: trail({ includeGlobalServiceEvents: false }),
    result: [/includeGlobalServiceEvents: it is false/],
  },
  {
    rule: regions,
    when: "it is unknown",
    given: trail({ isMultiRegionTrail: UNKNOWN }),
    result: [/isMultiRegionTrail: its value is not known/],
  },
  {
    rule: regions,
    when: "a store has one region",
    given: store({ multiRegionEnabled: false }),
    result: [/multiRegionEnabled: it is false/],
  },
  { rule: regions, when: "a store says nothing", given: store(), result: "passes" },

  { rule: management, when: "nothing is said", given: trail(), result: "passes" },
  {
    rule: management,
    when: "it is off",
    given: trail({ enableLogging: false }),
    result: [/enableLogging: it is false/],
  },
  {
    rule: management,
    when: "it is unknown whether it is on",
    given: trail({ enableLogging: UNKNOWN }),
    result: [/enableLogging: its value is not known/],
  },
  {
    rule: management,
    when: "a selector takes all",
    given: selectors({ readWriteType: "WriteOnly" }, { readWriteType: "All", includeManagementEvents: true }),
    result: "passes",
  },
  {
    rule: management,
    when: "reads are left out",
    given: selectors({ readWriteType: "WriteOnly" }),
    result: [/eventSelectors: no selector takes every read and write of management/],
  },
  {
    rule: management,
    when: "management is left out",
    given: selectors({ includeManagementEvents: false }),
    result: [/eventSelectors: no selector/],
  },
  {
    rule: management,
    when: "calls of KMS are left out",
    given: selectors({ excludeManagementEventSources: ["kms.amazonaws.com"] }),
    result: [/eventSelectors: no selector/],
  },
  {
    rule: management,
    when: "a selector is unknown",
    given: selectors({ readWriteType: UNKNOWN }),
    result: [/eventSelectors: its value is not known/],
  },
  { rule: management, when: "an advanced selector takes all", given: advanced(MANAGEMENT), result: "passes" },
  {
    rule: management,
    when: "an advanced selector leaves reads out",
    given: advanced(MANAGEMENT, { field: "readOnly", equals: ["false"] }),
    result: [/advancedEventSelectors: no selector/],
  },
  {
    rule: management,
    when: "advanced selectors take data alone",
    given: advanced({ field: "eventCategory", equals: ["Data"] }),
    result: [/advancedEventSelectors: no selector/],
  },

  { rule: validation, when: "it does", given: trail(), result: "passes" },
  { rule: validation, when: "nothing is said", given: bare(), result: [/enableLogFileValidation: it is not set/] },
  {
    rule: validation,
    when: "it does not",
    given: trail({ enableLogFileValidation: false }),
    result: [/enableLogFileValidation: it is false/],
  },
  {
    rule: validation,
    when: "it is unknown",
    given: trail({ enableLogFileValidation: UNKNOWN }),
    result: [/enableLogFileValidation: its value is not known/],
  },

  { rule: key, when: "there is one", given: trail({ kmsKeyId: KEY }), result: "passes" },
  { rule: key, when: "there is none", given: trail(), result: [/kmsKeyId: it is not set/] },
  { rule: key, when: "it is unknown", given: trail({ kmsKeyId: UNKNOWN }), result: "waits" },
  { rule: key, when: "a store has none", given: store(), result: [/kmsKeyId: it is not set/] },
  { rule: key, when: "a store has one", given: store({ kmsKeyId: KEY }), result: "passes" },

  { rule: guarded, when: "nothing is said", given: store(), result: "passes" },
  {
    rule: guarded,
    when: "it is not",
    given: store({ terminationProtectionEnabled: false }),
    result: [/terminationProtectionEnabled: it is false/],
  },
  {
    rule: guarded,
    when: "it is unknown",
    given: store({ terminationProtectionEnabled: UNKNOWN }),
    result: [/terminationProtectionEnabled: its value is not known/],
  },

  {
    rule: copied,
    when: "it does",
    given: trail({ cloudWatchLogsGroupArn: "arn:aws:logs:::log-group:x:*" }),
    result: "passes",
  },
  { rule: copied, when: "it does not", given: trail(), result: [/cloudWatchLogsGroupArn: it is not set/] },
  { rule: copied, when: "the group is unknown", given: trail({ cloudWatchLogsGroupArn: UNKNOWN }), result: "waits" },
];
