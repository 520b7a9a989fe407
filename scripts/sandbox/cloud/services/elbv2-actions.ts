import type { Properties } from "../../values/value.ts";
import { mapAt, mapsAt, textAt, textsUnder } from "../fields.ts";
import { type CheckFailure, type Operation, Refusal } from "../service.ts";
import { balancersOf, invalidConfiguration, TARGET_GROUP, targetGroupPaths } from "./elbv2-lookup.ts";
import { findBy, here, valueOf } from "./lookup.ts";

/** The block that an action of the type needs. */
const BLOCKS: Readonly<Record<string, string>> = {
  "authenticate-cognito": "authenticateCognito",
  "authenticate-oidc": "authenticateOidc",
  "fixed-response": "fixedResponse",
  "jwt-validation": "jwtValidation",
  redirect: "redirect",
};

/** What answers the request; the others come before it. */
const TERMINAL = ["fixed-response", "forward", "redirect"];

const typeOf = (action: Properties): string => (textAt(action, "type") ?? "").toLowerCase();

/** What the provider sees in preview already: a block that is missing. */
export function actionFailures(inputs: Properties, list: string): CheckFailure[] {
  return mapsAt(inputs, list).flatMap((action, index) => {
    const at = `${list}[${index}]`;
    const type = typeOf(action);
    const block = BLOCKS[type];
    if (type === "forward") {
      const [one, several] = [action["targetGroupArn"], action["forward"]];
      if (one === undefined && several === undefined)
        return [{ property: at, reason: "either targetGroupArn or forward must be given when type is forward" }];
      const others = textsUnder(action, "forward.targetGroups[].arn").some(({ text }) => text !== one);
      return one !== undefined && several !== undefined && others
        ? [{ property: `${at}.targetGroupArn`, reason: "must be the one that forward names, or left out" }]
        : [];
    }
    return block !== undefined && action[block] === undefined
      ? [{ property: `${at}.${block}`, reason: `must be given when type is ${type}` }]
      : [];
  });
}

const UNCHANGED: Readonly<Record<string, string>> = {
  host: "#{host}",
  path: "/#{path}",
  port: "#{port}",
  protocol: "#{protocol}",
};

/** A redirect must lead elsewhere, and from HTTPS never to HTTP. */
function redirectRefusal(redirect: Properties, protocol: string, port: number | undefined): Refusal | undefined {
  const target = (key: string): string => textAt(redirect, key) ?? UNCHANGED[key] ?? "";
  const same = (key: string, own: string): boolean => target(key) === UNCHANGED[key] || target(key) === own;
  if (
    same("protocol", protocol) &&
    same("port", String(port ?? "")) &&
    target("host") === UNCHANGED["host"] &&
    target("path") === UNCHANGED["path"]
  )
    return new Refusal(
      "InvalidLoadBalancerAction",
      "The redirect configuration is not valid because it creates a loop.",
    );
  return protocol === "HTTPS" && target("protocol") === "HTTP"
    ? new Refusal("InvalidLoadBalancerAction", "You cannot redirect HTTPS to HTTP.")
    : undefined;
}

/** The listener that actions belong to. */
export interface Ground {
  readonly loadBalancerArn: string;
  /** The load balancer's. */
  readonly vpcId: string;
  readonly application: boolean;
  readonly protocol: string;
  readonly port: number | undefined;
}

function forwardRefusal(operation: Operation, list: string, ground: Ground): Refusal | undefined {
  const arns = targetGroupPaths(list).flatMap((path) => textsUnder(operation.inputs, path).map(({ text }) => text));
  for (const arn of new Set(arns)) {
    const group = findBy(here(operation, TARGET_GROUP), arn, "arn");
    if (group === undefined) return new Refusal("TargetGroupNotFound", `One or more target groups not found: ${arn}`);
    const protocol = valueOf(group, "protocol");
    if (ground.application && protocol !== undefined && !["HTTP", "HTTPS"].includes(protocol))
      return new Refusal(
        "IncompatibleProtocols",
        `The protocol of target group '${arn}' is ${protocol}: an application load balancer forwards HTTP and HTTPS.`,
      );
    const vpcId = valueOf(group, "vpcId");
    if (vpcId !== undefined && vpcId !== ground.vpcId)
      return invalidConfiguration(
        `The target group ${arn} is not in the same VPC as the load balancer (${ground.vpcId})`,
      );
    const other = balancersOf(operation.world, arn).some((balancer) => balancer !== ground.loadBalancerArn);
    if (other)
      return new Refusal(
        "TargetGroupAssociationLimit",
        `The following target groups cannot be associated with more than one load balancer: ${arn}`,
      );
  }
  return undefined;
}

export function actionsRefusal(operation: Operation, list: string, ground: Ground): Refusal | undefined {
  const actions = mapsAt(operation.inputs, list);
  const terminal = actions.filter((action) => TERMINAL.includes(typeOf(action)));
  const last = actions.at(-1);
  if (ground.application && (terminal.length !== 1 || last === undefined || !TERMINAL.includes(typeOf(last))))
    return new Refusal(
      "InvalidLoadBalancerAction",
      "Exactly one of forward, redirect, and fixed-response must be given, as the last action.",
    );
  for (const action of actions) {
    const refusal =
      typeOf(action) === "redirect"
        ? redirectRefusal(mapAt(action, "redirect"), ground.protocol, ground.port)
        : undefined;
    if (refusal !== undefined) return refusal;
  }
  return forwardRefusal(operation, list, ground);
}
