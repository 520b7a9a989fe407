import { isProperties, type Properties, type Value } from "../../values/value.ts";
import { globalArn } from "../arn.ts";
import { mapAt, mapsAt, textAt, textsAt } from "../fields.ts";
import { type Operation, Refusal, type ResourceRules, type Service } from "../service.ts";
import { isEmail } from "./e-mail.ts";
import { findBy, inAccount, uuid } from "./lookup.ts";

const MONITOR = "aws:costexplorer/anomalyMonitor:AnomalyMonitor";
const SUBSCRIPTION = "aws:costexplorer/anomalySubscription:AnomalySubscription";

/** Quotas of Cost Anomaly Detection: subscribers of a subscription by kind. */
const MOST_SUBSCRIBERS: Readonly<Record<string, number>> = { EMAIL: 10, SNS: 1 };

/** How often which subscribers can be told. */
const FREQUENCIES: Readonly<Record<string, string>> = { EMAIL: "DAILY or WEEKLY", SNS: "IMMEDIATE" };

const invalid = (message: string): Refusal => new Refusal("ValidationException", message);

function specificationProblem(text: string): string | undefined {
  let value: Value;
  try {
    value = JSON.parse(text) as Value;
  } catch {
    return "MonitorSpecification is not JSON";
  }
  const given = isProperties(value) ? Object.keys(value).filter((key) => mapAt(value, key)["Key"] !== undefined) : [];
  return given.length === 1 && ["Tags", "Dimensions", "CostCategories"].includes(given[0] ?? "")
    ? undefined
    : "MonitorSpecification must name one of Tags, Dimensions, or CostCategories, with its Key and Values";
}

function monitorRefusal(operation: Operation): Refusal | undefined {
  const { inputs } = operation;
  const [dimension, specification] = [textAt(inputs, "monitorDimension"), textAt(inputs, "monitorSpecification")];
  if (textAt(inputs, "monitorType") === "CUSTOM") {
    if (specification === undefined) return invalid("A CUSTOM monitor needs a MonitorSpecification.");
    const problem = specificationProblem(specification);
    return problem === undefined ? undefined : invalid(problem);
  }
  if (dimension === undefined) return invalid("A DIMENSIONAL monitor needs a MonitorDimension.");
  return findBy(inAccount(operation, MONITOR), dimension, "monitorDimension") === undefined
    ? undefined
    : invalid(
        `Limit exceeded on dimensional spend monitor creation: the account has a monitor of ${dimension} already.`,
      );
}

const monitor: ResourceRules = {
  autoName: { property: "name", maxLength: 1024 },
  refuseCreate: monitorRefusal,
  id: (operation) => globalArn(operation.location, "ce", `anomalymonitor/${uuid(operation.hex("monitor", 32))}`),
  computed: (_operation, id) => ({ arn: id }),
};

const IMPACTS = ["ANOMALY_TOTAL_IMPACT_ABSOLUTE", "ANOMALY_TOTAL_IMPACT_PERCENTAGE"];

function thresholdProblem(expression: Properties): string | undefined {
  const nested = [...mapsAt(expression, "ands"), ...mapsAt(expression, "ors")];
  const dimension = mapAt(expression, "dimension");
  const dimensions = Object.keys(dimension).length > 0 ? [dimension] : nested.map((one) => mapAt(one, "dimension"));
  if (dimensions.length === 0 || dimensions.length > 2) return "ThresholdExpression must name one or two impacts";
  for (const one of dimensions) {
    const key = textAt(one, "key") ?? "";
    if (!IMPACTS.includes(key)) return `ThresholdExpression takes ${IMPACTS.join(" and ")}, not "${key}"`;
    if (textsAt(one, "matchOptions").join() !== "GREATER_THAN_OR_EQUAL")
      return `${key} takes the match option GREATER_THAN_OR_EQUAL`;
    const [value = "", ...others] = textsAt(one, "values");
    if (others.length > 0 || !/^\d+(\.\d+)?$/.test(value)) return `${key} takes one number`;
  }
  return undefined;
}

function subscribersProblem(operation: Operation): string | undefined {
  const subscribers = mapsAt(operation.inputs, "subscribers");
  const kinds = [...new Set(subscribers.map((one) => textAt(one, "type") ?? ""))];
  const [kind = ""] = kinds;
  if (kinds.length !== 1) return "Subscribers must be all of one type, EMAIL or SNS";
  const most = MOST_SUBSCRIBERS[kind] ?? 0;
  if (subscribers.length > most) return `A subscription has at most ${most} subscribers of type ${kind}`;
  const frequency = textAt(operation.inputs, "frequency") ?? "";
  const frequencies = FREQUENCIES[kind] ?? "";
  if (!frequencies.includes(frequency))
    return `Frequency ${frequency} is not for subscribers of type ${kind}: they take ${frequencies}`;
  const topics = inAccount(operation, "aws:sns/topic:Topic");
  return subscribers
    .map((one) => textAt(one, "address") ?? "")
    .map((address) =>
      kind === "EMAIL"
        ? isEmail(address)
          ? undefined
          : `Invalid e-mail address: ${address}`
        : findBy(topics, address, "arn") === undefined
          ? `The SNS topic ${address} does not exist`
          : undefined,
    )
    .find((problem) => problem !== undefined);
}

function subscriptionRefusal(operation: Operation): Refusal | undefined {
  const { inputs } = operation;
  const monitors = inAccount(operation, MONITOR);
  const unknown = textsAt(inputs, "monitorArnLists").find((arn) => findBy(monitors, arn, "arn") === undefined);
  if (unknown !== undefined) return new Refusal("UnknownMonitorException", `Monitor ${unknown} does not exist.`);
  const expression = inputs["thresholdExpression"];
  const problem = isProperties(expression)
    ? thresholdProblem(expression)
    : "Threshold and ThresholdExpression cannot both be null";
  const found = problem ?? subscribersProblem(operation);
  return found === undefined ? undefined : invalid(found);
}

const subscription: ResourceRules = {
  autoName: { property: "name", maxLength: 1024 },
  refuseCreate: subscriptionRefusal,
  refuseUpdate: subscriptionRefusal,
  id: (operation) =>
    globalArn(operation.location, "ce", `anomalysubscription/${uuid(operation.hex("subscription", 32))}`),
  computed: ({ inputs, location }, id) => ({ arn: id, accountId: textAt(inputs, "accountId") ?? location.account }),
};

/** Some of what stands on every account's bill, with its tags. */
const BILLED = [
  "aws:s3/bucket:Bucket",
  "aws:kms/key:Key",
  "aws:ec2/natGateway:NatGateway",
  "aws:lb/loadBalancer:LoadBalancer",
  "aws:ecs/service:Service",
  "aws:secretsmanager/secret:Secret",
];

/**
 * AWS knows a tag key about a day after the first bill with it. The sandbox has no bills and no clock: it knows a key as
 * soon as something that would be billed to the account bears it, so the day of waiting is all that it cannot show.
 */
function tagRefusal(operation: Operation): Refusal | undefined {
  const key = textAt(operation.inputs, "tagKey") ?? "";
  const known = inAccount(operation, ...BILLED).some(({ inputs }) =>
    ["tags", "tagsAll"].some((property) => key in mapAt(inputs, property)),
  );
  return known ? undefined : invalid(`Tag keys not found: ${key}`);
}

const costAllocationTag: ResourceRules = {
  refuseCreate: tagRefusal,
  refuseUpdate: tagRefusal,
  id: ({ inputs }) => textAt(inputs, "tagKey") ?? "",
  computed: ({ inputs }) => ({
    type: (textAt(inputs, "tagKey") ?? "").startsWith("aws:") ? "AWSGenerated" : "UserDefined",
  }),
};

export const costexplorer: Service = {
  resources: {
    [MONITOR]: monitor,
    [SUBSCRIPTION]: subscription,
    "aws:costexplorer/costAllocationTag:CostAllocationTag": costAllocationTag,
  },
};
