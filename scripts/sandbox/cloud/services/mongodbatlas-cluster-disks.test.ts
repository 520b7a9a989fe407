import type { Properties } from "../../values/value.ts";
import { mongodbatlas } from "./mongodbatlas.ts";
import { CLUSTER } from "./mongodbatlas-lookup.ts";
import { clusterInputs, makeProject, REGION, specsOf } from "./mongodbatlas-samples.ts";
import { assertRefused, tinyWorld } from "./tiny-world.ts";

const disk = (electable: Properties, autoScaling: Properties = { diskGbEnabled: true }): Properties =>
  clusterWith({ ...REGION, electableSpecs: { instanceSize: "M10", nodeCount: 3, ...electable }, autoScaling });
const clusterWith = (...regions: readonly Properties[]): Properties => ({ replicationSpecs: specsOf(...regions) });

const refused: readonly [what: string, over: Properties, code: string][] = [
  ["a disk that the size cannot have", disk({ diskSizeGb: 512 }), "CLUSTER_DISK_SIZE_INVALID"],
  [
    "operations of the disk without PROVISIONED",
    disk({ diskIops: 5000, ebsVolumeType: "STANDARD" }),
    "CLUSTER_DISK_IOPS_INVALID",
  ],
  [
    "PROVISIONED on a small size",
    disk({ diskIops: 1000, ebsVolumeType: "PROVISIONED" }),
    "INVALID_CLUSTER_CONFIGURATION",
  ],
  [
    "operations of a disk in the machine",
    disk({ instanceSize: "M40_NVME", diskIops: 5000 }),
    "CLUSTER_DISK_IOPS_INVALID",
  ],
];

describe("the disks of an Atlas cluster", () => {
  for (const [what, over, code] of refused) {
    it(`answers ${code} to ${what}`, () => {
      const cloud = tinyWorld(mongodbatlas);
      const { id } = makeProject(cloud);
      assertRefused(() => cloud.create(CLUSTER, "x", clusterInputs(id, over)), code);
    });
  }

  it("may be as large as the size allows, with operations of their own from M30 up", () => {
    const cloud = tinyWorld(mongodbatlas);
    const { id } = makeProject(cloud);
    const fine = [
      disk({ diskSizeGb: 128 }),
      disk({ instanceSize: "M30", diskSizeGb: 512, diskIops: 6000, ebsVolumeType: "PROVISIONED" }),
      disk({ diskIops: 3000 }),
      disk({ diskSizeGb: 5 }),
      disk({ instanceSize: "M30_GEN_2", diskIops: 8000 }),
    ];
    fine.forEach((over, index) =>
      cloud.create(CLUSTER, `c${index}`, clusterInputs(id, { ...over, name: `c${index}` })),
    );
  });
});
