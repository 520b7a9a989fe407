import { expects, isSet, isTrue, oneOf } from "../../support/property.ts";
import type { Rule } from "../../support/rule.ts";

const TABLE = "aws:dynamodb/table:Table";
const REPLICA = "aws:dynamodb/tableReplica:TableReplica";
const ACCELERATOR = "aws:dax/cluster:Cluster";

export const rules: readonly Rule[] = [
  {
    name: "dynamodb-replica-recoverable",
    description: "Replicas of DynamoDB tables can be put back to any second of the last weeks.",
    why: "A replica takes over a deletion at once, and its own history is off unless somebody asks for it.",
    severity: "medium",
    level: "mandatory",
    standards: ["FSBP DynamoDB.2", "CKV_AWS_28", "AWS-0024"],
    resources: [
      {
        types: [TABLE],
        unknown: "refuse",
        find: expects("replicas[].pointInTimeRecovery", isTrue, "set pointInTimeRecovery: true in each of replicas"),
      },
      {
        types: [REPLICA],
        unknown: "refuse",
        find: expects("pointInTimeRecovery", isTrue, "set pointInTimeRecovery: true"),
      },
    ],
  },
  {
    name: "dynamodb-customer-key",
    description: "A key of the account encrypts DynamoDB tables.",
    why: "Whoever may use a key of one's own is decided, and logged, apart from who may read the table.",
    severity: "low",
    level: "advisory",
    standards: ["CKV_AWS_119", "AWS-0025"],
    resources: [
      {
        types: [TABLE],
        unknown: "defer",
        find: expects(
          "serverSideEncryption.kmsKeyArn",
          isSet,
          "set serverSideEncryption: { enabled: true, kmsKeyArn }",
        ),
      },
    ],
  },
  {
    name: "dynamodb-accelerator-encrypted",
    description: "DynamoDB Accelerator encrypts what it keeps and what it sends.",
    why: "It holds copies of items, and neither can be switched on later.",
    severity: "high",
    level: "mandatory",
    standards: ["FSBP DynamoDB.3", "FSBP DynamoDB.7", "CKV_AWS_47", "CKV_AWS_239", "AWS-0023"],
    resources: [
      {
        types: [ACCELERATOR],
        unknown: "refuse",
        find: expects("serverSideEncryption.enabled", isTrue, "set serverSideEncryption: { enabled: true }"),
      },
      {
        types: [ACCELERATOR],
        unknown: "refuse",
        find: expects("clusterEndpointEncryptionType", oneOf("TLS"), 'set clusterEndpointEncryptionType: "TLS"'),
      },
    ],
  },
];
