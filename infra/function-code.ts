import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join, posix } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** A folder of api/src/ that Lambda runs. */
export type FunctionName = "paging" | "rotation";

const sources = join(import.meta.dirname, "../api/src");

/** What Lambda calls: the file, and the function that it exports. */
export const functionHandler = (name: FunctionName): string => `${name}/handler.handler`;

/** What every function runs on, and its code. */
export function functionRuntime(name: FunctionName) {
  return {
    runtime: aws.lambda.Runtime.NodeJS24dX,
    architectures: ["arm64"],
    handler: functionHandler(name),
    code: functionArchive(name),
  };
}

const localImport = /( from ")(\.{1,2}\/[a-z/.-]+)\.ts"/g;

/**
 * A function's code as Lambda runs it: file to JavaScript, for its handler and all that this loads of api/src/, each
 * where it lies there. Lambda's runtime looks for `.js`, `.mjs`, and `.cjs` alone, so the types are blanked out here, as
 * Node itself does when it runs the tests. The AWS SDK is part of the runtime.
 */
export function functionModules(name: FunctionName): Readonly<Record<string, string>> {
  const modules = new Map<string, string>();
  const add = (module: string): void => {
    if (modules.has(module)) return;
    const code = withoutTypes(readFileSync(join(sources, `${module}.ts`), "utf8"));
    modules.set(module, code.replaceAll(localImport, '$1$2.mjs"'));
    for (const [, , path = ""] of code.matchAll(localImport)) add(posix.join(posix.dirname(module), path));
  };
  add(`${name}/handler`);
  return Object.fromEntries(
    [...modules].sort(([one], [other]) => (one < other ? -1 : 1)).map(([module, code]) => [`${module}.mjs`, code]),
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
