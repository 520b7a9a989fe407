import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import { casesOf, type Case } from "../../test/case.ts";
import { text, type Statement } from "../../test/sent/policy.ts";

const files = (props: Sent["props"] = {}): Sent => ({
  type: "aws:efs/fileSystem:FileSystem",
  name: "files",
  props: { id: "fs-1", ...props },
});
const point = (props: Sent["props"]): Sent => ({
  type: "aws:efs/accessPoint:AccessPoint",
  props: { fileSystemId: "fs-1", ...props },
});
const policy = (...statements: Statement[]): Sent => ({
  type: "aws:efs/fileSystemPolicy:FileSystemPolicy",
  name: "files-policy",
  props: { fileSystemId: "fs-1", policy: text(...statements) },
});
const late: Sent = { ...policy(), props: { fileSystemId: "fs-1", policy: UNKNOWN } };
const allow = (more: Statement): Statement => ({
  Sid: "Mount",
  Effect: "Allow",
  Principal: { AWS: "*" },
  Action: "elasticfilesystem:ClientMount",
  ...more,
});
const tls: Json = {
  Effect: "Deny",
  Principal: { AWS: "*" },
  Action: "*",
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};

export const cases: readonly Case[] = [
  ...casesOf("efs-encrypted", [
    ["it is", files({ encrypted: true }), "passes"],
    ["it is not", files({ encrypted: false }), [/encrypted: it is false/]],
    ["nothing is said", files(), [/encrypted: it is not set/]],
    ["it is unknown", files({ encrypted: UNKNOWN }), [/encrypted: its value is not known/]],
  ]),
  ...casesOf("efs-access-point-has-root", [
    ["it has", point({ rootDirectory: { path: "/media" } }), "passes"],
    ["it has all", point({ rootDirectory: { path: "/" } }), [/rootDirectory\.path: it is "\/"/]],
    ["nothing is said", point({}), [/rootDirectory\.path: it is not set/]],
    ["it is unknown", point({ rootDirectory: { path: UNKNOWN } }), [/its value is not known/]],
  ]),
  ...casesOf("efs-access-point-has-user", [
    ["it has", point({ posixUser: { uid: 1000, gid: 1000 } }), "passes"],
    ["it is root", point({ posixUser: { uid: 0, gid: 0 } }), [/posixUser\.uid: it is 0/]],
    ["nothing is said", point({}), [/posixUser\.uid: it is not set/]],
    ["it is unknown", point({ posixUser: { uid: UNKNOWN } }), [/its value is not known/]],
  ]),
  ...casesOf("efs-policy-not-public", [
    [
      "clients come by a mount target",
      policy(allow({ Condition: { Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" } } })),
      "passes",
    ],
    ["clients come by any way", policy(allow({})), [/policy: Mount allows every principal/]],
    ["a role is named", policy(allow({ Principal: { AWS: "arn:aws:iam::111122223333:role/api" } })), "passes"],
    ["it is unknown yet", late, "waits"],
    ["there is none, which the provider refuses itself", { ...policy(), props: { fileSystemId: "fs-1" } }, "passes"],
  ]),
  ...casesOf("efs-tls-only", [
    ["they are refused", policy(tls), "passes"],
    ["they are not", policy(allow({})), [/policy: it lets requests come over plain HTTP/]],
    ["it is unknown yet", late, "waits"],
    ["a policy names the file system", [files(), policy(tls)], "passes"],
    ["there is no policy", [files()], [/policy: "files" has no policy/]],
  ]),
];
