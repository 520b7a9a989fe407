import { globSync, readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** A folder of api/src/ that Lambda runs. */
export type FunctionName = "paging" | "rotation";

const folderOf = (name: FunctionName): string => join(import.meta.dirname, "../api/src", name);

/** What Lambda calls: the file, and the function that it exports. */
export const functionHandler = "handler.handler";

/** What every function runs on, and its code. */
export function functionRuntime(name: FunctionName) {
  return {
    runtime: aws.lambda.Runtime.NodeJS24dX,
    architectures: ["arm64"],
    handler: functionHandler,
    code: functionArchive(name),
  };
}

/**
 * A function's code as Lambda runs it: file to JavaScript.
 * Lambda's runtime looks for `.js`, `.mjs`, and `.cjs` alone, so the types are blanked out here, as Node itself does
 * when it runs the tests. The AWS SDK is part of the runtime.
 */
export function functionModules(name: FunctionName): Readonly<Record<string, string>> {
  const folder = folderOf(name);
  const files = globSync("*.ts", { cwd: folder, exclude: ["*.test.ts"] }).sort();
  return Object.fromEntries(
    files.map((file) => {
      const source = readFileSync(join(folder, file), "utf8");
      return [file.replace(/\.ts$/, ".mjs"), withoutTypes(source).replaceAll(/( from "\.\/[a-z-]+)\.ts"/g, '$1.mjs"')];
    }),
  );
}

export function functionArchive(name: FunctionName): pulumi.asset.AssetArchive {
  const assets = Object.entries(functionModules(name)).map(([file, code]) => [
    file,
    new pulumi.asset.StringAsset(code),
  ]);
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
