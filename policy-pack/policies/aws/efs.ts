import { statementCheck, type Judge } from "../../support/iam/policy-check.ts";
import { publicStatement } from "../../support/iam/public-policy.ts";
import { tlsOnly, withoutPolicy, type Carrier } from "../../support/iam/tls-only.ts";
import { expects, isSet, isTrue, numberOf } from "../../support/property.ts";
import type { Rule } from "../../support/rule.ts";

const FILE_SYSTEM = "aws:efs/fileSystem:FileSystem";
const ACCESS_POINT = "aws:efs/accessPoint:AccessPoint";

const POLICY: Carrier = {
  type: FILE_SYSTEM,
  split: "aws:efs/fileSystemPolicy:FileSystemPolicy",
  path: "fileSystemId",
  action: "elasticfilesystem:*",
};

/** Who comes by a mount target has passed its security group, which says who may. */
const publicFiles: Judge = (statement) =>
  statement.conditions.some(
    ({ operator, key, values }) =>
      /^bool$/i.test(operator) && key === "elasticfilesystem:accessedviamounttarget" && values.join() === "true",
  )
    ? []
    : publicStatement(
        statement,
        'add the Condition { Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" } }, or name the roles',
      );

export const rules: readonly Rule[] = [
  {
    name: "efs-encrypted",
    description: "EFS file systems are encrypted.",
    why: "It cannot be switched on later without copying every file.",
    severity: "high",
    level: "mandatory",
    standards: ["FSBP EFS.1", "CKV_AWS_42"],
    resources: [{ types: [FILE_SYSTEM], unknown: "refuse", find: expects("encrypted", isTrue, "set encrypted: true") }],
  },
  {
    name: "efs-access-point-has-root",
    description: "An EFS access point shows a folder of its own, not the whole file system.",
    why: "A service that sees the whole file system sees the files of all others.",
    severity: "medium",
    level: "mandatory",
    standards: ["FSBP EFS.3", "CKV_AWS_329"],
    resources: [
      {
        types: [ACCESS_POINT],
        unknown: "refuse",
        find: expects(
          "rootDirectory.path",
          { is: (value) => isSet.is(value) && value !== "/", expected: "a folder below /" },
          "set rootDirectory.path to the service's own folder",
        ),
      },
    ],
  },
  {
    name: "efs-access-point-has-user",
    description: "An EFS access point reads and writes as a user of its own, not as root.",
    why: "Without it whoever mounts the file system says himself who he is.",
    severity: "medium",
    level: "mandatory",
    standards: ["FSBP EFS.4", "CKV_AWS_330"],
    resources: [
      {
        types: [ACCESS_POINT],
        unknown: "refuse",
        find: expects(
          "posixUser.uid",
          { is: (value) => (numberOf(value) ?? 0) > 0, expected: "a user other than root" },
          "set posixUser.uid and posixUser.gid to numbers above 0",
        ),
      },
    ],
  },
  {
    name: "efs-policy-not-public",
    description: "No EFS policy lets in everybody.",
    why: "Whoever reaches the file system's address could read its files.",
    severity: "critical",
    level: "mandatory",
    standards: [],
    resources: [statementCheck(["resource"], publicFiles, [POLICY.split])],
  },
  {
    name: "efs-tls-only",
    description: "EFS file systems refuse clients without TLS.",
    why: "NFS without TLS shows every file to whoever can watch the network.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    resources: [{ types: [POLICY.split], unknown: "defer", find: tlsOnly(POLICY) }],
    stack: (stack) => withoutPolicy(stack, POLICY),
  },
];
