import type { Properties } from "../../values/value.ts";
import type { CloudResource, Service } from "../service.ts";
import { acm } from "./acm.ts";
import { ec2 } from "./ec2.ts";
import { elbv2 } from "./elbv2.ts";
import { s3 } from "./s3.ts";
import { type TinyWorld, textIn, tinyWorld } from "./tiny-world.ts";

/** For the tests of load balancers: a network, with what belongs to it by the letters a and b. */
export interface BalancedWorld {
  readonly cloud: TinyWorld;
  readonly vpc: CloudResource;
  readonly subnets: readonly [string, string];
  readonly group: CloudResource;
  /** An application load balancer in both subnets. */
  readonly balancer: (name: string, more?: Properties) => CloudResource;
  readonly targetGroup: (name: string, more?: Properties) => CloudResource;
  /** HTTP, and answers 404 unless told otherwise. */
  readonly listener: (balancer: CloudResource, more?: Properties) => CloudResource;
  readonly certificate: (domainName: string) => CloudResource;
}

export const NOT_FOUND: Properties = {
  type: "fixed-response",
  fixedResponse: { contentType: "text/plain", statusCode: "404" },
};

const dns: Service = { resources: { "cloudflare:index/dnsRecord:DnsRecord": {} } };

export function balancedWorld(): BalancedWorld {
  const cloud = tinyWorld(ec2, s3, acm, elbv2, dns);
  const vpc = cloud.create("aws:ec2/vpc:Vpc", "main", { cidrBlock: "10.0.0.0/16" });
  cloud.create("aws:ec2/internetGateway:InternetGateway", "main", { vpcId: vpc.id });
  const subnet = (zone: string, block: string): string =>
    cloud.create("aws:ec2/subnet:Subnet", zone, {
      vpcId: vpc.id,
      cidrBlock: block,
      availabilityZone: `us-east-1${zone}`,
    }).id;
  const subnets = [subnet("a", "10.0.0.0/24"), subnet("b", "10.0.1.0/24")] as const;
  const group = cloud.create("aws:ec2/securityGroup:SecurityGroup", "alb", { name: "alb", vpcId: vpc.id });
  return {
    cloud,
    vpc,
    subnets,
    group,
    balancer: (name, more = {}) =>
      cloud.create("aws:lb/loadBalancer:LoadBalancer", name, {
        name,
        subnets: [...subnets],
        securityGroups: [group.id],
        ...more,
      }),
    targetGroup: (name, more = {}) =>
      cloud.create("aws:lb/targetGroup:TargetGroup", name, {
        name,
        port: 3000,
        protocol: "HTTP",
        targetType: "ip",
        vpcId: vpc.id,
        ...more,
      }),
    listener: (balancer, more = {}) =>
      cloud.create("aws:lb/listener:Listener", `${balancer.id}-${JSON.stringify(more)}`, {
        loadBalancerArn: balancer.id,
        port: 80,
        protocol: "HTTP",
        defaultActions: [NOT_FOUND],
        ...more,
      }),
    certificate: (domainName) =>
      cloud.create("aws:acm/certificate:Certificate", domainName, { domainName, validationMethod: "DNS" }),
  };
}

/** Puts the certificate's proofs into DNS, so that it is issued. */
export function prove(cloud: TinyWorld, certificate: CloudResource): void {
  for (const proof of certificate.outputs["domainValidationOptions"] as Properties[])
    cloud.create("cloudflare:index/dnsRecord:DnsRecord", textIn(proof, "domainName"), {
      name: textIn(proof, "resourceRecordName"),
      type: textIn(proof, "resourceRecordType"),
      content: textIn(proof, "resourceRecordValue"),
    });
}

/** A certificate that a listener can show. */
export function issuedCertificate(
  { cloud, certificate }: BalancedWorld,
  domainName = "api.example.com",
): CloudResource {
  const made = certificate(domainName);
  prove(cloud, made);
  return made;
}

/** What makes a listener one for HTTPS. */
export const https = (certificateArn: string, more: Properties = {}): Properties => ({
  port: 443,
  protocol: "HTTPS",
  certificateArn,
  ...more,
});
