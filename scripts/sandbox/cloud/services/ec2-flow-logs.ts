import { parseArn, regionalArn } from "../arn.ts";
import { textAt } from "../fields.ts";
import { allowsService } from "../iam-policy.ts";
import { type Operation, Refusal, type ResourceRules } from "../service.ts";
import { subnetReference } from "./ec2-subnets.ts";
import { ec2Id, vpcReference } from "./ec2-vpc.ts";
import { findBy, here, inAccount, valueOf } from "./lookup.ts";

const FLOW_LOG = "aws:ec2/flowLog:FlowLog";
const TARGETS = [
  "vpcId",
  "subnetId",
  "eniId",
  "transitGatewayId",
  "transitGatewayAttachmentId",
  "regionalNatGatewayId",
];

const unfinished = (text: string): string => text.replace(/:\*$/, "");

/** The role must exist and let the flow logs service take it. */
function roleRefusal(operation: Operation): Refusal | undefined {
  const arn = textAt(operation.inputs, "iamRoleArn");
  if (arn === undefined)
    return new Refusal(
      "InvalidParameter",
      "DeliverLogsPermissionArn can't be empty if LogDestinationType is cloud-watch-logs.",
    );
  const role = findBy(inAccount(operation, "aws:iam/role:Role"), arn, "arn");
  const trust = role === undefined ? "" : (valueOf(role, "assumeRolePolicy") ?? "");
  return allowsService(trust, ["vpc-flow-logs.amazonaws.com"], "sts:AssumeRole")
    ? undefined
    : new Refusal(
        "InvalidParameter",
        `Unable to assume given IAM role: ${arn} ${role === undefined ? "does not exist" : "does not let vpc-flow-logs.amazonaws.com assume it"}.`,
      );
}

function destinationRefusal(operation: Operation): Refusal | undefined {
  const { inputs, world } = operation;
  const destination = textAt(inputs, "logDestination");
  if (destination === undefined)
    return new Refusal("MissingParameter", "The request must contain the parameter LogDestination");
  const arn = parseArn(destination);
  const missing = new Refusal("LogDestinationNotFoundException", `LogDestination: ${destination} does not exist.`);
  switch (textAt(inputs, "logDestinationType") ?? "cloud-watch-logs") {
    case "s3": {
      const bucket = arn?.resource.split("/")[0] ?? "";
      return world.all("aws:s3/bucket:Bucket").some((one) => one.id === bucket) ? undefined : missing;
    }
    case "cloud-watch-logs":
      return findBy(here(operation, "aws:cloudwatch/logGroup:LogGroup"), unfinished(destination), "arn") === undefined
        ? missing
        : roleRefusal(operation);
    default:
      return arn?.service === "firehose" ? undefined : missing;
  }
}

const flowLog: ResourceRules = {
  references: [vpcReference(), subnetReference()],
  check(inputs) {
    const target = TARGETS.find((property) => inputs[property] !== undefined);
    return target !== undefined && !target.startsWith("transit") && inputs["trafficType"] === undefined
      ? [{ property: "trafficType", reason: "trafficType is required unless the target is a transit gateway" }]
      : [];
  },
  refuseCreate(operation) {
    const refusal = destinationRefusal(operation);
    if (refusal !== undefined) return refusal;
    const { inputs } = operation;
    const key = (properties: typeof inputs): string =>
      JSON.stringify([
        TARGETS.map((property) => properties[property] ?? null),
        unfinished(textAt(properties, "logDestination") ?? ""),
        properties["trafficType"] ?? null,
      ]);
    const rival = here(operation, FLOW_LOG).find((other) => key(other.inputs) === key(inputs));
    return rival === undefined
      ? undefined
      : new Refusal(
          "FlowLogAlreadyExists",
          `There is an existing Flow Log with the same configuration and log destination (${rival.id}).`,
        );
  },
  equivalent: (property, old, now) =>
    property === "logDestination" &&
    typeof old === "string" &&
    typeof now === "string" &&
    unfinished(old) === unfinished(now),
  id: ec2Id("fl"),
  computed: ({ inputs, location }, id) => ({
    arn: regionalArn(location, "ec2", `vpc-flow-log/${id}`),
    logDestination: unfinished(textAt(inputs, "logDestination") ?? ""),
    logFormat:
      textAt(inputs, "logFormat") ??
      "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}",
  }),
};

export const flowLogResources = { [FLOW_LOG]: flowLog } satisfies Record<string, ResourceRules>;
