import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { taggable } from "./taggable.ts";

const sdk = dirname(createRequire(import.meta.url).resolve("@pulumi/aws/package.json"));

/** Every resource type of the installed SDK, with its code: an independent reading of the same package. */
function* resources(): Generator<readonly [type: string, code: string]> {
  for (const module of readdirSync(sdk, { withFileTypes: true }).filter((entry) => entry.isDirectory()))
    for (const file of readdirSync(join(sdk, module.name)).filter((name) => name.endsWith(".js"))) {
      const code = readFileSync(join(sdk, module.name, file), "utf8");
      const type = /__pulumiType = '(aws:[^']+)'/.exec(code)?.[1];
      if (type !== undefined) yield [type, code];
    }
}

describe("taggable", () => {
  it("knows of every type of the SDK whether default tags reach it", () => {
    let count = 0;
    for (const [type, code] of resources()) {
      count += 1;
      assert.equal(taggable(type).defaults, code.includes('resourceInputs["tagsAll"]'), type);
    }
    assert.ok(count > 1000, `only ${String(count)} types found`);
  });

  it("knows the one type whose tags are a list", () => {
    assert.deepEqual(taggable("aws:autoscaling/group:Group"), { tags: true, defaults: false });
  });

  it("is not misled by a property that only is called tags", () => {
    assert.equal(taggable("aws:devopsguru/resourceCollection:ResourceCollection").tags, false);
  });

  it("says no of what is no type of the SDK", () => {
    for (const type of ["aws:nowhere/thing:Thing", "pulumi:pulumi:Stack", "groundwork:network:Network", ""])
      assert.equal(taggable(type).tags, false);
  });
});
