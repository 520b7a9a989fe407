import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { checked } from "./checked.ts";
import { physicalName } from "./naming.ts";

export interface SecurityGroupsArgs {
  readonly vpcId: pulumi.Input<string>;
  /** S3's addresses in the region: the network's `s3PrefixListId`. */
  readonly s3PrefixListId: pulumi.Input<string>;
  /** Who may reach the load balancer: IPv4 ranges of Cloudflare, at most 20 and none wider than /8. */
  readonly edgeRanges: pulumi.Input<string[]>;
  /** Where the service listens. Default: 3000. */
  readonly servicePort?: pulumi.Input<number>;
  /** Plain: whether AWS APIs have endpoints in the network, and so a group. Default: true. */
  readonly interfaceEndpoints?: boolean;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** One group per role, and what EC2 shows as its description: letters, digits, and few signs; no apostrophe. */
const groups = {
  loadBalancer: "Load balancer: Cloudflare comes in, requests go on to the service.",
  service: "Service: its tasks, and those that migrate the database.",
  endpoints: "Interface endpoints of AWS APIs.",
  database: "Private endpoint of MongoDB Atlas.",
  cache: "Cache nodes.",
} as const;

type Group = keyof typeof groups;
type Outside = "edge" | "s3" | "internet";
type Port = pulumi.Input<number>;

/** Who opens TCP connections to whom: one row makes the egress rule of the one and the ingress rule of the other. */
interface Path {
  readonly name: string;
  readonly from: Group | Outside;
  readonly to: Group | Outside;
  readonly ports: readonly [first: Port, last: Port];
  readonly purpose: string;
}

const allPaths = (servicePort: Port): readonly Path[] => [
  { name: "https", from: "edge", to: "loadBalancer", ports: [443, 443], purpose: "HTTPS from Cloudflare." },
  {
    name: "http",
    from: "edge",
    to: "loadBalancer",
    ports: [80, 80],
    purpose: "HTTP from Cloudflare, answered with a redirect alone.",
  },
  {
    name: "requests",
    from: "loadBalancer",
    to: "service",
    ports: [servicePort, servicePort],
    purpose: "Requests and health checks.",
  },
  {
    name: "cache",
    from: "service",
    to: "cache",
    ports: [6379, 6379],
    purpose: "Sessions and cached values, over TLS.",
  },
  {
    name: "database",
    from: "service",
    to: "database",
    // Behind the endpoint each node of each cluster has a port of its own; Atlas chooses it from this range.
    ports: [1024, 65_535],
    purpose: "MongoDB over TLS, on whichever ports Atlas gives its nodes.",
  },
  {
    name: "endpoints",
    from: "service",
    to: "endpoints",
    ports: [443, 443],
    purpose: "AWS APIs that have an endpoint.",
  },
  {
    name: "s3",
    from: "service",
    to: "s3",
    ports: [443, 443],
    purpose: "Image layers and media, through the gateway endpoint.",
  },
  {
    name: "internet",
    from: "service",
    to: "internet",
    // These publish no list of addresses that would stay true, so the port is all that a rule can pin.
    ports: [443, 443],
    purpose: "Through NAT: Datadog, Cloudflare, mail and payment APIs, AWS APIs without an endpoint.",
  },
];

/** Entries that the prefix list may hold: Cloudflare has 15. It counts twice (443, 80) towards EC2's 60 rules a group. */
const maxEdgeRanges = 20;

/**
 * One security group per role, with every rule a resource of its own, and a prefix list of who may reach the load
 * balancer. What is not in the table of paths is closed, in both directions: the provider takes away the egress rule
 * that EC2 gives a new group. The VPC's DNS, clock, and task metadata are not subject to security groups.
 *
 * Throws where `edgeRanges` are not 1 to 20 IPv4 ranges from /8 to /32, or `servicePort` is no unprivileged port.
 */
export class SecurityGroups extends pulumi.ComponentResource {
  readonly loadBalancerId: pulumi.Output<string>;
  readonly serviceId: pulumi.Output<string>;
  /** Undefined where there are no interface endpoints. */
  readonly endpointsId: pulumi.Output<string> | undefined;
  /** Of the interface endpoint to MongoDB Atlas. */
  readonly databaseId: pulumi.Output<string>;
  readonly cacheId: pulumi.Output<string>;

  constructor(name: string, args: SecurityGroupsArgs, options?: pulumi.ComponentResourceOptions) {
    super("groundwork:network:SecurityGroups", name, {}, options);
    const range = z.cidrv4().regex(/\/([89]|[12]\d|3[0-2])$/, "must be a range from /8 to /32");
    const edgeRanges = checked(
      this,
      "edgeRanges",
      args.edgeRanges,
      z.array(range).min(1, "must hold at least one").max(maxEdgeRanges, `must hold at most ${maxEdgeRanges}`),
    );
    const port = "must be a port from 1024 to 65535";
    const servicePort = checked(
      this,
      "servicePort",
      args.servicePort ?? 3000,
      z.number().int().min(1024, port).max(65_535, port),
    );
    const tags = args.tags && { tags: args.tags };
    const parent = { parent: this };

    const edge = new aws.ec2.ManagedPrefixList(
      physicalName("aws:ec2/managedPrefixList:ManagedPrefixList", name, "edge"),
      {
        addressFamily: "IPv4",
        maxEntries: maxEdgeRanges,
        entries: edgeRanges.apply((ranges) => ranges.map((cidr) => ({ cidr, description: "Cloudflare" }))),
        ...tags,
      },
      parent,
    );
    const group = (role: Group, suffix: string) =>
      new aws.ec2.SecurityGroup(
        physicalName("aws:ec2/securityGroup:SecurityGroup", name, suffix),
        { vpcId: args.vpcId, description: groups[role], ...tags },
        parent,
      ).id;
    const ids: Readonly<Record<Exclude<Group, "endpoints">, pulumi.Output<string>>> & {
      readonly endpoints?: pulumi.Output<string>;
    } = {
      loadBalancer: group("loadBalancer", "load-balancer"),
      service: group("service", "service"),
      ...(args.interfaceEndpoints !== false && { endpoints: group("endpoints", "endpoints") }),
      database: group("database", "database"),
      cache: group("cache", "cache"),
    };
    const outside = {
      edge: { prefixListId: edge.id },
      s3: { prefixListId: args.s3PrefixListId },
      internet: { cidrIpv4: "0.0.0.0/0" },
    };
    const idOf = (end: Group | Outside): pulumi.Output<string> | undefined => (isGroup(end) ? ids[end] : undefined);
    const peer = (end: Group | Outside) => {
      if (!isGroup(end)) return outside[end];
      const id = ids[end];
      return id === undefined ? {} : { referencedSecurityGroupId: id };
    };
    const isBuilt = (end: Group | Outside): boolean => !isGroup(end) || ids[end] !== undefined;

    for (const { name: path, from, to, ports, purpose } of allPaths(servicePort)) {
      if (!isBuilt(from) || !isBuilt(to)) continue;
      const rule = { ipProtocol: "tcp", fromPort: ports[0], toPort: ports[1], description: purpose, ...tags };
      const [source, target] = [idOf(from), idOf(to)];
      if (source !== undefined)
        new aws.vpc.SecurityGroupEgressRule(
          `${name}-${path}`,
          { securityGroupId: source, ...rule, ...peer(to) },
          parent,
        );
      if (target !== undefined)
        new aws.vpc.SecurityGroupIngressRule(
          `${name}-${path}`,
          { securityGroupId: target, ...rule, ...peer(from) },
          parent,
        );
    }

    this.loadBalancerId = ids.loadBalancer;
    this.serviceId = ids.service;
    this.endpointsId = ids.endpoints;
    this.databaseId = ids.database;
    this.cacheId = ids.cache;
    this.registerOutputs({
      loadBalancerId: this.loadBalancerId,
      serviceId: this.serviceId,
      endpointsId: this.endpointsId,
      databaseId: this.databaseId,
      cacheId: this.cacheId,
    });
  }
}

function isGroup(end: Group | Outside): end is Group {
  return end in groups;
}
