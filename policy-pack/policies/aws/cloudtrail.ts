import { at, elements, expects, isSet, isTrue, orAbsent, textsOf, type Located } from "../../support/property.ts";
import type { Finding, Resource, Rule } from "../../support/rule.ts";
import { Unknown, type Plain } from "../../support/unknown.ts";

const TRAIL = "aws:cloudtrail/trail:Trail";
const STORE = "aws:cloudtrail/eventDataStore:EventDataStore";

const isOn = (property: string) => expects(property, orAbsent(isTrue), `set ${property}: true, or remove it`);

/** Whether a selector takes reads and writes of the management of every service; an unknown part decides nothing. */
function takesAll({ value }: Located): boolean | Unknown {
  if (value instanceof Unknown) return value;
  const include = at(value, "includeManagementEvents");
  const kind = at(value, "readWriteType");
  const excluded = at(value, "excludeManagementEventSources");
  const unknown = [include, kind, excluded].find((part) => part instanceof Unknown);
  if (unknown instanceof Unknown) return unknown;
  const excludes = elements({ property: "", value: excluded }).length > 0;
  return orAbsent(isTrue).is(include) && (kind === undefined || kind === null || kind === "All") && !excludes;
}

/** The same of an advanced selector: management and nothing that narrows it. */
function takesAllAdvanced({ value }: Located): boolean | Unknown {
  const fields = value instanceof Unknown ? value : at(value, "fieldSelectors");
  if (fields instanceof Unknown) return fields;
  const selectors = elements({ property: "", value: fields });
  const unknown = selectors.map((selector) => selector.value).find((selector) => selector instanceof Unknown);
  if (unknown instanceof Unknown) return unknown;
  return selectors.length === 1 && selectors.every((selector) => isManagement(selector.value));
}

const isManagement = (selector: Plain): boolean =>
  at(selector, "field") === "eventCategory" && textsOf(at(selector, "equals")).includes("Management");

/** Trails that leave calls out. Without selectors a trail takes every call that manages something. */
function missingCalls({ props }: Resource): readonly Finding[] {
  for (const [property, takes] of [
    ["eventSelectors", takesAll],
    ["advancedEventSelectors", takesAllAdvanced],
  ] as const) {
    const selectors = elements({ property, value: props[property] });
    const verdicts = selectors.map(takes);
    if (selectors.length === 0 || verdicts.includes(true)) continue;
    const unknown = verdicts.find((verdict) => verdict instanceof Unknown);
    if (unknown instanceof Unknown) return [{ property, unknown }];
    return [
      {
        property,
        wrong: "no selector takes every read and write of management",
        fix: `add a selector for all management events without exclusions, or remove ${property}`,
      },
    ];
  }
  return [];
}

export const rules: readonly Rule[] = [
  {
    name: "cloudtrail-all-regions",
    description: "CloudTrail records calls in every region, and those of global services.",
    why: "Whoever gets in works where nobody looks.",
    severity: "high",
    level: "mandatory",
    standards: [
      ...["FSBP CloudTrail.1", "CIS 4.1", "CKV_AWS_67", "AWS-0014", "Prowler cloudtrail_multi_region_enabled"],
    ],
    resources: [
      {
        types: [TRAIL],
        unknown: "refuse",
        find: expects("isMultiRegionTrail", isTrue, "set isMultiRegionTrail: true"),
      },
      { types: [TRAIL], unknown: "refuse", find: isOn("includeGlobalServiceEvents") },
      { types: [STORE], unknown: "refuse", find: isOn("multiRegionEnabled") },
    ],
  },
  {
    name: "cloudtrail-records-management",
    description: "CloudTrail is on, and records every call that reads or changes how the account is set up.",
    why: "A call that is left out is one that nobody can prove or explain afterwards.",
    severity: "high",
    level: "mandatory",
    standards: [
      ...["FSBP CloudTrail.1", "CIS 4.1", "CKV_AWS_251"],
      "Prowler cloudtrail_multi_region_enabled_logging_management_events",
    ],
    resources: [
      { types: [TRAIL], unknown: "refuse", find: isOn("enableLogging") },
      { types: [TRAIL], unknown: "refuse", find: missingCalls },
    ],
  },
  {
    name: "cloudtrail-log-validation",
    description: "CloudTrail signs what it records.",
    why: "A record that somebody changed or deleted is then noticed.",
    severity: "medium",
    level: "mandatory",
    standards: [
      ...["FSBP CloudTrail.4", "CIS 4.2", "CKV_AWS_36", "AWS-0016", "Prowler cloudtrail_log_file_validation_enabled"],
    ],
    resources: [
      {
        types: [TRAIL],
        unknown: "refuse",
        find: expects("enableLogFileValidation", isTrue, "set enableLogFileValidation: true"),
      },
    ],
    remedy: ({ type, props }) =>
      type !== TRAIL || isTrue.is(props["enableLogFileValidation"])
        ? []
        : [{ path: ["enableLogFileValidation"], value: true }],
  },
  {
    name: "cloudtrail-customer-key",
    description: "What CloudTrail records is encrypted with a key of the program.",
    why: "Records show who does what, and whoever may read buckets in general should not read them.",
    severity: "medium",
    level: "mandatory",
    standards: [
      ...[
        "FSBP CloudTrail.2",
        "CIS 4.5",
        "CKV_AWS_35",
        "AWS-0015",
        "Prowler cloudtrail_kms_encryption_enabled",
        "PCI DSS v4.0.1/10.3.2",
      ],
    ],
    resources: [
      {
        types: [TRAIL, STORE],
        unknown: "defer",
        find: expects("kmsKeyId", isSet, "set kmsKeyId to an aws.kms.Key that CloudTrail may use"),
      },
    ],
  },
  {
    name: "cloudtrail-store-protected",
    description: "A data store of CloudTrail Lake cannot be deleted by mistake.",
    why: "Its records exist nowhere else.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    resources: [{ types: [STORE], unknown: "refuse", find: isOn("terminationProtectionEnabled") }],
  },
  {
    name: "cloudtrail-to-cloudwatch",
    description: "CloudTrail also sends its records to a log group.",
    why: "Alarms on single calls can only be set there.",
    severity: "low",
    level: "advisory",
    standards: ["FSBP CloudTrail.5", "CKV2_AWS_10", "AWS-0162", "Prowler cloudtrail_cloudwatch_logging_enabled"],
    resources: [
      {
        types: [TRAIL],
        unknown: "defer",
        find: expects("cloudWatchLogsGroupArn", isSet, "set cloudWatchLogsGroupArn, and cloudWatchLogsRoleArn"),
      },
    ],
  },
];
