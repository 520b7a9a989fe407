import { join } from "node:path";
import type { JsonObject } from "../sandbox/state/deployment.ts";
import { exemptions, rules } from "./fixtures/pack/rules.ts";
import type { Pack } from "./pack.ts";

/** A pack of a few rules about things, for tests. */
export const SMALL_PACK: Pack = { directory: join(import.meta.dirname, "fixtures/pack"), rules, exemptions };

/** A secret as an export keeps it. */
export const sealed = (how: { ciphertext: string } | { plaintext: string }): JsonObject => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ...how,
});

export const urnOf = (name: string, type = "thing:index:Bucket", stack = "staging"): string =>
  `urn:pulumi:${stack}::shop::${type}::${name}`;

export const bucket = (name: string, inputs: JsonObject, more: JsonObject = {}): JsonObject => ({
  urn: urnOf(name),
  custom: true,
  id: name,
  type: "thing:index:Bucket",
  inputs,
  outputs: inputs,
  ...more,
});

/** What `pulumi stack export` prints of a stack. */
export const exportText = (resources: readonly JsonObject[], stack = "staging"): string =>
  JSON.stringify({
    version: 3,
    deployment: {
      manifest: { time: "2026-11-21T00:00:00Z", magic: "", version: "" },
      resources: [
        {
          urn: `urn:pulumi:${stack}::shop::pulumi:pulumi:Stack::shop-${stack}`,
          custom: false,
          type: "pulumi:pulumi:Stack",
        },
        ...resources,
      ],
    },
  }).replaceAll("urn:pulumi:staging::", `urn:pulumi:${stack}::`);
