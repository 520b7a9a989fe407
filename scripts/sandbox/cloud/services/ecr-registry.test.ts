import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import { ecr } from "./ecr.ts";
import { assertRefused, PRODUCTION, tinyWorld } from "./tiny-world.ts";

const SCANNING = "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration";
const REPLICATION = "aws:ecr/replicationConfiguration:ReplicationConfiguration";

describe("a registry of ECR", () => {
  for (const [scanType, scanFrequency, good] of [
    ["BASIC", "SCAN_ON_PUSH", true],
    ["BASIC", "CONTINUOUS_SCAN", false],
    ["ENHANCED", "CONTINUOUS_SCAN", true],
    ["ENHANCED", "MANUAL", false],
  ] as const)
    it(`${good ? "scans" : "does not scan"} ${scanType} by ${scanFrequency}`, () => {
      const inputs = { scanType, rules: [{ scanFrequency }] };
      const scan = () => tinyWorld(ecr).create(SCANNING, "s", inputs);
      if (good) assert.equal(scan().id, PRODUCTION.account);
      else assertRefused(scan, "InvalidParameterException", new RegExp(scanFrequency));
    });

  const to = (region: string, registryId: string = PRODUCTION.account): Properties => ({
    replicationConfiguration: { rules: [{ destinations: [{ region, registryId }] }] },
  });
  for (const [what, inputs, code] of [
    ["into its own region", to("us-east-1"), "InvalidParameterException"],
    ["into no region", to("us-mars-1"), "InvalidParameterException"],
    ["by no rule", { replicationConfiguration: { rules: [] } }, "NotFound"],
  ] as const)
    it(`is not copied ${what}`, () => {
      assertRefused(() => tinyWorld(ecr).create(REPLICATION, "r", inputs as Properties), code);
    });

  it("is copied into another region, or another account", () => {
    tinyWorld(ecr).create(REPLICATION, "r", to("us-west-2"));
    tinyWorld(ecr).create(REPLICATION, "r", to("us-east-1", "444455556666"));
  });
});
