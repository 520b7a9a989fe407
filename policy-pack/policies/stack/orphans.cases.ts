import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import type { Case } from "../../test/case.ts";
import { text } from "../../test/sent/policy.ts";

const SG = "orphans-security-group";
const ROLE = "orphans-role";
const POLICY = "orphans-policy";
const KEY = "orphans-key";
const BUCKET = "orphans-bucket";
const TARGETS = "orphans-target-group";
const LOGS = "orphans-log-group";
const SECRET = "orphans-secret";
const SUBNETS = "orphans-subnet-group";
const LIST = "orphans-prefix-list";

const sent = (type: string, name: string, props: Sent["props"], references: Sent["references"] = {}): Sent => ({
  type,
  name,
  props,
  references,
});
const group = (id: Json = "sg-0123456789"): Sent =>
  sent("aws:ec2/securityGroup:SecurityGroup", "group", { id, name: "group-1a2b3c4" });
const cache = (securityGroupIds: Json, references: Sent["references"] = {}): Sent =>
  sent("aws:elasticache/replicationGroup:ReplicationGroup", "cache", { securityGroupIds }, references);
const ingress = sent("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "in", {
  securityGroupId: "sg-0123456789",
  referencedSecurityGroupId: "sg-0123456789",
});

const ROLE_ARN = "arn:aws:iam::111122223333:role/task-1a2b3c4";
const trust = (principal: Json): string => text({ Principal: principal, Action: "sts:AssumeRole" });
const role = (assumeRolePolicy: Json = trust({ Service: "ecs-tasks.amazonaws.com" }), arn: Json = ROLE_ARN): Sent =>
  sent("aws:iam/role:Role", "task", { id: arn === UNKNOWN ? UNKNOWN : "task-1a2b3c4", arn, assumeRolePolicy });
const grants = (resource: Json): Sent =>
  sent("aws:iam/rolePolicy:RolePolicy", "grants", {
    role: "task-1a2b3c4",
    policy: text({ Action: "s3:GetObject", Resource: resource }),
  });
const task = (props: Sent["props"], references: Sent["references"] = {}): Sent =>
  sent("aws:ecs/taskDefinition:TaskDefinition", "definition", props, references);

const POLICY_ARN = "arn:aws:iam::111122223333:policy/reads-1a2b3c4";
const policy = sent("aws:iam/policy:Policy", "reads", { id: POLICY_ARN, arn: POLICY_ARN, policy: "{}" });

const KEY_ARN = "arn:aws:kms:us-east-1:111122223333:key/0123-4567";
const key = (arn: Json = KEY_ARN): Sent => sent("aws:kms/key:Key", "key", { id: arn, arn });

const bucket = (id: Json = "media-1a2b3c4"): Sent => sent("aws:s3/bucket:Bucket", "media", { id, bucket: id });
const versioning = sent("aws:s3/bucketVersioning:BucketVersioning", "versioning", { bucket: "media-1a2b3c4" });

const TARGET_ARN = "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/api/0123";
const targets = sent("aws:lb/targetGroup:TargetGroup", "api", {
  id: TARGET_ARN,
  arn: TARGET_ARN,
  arnSuffix: "targetgroup/api/0123",
});
const rule = sent("aws:lb/listenerRule:ListenerRule", "rule", {
  actions: [{ type: "forward", targetGroupArn: TARGET_ARN }],
});

const logs = (name: Json = "/api/containers-1a2b3c4"): Sent =>
  sent("aws:cloudwatch/logGroup:LogGroup", "logs", { id: name, name });

const SECRET_ARN = "arn:aws:secretsmanager:us-east-1:111122223333:secret:mail-AbCdEf";
const secret = (arn: Json = SECRET_ARN): Sent => sent("aws:secretsmanager/secret:Secret", "mail", { id: arn, arn });
const version = sent("aws:secretsmanager/secretVersion:SecretVersion", "version", { secretId: SECRET_ARN });

const subnets = sent("aws:elasticache/subnetGroup:SubnetGroup", "subnets", {
  id: "isolated-1a2b3c4",
  name: "isolated-1a2b3c4",
});
const list = sent("aws:ec2/managedPrefixList:ManagedPrefixList", "list", { id: "pl-0123456789" });

export const cases: readonly Case[] = [
  { rule: SG, when: "a cache has it", given: [group(), cache(["sg-0123456789"])], result: "passes" },
  {
    rule: SG,
    when: "a cache has it, and its id is unknown",
    given: [group(UNKNOWN), cache(UNKNOWN, { securityGroupIds: ["group"] })],
    result: "passes",
  },
  {
    rule: SG,
    when: "only its own rules name it",
    given: [group(), ingress],
    result: [/id: nothing uses the security group "group".*Fix: attach it to what it is meant for/],
  },
  { rule: SG, when: "a cache has another", given: [group(), cache(["sg-9876543210"])], result: [/nothing uses/] },
  {
    rule: SG,
    when: "something outside the program has it",
    given: [group()],
    result: "passes",
    config: { usedOutside: ["group"] },
  },

  { rule: ROLE, when: "a task has it", given: [role(), task({ taskRoleArn: ROLE_ARN })], result: "passes" },
  {
    rule: ROLE,
    when: "a task has it, and its ARN is unknown",
    given: [role(undefined, UNKNOWN), task({ taskRoleArn: UNKNOWN }, { taskRoleArn: ["task"] })],
    result: "passes",
  },
  {
    rule: ROLE,
    when: "it only has permissions",
    given: [role(), grants("*")],
    result: [/nothing uses the role "task"/],
  },
  {
    rule: ROLE,
    when: "a federated identity takes it",
    given: [role(trust({ Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" }))],
    result: "passes",
  },
  {
    rule: ROLE,
    when: "an account takes it",
    given: [role(trust({ AWS: "arn:aws:iam::464622532012:root" }))],
    result: "passes",
  },
  {
    rule: ROLE,
    when: "whoever asks for a restore names it",
    given: [role(trust({ Service: "backup.amazonaws.com" }))],
    result: "passes",
  },
  {
    rule: ROLE,
    when: "no service takes roles by name",
    given: [role(trust({ Service: "backup.amazonaws.com" }))],
    result: [/nothing uses/],
    config: { takenByName: [] },
  },

  {
    rule: POLICY,
    when: "a role has it",
    given: [
      policy,
      sent("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "has", { role: "r", policyArn: POLICY_ARN }),
    ],
    result: "passes",
  },
  {
    rule: POLICY,
    when: "it bounds a role",
    given: [policy, sent("aws:iam/role:Role", "bounded", { permissionsBoundary: POLICY_ARN })],
    result: "passes",
  },
  {
    rule: POLICY,
    when: "only another policy names it",
    given: [policy, grants(POLICY_ARN)],
    result: [/nothing uses the policy "reads"/],
  },

  {
    rule: KEY,
    when: "a secret is under it",
    given: [key(), sent("aws:secretsmanager/secret:Secret", "s", { kmsKeyId: KEY_ARN })],
    result: "passes",
  },
  {
    rule: KEY,
    when: "it has an alias and a reader, and encrypts nothing",
    given: [key(), sent("aws:kms/alias:Alias", "alias", { targetKeyId: KEY_ARN }), grants(KEY_ARN)],
    result: [/nothing uses the key "key"/],
  },
  {
    rule: KEY,
    when: "a log group is under it, and nothing is known yet",
    given: [key(UNKNOWN), sent("aws:cloudwatch/logGroup:LogGroup", "l", { kmsKeyId: UNKNOWN }, { kmsKeyId: ["key"] })],
    result: "passes",
  },

  {
    rule: BUCKET,
    when: "a trail writes to it",
    given: [bucket(), sent("aws:cloudtrail/trail:Trail", "trail", { s3BucketName: "media-1a2b3c4" })],
    result: "passes",
  },
  { rule: BUCKET, when: "a role may read it", given: [bucket(), grants("arn:aws:s3:::media-*/*")], result: "passes" },
  {
    rule: BUCKET,
    when: "a role may read all",
    given: [bucket(), grants("arn:aws:s3:::*")],
    result: [/nothing uses the bucket "media"/],
  },
  {
    rule: BUCKET,
    when: "it only has its own parts",
    given: [bucket(), versioning],
    result: [/nothing uses the bucket "media"/],
  },
  {
    rule: BUCKET,
    when: "it is unknown what a role may read",
    given: [bucket(), sent("aws:iam/rolePolicy:RolePolicy", "grants", { role: "r", policy: UNKNOWN })],
    result: "waits",
  },
  {
    rule: BUCKET,
    when: "the program puts objects there",
    given: [
      bucket(UNKNOWN),
      sent("aws:s3/bucketObjectv2:BucketObjectv2", "o", { bucket: UNKNOWN }, { bucket: ["media"] }),
    ],
    result: "passes",
  },

  { rule: TARGETS, when: "a listener forwards to it", given: [targets, rule], result: "passes" },
  {
    rule: TARGETS,
    when: "a service registers there, and no listener forwards to it",
    given: [
      targets,
      sent("aws:ecs/service:Service", "service", { loadBalancers: [{ targetGroupArn: TARGET_ARN }] }),
      sent(
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        "alarm",
        { dimensions: { TargetGroup: "x" } },
        { dimensions: ["api"] },
      ),
    ],
    result: [/nothing uses the target group "api"/],
  },

  {
    rule: LOGS,
    when: "a task writes to it",
    given: [
      logs(),
      task({
        containerDefinitions: JSON.stringify([
          { logConfiguration: { options: { "awslogs-group": "/api/containers-1a2b3c4" } } },
        ]),
      }),
    ],
    result: "passes",
  },
  { rule: LOGS, when: "nothing does", given: [logs()], result: [/nothing uses the log group "logs"/] },
  { rule: LOGS, when: "a service finds it by its name", given: [logs("/aws/lambda/pager")], result: "passes" },
  {
    rule: LOGS,
    when: "a task writes to it, and nothing is known yet",
    given: [logs(UNKNOWN), task({ containerDefinitions: UNKNOWN }, { containerDefinitions: ["logs"] })],
    result: "passes",
  },

  {
    rule: SECRET,
    when: "a container is given it",
    given: [
      secret(),
      role(),
      task({
        executionRoleArn: ROLE_ARN,
        containerDefinitions: JSON.stringify([{ name: "api", secrets: [{ name: "K", valueFrom: SECRET_ARN }] }]),
      }),
    ],
    result: "passes",
  },
  { rule: SECRET, when: "it only has a value", given: [secret(), version], result: [/nothing uses the secret "mail"/] },
  {
    rule: SECRET,
    when: "a container came from all secrets, and is given another",
    given: [
      secret(),
      role(),
      task(
        { executionRoleArn: ROLE_ARN, containerDefinitions: JSON.stringify([{ name: "api" }]) },
        { containerDefinitions: ["mail"] },
      ),
    ],
    result: [/nothing uses the secret "mail"/],
  },
  {
    rule: SECRET,
    when: "nothing is known yet",
    given: [
      secret(UNKNOWN),
      role(),
      task({ executionRoleArn: ROLE_ARN, containerDefinitions: UNKNOWN }, { containerDefinitions: ["mail"] }),
    ],
    result: "passes",
  },

  {
    rule: SUBNETS,
    when: "a cache is in them",
    given: [
      subnets,
      sent("aws:elasticache/replicationGroup:ReplicationGroup", "c", { subnetGroupName: "isolated-1a2b3c4" }),
    ],
    result: "passes",
  },
  {
    rule: SUBNETS,
    when: "nothing is in them",
    given: [subnets],
    result: [/nothing uses the subnet or parameter group "subnets"/],
  },

  {
    rule: LIST,
    when: "a rule names it",
    given: [
      list,
      sent("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "in", { prefixListId: "pl-0123456789" }),
    ],
    result: "passes",
  },
  {
    rule: LIST,
    when: "only its entries do",
    given: [
      list,
      sent("aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry", "entry", { prefixListId: "pl-0123456789" }),
    ],
    result: [/nothing uses the prefix list "list"/],
  },

  {
    rule: KEY,
    when: "a store names its alias",
    given: [
      key(),
      sent("aws:kms/alias:Alias", "alias", { name: "alias/data-1", targetKeyId: KEY_ARN }, { targetKeyId: ["key"] }),
      sent("aws:secretsmanager/secret:Secret", "token", { id: "token-1", kmsKeyId: "alias/data-1" }),
    ],
    result: "passes",
  },
  {
    rule: KEY,
    when: "a store names its alias, and neither is known yet",
    given: [
      key(UNKNOWN),
      sent("aws:kms/alias:Alias", "alias", { name: "alias/data-1", targetKeyId: UNKNOWN }, { targetKeyId: ["key"] }),
      sent("aws:secretsmanager/secret:Secret", "token", { id: "token-1", kmsKeyId: UNKNOWN }, { kmsKeyId: ["alias"] }),
    ],
    result: "passes",
  },
  {
    rule: KEY,
    when: "nothing names its alias",
    given: [
      key(),
      sent("aws:kms/alias:Alias", "alias", { name: "alias/data-1", targetKeyId: KEY_ARN }, { targetKeyId: ["key"] }),
    ],
    result: [/id: nothing uses the key "key"/],
  },
  {
    rule: "orphans-role",
    when: "it trusts itself alone",
    given: [
      sent("aws:iam/role:Role", "loop", {
        id: "loop-1a2b3c4",
        arn: "arn:aws:iam::111122223333:role/loop-1a2b3c4",
        assumeRolePolicy: JSON.stringify({
          Statement: [
            {
              Effect: "Allow",
              Principal: { AWS: "arn:aws:iam::111122223333:role/loop-1a2b3c4" },
              Action: "sts:AssumeRole",
            },
          ],
        }),
      }),
    ],
    result: [/id: nothing uses the role "loop"/],
  },
];
