import { TASK_DEFINITION, containersOf, eachContainer, inContainer } from "../../support/containers/definitions.ts";
import {
  at,
  atLeast,
  expects,
  expectsAsked,
  isSet,
  isTrue,
  locate,
  textOf,
  unless,
  type Located,
} from "../../support/property.ts";
import type { Finding, Rule, StackResource } from "../../support/rule.ts";
import type { Stack } from "../../support/stack.ts";
import { Unknown, type Plain, type PlainMap } from "../../support/unknown.ts";

const GROUP = "aws:cloudwatch/logGroup:LogGroup";
const FUNCTION = "aws:lambda/function:Function";

type Names = (props: PlainMap) => readonly Located[];

const named =
  (path: string): Names =>
  (props) =>
    locate(props, path);

/** Firehose is named by its name, which looks like a group's. */
const deliveries: Names = (props) =>
  locate(props, "logDeliveryConfigurations[]").flatMap(({ property, value }) =>
    at(value, "destinationType") === "kinesis-firehose"
      ? []
      : [{ property: `${property}.destination`, value: at(value, "destination") ?? value }],
  );

const flowLogs: Names = (props) =>
  (textOf(props["logDestinationType"]) ?? "cloud-watch-logs") === "cloud-watch-logs"
    ? locate(props, "logDestination")
    : [];

/** Where resources name the log group that they write to. */
const PRODUCERS: Readonly<Record<string, Names>> = {
  [FUNCTION]: named("loggingConfig.logGroup"),
  "aws:apigateway/stage:Stage": named("accessLogSettings.destinationArn"),
  "aws:apigatewayv2/stage:Stage": named("accessLogSettings.destinationArn"),
  "aws:cloudtrail/trail:Trail": named("cloudWatchLogsGroupArn"),
  "aws:ec2/flowLog:FlowLog": flowLogs,
  "aws:ecs/cluster:Cluster": named("configuration.executeCommandConfiguration.logConfiguration.cloudWatchLogGroupName"),
  "aws:elasticache/cluster:Cluster": deliveries,
  "aws:elasticache/replicationGroup:ReplicationGroup": deliveries,
  "aws:opensearch/domain:Domain": named("logPublishingOptions[].cloudwatchLogGroupArn"),
  "aws:route53/queryLog:QueryLog": named("cloudwatchLogGroupArn"),
  "aws:sfn/stateMachine:StateMachine": named("loggingConfiguration.logDestination"),
  "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": named("logDestinationConfigs[]"),
};

/** Streams of Firehose and buckets, which some of them may write to instead. */
const isElsewhere = (text: string): boolean => text.startsWith("arn:") && !text.includes(":log-group:");

/** A group's name, of its ARN too, which CloudTrail and Step Functions want with `:*` at its end. */
const nameIn = (text: string): string => text.replace(/^arn:.*:log-group:/, "").replace(/:\*$/, "");

/** The log groups of a stack, as others name them. */
class Groups {
  readonly #names: ReadonlySet<string>;
  readonly #urns: ReadonlySet<string>;
  readonly #unnamed: ReadonlySet<string>;
  readonly #of: ReadonlySet<string>;

  constructor(groups: readonly StackResource[]) {
    this.#names = new Set(groups.flatMap(({ props }) => textOf(props["name"]) ?? []));
    this.#urns = new Set(groups.map(({ urn }) => urn));
    this.#unnamed = new Set(groups.filter(({ props }) => textOf(props["name"]) === undefined).map(({ urn }) => urn));
    this.#of = new Set(groups.flatMap(({ references }) => [...(references.get("name") ?? [])]));
  }

  /** Whether a value names one of them; undefined where only up will tell. */
  has(from: StackResource, input: string, value: Plain): boolean | undefined {
    const sources = from.references.get(input) ?? new Set();
    if (typeof value === "string") return this.#names.has(nameIn(value)) || !sources.isDisjointFrom(this.#unnamed);
    return sources.isDisjointFrom(this.#urns) ? undefined : true;
  }

  /** Whether one of them has the name that a function's lines go to by default. */
  isDefaultOf({ urn, props }: StackResource): boolean {
    return this.#of.has(urn) || this.#names.has(`/aws/lambda/${textOf(props["name"]) ?? ""}`);
  }
}

const FIX = "name an aws.cloudwatch.LogGroup of the program, with retentionInDays";

function judgedIn(
  groups: Groups,
  from: StackResource,
  input: string,
  { property, value }: Located,
): readonly Finding[] {
  if (typeof value === "string" && isElsewhere(value)) return [];
  const found = groups.has(from, input, value);
  if (found === true) return [];
  if (found === undefined && value instanceof Unknown) return [{ urn: from.urn, property, unknown: value }];
  const wrong = `it is ${JSON.stringify(value)}, which is no log group of this program, so that nothing says when its lines expire`;
  return [{ urn: from.urn, property, wrong, fix: FIX }];
}

function taskFindings(groups: Groups, task: StackResource): readonly Finding[] {
  const containers = containersOf(task);
  const input = "containerDefinitions";
  if (containers instanceof Unknown) return judgedIn(groups, task, input, { property: input, value: containers });
  return containers.flatMap(({ property, definition }) => {
    const group = at(definition, "logConfiguration.options.awslogs-group");
    if (!isSet.is(group)) return [];
    const place = `${property}.logConfiguration.options.awslogs-group`;
    return judgedIn(groups, task, input, { property: place, value: group });
  });
}

/** Without a group a function writes to one that Lambda makes, which never expires. */
function defaultGroup(groups: Groups, from: StackResource, property: string): readonly Finding[] {
  if (from.type !== FUNCTION || groups.isDefaultOf(from)) return [];
  const wrong = `it is not set, and Lambda makes a group for "${from.name}" that keeps lines for ever`;
  return [{ urn: from.urn, property, wrong, fix: FIX }];
}

function producerFindings(groups: Groups, from: StackResource): readonly Finding[] {
  return (PRODUCERS[from.type]?.(from.props) ?? []).flatMap((located) => {
    const [input = ""] = located.property.split(/[.[]/);
    return isSet.is(located.value)
      ? judgedIn(groups, from, input, located)
      : defaultGroup(groups, from, located.property);
  });
}

/** What writes to log groups that are not the program's own. */
function strayLogs(stack: Stack): readonly Finding[] {
  const groups = new Groups(stack.ofType([GROUP]));
  return [
    ...stack.ofType([TASK_DEFINITION]).flatMap((task) => taskFindings(groups, task)),
    ...stack.ofType(Object.keys(PRODUCERS)).flatMap((producer) => producerFindings(groups, producer)),
  ];
}

/** A group that the driver makes by itself never expires. */
const makesGroup = eachContainer((container) =>
  isTrue.is(at(container.definition, "logConfiguration.options.awslogs-create-group"))
    ? [
        inContainer(
          container,
          "logConfiguration.options.awslogs-create-group",
          "it is true, and the group that it makes keeps lines for ever",
          "remove it, and make an aws.cloudwatch.LogGroup",
        ),
      ]
    : [],
);

/** Zero and nothing mean for ever, which is not what somebody chose. CloudWatch itself deletes those on their way. */
const unkept = unless(
  ({ props }) => props["logGroupClass"] === "DELIVERY",
  expectsAsked("days", "retentionInDays", atLeast),
);

export const rules: readonly Rule[] = [
  {
    name: "cloudwatch-log-retention",
    description: "Log groups say for how many days they keep lines, and it is enough of them.",
    why: "Without a number lines and their costs stay for ever, and with a small one they are gone when they are asked for.",
    severity: "medium",
    level: "mandatory",
    standards: [
      "CKV_AWS_66",
      "CKV_AWS_338",
      "cdk-nag CloudWatchLogGroupRetentionPeriod",
      "Prowler cloudwatch_log_group_retention_policy_specific_days_enabled",
    ],
    settings: { days: { type: "number", description: "Days for which lines are kept at least.", default: 365 } },
    resources: [{ types: [GROUP], unknown: "refuse", find: unkept }],
  },
  {
    name: "cloudwatch-log-customer-key",
    description: "Log groups are encrypted with a key of the program.",
    why: "Whoever may read logs in general cannot read these without the key, whose every use is recorded.",
    severity: "low",
    level: "mandatory",
    standards: [
      "CKV_AWS_158",
      "cdk-nag CloudWatchLogGroupEncrypted",
      "AWS-0017",
      "Prowler cloudwatch_log_group_kms_encryption_enabled",
    ],
    resources: [
      {
        types: [GROUP],
        unknown: "defer",
        find: expects("kmsKeyId", isSet, "set kmsKeyId to an aws.kms.Key that CloudWatch Logs may use"),
      },
    ],
  },
  {
    name: "cloudwatch-logs-in-own-group",
    description: "Whatever writes logs to CloudWatch writes them to a log group of the program.",
    why: "A group that a service makes by itself keeps lines for ever, without a key and without tags.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    resources: [{ types: [TASK_DEFINITION], unknown: "defer", find: makesGroup }],
    stack: strayLogs,
  },
];
