import { at, elements, expects, isSet, isTrue, judged, locate, type Expectation } from "../../support/property.ts";
import type { Find, Finding, Rule } from "../../support/rule.ts";
import { Unknown } from "../../support/unknown.ts";

const INSTANCES = [
  "aws:ec2/instance:Instance",
  "aws:ec2/spotInstanceRequest:SpotInstanceRequest",
  "aws:ec2/launchConfiguration:LaunchConfiguration",
];
const VOLUME = "aws:ebs/volume:Volume";
const SNAPSHOT_COPY = "aws:ebs/snapshotCopy:SnapshotCopy";
const IMAGE_COPY = "aws:ec2/amiCopy:AmiCopy";
const LAUNCH_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const IMAGE_PERMISSION = "aws:ec2/amiLaunchPermission:AmiLaunchPermission";
const SNAPSHOT_PERMISSION = "aws:ec2/snapshotCreateVolumePermission:SnapshotCreateVolumePermission";

const encrypted = (path: string): Find => expects(path, isTrue, "set encrypted: true");

/** The disks that a launch template describes; what it leaves out is as the image has it. */
const templateDisks: Find = ({ props }) => {
  const mappings = { property: "blockDeviceMappings", value: props["blockDeviceMappings"] };
  if (!isSet.is(mappings.value)) return judged(mappings, isSet, "list the image's disks with ebs.encrypted: true");
  return elements(mappings).flatMap(({ property, value }): readonly Finding[] => {
    const disk = value instanceof Unknown ? value : at(value, "ebs");
    if (disk === undefined) return [];
    return locate(disk, "encrypted").flatMap((found) =>
      judged(
        { property: found.property === "" ? `${property}.ebs` : `${property}.ebs.encrypted`, value: found.value },
        isTrue,
        "set encrypted: true",
      ),
    );
  });
};

const isNotAll: Expectation = { is: (value) => value !== "all", expected: "an account, not everybody" };

export const rules: readonly Rule[] = [
  {
    name: "ebs-volume-encrypted",
    description: "EBS volumes, and the disks of instances, are encrypted.",
    why: "A disk in the clear can be read from a snapshot of it by whoever gets hold of one.",
    severity: "high",
    level: "mandatory",
    standards: ["FSBP EC2.3", "CKV_AWS_3", "CKV_AWS_8"],
    resources: [
      { types: [VOLUME, SNAPSHOT_COPY, IMAGE_COPY], unknown: "refuse", find: encrypted("encrypted") },
      { types: INSTANCES, unknown: "refuse", find: encrypted("rootBlockDevice.encrypted") },
      { types: INSTANCES, unknown: "refuse", find: encrypted("ebsBlockDevices[].encrypted") },
      { types: [LAUNCH_TEMPLATE], unknown: "refuse", find: templateDisks },
    ],
  },
  {
    name: "ebs-snapshot-not-public",
    description: "Neither snapshots of disks nor machine images are shared with everybody.",
    why: "Whoever may use one has a copy of the whole disk.",
    severity: "critical",
    level: "mandatory",
    standards: ["FSBP EC2.1"],
    resources: [
      {
        types: [IMAGE_PERMISSION],
        unknown: "refuse",
        find: expects("group", isNotAll, "remove group, and set accountId or organizationArn"),
      },
      {
        types: [SNAPSHOT_PERMISSION],
        unknown: "defer",
        find: expects("accountId", isNotAll, "set accountId to one account"),
      },
    ],
  },
];
