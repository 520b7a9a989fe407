import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import type { Case } from "../../test/case.ts";
import { aboutProperty, type About } from "../../test/property-cases.ts";
import { text } from "../../test/sent/policy.ts";

const log = (logType: string): Json => ({
  logType,
  cloudwatchLogGroupArn: `arn:aws:logs:us-east-1:111122223333:log-group:/search/${logType}`,
});
const LOGS = ["AUDIT_LOGS", "ES_APPLICATION_LOGS", "INDEX_SLOW_LOGS", "SEARCH_SLOW_LOGS"].map(log);

/** What both types of a domain have in common, with nothing wrong. */
const SOUND: Sent["props"] = {
  encryptAtRest: { enabled: true, kmsKeyId: "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d" },
  nodeToNodeEncryption: { enabled: true },
  domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10" },
  vpcOptions: { subnetIds: ["subnet-0a", "subnet-0b"], securityGroupIds: ["sg-0a"] },
  advancedSecurityOptions: {
    enabled: true,
    masterUserOptions: { masterUserArn: "arn:aws:iam::111122223333:role/search" },
  },
  logPublishingOptions: LOGS,
  clusterConfig: {
    zoneAwarenessEnabled: true,
    instanceCount: 3,
    dedicatedMasterEnabled: true,
    dedicatedMasterCount: 3,
  },
};
const domain = (props: Sent["props"] = {}): Sent => ({
  type: "aws:opensearch/domain:Domain",
  name: "search",
  props: {
    ...SOUND,
    engineVersion: "OpenSearch_2.17",
    softwareUpdateOptions: { autoSoftwareUpdateEnabled: true },
    ...props,
  },
});
const oldDomain = (props: Sent["props"] = {}): Sent => ({
  type: "aws:elasticsearch/domain:Domain",
  props: { ...SOUND, elasticsearchVersion: "7.10", ...props },
});
const both = (about: Omit<About, "sound">): readonly Case[] =>
  [domain(), oldDomain()].flatMap((sound) => aboutProperty({ ...about, sound }));
const policy = (document: Json, type = "opensearch"): Sent => ({
  type: `aws:${type}/domainPolicy:DomainPolicy`,
  props: { domainName: "search", accessPolicies: document },
});
const allow = (principal: Json): string => text({ Sid: "Use", Principal: principal, Action: "es:ESHttp*" });
const collection = (props: Sent["props"] = {}): Sent => ({
  type: "aws:opensearch/serverlessCollection:ServerlessCollection",
  props: { name: "search", ...props },
});

const notPublic = "opensearch-policy-not-public";
const master = "opensearch-master-by-role";
const audit = "opensearch-audit-logged";
const engine = "opensearch-engine-supported";
const PASSWORD = "advancedSecurityOptions.masterUserOptions.masterUserPassword";

export const cases: readonly Case[] = [
  ...(
    [
      ["opensearch-encrypted-at-rest", "encryptAtRest.enabled"],
      ["opensearch-node-to-node-encrypted", "nodeToNodeEncryption.enabled"],
      ["opensearch-fine-grained-access", "advancedSecurityOptions.enabled"],
    ] as const
  ).flatMap(([rule, property]) =>
    both({
      rule,
      property,
      passes: [true, "true"],
      fails: [false, "false"],
      absent: "fails",
      unknown: "refused",
    }),
  ),
  ...both({
    rule: "opensearch-https-only",
    property: "domainEndpointOptions.enforceHttps",
    passes: [true, "true"],
    fails: [false, "false"],
    absent: "passes",
    unknown: "refused",
  }),
  ...both({
    rule: "opensearch-tls-1-2",
    property: "domainEndpointOptions.tlsSecurityPolicy",
    passes: ["Policy-Min-TLS-1-2-2019-07", "Policy-Min-TLS-1-2-PFS-2023-10"],
    fails: ["Policy-Min-TLS-1-0-2019-07"],
    absent: "fails",
    unknown: "refused",
  }),
  ...["vpcOptions.subnetIds", "vpcOptions.securityGroupIds"].flatMap((property) =>
    both({
      rule: "opensearch-in-vpc",
      property,
      passes: [["one"], [UNKNOWN]],
      fails: [[]],
      absent: "fails",
      unknown: "waits",
    }).filter(({ when }) => !when.startsWith("vpcOptions is absent")),
  ),
  {
    rule: "opensearch-in-vpc",
    when: "it stands in no network",
    given: { type: "aws:opensearch/domain:Domain", props: {} },
    result: [/vpcOptions\.subnetIds: it is not set/, /vpcOptions\.securityGroupIds: it is not set/],
  },
  {
    rule: "opensearch-in-vpc",
    when: "a subnet gives public addresses",
    given: [
      domain(),
      { type: "aws:ec2/subnet:Subnet", name: "a", props: { id: "subnet-0a", mapPublicIpOnLaunch: true } },
    ],
    result: [/vpcOptions\.subnetIds: "a" is a public subnet/],
  },
  {
    rule: "opensearch-in-vpc",
    when: "a subnet of unknown id gives public addresses",
    given: [
      {
        ...domain({ vpcOptions: { subnetIds: [UNKNOWN], securityGroupIds: [UNKNOWN] } }),
        references: { vpcOptions: ["a"] },
      },
      { type: "aws:ec2/subnet:Subnet", name: "a", props: { id: UNKNOWN, mapPublicIpOnLaunch: true } },
    ],
    result: [/vpcOptions\.subnetIds: "a" is a public subnet/],
  },
  {
    rule: notPublic,
    when: "one role may use it",
    given: policy(allow({ AWS: "arn:aws:iam::111122223333:role/api" })),
    result: "passes",
  },
  ...["opensearch", "elasticsearch"].map((type) => ({
    rule: notPublic,
    when: `everyone may use it, by a policy of ${type}`,
    given: policy(allow({ AWS: "*" }), type),
    result: [/accessPolicies: Use allows every principal/],
  })),
  {
    rule: notPublic,
    when: "everyone may use it, by its own policy",
    given: oldDomain({ accessPolicies: allow("*") }),
    result: [/accessPolicies: Use allows every principal/],
  },
  { rule: notPublic, when: "the policy is unknown", given: policy(UNKNOWN), result: "waits" },
  { rule: notPublic, when: "a domain has no policy", given: domain(), result: "passes" },
  { rule: notPublic, when: "an old domain has no policy", given: oldDomain(), result: "passes" },
  ...["opensearch", "elasticsearch"].map((type) => ({
    rule: notPublic,
    when: `the policy of ${type} is absent`,
    given: { type: `aws:${type}/domainPolicy:DomainPolicy`, props: { domainName: "search" } },
    result: "passes" as const,
  })),
  ...aboutProperty({
    rule: "opensearch-fine-grained-access",
    sound: domain(),
    property: "advancedSecurityOptions.anonymousAuthEnabled",
    passes: [false, "false"],
    fails: [true, "true"],
    absent: "passes",
    unknown: "refused",
  }).filter(({ when }) => !when.startsWith("advancedSecurityOptions is absent")),
  ...both({
    rule: master,
    property: PASSWORD,
    fails: ["Tr0ub4dor&3"],
    absent: "passes",
    unknown: "fails",
    says: /it is set, and so stands in the state/,
  }),
  {
    rule: master,
    when: "all options are unknown",
    given: domain({ advancedSecurityOptions: UNKNOWN }),
    result: "waits",
  },
  ...both({
    rule: audit,
    property: "logPublishingOptions",
    passes: [LOGS, LOGS.slice(0, 2), [UNKNOWN, ...LOGS]],
    fails: [[], LOGS.slice(1)],
    absent: "fails",
    unknown: "waits",
    says: /AUDIT_LOGS( and ES_APPLICATION_LOGS)? goes nowhere\..*Fix: add \{ logType: "AUDIT_LOGS"/,
  }),
  {
    rule: audit,
    when: "one log is switched off",
    given: domain({ logPublishingOptions: [{ ...(LOGS[0] as object), enabled: "false" }, ...LOGS.slice(1)] }),
    result: [/AUDIT_LOGS goes nowhere/],
  },
  {
    rule: audit,
    when: "one type is unknown and another is missing",
    given: domain({ logPublishingOptions: [{ logType: UNKNOWN }, ...LOGS.slice(1)] }),
    result: "waits",
  },
  ...aboutProperty({
    rule: "opensearch-slow-logged",
    sound: domain(),
    property: "logPublishingOptions",
    passes: [LOGS],
    fails: [LOGS.slice(0, 2)],
    absent: "fails",
    unknown: "waits",
    says: /INDEX_SLOW_LOGS and SEARCH_SLOW_LOGS goes nowhere/,
  }),
  ...(
    [
      ["opensearch-multi-az", "clusterConfig.zoneAwarenessEnabled", [true, "true"], [false]],
      ["opensearch-multi-az", "clusterConfig.instanceCount", [3, "6"], [1, 2, "2"]],
      ["opensearch-dedicated-masters", "clusterConfig.dedicatedMasterEnabled", [true, "true"], [false]],
      ["opensearch-dedicated-masters", "clusterConfig.dedicatedMasterCount", [3, "5"], [2, "1"]],
    ] as const
  ).flatMap(([rule, property, passes, fails]) =>
    both({ rule, property, passes, fails, absent: "fails", unknown: "refused" }).filter(
      ({ when }) => !when.startsWith("clusterConfig is absent"),
    ),
  ),
  {
    rule: "opensearch-multi-az",
    when: "nothing is said of the cluster",
    given: { type: "aws:opensearch/domain:Domain", props: {} },
    result: [/clusterConfig\.zoneAwarenessEnabled: it is not set/, /clusterConfig\.instanceCount: it is not set/],
  },
  {
    rule: "opensearch-dedicated-masters",
    when: "nothing is said of the cluster",
    given: { type: "aws:elasticsearch/domain:Domain", props: {} },
    result: [/dedicatedMasterEnabled: it is not set/, /dedicatedMasterCount: it is not set/],
  },
  ...aboutProperty({
    rule: "opensearch-multi-az",
    sound: collection(),
    property: "standbyReplicas",
    passes: ["ENABLED"],
    fails: ["DISABLED"],
    absent: "passes",
    unknown: "refused",
  }),
  ...both({
    rule: "opensearch-customer-key",
    property: "encryptAtRest.kmsKeyId",
    passes: ["arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d"],
    fails: [""],
    absent: "fails",
    unknown: "waits",
  }),
  ...aboutProperty({
    rule: engine,
    sound: domain(),
    property: "engineVersion",
    passes: ["OpenSearch_2.17", "OpenSearch_3.1", "OpenSearch_2.11"],
    fails: ["OpenSearch_1.2", "OpenSearch_2.9", "Elasticsearch_7.8", "Elasticsearch_5.6"],
    absent: "passes",
    unknown: "refused",
    says: /it is "[\d.]+", whose support ended on 2025-11-07/,
  }),
  ...aboutProperty({
    rule: engine,
    sound: oldDomain(),
    property: "elasticsearchVersion",
    fails: ["6.5", "7.1"],
    absent: "fails",
    unknown: "refused",
    says: /it is ("[\d.]+", whose support ended on 2025-11-07|not set, which means 1\.5)/,
  }),
  ...aboutProperty({
    rule: "opensearch-software-updates",
    sound: domain(),
    property: "softwareUpdateOptions.autoSoftwareUpdateEnabled",
    passes: [true, "true"],
    fails: [false],
    absent: "fails",
    unknown: "refused",
  }),
];
