import { UNKNOWN, type Sent } from "../../test/analyzer.ts";
import { casesOf, type Case } from "../../test/case.ts";
import { aboutProperty } from "../../test/property-cases.ts";

const table = (props: Sent["props"] = {}): Sent => ({
  type: "aws:dynamodb/table:Table",
  props: { hashKey: "id", ...props },
});
const recoverable = "dynamodb-replica-recoverable";
const accelerator: Sent = {
  type: "aws:dax/cluster:Cluster",
  props: { serverSideEncryption: { enabled: true }, clusterEndpointEncryptionType: "TLS" },
};

export const cases: readonly Case[] = [
  ...casesOf(recoverable, [
    ["a table has no replicas", table(), "passes"],
    ["each replica is", table({ replicas: [{ regionName: "us-west-2", pointInTimeRecovery: "true" }] }), "passes"],
    [
      "one replica is not",
      table({ replicas: [{ pointInTimeRecovery: true }, { regionName: "us-west-2" }] }),
      [/replicas\[1\]\.pointInTimeRecovery: it is not set/],
    ],
    ["the replicas are unknown", table({ replicas: UNKNOWN }), [/replicas: its value is not known/]],
  ]),
  ...aboutProperty({
    rule: recoverable,
    sound: { type: "aws:dynamodb/tableReplica:TableReplica", props: {} },
    property: "pointInTimeRecovery",
    passes: [true, "true"],
    fails: [false],
    absent: "fails",
    unknown: "refused",
  }),
  ...aboutProperty({
    rule: "dynamodb-customer-key",
    sound: table(),
    property: "serverSideEncryption.kmsKeyArn",
    passes: ["arn:aws:kms:us-east-1:111122223333:key/1"],
    fails: [""],
    absent: "fails",
    unknown: "waits",
  }),
  ...aboutProperty({
    rule: "dynamodb-accelerator-encrypted",
    sound: accelerator,
    property: "serverSideEncryption.enabled",
    passes: [true, "true"],
    fails: [false],
    absent: "fails",
    unknown: "refused",
  }),
  ...aboutProperty({
    rule: "dynamodb-accelerator-encrypted",
    sound: accelerator,
    property: "clusterEndpointEncryptionType",
    passes: ["TLS"],
    fails: ["NONE"],
    absent: "fails",
    unknown: "refused",
  }),
];
