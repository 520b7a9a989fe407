import { flagAt, mapAt, mapsAt, numberAt, textAt } from "../sandbox/cloud/fields.ts";
import { nameOf } from "../sandbox/protocol/urn.ts";
import { ingressOf, isPossible, type Network, portText, rolesOf } from "./network.ts";
import { groupName, inputsOf, type Resource, type Role } from "./security-groups.ts";

/** What the internet may reach, and on which ports. */
const OPEN_ROLE: Role = "load balancer";
const OPEN_PORTS = [443, 80];
const REDIRECT_PORT = 80;

/** Roles that hold data, and the one that may talk to them. */
const CLOSED_ROLES: readonly Role[] = ["database", "cache"];
const CLIENT: Role = "service";

function openGroups(network: Network): string[] {
  return ingressOf(network).flatMap((taken) => {
    const { peer } = taken;
    if (peer.kind === "group" || !peer.outside) return [];
    const name = groupName(taken.group, network.resources);
    const roles = rolesOf(network, taken.group);
    const where = `${name} takes ${portText(taken)} from ${peer.text}`;
    if (roles.length !== 1 || roles[0] !== OPEN_ROLE)
      return [`${where}, and is attached to ${roles.join(" and ") || "nothing"}: only the ${OPEN_ROLE} may be open`];
    if (taken.protocol !== "tcp" || taken.from !== taken.to || !OPEN_PORTS.includes(taken.from))
      return [`${where}: only ${OPEN_PORTS.join(" and ")} may be open`];
    return peer.anyone ? [`${where}: only the ranges of the edge in front may come in`] : [];
  });
}

function dataGroups(network: Network): string[] {
  return ingressOf(network).flatMap((taken) => {
    const roles = rolesOf(network, taken.group);
    const data = roles.find((role) => CLOSED_ROLES.includes(role));
    if (data === undefined) return [];
    const { peer } = taken;
    const name = groupName(taken.group, network.resources);
    if (peer.kind === "addresses") return [`${name} (${data}) takes ${portText(taken)} from ${peer.text}`];
    const clients = rolesOf(network, peer.id);
    return clients.length === 1 && clients[0] === CLIENT
      ? []
      : [
          `${name} (${data}) takes ${portText(taken)} from ${groupName(peer.id, network.resources)}, which is attached to ${clients.join(" and ") || "nothing"}: only the ${CLIENT} may`,
        ];
  });
}

function mixedGroups(network: Network): string[] {
  const groups = [...new Set(network.attachments.map(({ group }) => group))];
  return groups.flatMap((group) => {
    const roles = rolesOf(network, group);
    return roles.length < 2
      ? []
      : [`${groupName(group, network.resources)} is attached to ${roles.join(" and ")}: a group serves one role`];
  });
}

/** Ingress that its source may not use: a rule too many, or one too few on the other side. */
function halfPaths(network: Network): string[] {
  return ingressOf(network)
    .filter((taken) => !isPossible(network, taken))
    .map((taken) => {
      const source = taken.peer.kind === "group" ? groupName(taken.peer.id, network.resources) : taken.peer.text;
      return `${groupName(taken.group, network.resources)} takes ${portText(taken)} from ${source}, which has no rule to open it`;
    });
}

const of = ({ resources }: Network, ...types: readonly string[]): Resource[] =>
  resources.filter(({ type }) => types.includes(type));

function isRedirect(listener: Resource): boolean {
  const actions = mapsAt(inputsOf(listener), "defaultActions");
  return (
    actions.length > 0 &&
    actions.every(
      (action) => textAt(action, "type") === "redirect" && textAt(mapAt(action, "redirect"), "protocol") === "HTTPS",
    )
  );
}

function listeners(network: Network): string[] {
  const all = of(network, "aws:lb/listener:Listener");
  const plain = all.filter((one) => numberAt(inputsOf(one), "port") === REDIRECT_PORT);
  const rules = of(network, "aws:lb/listenerRule:ListenerRule");
  return [
    ...all
      .filter((one) => !OPEN_PORTS.includes(numberAt(inputsOf(one), "port") ?? 0))
      .map((one) => `${nameOf(one.urn)} listens on ${numberAt(inputsOf(one), "port") ?? "no port"}`),
    ...plain
      .filter((one) => !isRedirect(one))
      .map((one) => `${nameOf(one.urn)} answers HTTP with more than a redirect`),
    ...rules
      .filter((rule) => plain.some(({ id }) => id === textAt(inputsOf(rule), "listenerArn")))
      .map((rule) => `${nameOf(rule.urn)} sends plain HTTP on`),
  ];
}

/** Ways in that need no security group's rule, or go around the load balancer. */
function sideDoors(network: Network): string[] {
  const services = of(network, "aws:ecs/service:Service").filter(
    (one) => flagAt(mapAt(inputsOf(one), "networkConfiguration"), "assignPublicIp") === true,
  );
  const instances = of(network, "aws:ec2/instance:Instance").filter(
    (one) => flagAt(inputsOf(one), "associatePublicIpAddress") === true,
  );
  const databases = of(network, "aws:rds/instance:Instance").filter(
    (one) => flagAt(inputsOf(one), "publiclyAccessible") === true,
  );
  const addresses = [...services, ...instances, ...databases].map((one) => `${nameOf(one.urn)} has a public address`);
  const urls = of(network, "aws:lambda/functionUrl:FunctionUrl")
    .filter((one) => textAt(inputsOf(one), "authorizationType") === "NONE")
    .map((one) => `${nameOf(one.urn)} answers anyone who knows its address`);
  // An access list of Atlas lets addresses in beside the private endpoint.
  const lists = of(network, "mongodbatlas:index/projectIpAccessList:ProjectIpAccessList").map(
    (one) => `${nameOf(one.urn)} lets ${textAt(inputsOf(one), "cidrBlock") ?? "an address"} into the database`,
  );
  return [...addresses, ...urls, ...lists];
}

/** Where a target group sends requests must be where the service's group takes them from the load balancer's. */
function targets(network: Network): string[] {
  const into = ingressOf(network).filter((taken) => rolesOf(network, taken.group).includes(CLIENT));
  if (of(network, "aws:ecs/service:Service").length === 0) return [];
  return of(network, "aws:lb/targetGroup:TargetGroup").flatMap((one) => {
    const port = numberAt(inputsOf(one), "port") ?? 0;
    return into.length === 0 || into.some(({ from, to }) => from <= port && port <= to)
      ? []
      : [`${nameOf(one.urn)} sends to port ${port}, which no group of the ${CLIENT} takes`];
  });
}

const looks = [openGroups, dataGroups, mixedGroups, halfPaths, listeners, sideDoors, targets];

/** What should not be, one sentence each. */
export const findingsOf = (network: Network): string[] => looks.flatMap((look) => look(network));
