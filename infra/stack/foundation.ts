import type * as pulumi from "@pulumi/pulumi";
import { AccountBaseline } from "../account-baseline.ts";
import { AlarmTopic } from "../alarm-topic.ts";
import { EncryptionKey, logsMayEncrypt } from "../encryption-key.ts";
import { InterfaceEndpoints } from "../interface-endpoints.ts";
import { Network } from "../network.ts";
import { PagingRole } from "../paging-role.ts";
import { SecurityGroups } from "../security-groups.ts";
import { cloudflareRanges } from "../settings/cloudflare-ranges.ts";
import { endpointsThatPay } from "../settings/endpoint-costs.ts";
import type { StackContext } from "./context.ts";

export interface Foundation {
  /** Encrypts every log group of the stack, and of the previews that borrow from it. */
  readonly logKeyArn: pulumi.Output<string>;
  readonly network: Network;
  readonly securityGroups: SecurityGroups;
  readonly alarmTopic: AlarmTopic;
  /** Undefined where nobody is paged. */
  readonly pagingRole: PagingRole | undefined;
}

/** The account's own settings, the key of the logs, the network, who may talk to whom in it, and who is told. */
export function foundation({ settings, options, name }: StackContext): Foundation {
  const { accountId, region } = settings.aws;
  const { keyDeletionWindowDays } = settings.protection;

  if (settings.baseline.perAccount)
    new AccountBaseline(
      name("account"),
      {
        accountId,
        region,
        auditTrailRetentionDays: settings.baseline.auditTrailRetentionDays,
        deleteAuditTrail: settings.baseline.deleteAuditTrail,
        guardDuty: settings.baseline.guardDuty,
        keyDeletionWindowDays,
        protect: settings.protection.protectStateful,
        tags: { Service: "account" },
      },
      options,
    );

  const logKey = new EncryptionKey(
    name("logs"),
    {
      description: "Log groups of this stack and of its previews",
      accountId,
      serviceStatements: [logsMayEncrypt(region, accountId, `/${settings.project}-`)],
      deletionWindowDays: keyDeletionWindowDays,
      tags: { Service: "logs" },
    },
    // With the key, every log that it encrypted is lost.
    { ...options, protect: settings.protection.protectStateful },
  );

  const network = new Network(
    name("network"),
    {
      cidr: settings.network.cidr,
      availabilityZones: settings.network.availabilityZones,
      natGateways: settings.network.natGateways,
      region,
      accountId,
      logKeyArn: logKey.arn,
      flowLogRetentionDays: settings.network.flowLogRetentionDays,
      tags: { Service: "network" },
    },
    options,
  );

  const services = endpointsThatPay(settings.endpoints.trafficGbPerMonth, settings.network.availabilityZones);
  const securityGroups = new SecurityGroups(
    name("security-groups"),
    {
      vpcId: network.vpcId,
      s3PrefixListId: network.s3PrefixListId,
      edgeRanges: [...cloudflareRanges],
      interfaceEndpoints: services.length > 0,
      tags: { Service: "network" },
    },
    options,
  );

  if (securityGroups.endpointsId !== undefined)
    new InterfaceEndpoints(
      name("endpoints"),
      {
        services,
        vpcId: network.vpcId,
        subnetIds: network.privateSubnetIds,
        securityGroupId: securityGroups.endpointsId,
        region,
        accountId,
        tags: { Service: "network" },
      },
      options,
    );

  const alarmTopic = new AlarmTopic(
    name("alarms"),
    { accountId, region, emails: [settings.alertEmail], keyDeletionWindowDays, tags: { Service: "monitoring" } },
    options,
  );

  const pagingRole = settings.monitoring.paging
    ? new PagingRole(name("paging"), { accountId, tags: { Service: "monitoring" } }, options)
    : undefined;

  return { logKeyArn: logKey.arn, network, securityGroups, alarmTopic, pagingRole };
}
