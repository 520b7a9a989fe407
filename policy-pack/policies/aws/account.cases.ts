import { UNKNOWN, type Sent } from "../../test/analyzer.ts";
import { casesOf, type Case, type Row } from "../../test/case.ts";

const of =
  (type: string) =>
  (props: Sent["props"] = {}): Sent => ({ type, name: type.slice(type.lastIndexOf(":") + 1), props });

const CLOSED = { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true };
const STRONG = {
  minimumPasswordLength: 14,
  passwordReusePrevention: 24,
  requireLowercaseCharacters: true,
  requireUppercaseCharacters: true,
  requireNumbers: true,
  requireSymbols: true,
};

const block = of("aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock");
const disks = of("aws:ebs/encryptionByDefault:EncryptionByDefault");
const passwords = of("aws:iam/accountPasswordPolicy:AccountPasswordPolicy");
const analyzer = of("aws:accessanalyzer/analyzer:Analyzer");
const detector = of("aws:guardduty/detector:Detector");
const snapshots = of("aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess");
const images = of("aws:ec2/imageBlockPublicAccess:ImageBlockPublicAccess");
const serial = of("aws:ec2/serialConsoleAccess:SerialConsoleAccess");
const metadata = of("aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults");
const volume = of("aws:ebs/volume:Volume");
const image = of("aws:ec2/ami:Ami");
const bucket = of("aws:s3/bucket:Bucket");

const baseline = [block(CLOSED), disks(), passwords(STRONG), analyzer(), detector()];

/** The stack's part: the whole baseline, all but one of it, and a stack that leaves it to another. */
const presence = (part: Sent, pattern: RegExp): readonly Row[] => [
  ["the whole baseline is there", baseline, "passes"],
  ["the rest of the baseline is there", baseline.filter(({ type }) => type !== part.type), [pattern]],
  ["another stack has the baseline", [bucket()], "passes"],
];

export const cases: readonly Case[] = [
  ...casesOf("account-blocks-public-buckets", [
    ["all is closed", block(CLOSED), "passes"],
    ["a flag is false", block({ ...CLOSED, ignorePublicAcls: false }), [/ignorePublicAcls: it is false/]],
    ["flags are absent", block({ blockPublicAcls: true, blockPublicPolicy: true }), [/ignorePub/, /restrictPub/]],
    ["a flag is unknown", block({ ...CLOSED, blockPublicPolicy: UNKNOWN }), [/blockPublicPolicy: its value/]],
    ...presence(block(), /account: nothing blocks public access to the account's buckets/),
  ]),
  ...casesOf("account-encrypts-disks", [
    ["it does", disks({ enabled: true }), "passes"],
    ["nothing is said", disks(), "passes"],
    ["it does not", disks({ enabled: false }), [/enabled: it is false/]],
    ["it is unknown", disks({ enabled: UNKNOWN }), [/enabled: its value is not known/]],
    ...presence(disks(), /account: nothing encrypts new disks/),
  ]),
  ...casesOf("account-password-policy", [
    ["it is strong", passwords(STRONG), "passes"],
    ["8 letters are enough", passwords({ ...STRONG, minimumPasswordLength: 8 }), [/minimumPasswordLength: it is 8/]],
    ["3 others must lie between", passwords({ ...STRONG, passwordReusePrevention: 3 }), [/ReusePrevention: it is 3/]],
    ["no symbol is needed", passwords({ ...STRONG, requireSymbols: false }), [/requireSymbols: it is false/]],
    ["the length is unknown", passwords({ ...STRONG, minimumPasswordLength: UNKNOWN }), [/its value is not known/]],
    [
      "nothing is said",
      passwords(),
      [/minimumP/, /passwordR/, /requireLower/, /requireUpper/, /requireNumbers/, /requireSymbols/],
    ],
    ...presence(passwords(), /account: nothing says how good passwords must be/),
  ]),
  ...casesOf("account-finds-external-access", [
    ["the account's analyzer does", analyzer({ type: "ACCOUNT" }), "passes"],
    ["nothing is said", analyzer(), "passes"],
    ["it looks for unused access", analyzer({ type: "ACCOUNT_UNUSED_ACCESS" }), [/type: it is "ACCOUNT_UNUSED/]],
    ["its type is unknown", analyzer({ type: UNKNOWN }), [/type: its value is not known/]],
    ...presence(analyzer(), /account: nothing looks for access from outside/),
  ]),
  ...casesOf("account-detects-threats", [
    ["it is on", detector({ enable: true }), "passes"],
    ["nothing is said", detector(), "passes"],
    ["it is off", detector({ enable: false }), [/enable: it is false/]],
    ["it is unknown", detector({ enable: UNKNOWN }), [/enable: its value is not known/]],
    ...presence(detector(), /account: nothing looks for threats/),
  ]),
  ...casesOf("account-blocks-public-snapshots", [
    ["it does", snapshots({ state: "block-all-sharing" }), "passes"],
    ["it does for new ones", snapshots({ state: "block-new-sharing" }), [/state: it is "block-new-sharing"/]],
    ["nothing is said", snapshots(), [/state: it is not set/]],
    ["it is unknown", snapshots({ state: UNKNOWN }), [/state: its value is not known/]],
    ["a stack has disks", [volume(), snapshots({ state: "block-all-sharing" })], "passes"],
    ["a stack has disks, and does not", [volume()], [/account: nothing keeps what is made of "Volume" from/]],
    ["a stack has no disks", [bucket()], "passes"],
  ]),
  ...casesOf("account-blocks-public-images", [
    ["it does", images({ state: "block-new-sharing" }), "passes"],
    ["it does not", images({ state: "unblocked" }), [/state: it is "unblocked"/]],
    ["nothing is said", images(), [/state: it is not set/]],
    ["it is unknown", images({ state: UNKNOWN }), [/state: its value is not known/]],
    ["a stack has images, and does not", [image()], [/account: nothing keeps what is made of "Ami" from/]],
  ]),
  ...casesOf("account-no-serial-console", [
    ["it does not", serial({ enabled: false }), "passes"],
    ["it does", serial({ enabled: true }), [/enabled: it is true/]],
    ["nothing is said, which means that it does", serial(), [/enabled: it is not set/]],
    ["it is unknown", serial({ enabled: UNKNOWN }), [/enabled: its value is not known/]],
  ]),
  ...casesOf("account-requires-imds-tokens", [
    ["they are required", metadata({ httpTokens: "required" }), "passes"],
    ["they are optional", metadata({ httpTokens: "optional" }), [/httpTokens: it is "optional"/]],
    ["nothing is said", metadata(), [/httpTokens: it is not set/]],
    ["it is unknown", metadata({ httpTokens: UNKNOWN }), [/httpTokens: its value is not known/]],
  ]),
];
