import * as aws from "@pulumi/aws";
import * as cloudflare from "@pulumi/cloudflare";
import type * as pulumi from "@pulumi/pulumi";
import { contract } from "../../api/src/environment.ts";
import { physicalName } from "../naming.ts";

export interface ServiceIngressArgs {
  /** `api.example.com` */
  readonly host: pulumi.Input<string>;
  readonly vpcId: pulumi.Input<string>;
  readonly httpsListenerArn: pulumi.Input<string>;
  readonly loadBalancerDnsName: pulumi.Input<string>;
  /** The Cloudflare zone of the host. */
  readonly zoneId: pulumi.Input<string>;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

export interface ServiceIngress {
  readonly targetGroup: aws.lb.TargetGroup;
  /** ECS refuses a target group that no listener uses: a service waits for it. */
  readonly rule: aws.lb.ListenerRule;
}

/** How requests for the host find the tasks: DNS at Cloudflare, a rule of the load balancer, a group of targets. */
export function serviceIngress(name: string, args: ServiceIngressArgs, parent: pulumi.Resource): ServiceIngress {
  const tags = args.tags && { tags: args.tags };
  const targetGroup = new aws.lb.TargetGroup(
    physicalName("aws:lb/targetGroup:TargetGroup", name, "http"),
    {
      targetType: "ip",
      protocol: "HTTP",
      port: contract.port,
      vpcId: args.vpcId,
      // As long as a task still serves after it was told to stop.
      deregistrationDelay: contract.drainSeconds,
      // Requests differ in what they cost: the task with the fewest open ones gets the next.
      loadBalancingAlgorithmType: "least_outstanding_requests",
      // Any task serves any request: what outlives one is in the cache or the database.
      stickiness: { type: "lb_cookie", enabled: false },
      // A task gets requests 20 seconds after it is ready, and none 30 seconds after it stopped to be.
      healthCheck: {
        protocol: "HTTP",
        path: contract.paths.ready,
        matcher: "200",
        interval: 10,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 3,
      },
      ...tags,
    },
    { parent },
  );
  const rule = new aws.lb.ListenerRule(
    name,
    {
      listenerArn: args.httpsListenerArn,
      // No priority: other stacks put rules on the same listener, and AWS gives each the next that is free.
      conditions: [{ hostHeader: { values: [args.host] } }],
      actions: [{ type: "forward", targetGroupArn: targetGroup.arn }],
      ...tags,
    },
    { parent },
  );
  new cloudflare.DnsRecord(
    name,
    {
      zoneId: args.zoneId,
      name: args.host,
      type: "CNAME",
      content: args.loadBalancerDnsName,
      // The load balancer takes requests from Cloudflare alone.
      proxied: true,
      // Cloudflare's word for automatic, the only one for a proxied record.
      ttl: 1,
      comment: name,
    },
    { parent },
  );
  return { targetGroup, rule };
}
