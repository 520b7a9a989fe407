import { regionalArn } from "../arn.ts";
import { textAt, textsUnder } from "../fields.ts";
import { type CloudResource, type Operation, Refusal, type World } from "../service.ts";
import { prefixedName, reference } from "./lookup.ts";

export const LOAD_BALANCER = "aws:lb/loadBalancer:LoadBalancer";
export const LISTENER = "aws:lb/listener:Listener";
export const LISTENER_RULE = "aws:lb/listenerRule:ListenerRule";
export const TARGET_GROUP = "aws:lb/targetGroup:TargetGroup";
export const TRUST_STORE = "aws:lb/trustStore:TrustStore";

/** ELB's ids: 16 hexadecimal digits at the end of an ARN. */
export const elbArn = (operation: Operation, kind: string, path: string): string =>
  regionalArn(operation.location, "elasticloadbalancing", `${kind}/${path}/${operation.hex("id", 16)}`);

/** What CloudWatch calls a load balancer or trust store: the end of its ARN. */
export const suffixOf = (arn: string, from: string): string => arn.slice(arn.lastIndexOf(from));

/** `app/NAME/ID` of a load balancer's or listener's ARN, and what follows. */
export const pathOf = (arn: string): string => arn.split("/").slice(1).join("/");

export const nameOf = (operation: Operation): string =>
  textAt(operation.inputs, "name") ??
  prefixedName(operation, textAt(operation.inputs, "namePrefix") ?? "").slice(0, 32);

export const listenerReference = reference(
  "listenerArn",
  [LISTENER],
  "arn",
  "ListenerNotFound",
  (arn) => `One or more listeners not found: ${arn}`,
);

export const validationError = (message: string): Refusal => new Refusal("ValidationError", message);
export const invalidConfiguration = (message: string): Refusal => new Refusal("InvalidConfigurationRequest", message);

/** Where actions of a listener or a rule name target groups. */
const ACTIONS = [
  { type: LISTENER, list: "defaultActions" },
  { type: LISTENER_RULE, list: "actions" },
] as const;

export const targetGroupPaths = (list: string): string[] => [
  `${list}[].targetGroupArn`,
  `${list}[].forward.targetGroups[].arn`,
];

/** Listeners and rules that forward to the target group. */
export function usersOf(world: World, targetGroupArn: string): CloudResource[] {
  return ACTIONS.flatMap(({ type, list }) =>
    world
      .all(type)
      .filter(({ inputs }) =>
        targetGroupPaths(list).some((path) => textsUnder(inputs, path).some(({ text }) => text === targetGroupArn)),
      ),
  );
}

/** ARNs of the load balancers that forward to the target group, by a listener or by one of its rules. */
export function balancersOf(world: World, targetGroupArn: string): string[] {
  const listeners = usersOf(world, targetGroupArn).flatMap((user) =>
    user.type === LISTENER ? user : (world.byId(LISTENER, textAt(user.inputs, "listenerArn") ?? "") ?? []),
  );
  return [...new Set(listeners.flatMap(({ inputs }) => textAt(inputs, "loadBalancerArn") ?? []))];
}
