import { atLeast, expects, isTrue, oneOf, orAbsent } from "../../support/property.ts";
import type { Rule, Violation } from "../../support/rule.ts";
import type { Stack } from "../../support/stack.ts";
import { FLAGS, closeFlags, openFlags } from "./s3.ts";

const PUBLIC_BLOCK = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock";
const EBS_DEFAULT = "aws:ebs/encryptionByDefault:EncryptionByDefault";
const PASSWORDS = "aws:iam/accountPasswordPolicy:AccountPasswordPolicy";
const ANALYZER = "aws:accessanalyzer/analyzer:Analyzer";
const DETECTOR = "aws:guardduty/detector:Detector";
const SNAPSHOT_BLOCK = "aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess";
const IMAGE_BLOCK = "aws:ec2/imageBlockPublicAccess:ImageBlockPublicAccess";
const SERIAL_CONSOLE = "aws:ec2/serialConsoleAccess:SerialConsoleAccess";
const METADATA = "aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults";

/** What a stack that looks after its account sets. One that sets none of it leaves that to another stack. */
const BASELINE = [PUBLIC_BLOCK, EBS_DEFAULT, PASSWORDS, ANALYZER, DETECTOR];

/** A stack that sets some of an account's baseline must set this part too. */
const partOfBaseline =
  (type: string, wrong: string, fix: string) =>
  (stack: Stack): readonly Violation[] => {
    const [first] = stack.ofType(BASELINE);
    if (first === undefined || stack.ofType([type]).length > 0) return [];
    return [{ urn: first.urn, property: "account", wrong, fix }];
  };

/** Kinds of disks and images: where a stack has any, nobody may share them with the public. */
const DISKS = [
  "aws:ebs/volume:Volume",
  "aws:ebs/snapshot:Snapshot",
  "aws:ebs/snapshotCopy:SnapshotCopy",
  "aws:ec2/instance:Instance",
  "aws:ec2/launchTemplate:LaunchTemplate",
];
const IMAGES = ["aws:ec2/ami:Ami", "aws:ec2/amiCopy:AmiCopy", "aws:ec2/amiFromInstance:AmiFromInstance"];

const neededFor =
  (kinds: readonly string[], type: string, fix: string) =>
  (stack: Stack): readonly Violation[] => {
    const [first] = stack.ofType(kinds);
    if (first === undefined || stack.ofType([type]).length > 0) return [];
    const wrong = `nothing keeps what is made of "${first.name}" from being shared with everybody`;
    return [{ urn: first.urn, property: "account", wrong, fix }];
  };

const REQUIRED_CHARACTERS = [
  "requireLowercaseCharacters",
  "requireUppercaseCharacters",
  "requireNumbers",
  "requireSymbols",
];

/** For a flag that the provider takes as true where it is absent. */
const switchedOn =
  (only: string, flag: string): NonNullable<Rule["remedy"]> =>
  ({ type, props }) =>
    type !== only || props[flag] === undefined || isTrue.is(props[flag]) ? [] : [{ path: [flag], value: true }];

export const rules: readonly Rule[] = [
  {
    name: "account-blocks-public-buckets",
    description: "The account refuses public access to every S3 bucket in it.",
    why: "It also covers buckets that somebody makes by hand, and access points.",
    severity: "high",
    level: "mandatory",
    standards: ["FSBP S3.1", "CIS 3.1.4", "PCI DSS v4.0.1/1.4.4", "Prowler s3_account_level_public_access_blocks"],
    resources: [{ types: [PUBLIC_BLOCK], unknown: "refuse", find: openFlags }],
    stack: partOfBaseline(
      PUBLIC_BLOCK,
      "nothing blocks public access to the account's buckets",
      `add an aws.s3.AccountPublicAccessBlock with ${FLAGS.map((flag) => `${flag}: true`).join(", ")}`,
    ),
    remedy: (resource) => (resource.type === PUBLIC_BLOCK ? closeFlags(resource) : []),
  },
  {
    name: "account-encrypts-disks",
    description: "New EBS volumes and snapshots of the account are encrypted.",
    why: "It also covers disks that a service or a person makes without asking for it.",
    severity: "medium",
    level: "mandatory",
    standards: ["FSBP EC2.7", "CKV_AWS_106"],
    resources: [
      { types: [EBS_DEFAULT], unknown: "refuse", find: expects("enabled", orAbsent(isTrue), "set enabled: true") },
    ],
    stack: partOfBaseline(
      EBS_DEFAULT,
      "nothing encrypts new disks of the account",
      "add an aws.ebs.EncryptionByDefault with enabled: true",
    ),
    remedy: switchedOn(EBS_DEFAULT, "enabled"),
  },
  {
    name: "account-password-policy",
    description: "Passwords of the account's IAM users are long, varied, and not used again.",
    why: "Short passwords and those that leaked elsewhere are guessed by machines.",
    severity: "medium",
    level: "mandatory",
    standards: [
      ...["FSBP IAM.7", "FSBP IAM.11", "FSBP IAM.12", "FSBP IAM.13", "FSBP IAM.14", "FSBP IAM.15", "FSBP IAM.16"],
      ...["CKV_AWS_10", "CKV_AWS_11", "CKV_AWS_12", "CKV_AWS_13", "CKV_AWS_14", "CKV_AWS_15"],
    ],
    resources: [
      expects("minimumPasswordLength", atLeast(14), "set minimumPasswordLength: 14"),
      expects("passwordReusePrevention", atLeast(24), "set passwordReusePrevention: 24"),
      ...REQUIRED_CHARACTERS.map((flag) => expects(flag, isTrue, `set ${flag}: true`)),
    ].map((find) => ({ types: [PASSWORDS], unknown: "refuse" as const, find })),
    stack: partOfBaseline(
      PASSWORDS,
      "nothing says how good passwords must be",
      "add an aws.iam.AccountPasswordPolicy with minimumPasswordLength: 14",
    ),
  },
  {
    name: "account-finds-external-access",
    description: "IAM Access Analyzer reports what the account shares with strangers.",
    why: "It finds by proof, not by pattern, which policies let in somebody from outside.",
    severity: "medium",
    level: "mandatory",
    standards: ["FSBP IAM.28"],
    resources: [
      {
        types: [ANALYZER],
        unknown: "refuse",
        // Other types look for other things, such as unused access.
        find: expects("type", orAbsent(oneOf("ACCOUNT", "ORGANIZATION")), 'set type: "ACCOUNT"'),
      },
    ],
    stack: partOfBaseline(
      ANALYZER,
      "nothing looks for access from outside",
      'add an aws.accessanalyzer.Analyzer with type: "ACCOUNT"',
    ),
  },
  {
    name: "account-detects-threats",
    description: "GuardDuty watches the account.",
    why: "It sees stolen credentials, mining, and scans from the account's own logs, which nobody reads.",
    severity: "high",
    level: "mandatory",
    standards: ["FSBP GuardDuty.1", "CKV_AWS_238"],
    resources: [
      { types: [DETECTOR], unknown: "refuse", find: expects("enable", orAbsent(isTrue), "set enable: true") },
    ],
    stack: partOfBaseline(DETECTOR, "nothing looks for threats", "add an aws.guardduty.Detector with enable: true"),
    remedy: switchedOn(DETECTOR, "enable"),
  },
  {
    name: "account-blocks-public-snapshots",
    description: "The account refuses to share EBS snapshots with everybody.",
    why: "A public snapshot is a copy of a disk that anyone can mount.",
    severity: "high",
    level: "mandatory",
    standards: ["FSBP EC2.182"],
    resources: [
      {
        types: [SNAPSHOT_BLOCK],
        unknown: "refuse",
        find: expects("state", oneOf("block-all-sharing"), 'set state: "block-all-sharing"'),
      },
    ],
    stack: neededFor(DISKS, SNAPSHOT_BLOCK, 'add an aws.ebs.SnapshotBlockPublicAccess with state: "block-all-sharing"'),
  },
  {
    name: "account-blocks-public-images",
    description: "The account refuses to share machine images with everybody.",
    why: "A public image is a copy of a machine's disk, with whatever was left on it.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [
      {
        types: [IMAGE_BLOCK],
        unknown: "refuse",
        find: expects("state", oneOf("block-new-sharing"), 'set state: "block-new-sharing"'),
      },
    ],
    stack: neededFor(IMAGES, IMAGE_BLOCK, 'add an aws.ec2.ImageBlockPublicAccess with state: "block-new-sharing"'),
  },
  {
    name: "account-no-serial-console",
    description: "The account does not let anyone reach instances by their serial console.",
    why: "The console goes past every security group and asks for a password alone.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    resources: [
      {
        types: [SERIAL_CONSOLE],
        unknown: "refuse",
        // The provider takes an absent value as true.
        find: expects("enabled", oneOf(false), "set enabled: false"),
      },
    ],
  },
  {
    name: "account-requires-imds-tokens",
    description: "New instances of the account answer for their credentials only to requests with a token.",
    why: "Without tokens a server that can be made to fetch a URL gives away its role.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [
      {
        types: [METADATA],
        unknown: "refuse",
        find: expects("httpTokens", oneOf("required"), 'set httpTokens: "required"'),
      },
    ],
  },
];
