import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import { casesOf, type Case } from "../../test/case.ts";

const volume = (props: Sent["props"]): Sent => ({ type: "aws:ebs/volume:Volume", props: { size: 8, ...props } });
const copy = (props: Sent["props"]): Sent => ({ type: "aws:ebs/snapshotCopy:SnapshotCopy", props });
const instance = (props: Sent["props"]): Sent => ({ type: "aws:ec2/instance:Instance", props });
const template = (...blockDeviceMappings: Json[]): Sent => ({
  type: "aws:ec2/launchTemplate:LaunchTemplate",
  props: { blockDeviceMappings },
});
const configuration = (props: Sent["props"]): Sent => ({
  type: "aws:ec2/launchConfiguration:LaunchConfiguration",
  props,
});
const spot = (props: Sent["props"]): Sent => ({ type: "aws:ec2/spotInstanceRequest:SpotInstanceRequest", props });
const imageCopy = (props: Sent["props"]): Sent => ({ type: "aws:ec2/amiCopy:AmiCopy", props });
const image = (props: Sent["props"]): Sent => ({
  type: "aws:ec2/amiLaunchPermission:AmiLaunchPermission",
  props: { imageId: "ami-1", ...props },
});
const snapshot = (accountId: Json): Sent => ({
  type: "aws:ec2/snapshotCreateVolumePermission:SnapshotCreateVolumePermission",
  props: { snapshotId: "snap-1", accountId },
});

export const cases: readonly Case[] = [
  ...casesOf("ebs-volume-encrypted", [
    ["it is", volume({ encrypted: true }), "passes"],
    ["it is not", volume({ encrypted: false }), [/encrypted: it is false/]],
    ["nothing is said", volume({}), [/encrypted: it is not set/]],
    ["it is unknown", volume({ encrypted: UNKNOWN }), [/encrypted: its value is not known/]],
    ["a copy of a snapshot is not", copy({}), [/encrypted: it is not set/]],
    ["an instance's disks are", instance({ rootBlockDevice: { encrypted: true }, ebsBlockDevices: [] }), "passes"],
    ["an instance's first disk is not", instance({}), [/rootBlockDevice\.encrypted: it is not set/]],
    [
      "an instance's second disk is not",
      instance({ rootBlockDevice: { encrypted: true }, ebsBlockDevices: [{ encrypted: "false" }] }),
      [/ebsBlockDevices\[0\]\.encrypted: it is "false"/],
    ],
    ["a template's disks are", template({ ebs: { encrypted: "true" } }, { virtualName: "ephemeral0" }), "passes"],
    ["a template's disk is not", template({ ebs: {} }), [/blockDeviceMappings\[0\]\.ebs\.encrypted: it is not set/]],
    ["a template's disk is unknown", template({ ebs: UNKNOWN }), [/\.ebs: its value is not known/]],
    ["a launch configuration's disk is not", configuration({}), [/rootBlockDevice\.encrypted: it is not set/]],
    [
      "a launch configuration's second disk is not",
      configuration({
        rootBlockDevice: { encrypted: true },
        ebsBlockDevices: [{ deviceName: "b", encrypted: UNKNOWN }],
      }),
      [/ebsBlockDevices\[0\]\.encrypted: its value is not known/],
    ],
    ["a spot instance's disk is not", spot({ rootBlockDevice: {} }), [/rootBlockDevice\.encrypted: it is not set/]],
    ["a copied image's disks are not", imageCopy({}), [/encrypted: it is not set/]],
    ["a copied image's disks are", imageCopy({ encrypted: true }), "passes"],
    ["a template names no disk", template(), [/blockDeviceMappings: it is .*must be set/]],
  ]),
  ...casesOf("ebs-snapshot-not-public", [
    ["an account may use the image", image({ accountId: "111122223333" }), "passes"],
    ["everybody may use the image", image({ group: "all" }), [/group: it is "all"/]],
    ["who may use the image is unknown", image({ group: UNKNOWN }), [/group: its value is not known/]],
    ["an account may use the snapshot", snapshot("111122223333"), "passes"],
    ["everybody may use the snapshot", snapshot("all"), [/accountId: it is "all"/]],
    ["who may use the snapshot is unknown yet", snapshot(UNKNOWN), "waits"],
    [
      "it names nobody, which the provider refuses itself",
      {
        type: "aws:ec2/snapshotCreateVolumePermission:SnapshotCreateVolumePermission",
        props: { snapshotId: "snap-1" },
      },
      "passes",
    ],
  ]),
];
