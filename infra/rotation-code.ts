import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";

const folder = join(import.meta.dirname, "../api/src/rotation");
const modules = ["handler", "key-set", "secret-store", "steps"] as const;

/** What Lambda calls: the file, and the function that it exports. */
export const rotationHandler = "handler.handler";

/**
 * The rotation's code as Lambda runs it: file to JavaScript.
 * Lambda's runtime looks for `.js`, `.mjs`, and `.cjs` alone, so the types are blanked out here, as Node itself does
 * when it runs the tests. The AWS SDK is part of the runtime.
 */
export function rotationModules(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    modules.map((name) => {
      const source = readFileSync(join(folder, `${name}.ts`), "utf8");
      return [`${name}.mjs`, withoutTypes(source).replaceAll(/( from "\.\/[a-z-]+)\.ts"/g, '$1.mjs"')];
    }),
  );
}

export function rotationArchive(): pulumi.asset.AssetArchive {
  const assets = Object.entries(rotationModules()).map(([file, code]) => [file, new pulumi.asset.StringAsset(code)]);
  return new pulumi.asset.AssetArchive(Object.fromEntries(assets) as Record<string, pulumi.asset.Asset>);
}

/** Node warns once per process that the function is experimental: nothing that whoever runs `pulumi up` could act on. */
function withoutTypes(source: string): string {
  const emitWarning = Reflect.get<NodeJS.Process, "emitWarning">(process, "emitWarning");
  process.emitWarning = () => undefined;
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}
