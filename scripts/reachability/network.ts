import {
  type Attachment,
  attachmentsOf,
  type Permission,
  permissionsOf,
  type Resource,
  type Role,
} from "./security-groups.ts";

/** Everything of a stack that decides who can connect to what. */
export interface Network {
  readonly resources: readonly Resource[];
  readonly permissions: readonly Permission[];
  readonly attachments: readonly Attachment[];
}

/** What a group is attached to, each once. */
export const rolesOf = ({ attachments }: Network, group: string): Role[] => [
  ...new Set(attachments.filter((one) => one.group === group).map(({ role }) => role)),
];

/** `443`, `1024-65535`, or `all`, with the protocol where it is not TCP. */
export function portText({ protocol, from, to }: Permission): string {
  if (protocol === "-1") return "all";
  const ports = from === to ? String(from) : `${from}-${to}`;
  return protocol === "tcp" ? ports : `${protocol} ${ports}`;
}

const overlap = (one: Permission, other: Permission): boolean =>
  (one.protocol === "-1" || other.protocol === "-1" || one.protocol === other.protocol) &&
  one.from <= other.to &&
  other.from <= one.to;

/** Whether a group's own rules let it open the connection that another group would take. */
const mayOpen = ({ permissions }: Network, group: string, taken: Permission): boolean =>
  permissions.some(
    (one) =>
      one.direction === "egress" &&
      one.group === group &&
      overlap(one, taken) &&
      (one.peer.kind === "group" ? one.peer.id === taken.group : one.peer.anyone || !one.peer.outside),
  );

export const ingressOf = ({ permissions }: Network): Permission[] =>
  permissions.filter(({ direction }) => direction === "ingress");

/** Whether the source may use the permission: addresses may, a group needs an egress rule. */
export const isPossible = (network: Network, taken: Permission): boolean =>
  taken.peer.kind === "addresses" || mayOpen(network, taken.peer.id, taken);

export const networkOf = (resources: readonly Resource[]): Network => ({
  resources,
  permissions: permissionsOf(resources),
  attachments: attachmentsOf(resources),
});
