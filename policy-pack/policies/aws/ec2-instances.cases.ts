import { UNKNOWN, type Sent } from "../../test/analyzer.ts";
import { casesOf, type Case } from "../../test/case.ts";
import { aboutProperty } from "../../test/property-cases.ts";

const tokens = "ec2-imds-tokens-required";
const address = "ec2-instance-no-public-ip";

const SOUND: Sent["props"] = { metadataOptions: { httpTokens: "required" }, associatePublicIpAddress: false };
const instance = (props: Sent["props"] = {}): Sent => ({ type: "aws:ec2/instance:Instance", props });
const configuration = (props: Sent["props"] = {}): Sent => ({
  type: "aws:ec2/launchConfiguration:LaunchConfiguration",
  props,
});
const template = (props: Sent["props"] = {}): Sent => ({ type: "aws:ec2/launchTemplate:LaunchTemplate", props });
const base64 = (text: string): string => Buffer.from(text).toString("base64");

const TEMPLATED = { launchTemplate: { id: "lt-1" } };
const SCRIPT = '#!/bin/sh\nexport DATABASE_PASSWORD="correct horse"\n/opt/start\n';

export const cases: readonly Case[] = [
  ...[instance(SOUND), configuration(SOUND), template(SOUND)].flatMap((sound) =>
    aboutProperty({
      rule: tokens,
      sound,
      property: "metadataOptions.httpTokens",
      passes: ["required"],
      fails: ["optional"],
      absent: "fails",
      unknown: "refused",
    }),
  ),
  ...casesOf(tokens, [
    ["nobody can ask", instance({ metadataOptions: { httpEndpoint: "disabled" } }), "passes"],
    ["the template says", instance(TEMPLATED), "passes"],
    [
      "it says otherwise than the template",
      instance({ ...TEMPLATED, metadataOptions: { httpTokens: "optional" } }),
      [/metadataOptions\.httpTokens: it is "optional"/],
    ],
  ]),
  ...[instance(SOUND), configuration(SOUND)].flatMap((sound) =>
    aboutProperty({
      rule: address,
      sound,
      property: "associatePublicIpAddress",
      passes: [false, "false"],
      fails: [true, "true"],
      absent: "fails",
      unknown: "refused",
    }),
  ),
  ...casesOf(address, [
    ["its interface is a resource of its own", instance({ networkInterfaces: [{ deviceIndex: 0 }] }), "passes"],
    ["the template says", instance(TEMPLATED), "passes"],
    [
      "it wants one in spite of the template",
      instance({ ...TEMPLATED, associatePublicIpAddress: "TRUE" }),
      [/associatePublicIpAddress: it is "TRUE"/],
    ],
    [
      "a template's interface has none",
      template({ networkInterfaces: [{ associatePublicIpAddress: "false" }] }),
      "passes",
    ],
    [
      "a template's interface has one",
      template({ networkInterfaces: [{ associatePublicIpAddress: "true" }] }),
      [/networkInterfaces\[0\]\.associatePublicIpAddress: it is "true"/],
    ],
    [
      "a template's interface leaves it to the subnet",
      template({ networkInterfaces: [{ deviceIndex: 0 }] }),
      [/networkInterfaces\[0\]\.associatePublicIpAddress: it is not set/],
    ],
    ["a template leaves the network to who uses it", template(), "passes"],
  ]),
  ...casesOf("ec2-no-plain-secrets", [
    ["a script has a password", instance({ userData: SCRIPT }), [/userData: line 2 holds a secret in plain text/]],
    ["the script is encoded", template({ userData: base64(SCRIPT) }), [/userData: line 2 holds a secret/]],
    [
      "the script is encoded in its own input",
      instance({ userDataBase64: base64(SCRIPT) }),
      [/userDataBase64: line 2/],
    ],
    [
      "a file for cloud-init has a key",
      configuration({ userData: "#cloud-config\n  api_key: 0d0f7c3a9b\n" }),
      [/userData: line 2/],
    ],
    ["a URL has a password", instance({ userData: "curl https://api:hunter2@example.com/x" }), [/userData: line 1/]],
    [
      "the script reads the password when it starts",
      instance({
        userData: "PASSWORD=$(aws secretsmanager get-secret-value --secret-id orders)\nTOKEN=`cat /run/token`",
      }),
      "passes",
    ],
    ["the script has a setting", instance({ userData: "NODE_ENV=production\n" }), "passes"],
    ...[instance(), template(), configuration()].map((bare) => ["there is no script", bare, "passes"] as const),
    ["the script is unknown", instance({ userData: UNKNOWN }), "waits"],
  ]),
];
