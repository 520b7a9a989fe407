import assert from "node:assert/strict";
import { reachabilityLines, reachabilityOf } from "./reachability.ts";
import type { Resource } from "./reachability/security-groups.ts";
import { type Properties, Secret } from "./sandbox/values/value.ts";

const resource = (type: string, name: string, id: string, inputs: Properties): Resource => ({
  urn: `urn:pulumi:staging::shop::${type}::${name}`,
  type,
  id,
  inputs,
  outputs: {},
});
const group = (name: string, inputs: Properties = {}): Resource =>
  resource("aws:ec2/securityGroup:SecurityGroup", name, `sg-${name}`, { vpcId: "vpc-1", ...inputs });
const rule = (
  direction: "Ingress" | "Egress",
  of: string,
  port: number | [number, number],
  peer: Properties,
): Resource => {
  const [fromPort, toPort] = typeof port === "number" ? [port, port] : port;
  return resource(
    `aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`,
    `${of}-${direction}-${fromPort}`,
    `sgr-${of}-${direction}-${fromPort}`,
    { securityGroupId: `sg-${of}`, ipProtocol: "tcp", fromPort, toPort, description: `${of} ${fromPort}`, ...peer },
  );
};
const ingress = (of: string, port: number | [number, number], peer: Properties): Resource =>
  rule("Ingress", of, port, peer);
const egress = (of: string, port: number | [number, number], peer: Properties): Resource =>
  rule("Egress", of, port, peer);
const from = (name: string): Properties => ({ referencedSecurityGroupId: `sg-${name}` });
const listener = (port: number, action: Properties): Resource =>
  resource("aws:lb/listener:Listener", `on-${port}`, `listener-${port}`, { port, defaultActions: [action] });
const redirect = { type: "redirect", redirect: { protocol: "HTTPS", statusCode: "HTTP_301" } };
const endpoint = (name: string, serviceName: string, of: string): Resource =>
  resource("aws:ec2/vpcEndpoint:VpcEndpoint", name, `vpce-${name}`, { serviceName, securityGroupIds: [`sg-${of}`] });
const loadBalancer = (...of: readonly string[]): Resource =>
  resource("aws:lb/loadBalancer:LoadBalancer", "edge", "lb-1", { securityGroups: of.map((name) => `sg-${name}`) });
const service = (over: Properties = {}): Resource =>
  resource("aws:ecs/service:Service", "api", "api", {
    networkConfiguration: { securityGroups: ["sg-service"], assignPublicIp: false, ...over },
  });

/** What the program builds, as far as it matters here. */
const right: readonly Resource[] = [
  resource("aws:ec2/managedPrefixList:ManagedPrefixList", "edge", "pl-edge", {
    entries: [{ cidr: "173.245.48.0/20" }, { cidr: "103.21.244.0/22" }],
  }),
  ...["balancer", "service", "endpoints", "database", "cache"].map((name) => group(name)),
  ingress("balancer", 443, { prefixListId: "pl-edge" }),
  ingress("balancer", 80, { prefixListId: "pl-edge" }),
  egress("balancer", 3000, from("service")),
  ingress("service", 3000, from("balancer")),
  egress("service", 6379, from("cache")),
  ingress("cache", 6379, from("service")),
  egress("service", [1024, 65_535], from("database")),
  ingress("database", [1024, 65_535], from("service")),
  egress("service", 443, { cidrIpv4: "0.0.0.0/0" }),
  ingress("endpoints", 443, from("service")),
  loadBalancer("balancer"),
  listener(443, { type: "fixed-response" }),
  listener(80, redirect),
  resource("aws:lb/targetGroup:TargetGroup", "api", "tg", { port: 3000 }),
  service(),
  resource("aws:elasticache/replicationGroup:ReplicationGroup", "cache", "cache", { securityGroupIds: ["sg-cache"] }),
  endpoint("secrets", "com.amazonaws.us-east-1.secretsmanager", "endpoints"),
  endpoint("atlas", "com.amazonaws.vpce.us-east-1.vpce-svc-0a1b2c3d", "database"),
];

describe("reachability", () => {
  it("finds nothing where the load balancer alone is open", () => {
    const { hops, findings } = reachabilityOf(right);
    assert.deepEqual(findings, []);
    assert.deepEqual(
      hops.map(({ source, group: name, role, port, hopsFromInternet }) => [source, name, role, port, hopsFromInternet]),
      [
        ["edge (2 ranges)", "balancer", "load balancer", "443", 1],
        ["edge (2 ranges)", "balancer", "load balancer", "80", 1],
        ["balancer", "service", "service", "3000", 2],
        ["service", "cache", "cache", "6379", 3],
        ["service", "database", "database", "1024-65535", 3],
        ["service", "endpoints", "endpoints", "443", 3],
      ],
    );
  });

  it("prints what it found as a table", () => {
    const [head = "", first = ""] = reachabilityLines(reachabilityOf(right));
    assert.match(head, /^source +group +attached to +port +from the internet +why$/);
    assert.match(first, /^edge \(2 ranges\) +balancer +load balancer +443 +directly +balancer 443$/);
  });

  const other = group("other");
  const wrong: readonly (readonly [what: string, added: readonly Resource[], says: RegExp])[] = [
    ["the service is open", [ingress("service", 3001, { cidrIpv4: "203.0.113.0/24" })], /service takes 3001 from 203/],
    ["a group without a holder is open", [other, ingress("other", 22, { cidrIpv6: "::/0" })], /attached to nothing/],
    ["the load balancer is open on another port", [ingress("balancer", 8443, { prefixListId: "pl-edge" })], /only 443/],
    ["a range of ports is open", [ingress("balancer", [80, 443], { prefixListId: "pl-edge" })], /takes 80-443 .*only/],
    ["anyone may reach the load balancer", [ingress("balancer", 443, { cidrIpv4: "0.0.0.0/0" })], /ranges of the edge/],
    [
      "a prefix list holds everything",
      [
        resource("aws:ec2/managedPrefixList:ManagedPrefixList", "all", "pl-all", { entries: [{ cidr: "0.0.0.0/0" }] }),
        ingress("balancer", 443, { prefixListId: "pl-all" }),
      ],
      /all \(1 ranges\): only the ranges/,
    ],
    [
      "the cache takes a private range",
      [ingress("cache", 6380, { cidrIpv4: "10.0.0.0/8" })],
      /cache\) takes 6380 from 10/,
    ],
    [
      "the load balancer reaches the database",
      [ingress("database", 27_017, from("balancer")), egress("balancer", 27_017, from("database"))],
      /database \(database\) takes 27017 from balancer, which is attached to load balancer/,
    ],
    ["the cache takes its own group", [ingress("cache", 1, from("cache"))], /attached to cache: only the service/],
    [
      "one group serves two",
      [loadBalancer("balancer", "service")],
      /service is attached to service and load balancer: a group/,
    ],
    ["nobody may use a rule", [ingress("service", 9000, from("balancer"))], /no rule to open it/],
    ["a listener stands on another port", [listener(8080, redirect)], /on-8080 listens on 8080/],
    ["HTTP is answered", [listener(80, { type: "forward" })], /answers HTTP with more than a redirect/],
    [
      "HTTP is sent on by a rule",
      [resource("aws:lb/listenerRule:ListenerRule", "api", "r", { listenerArn: "listener-80" })],
      /api sends plain HTTP on/,
    ],
    ["tasks have public addresses", [service({ assignPublicIp: true })], /api has a public address/],
    [
      "a function answers anyone",
      [resource("aws:lambda/functionUrl:FunctionUrl", "f", "f", { authorizationType: "NONE" })],
      /f answers anyone/,
    ],
    [
      "the database lets addresses in",
      [
        resource("mongodbatlas:index/projectIpAccessList:ProjectIpAccessList", "office", "x", {
          cidrBlock: new Secret("203.0.113.7/32"),
        }),
      ],
      /office lets 203\.0\.113\.7\/32 into the database/,
    ],
    [
      "a target group misses the service's port",
      [resource("aws:lb/targetGroup:TargetGroup", "old", "tg2", { port: 8080 })],
      /old sends to port 8080/,
    ],
  ];
  for (const [what, added, says] of wrong)
    it(`says so where ${what}`, () => {
      const { findings } = reachabilityOf([...right, ...added]);
      assert.equal(findings.filter((finding) => says.test(finding)).length, 1, findings.join("\n"));
    });

  it("reads inline rules and SecurityGroupRules too, all protocols as all ports", () => {
    const inline = group("inline", {
      ingress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
    });
    const separate = resource("aws:ec2/securityGroupRule:SecurityGroupRule", "r", "r", {
      type: "ingress",
      securityGroupId: "sg-service",
      protocol: "tcp",
      fromPort: 22,
      toPort: 22,
      ipv6CidrBlocks: ["::/0"],
    });
    const { findings } = reachabilityOf([...right, inline, separate]);
    assert.match(findings[0] ?? "", /inline takes all from the internet/);
    assert.match(findings[1] ?? "", /service takes 22 from the internet/);
  });

  it("knows groups of another stack by their ids alone", () => {
    const { hops } = reachabilityOf([group("own"), ingress("own", 3000, { referencedSecurityGroupId: "sg-theirs" })]);
    assert.deepEqual(hops, []);
  });
});
