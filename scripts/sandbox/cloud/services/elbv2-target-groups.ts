import type { Properties } from "../../values/value.ts";
import { mapAt, numberAt, textAt } from "../fields.ts";
import { type CheckFailure, type Operation, Refusal, type ResourceRules } from "../service.ts";
import { VPC } from "./ec2-vpc.ts";
import {
  elbArn,
  invalidConfiguration,
  nameOf,
  suffixOf,
  TARGET_GROUP,
  usersOf,
  validationError,
} from "./elbv2-lookup.ts";
import { reference } from "./lookup.ts";

const HTTP = ["HTTP", "HTTPS"];
const isHttp = (inputs: Properties): boolean => HTTP.includes(textAt(inputs, "protocol") ?? "");
const isLambda = (inputs: Properties): boolean => textAt(inputs, "targetType") === "lambda";

function targetGroupFailures(inputs: Properties): CheckFailure[] {
  const failures: CheckFailure[] = [];
  if (!isLambda(inputs))
    for (const property of ["port", "protocol", "vpcId"])
      if (inputs[property] === undefined)
        failures.push({
          property,
          reason: `must be given when targetType is ${textAt(inputs, "targetType") ?? "instance"}`,
        });
  const check = mapAt(inputs, "healthCheck");
  if (textAt(check, "protocol") === "TCP") {
    if (isHttp(inputs) || isLambda(inputs))
      failures.push({
        property: "healthCheck.protocol",
        reason: "may not be TCP for protocol HTTP or HTTPS, nor for lambda",
      });
    for (const property of ["matcher", "path"])
      if (check[property] !== undefined)
        failures.push({
          property: `healthCheck.${property}`,
          reason: "may not be given when healthCheck.protocol is TCP",
        });
  }
  const port = textAt(check, "port");
  if (port !== undefined && port !== "traffic-port" && !(Number(port) >= 1 && Number(port) <= 65_535))
    failures.push({ property: "healthCheck.port", reason: "must be traffic-port or a port number" });
  return failures;
}

const DEFAULT_INTERVAL = 30;

function timeoutRefusal({ inputs }: Operation): Refusal | undefined {
  const check = mapAt(inputs, "healthCheck");
  const interval = numberAt(check, "interval") ?? DEFAULT_INTERVAL;
  const timeout = numberAt(check, "timeout");
  return timeout !== undefined && timeout >= interval && (isHttp(inputs) || isLambda(inputs))
    ? validationError(`Health check timeout '${timeout}' must be smaller than the interval '${interval}'`)
    : undefined;
}

/** Success codes: the API's Matcher type. Application load balancers take 200 to 499, and 0 to 99 for gRPC. */
function codesOf(inputs: Properties): readonly [number, number] {
  if (!isHttp(inputs) && !isLambda(inputs)) return [200, 599];
  return textAt(inputs, "protocolVersion") === "GRPC" ? [0, 99] : [200, 499];
}

function matcherRefusal({ inputs }: Operation): Refusal | undefined {
  const matcher = textAt(mapAt(inputs, "healthCheck"), "matcher");
  if (matcher === undefined) return undefined;
  const [from, to] = codesOf(inputs);
  const fits = matcher.split(",").every((part) => {
    const [first, last = first] = part.split("-").map((code) => (/^\d+$/.test(code) ? Number(code) : Number.NaN));
    return first !== undefined && last !== undefined && from <= first && first <= last && last <= to;
  });
  return fits
    ? undefined
    : validationError(`Health check matcher HTTP code '${matcher}' must be within '${from}-${to}' inclusive`);
}

/** Which load balancers know a way to keep a client with its target. */
const STICKY: Readonly<Record<string, (inputs: Properties) => boolean>> = {
  lb_cookie: isHttp,
  app_cookie: isHttp,
  source_ip: (inputs) => ["TCP", "UDP", "TCP_UDP", "TLS"].includes(textAt(inputs, "protocol") ?? ""),
};

function routingRefusal({ inputs }: Operation): Refusal | undefined {
  const stickiness = mapAt(inputs, "stickiness");
  const type = textAt(stickiness, "type");
  if (type !== undefined && !isLambda(inputs) && STICKY[type]?.(inputs) === false)
    return invalidConfiguration(
      `Stickiness type '${type}' is not supported for target groups with the ${textAt(inputs, "protocol") ?? ""} protocol`,
    );
  if (type === "app_cookie" && textAt(stickiness, "cookieName") === undefined)
    return invalidConfiguration("You must specify a cookie name for stickiness type 'app_cookie'");
  const algorithm = textAt(inputs, "loadBalancingAlgorithmType") ?? "round_robin";
  return (numberAt(inputs, "slowStart") ?? 0) > 0 && algorithm !== "round_robin"
    ? invalidConfiguration(`Slow start is not supported with the load balancing algorithm '${algorithm}'`)
    : undefined;
}

const groupRefusal = (operation: Operation): Refusal | undefined =>
  timeoutRefusal(operation) ?? matcherRefusal(operation) ?? routingRefusal(operation);

export const targetGroup: ResourceRules = {
  autoName: { property: "name", maxLength: 32 },
  unique: [
    {
      property: "name",
      within: "region",
      refuse: (name) =>
        new Refusal(
          "DuplicateTargetGroupName",
          `A target group with the same name '${name}' exists, but with different settings`,
        ),
    },
  ],
  references: [reference("vpcId", [VPC], "id", "ValidationError", (id) => `The VPC ID '${id}' is not found`)],
  check: targetGroupFailures,
  refuseCreate: groupRefusal,
  refuseUpdate: groupRefusal,
  refuseDelete({ existing, world }) {
    const users = usersOf(world, existing?.id ?? "");
    return users.length === 0
      ? undefined
      : new Refusal(
          "ResourceInUse",
          `Target group '${existing?.id ?? ""}' is currently in use by a listener or a rule`,
        );
  },
  id: (operation) => elbArn(operation, "targetgroup", nameOf(operation)),
  computed(operation, id) {
    const { inputs } = operation;
    const check = mapAt(inputs, "healthCheck");
    const overHttp = textAt(check, "protocol") !== "TCP";
    return {
      arn: id,
      arnSuffix: suffixOf(id, "targetgroup/"),
      connectionTermination: inputs["connectionTermination"] ?? false,
      healthCheck: {
        enabled: true,
        healthyThreshold: 3,
        interval: DEFAULT_INTERVAL,
        port: "traffic-port",
        protocol: isHttp(inputs) || isLambda(inputs) ? "HTTP" : "TCP",
        timeout: isLambda(inputs) ? 30 : isHttp(inputs) ? 5 : 10,
        unhealthyThreshold: 3,
        ...(overHttp && (isHttp(inputs) || isLambda(inputs)) ? { matcher: "200", path: "/" } : {}),
        ...check,
      },
      ipAddressType: textAt(inputs, "ipAddressType") ?? "ipv4",
      loadBalancerArns: [],
      loadBalancingAlgorithmType: textAt(inputs, "loadBalancingAlgorithmType") ?? (isHttp(inputs) ? "round_robin" : ""),
      loadBalancingAnomalyMitigation: textAt(inputs, "loadBalancingAnomalyMitigation") ?? (isHttp(inputs) ? "off" : ""),
      loadBalancingCrossZoneEnabled:
        textAt(inputs, "loadBalancingCrossZoneEnabled") ?? "use_load_balancer_configuration",
      name: nameOf(operation),
      namePrefix: textAt(inputs, "namePrefix") ?? "",
      protocolVersion: textAt(inputs, "protocolVersion") ?? (isHttp(inputs) ? "HTTP1" : ""),
      stickiness: inputs["stickiness"] ?? { enabled: false, type: "lb_cookie", cookieDuration: 86_400, cookieName: "" },
    };
  },
};

export const targetGroupAttachment: ResourceRules = {
  references: [
    reference(
      "targetGroupArn",
      [TARGET_GROUP],
      "arn",
      "TargetGroupNotFound",
      (arn) => `One or more target groups not found: ${arn}`,
    ),
  ],
  // There is no update: the target is deregistered and another registered.
  replaces: (olds, news) =>
    ["availabilityZone", "port", "quicServerId", "targetGroupArn", "targetId"].filter((key) => olds[key] !== news[key]),
  id: (operation) => `${textAt(operation.inputs, "targetGroupArn") ?? ""}-${operation.hex("id", 26)}`,
};
