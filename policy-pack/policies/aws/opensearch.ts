import { outOfSupport, type Lifecycle } from "../../support/data/lifecycle.ts";
import { notPublic } from "../../support/iam/public-policy.ts";
import { inPublicSubnets } from "../../support/network/private-subnets.ts";
import {
  at,
  atLeast,
  elements,
  expects,
  isFalse,
  isNotTrue,
  isSet,
  isTrue,
  matching,
  orAbsent,
  textOf,
  type Expectation,
} from "../../support/property.ts";
import type { Finding, Resource, Rule } from "../../support/rule.ts";
import { notInState } from "../../support/secrets/in-state.ts";
import { Unknown } from "../../support/unknown.ts";

const OPENSEARCH = "aws:opensearch/domain:Domain";
const ELASTICSEARCH = "aws:elasticsearch/domain:Domain";
const DOMAINS = [OPENSEARCH, ELASTICSEARCH];
const DOMAIN_POLICIES = ["aws:opensearch/domainPolicy:DomainPolicy", "aws:elasticsearch/domainPolicy:DomainPolicy"];
const COLLECTION = "aws:opensearch/serverlessCollection:ServerlessCollection";

const domain = (unknown: "defer" | "refuse", find: ReturnType<typeof expects>) => ({ types: DOMAINS, unknown, find });

/** Logs of a domain: what a rule asks for, and whether they are switched on. */
const missingLogs =
  (...wanted: readonly string[]) =>
  ({ props }: Resource): readonly Finding[] => {
    const property = "logPublishingOptions";
    const options = elements({ property, value: props[property] });
    const sent = options.filter(({ value }) => !isFalse.is(at(value, "enabled")));
    const missing = wanted.filter((log) => !sent.some(({ value }) => at(value, "logType") === log));
    if (missing.length === 0) return [];
    for (const { property: place, value } of options) {
      const unknown = [value, at(value, "logType")].find((part) => part instanceof Unknown);
      if (unknown instanceof Unknown) return [{ property: place, unknown }];
    }
    const names = missing.join(" and ");
    return [
      {
        property,
        wrong: `${names} goes nowhere`,
        fix: `add { logType: "${missing[0] ?? ""}", cloudwatchLogGroupArn }`,
      },
    ];
  };

/** Last days of standard support. https://aws.amazon.com/about-aws/whats-new/2024/11/amazon-opensearch-service-standard-extended-support-elasticsearch-opensearch-versions/ */
const OPENSEARCH_LIFECYCLE: Lifecycle = Object.fromEntries(
  ["1.0", "1.1", "1.2", "2.3", "2.5", "2.7", "2.9"].map((version) => [version, "2025-11-07"]),
);
const ELASTICSEARCH_LIFECYCLE: Lifecycle = {
  ...Object.fromEntries(
    ["1", "2", "5", "6.0", "6.2", "6.3", "6.4", "6.5", "6.7", "7.1", "7.4", "7.7", "7.8"].map((version) => [
      version,
      "2025-11-07",
    ]),
  ),
  "7.9": "2027-11-07",
  "7.10": "2027-11-07",
};
const SOURCE = "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/what-is.html#choosing-version";

/** `OpenSearch_2.17` or `Elasticsearch_7.10`; the old type has the number alone. */
function oldEngine({ type, props }: Resource): readonly Finding[] {
  const property = type === ELASTICSEARCH ? "elasticsearchVersion" : "engineVersion";
  const value = props[property];
  if (value instanceof Unknown) return [{ property, unknown: value }];
  const [, engine, version] = /^(?:(OpenSearch|Elasticsearch)_)?([\d.]+)$/.exec(textOf(value) ?? "") ?? [];
  if (version === undefined) return type === ELASTICSEARCH && value === undefined ? [absentVersion(property)] : [];
  const legacy = type === ELASTICSEARCH || engine === "Elasticsearch";
  return outOfSupport({ property, value: version }, legacy ? ELASTICSEARCH_LIFECYCLE : OPENSEARCH_LIFECYCLE, SOURCE);
}

// The old type's own default is 1.5, of 2015.
const absentVersion = (property: string): Finding => ({
  property,
  wrong: "it is not set, which means 1.5",
  fix: "use aws.opensearch.Domain with a current engineVersion",
});

const modernTls = matching(/^Policy-Min-TLS-1-[23]-/, "a policy of TLS 1.2 or newer");
const standby: Expectation = { is: (value) => value !== "DISABLED", expected: "ENABLED" };
const PFS = 'set domainEndpointOptions.tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10"';

export const rules: readonly Rule[] = [
  {
    name: "opensearch-encrypted-at-rest",
    description: "OpenSearch encrypts its disks, logs, and snapshots.",
    why: "It holds copies of customers' data, and encryption cannot be taken back once it is on.",
    severity: "high",
    level: "mandatory",
    standards: ["CKV_AWS_5", "AwsSolutions-OS8", "AWS-0048"],
    resources: [domain("refuse", expects("encryptAtRest.enabled", isTrue, "set encryptAtRest: { enabled: true }"))],
  },
  {
    name: "opensearch-node-to-node-encrypted",
    description: "The nodes of OpenSearch talk over TLS.",
    why: "Shards and queries cross zones in plain text otherwise.",
    severity: "high",
    level: "mandatory",
    standards: ["CKV_AWS_6", "AwsSolutions-OS2", "AWS-0043"],
    resources: [
      domain("refuse", expects("nodeToNodeEncryption.enabled", isTrue, "set nodeToNodeEncryption: { enabled: true }")),
    ],
  },
  {
    name: "opensearch-https-only",
    description: "OpenSearch refuses requests without TLS.",
    why: "Credentials and documents cross the network in plain text otherwise.",
    severity: "high",
    level: "mandatory",
    standards: ["CKV_AWS_83", "AWS-0046"],
    resources: [
      domain(
        "refuse",
        expects("domainEndpointOptions.enforceHttps", orAbsent(isTrue), "set domainEndpointOptions.enforceHttps: true"),
      ),
    ],
  },
  {
    name: "opensearch-tls-1-2",
    description: "OpenSearch speaks TLS 1.2 or newer.",
    why: "Older versions have known weaknesses, and the default lets them in.",
    severity: "high",
    level: "mandatory",
    standards: ["CKV_AWS_228", "AWS-0126"],
    resources: [domain("refuse", expects("domainEndpointOptions.tlsSecurityPolicy", modernTls, PFS))],
  },
  {
    name: "opensearch-in-vpc",
    description: "OpenSearch stands in private subnets and a security group of the program.",
    why: "Outside of a network only its access policy keeps the internet out, and it can never be moved in.",
    severity: "critical",
    level: "mandatory",
    standards: [
      "CKV_AWS_137",
      "CKV_AWS_248",
      "AwsSolutions-OS1",
      "Prowler opensearch_service_domains_not_publicly_accessible",
    ],
    resources: [
      domain(
        "defer",
        expects("vpcOptions.subnetIds", isSet, "set vpcOptions.subnetIds to private or isolated subnets"),
      ),
      domain(
        "defer",
        expects("vpcOptions.securityGroupIds", isSet, "set vpcOptions.securityGroupIds to the domain's own"),
      ),
    ],
    stack: (stack) => inPublicSubnets(stack, DOMAINS, "vpcOptions.subnetIds"),
  },
  {
    name: "opensearch-policy-not-public",
    description: "No OpenSearch domain lets everybody in.",
    why: "Anyone who reaches it could read and delete every index.",
    severity: "critical",
    level: "mandatory",
    standards: ["AwsSolutions-OS3", "AwsSolutions-OS5"],
    resources: [
      {
        types: [...DOMAINS, ...DOMAIN_POLICIES],
        unknown: "defer",
        find: notPublic("accessPolicies", "name the roles that search and index"),
      },
    ],
  },
  {
    name: "opensearch-fine-grained-access",
    description: "OpenSearch decides by role who may use which index, and nobody is anonymous.",
    why: "Otherwise whoever may call the domain may read and delete every index.",
    severity: "high",
    level: "mandatory",
    standards: ["CKV2_AWS_52", "AwsSolutions-OS5", "Prowler opensearch_service_domains_access_control_enabled"],
    resources: [
      domain("refuse", expects("advancedSecurityOptions.enabled", isTrue, "set advancedSecurityOptions.enabled: true")),
      {
        types: [OPENSEARCH],
        unknown: "refuse",
        find: expects(
          "advancedSecurityOptions.anonymousAuthEnabled",
          isNotTrue,
          "remove advancedSecurityOptions.anonymousAuthEnabled",
        ),
      },
    ],
  },
  {
    name: "opensearch-master-by-role",
    description: "The master user of OpenSearch is an IAM role.",
    why: "A password in the program stands in its state and history, and nobody rotates it.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [
      {
        types: DOMAINS,
        unknown: "defer",
        find: notInState(
          "advancedSecurityOptions.masterUserOptions.masterUserPassword",
          "set masterUserArn to an IAM role instead, and internalUserDatabaseEnabled: false",
        ),
      },
    ],
  },
  {
    name: "opensearch-audit-logged",
    description: "OpenSearch sends its audit log and its error log to CloudWatch.",
    why: "They are the only trace of who read what.",
    severity: "medium",
    level: "mandatory",
    standards: ["CKV_AWS_84", "CKV_AWS_317", "AWS-0042"],
    resources: [{ types: DOMAINS, unknown: "defer", find: missingLogs("AUDIT_LOGS", "ES_APPLICATION_LOGS") }],
  },
  {
    name: "opensearch-slow-logged",
    description: "OpenSearch sends its slow logs to CloudWatch.",
    why: "They are the only trace of which query stalled the domain.",
    severity: "low",
    level: "advisory",
    standards: ["AwsSolutions-OS9"],
    resources: [{ types: DOMAINS, unknown: "defer", find: missingLogs("INDEX_SLOW_LOGS", "SEARCH_SLOW_LOGS") }],
  },
  {
    name: "opensearch-multi-az",
    description: "OpenSearch has data nodes in several zones.",
    why: "With one zone its loss takes the search, and what was not yet in a snapshot.",
    severity: "medium",
    level: "mandatory",
    standards: ["AwsSolutions-OS7", "Prowler opensearch_service_domains_fault_tolerant_data_nodes"],
    resources: [
      domain(
        "refuse",
        expects("clusterConfig.zoneAwarenessEnabled", isTrue, "set clusterConfig.zoneAwarenessEnabled: true"),
      ),
      domain("refuse", expects("clusterConfig.instanceCount", atLeast(3), "set clusterConfig.instanceCount: 3")),
      {
        types: [COLLECTION],
        unknown: "refuse",
        find: expects("standbyReplicas", standby, 'set standbyReplicas: "ENABLED", or remove it'),
      },
    ],
  },
  {
    name: "opensearch-dedicated-masters",
    description: "OpenSearch has three dedicated master nodes.",
    why: "Data nodes under load lose the election otherwise, and two masters cannot agree.",
    severity: "medium",
    level: "mandatory",
    standards: ["CKV_AWS_318", "CKV2_AWS_59", "AwsSolutions-OS4"],
    resources: [
      domain(
        "refuse",
        expects("clusterConfig.dedicatedMasterEnabled", isTrue, "set clusterConfig.dedicatedMasterEnabled: true"),
      ),
      domain(
        "refuse",
        expects("clusterConfig.dedicatedMasterCount", atLeast(3), "set clusterConfig.dedicatedMasterCount: 3"),
      ),
    ],
  },
  {
    name: "opensearch-customer-key",
    description: "A key of the account encrypts OpenSearch.",
    why: "Whoever may use a key of one's own is decided, and logged, apart from who may use the domain.",
    severity: "low",
    level: "advisory",
    standards: ["CKV_AWS_247"],
    resources: [domain("defer", expects("encryptAtRest.kmsKeyId", isSet, "set encryptAtRest.kmsKeyId to a key's ARN"))],
  },
  {
    name: "opensearch-engine-supported",
    description: "OpenSearch runs a version in standard support.",
    why: "Extended support is paid by the instance hour, and brings no more than critical fixes.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    resources: [{ types: DOMAINS, unknown: "refuse", find: oldEngine }],
  },
  {
    name: "opensearch-software-updates",
    description: "OpenSearch takes service software updates by itself.",
    why: "They carry the fixes of known holes, in the domain's quiet hours.",
    severity: "low",
    level: "mandatory",
    standards: [],
    resources: [
      {
        types: [OPENSEARCH],
        unknown: "refuse",
        find: expects(
          "softwareUpdateOptions.autoSoftwareUpdateEnabled",
          isTrue,
          "set softwareUpdateOptions: { autoSoftwareUpdateEnabled: true }",
        ),
      },
    ],
  },
];
