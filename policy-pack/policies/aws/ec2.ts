import type { PortRange } from "../../support/network/ranges.ts";
import {
  HOLDERS,
  isAllPorts,
  worldRules,
  worldRulesByPrefixList,
  type Concern,
} from "../../support/network/security-group.ts";
import type { Finding, Rule } from "../../support/rule.ts";
import type { Stack } from "../../support/stack.ts";

/** Ports on which data stores listen. */
export const DATA_PORTS: ReadonlyMap<number, string> = new Map([
  [1433, "SQL Server"],
  [1521, "Oracle"],
  [2049, "NFS"],
  [3306, "MySQL"],
  [5432, "PostgreSQL"],
  [5439, "Redshift"],
  [6379, "Redis"],
  [6380, "Redis"],
  [9042, "Cassandra"],
  [9092, "Kafka"],
  [9200, "OpenSearch"],
  [9300, "OpenSearch"],
  [11211, "Memcached"],
  [27017, "MongoDB"],
  [27018, "MongoDB"],
  [27019, "MongoDB"],
]);

/** Ports through which machines are administered. */
export const ADMIN_PORTS: ReadonlyMap<number, string> = new Map([
  [22, "SSH"],
  [23, "Telnet"],
  [135, "RPC"],
  [445, "SMB"],
  [2375, "Docker"],
  [2376, "Docker"],
  [3389, "RDP"],
  [5900, "VNC"],
  [5985, "WinRM"],
  [5986, "WinRM"],
]);

const DATA_FIX = "replace the block by the security group of the service that needs the port, or narrow the port range";
const ADMIN_FIX = "remove the rule: use ECS Exec or Session Manager, which need no open port";

const concernsDataPorts: Concern = ({ ports }) => {
  if (isAllPorts(ports)) return "every port, those of data stores included";
  return ports === undefined ? undefined : namedPorts(DATA_PORTS, ports);
};

// Every port at once is the other rule's matter: one opening, one finding.
const concernsAdminPorts: Concern = ({ ports }) =>
  ports === undefined || isAllPorts(ports) ? undefined : namedPorts(ADMIN_PORTS, ports);

/** The ports of a range that have a name, "port 22 (SSH)". */
export function namedPorts(names: ReadonlyMap<number, string>, { from, to }: PortRange): string | undefined {
  const held = [...names].filter(([port]) => from <= port && port <= to);
  if (held.length === 0) return undefined;
  return `port ${held.map(([port, name]) => `${String(port)} (${name})`).join(", ")}`;
}

const byPrefixList =
  (concern: Concern, fix: string) =>
  (stack: Stack): readonly Finding[] =>
    worldRulesByPrefixList(stack, "ingress", concern, fix);

export const rules: readonly Rule[] = [
  {
    name: "ec2-no-world-ingress-to-data-ports",
    description: "No security group lets the internet reach a port on which data stores listen.",
    why: "A data store on the internet is found by scanners within minutes.",
    severity: "critical",
    level: "mandatory",
    standards: [
      "FSBP EC2.19",
      "CKV_AWS_277",
      "cdk-nag EC2RestrictedCommonPorts",
      "AWS-0107",
      "cfn-guard restricted_common_ports",
    ],
    resources: [{ types: HOLDERS, unknown: "defer", find: worldRules("ingress", concernsDataPorts, DATA_FIX) }],
    stack: byPrefixList(concernsDataPorts, DATA_FIX),
  },
  {
    name: "ec2-no-world-ingress-to-admin-ports",
    description: "No security group lets the internet reach a port through which machines are administered.",
    why: "Passwords and keys of open administration ports are tried all day long.",
    severity: "critical",
    level: "mandatory",
    standards: [
      ...["CKV_AWS_24", "CKV_AWS_25", "FSBP EC2.13", "FSBP EC2.14", "CIS 6.3", "CIS 6.4", "AwsSolutions-EC23"],
      ...["AWS-0107", "cfn-guard restricted_ssh", "compliance-policies"],
    ],
    resources: [{ types: HOLDERS, unknown: "defer", find: worldRules("ingress", concernsAdminPorts, ADMIN_FIX) }],
    stack: byPrefixList(concernsAdminPorts, ADMIN_FIX),
  },
];
