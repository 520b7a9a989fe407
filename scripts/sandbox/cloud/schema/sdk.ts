import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, relative, sep } from "node:path";
import { parseMembers } from "./declaration.ts";
import type { PropertyTypes, TypeSchema } from "./type.ts";

/** An installed SDK. */
export interface Sdk {
  readonly packageName: string;
  readonly version: string;
  /** Absolute. */
  readonly directory: string;
}

/** The SDK as a program in one of the directories would find it; undefined where none is installed. */
export function findSdk(packageName: string, directories: readonly string[]): Sdk | undefined {
  if (!/^[a-z][\w-]*$/.test(packageName)) return undefined;
  for (const directory of directories) {
    try {
      const path = createRequire(join(directory, "_")).resolve(`@pulumi/${packageName}/package.json`);
      const manifest: unknown = JSON.parse(readFileSync(path, "utf8"));
      const version =
        typeof manifest === "object" && manifest !== null && "version" in manifest ? String(manifest.version) : "0";
      return { packageName, version, directory: dirname(path) };
    } catch {
      continue;
    }
  }
  return undefined;
}

/** Reads one resource type; undefined where the SDK does not have it. */
export function readType(sdk: Sdk, token: string): TypeSchema | undefined {
  const path = modulePath(sdk, token);
  if (path === undefined) return undefined;
  const script = readFileSync(`${path}.js`, "utf8");
  if (/__pulumiType = '([^']+)'/.exec(script)?.[1] !== token) return undefined;
  return { ...readClass(sdk, path, script), token };
}

/** The inputs of the package's provider itself. */
export function readProvider(sdk: Sdk): { readonly inputs: PropertyTypes; readonly json: ReadonlySet<string> } {
  const path = join(sdk.directory, "provider");
  const script = readFileSync(`${path}.js`, "utf8");
  const json = [...script.matchAll(/resourceInputs\["(\w+)"\] = .*\.apply\(JSON\.stringify\)/g)].map((m) => m[1] ?? "");
  return { inputs: readClass(sdk, path, script).inputs, json: new Set(json) };
}

function readClass(sdk: Sdk, path: string, script: string): Omit<TypeSchema, "token"> {
  const declaration = readFileSync(`${path}.d.ts`, "utf8");
  const scope = { packageName: sdk.packageName, file: "resource" as const };
  const heading = /export declare class (\w+) extends pulumi\.(\w+) \{/.exec(declaration);
  const args = /constructor\(name: string, args\??: (\w+)/.exec(declaration)?.[1];
  const body = (start: string): PropertyTypes => {
    const at = declaration.indexOf(start);
    return at < 0 ? {} : parseMembers(declaration.slice(at + start.length), scope);
  };
  const declared = heading === null ? {} : body(heading[0]);
  const inputs = args === undefined ? {} : body(`export interface ${args} {`);
  const assignments = [...script.matchAll(/resourceInputs\["(\w+)"\] = (.*);/g)];
  return {
    component: heading?.[2] === "ComponentResource",
    // The script says what is really sent; the declaration only types it.
    inputs: pick(
      inputs,
      names(assignments, (value) => value.includes("args")),
    ),
    outputs: pick(
      declared,
      names(assignments, () => true),
    ),
    secretInputs: names(assignments, (value) => value.includes("pulumi.secret(")),
    secretOutputs: quoted(/additionalSecretOutputs: \[([^\]]*)\]/.exec(script)?.[1]),
    aliases: [...script.matchAll(/aliases: \[(.*?)\]/g)].flatMap((match) => quoted(match[1])),
  };
}

const names = (assignments: readonly RegExpExecArray[], test: (value: string) => boolean): string[] => [
  ...new Set(assignments.filter((match) => test(match[2] ?? "")).map((match) => match[1] ?? "")),
];

const quoted = (text: string | undefined): string[] =>
  [...(text ?? "").matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? "");

function pick(types: PropertyTypes, wanted: readonly string[]): PropertyTypes {
  return Object.fromEntries(
    wanted.map((name) => [name, types[name] ?? { type: { kind: "any" as const }, required: false }]),
  );
}

/** The path without extension: `aws:s3/bucket:Bucket` is in s3/bucket, `awsx:ec2:Vpc` in ec2/vpc. */
function modulePath(sdk: Sdk, token: string): string | undefined {
  const [, module = "", name = ""] = token.split(":");
  if (name === "" || module.includes("..")) return undefined;
  const parts = module.split("/");
  const folder = parts.length > 1 ? parts.slice(0, -1) : parts;
  const file = parts.length > 1 ? (parts.at(-1) ?? "") : name.slice(0, 1).toLowerCase() + name.slice(1);
  const directory = join(sdk.directory, ...(folder[0] === "index" ? [] : folder));
  const path = join(directory, file);
  // A module's own index.js is no type.
  if (file !== "index" && existsSync(`${path}.js`)) return path;
  // A few files differ from the token in case or by a trailing underscore (`kendra/index_`).
  const wanted = plainFileName(file);
  const found = existsSync(directory)
    ? readdirSync(directory).find(
        (entry) => entry.endsWith(".js") && entry !== "index.js" && plainFileName(basename(entry, ".js")) === wanted,
      )
    : undefined;
  return found === undefined ? undefined : join(directory, basename(found, ".js"));
}

const plainFileName = (name: string): string => name.toLowerCase().replace(/_$/, "");

/** Every resource type that the SDK has, by reading its folders: only for naming the nearest one. */
export function listTokens(sdk: Sdk): string[] {
  const tokens: string[] = [];
  for (const entry of readdirSync(sdk.directory, { recursive: true, encoding: "utf8" })) {
    if (!entry.endsWith(".js") || entry.includes("node_modules")) continue;
    const name = basename(entry, ".js");
    if (/^(get[A-Z]|index$|utilities$|provider$)/.test(name)) continue;
    const folder = relative("", dirname(entry)).split(sep).join("/");
    const typeName = name.slice(0, 1).toUpperCase() + name.slice(1);
    tokens.push(
      sdk.packageName === "awsx"
        ? `awsx:${folder}:${typeName}`
        : `${sdk.packageName}:${folder === "" ? "index" : folder}/${name}:${typeName}`,
    );
  }
  return tokens;
}
