import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import type { CloudResource } from "../service.ts";
import { balancedWorld, https, issuedCertificate, NOT_FOUND, prove } from "./elbv2-world.ts";
import { assertRefused, PRODUCTION } from "./tiny-world.ts";

const LISTENER = "aws:lb/listener:Listener";
const LISTENER_CERTIFICATE = "aws:lb/listenerCertificate:ListenerCertificate";

describe("ELBv2: a listener", () => {
  it("has an ARN below its load balancer's, and the service's defaults", () => {
    const world = balancedWorld();
    const balancer = world.balancer("edge");
    const listener = world.listener(balancer, https(issuedCertificate(world).id));
    assert.ok(listener.id.startsWith(`${balancer.id.replace(":loadbalancer/", ":listener/")}/`));
    assert.equal(listener.outputs["sslPolicy"], "ELBSecurityPolicy-2016-08");
    assert.equal((listener.outputs["mutualAuthentication"] as Properties)["mode"], "off");
    assert.equal(world.listener(balancer).outputs["sslPolicy"], "");
  });

  it("has a load balancer, and a port of it for itself", () => {
    const world = balancedWorld();
    const [one, other] = [world.balancer("one"), world.balancer("other")];
    world.listener(one);
    assertRefused(() => world.listener(one, { protocol: "HTTPS" }), "DuplicateListener");
    world.listener(other);
    assertRefused(() => world.listener({ ...one, id: `${one.id}0` }), "LoadBalancerNotFound");
  });

  const wrong: readonly [what: string, code: string, more: Properties][] = [
    ["TCP on an application load balancer", "ValidationError", { protocol: "TCP" }],
    ["HTTPS without a certificate", "ValidationError", { protocol: "HTTPS" }],
    ["a TLS policy on HTTP", "ValidationError", { sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06" }],
    [
      "a certificate on HTTP",
      "ValidationError",
      { certificateArn: "arn:aws:acm:us-east-1:111122223333:certificate/1" },
    ],
    ["client certificates on HTTP", "InvalidConfigurationRequest", { mutualAuthentication: { mode: "passthrough" } }],
    ["no action", "InvalidLoadBalancerAction", { defaultActions: [] }],
    ["two answers", "InvalidLoadBalancerAction", { defaultActions: [NOT_FOUND, NOT_FOUND] }],
    [
      "a redirect to itself",
      "InvalidLoadBalancerAction",
      { defaultActions: [{ type: "redirect", redirect: { statusCode: "HTTP_301", port: "80" } }] },
    ],
    [
      "a target group that does not exist",
      "TargetGroupNotFound",
      { defaultActions: [{ type: "forward", targetGroupArn: "arn:aws:elasticloadbalancing:x" }] },
    ],
  ];
  for (const [what, code, more] of wrong)
    it(`may not have ${what}`, () => {
      const world = balancedWorld();
      assertRefused(() => world.listener(world.balancer("edge"), more), code);
    });

  it("redirects HTTP to HTTPS, and never back", () => {
    const world = balancedWorld();
    const balancer = world.balancer("edge");
    const redirect = (protocol: string, port: string): Properties => ({
      defaultActions: [{ type: "redirect", redirect: { protocol, port, statusCode: "HTTP_301" } }],
    });
    world.listener(balancer, redirect("HTTPS", "443"));
    const certificateArn = issuedCertificate(world).id;
    assertRefused(
      () => world.listener(balancer, https(certificateArn, redirect("HTTP", "80"))),
      "InvalidLoadBalancerAction",
      /HTTPS to HTTP/,
    );
  });

  it("shows a certificate of its region that is issued", () => {
    const world = balancedWorld();
    const balancer = world.balancer("edge");
    const certificate = world.certificate("api.example.com");
    assertRefused(() => world.listener(balancer, https(certificate.id)), "UnsupportedCertificate");
    const elsewhere = world.cloud.create(
      "aws:acm/certificate:Certificate",
      "eu",
      { domainName: "api.example.com", validationMethod: "DNS" },
      { ...PRODUCTION, region: "eu-west-1" },
    );
    assertRefused(() => world.listener(balancer, https(elsewhere.id)), "CertificateNotFound");
    prove(world.cloud, certificate);
    world.listener(balancer, https(certificate.id));
  });

  it("keeps a certificate whose proof has gone", () => {
    const world = balancedWorld();
    const certificate = issuedCertificate(world);
    world.cloud.create("aws:acm/certificateValidation:CertificateValidation", "v", { certificateArn: certificate.id });
    for (const record of world.cloud.world.all("cloudflare:index/dnsRecord:DnsRecord")) world.cloud.delete(record);
    world.listener(world.balancer("edge"), https(certificate.id));
  });

  for (const [policy, known] of [
    ["ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09", true],
    ["ELBSecurityPolicy-TLS13-1-2-2021-06", true],
    ["ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04", true],
    ["ELBSecurityPolicy-TLS14", false],
  ] as const)
    it(`${known ? "knows" : "does not know"} the policy ${policy}`, () => {
      const world = balancedWorld();
      const make = () =>
        world.listener(world.balancer("edge"), https(issuedCertificate(world).id, { sslPolicy: policy }));
      if (known) make();
      else assertRefused(make, "SSLPolicyNotFound");
    });

  it("forwards to target groups of its VPC, over HTTP, that no other load balancer has", () => {
    const world = balancedWorld();
    const to = (group: CloudResource): Properties => ({
      defaultActions: [{ type: "forward", targetGroupArn: group.id }],
    });
    const [one, other] = [world.balancer("one"), world.balancer("other")];
    const group = world.targetGroup("api");
    world.listener(one, to(group));
    assertRefused(() => world.listener(other, to(group)), "TargetGroupAssociationLimit");
    const vpc = world.cloud.create("aws:ec2/vpc:Vpc", "other", { cidrBlock: "10.1.0.0/16" });
    const foreign = world.targetGroup("foreign", { vpcId: vpc.id });
    assertRefused(() => world.listener(other, to(foreign)), "InvalidConfigurationRequest");
    const tcp = world.targetGroup("tcp", { protocol: "TCP" });
    assertRefused(() => world.listener(other, to(tcp)), "IncompatibleProtocols");
  });

  for (const [action, property] of [
    [{ type: "forward" }, "defaultActions[0]"],
    [{ type: "redirect" }, "defaultActions[0].redirect"],
    [{ type: "fixed-response" }, "defaultActions[0].fixedResponse"],
    [
      { type: "forward", targetGroupArn: "a", forward: { targetGroups: [{ arn: "b" }] } },
      "defaultActions[0].targetGroupArn",
    ],
  ] as const)
    it(`is refused in preview with the action ${JSON.stringify(action)}`, () => {
      const inputs = { defaultActions: [action as Properties] };
      assert.equal(balancedWorld().cloud.check(LISTENER, inputs)[0]?.property, property);
    });

  it("has further certificates only where it has one", () => {
    const world = balancedWorld();
    const balancer = world.balancer("edge");
    const [first, second] = [issuedCertificate(world), issuedCertificate(world, "www.example.com")];
    const [secure, plain] = [world.listener(balancer, https(first.id)), world.listener(balancer)];
    const added = world.cloud.create(LISTENER_CERTIFICATE, "a", { listenerArn: secure.id, certificateArn: second.id });
    assertRefused(() => world.cloud.delete(second), "ResourceInUseException");
    world.cloud.delete(added);
    const on = (listenerArn: string) => () =>
      world.cloud.create(LISTENER_CERTIFICATE, "b", { listenerArn, certificateArn: second.id });
    assertRefused(on(plain.id), "ValidationError");
    assertRefused(on(`${plain.id}0`), "ListenerNotFound");
  });
});
