import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nearest } from "../../project/nearest.ts";
import { type NestedIndex, indexNested, readNested } from "./nested.ts";
import { type Sdk, findSdk, listTokens, readProvider, readType } from "./sdk.ts";
import type { PropertyTypes, TypeSchema } from "./type.ts";

/** What the installed SDKs say of the types that programs use. */
export interface Schemas {
  /** Throws `UnknownType`. */
  type(token: string): TypeSchema;
  /** Properties of a nested object type by its name; undefined where the SDK does not declare it. */
  object(name: string): PropertyTypes | undefined;
  /** Inputs of a package's provider; `json` names those that the SDK sends as JSON text. Throws `UnknownType`. */
  provider(packageName: string): { readonly inputs: PropertyTypes; readonly json: ReadonlySet<string> };
  /** Whether the package's SDK is installed. */
  has(packageName: string): boolean;
}

/** No installed SDK has the type. The message names the nearest one that exists. */
export class UnknownType extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UnknownType";
  }
}

export interface SchemaOptions {
  /** Where programs live whose SDKs count: the first that has a package decides. Absolute. */
  readonly directories: readonly string[];
  /** Parsed types are kept here by package version. Absent, or not writable: in memory alone. */
  readonly cacheDirectory?: string;
}

// A change of what is kept on disk needs another folder.
const CACHE_FORMAT = 1;

export function openSchemas(options: SchemaOptions): Schemas {
  const sdks = new Map<string, Sdk | undefined>();
  const types = new Map<string, TypeSchema>();
  const objects = new Map<string, PropertyTypes | undefined>();
  const indexes = new Map<string, NestedIndex>();
  const providers = new Map<string, ReturnType<Schemas["provider"]>>();

  const find = (packageName: string): Sdk | undefined => {
    if (!sdks.has(packageName)) sdks.set(packageName, findSdk(packageName, options.directories));
    return sdks.get(packageName);
  };

  const sdkOf = (packageName: string): Sdk => {
    const sdk = find(packageName);
    if (sdk === undefined)
      throw new UnknownType(
        `package ${JSON.stringify(packageName)} is not installed: add @pulumi/${packageName} to the project's dependencies`,
      );
    return sdk;
  };

  const cached = <T extends object>(sdk: Sdk, name: string, make: () => T): T => {
    if (options.cacheDirectory === undefined) return make();
    const folder = join(options.cacheDirectory, `${sdk.packageName}-${sdk.version}-${CACHE_FORMAT}`);
    const path = join(folder, `${name.replaceAll(/[^\w.-]/g, "_")}.json`);
    try {
      const kept: unknown = JSON.parse(readFileSync(path, "utf8"));
      if (typeof kept === "object" && kept !== null) return kept as T;
    } catch {
      // Absent or cut short: it is made again.
    }
    const made = make();
    try {
      mkdirSync(folder, { recursive: true });
      const temporary = `${path}.${process.pid}`;
      writeFileSync(temporary, JSON.stringify(made));
      renameSync(temporary, path);
    } catch {
      // A cache that cannot be written only costs time.
    }
    return made;
  };

  return {
    has: (packageName) => find(packageName) !== undefined,

    type(token) {
      const known = types.get(token);
      if (known !== undefined) return known;
      const sdk = sdkOf(token.slice(0, Math.max(0, token.indexOf(":"))));
      const schema = cached<TypeSchema | { missing: true }>(
        sdk,
        token,
        () => readType(sdk, token) ?? { missing: true },
      );
      if ("missing" in schema) throw new UnknownType(unknownType(sdk, token));
      types.set(token, schema);
      return schema;
    },

    object(name) {
      if (objects.has(name)) return objects.get(name);
      const [packageName = "", side = "", type = ""] = name.split("/");
      const sdk = find(packageName);
      let properties: PropertyTypes | undefined;
      if (sdk !== undefined && (side === "input" || side === "output")) {
        const indexName = `${packageName}/${side}`;
        const index = indexes.get(indexName) ?? cached(sdk, `types.${side}`, () => indexNested(sdk, side));
        indexes.set(indexName, index);
        const place = index[type];
        properties = place === undefined ? undefined : readNested(sdk, side, place);
      }
      objects.set(name, properties);
      return properties;
    },

    provider(packageName) {
      const known = providers.get(packageName);
      if (known !== undefined) return known;
      const made = readProvider(sdkOf(packageName));
      providers.set(packageName, made);
      return made;
    },
  };
}

function unknownType(sdk: Sdk, token: string): string {
  const candidate = nearest(token, listTokens(sdk));
  const hint = candidate === undefined ? "" : `; did you mean ${JSON.stringify(candidate)}?`;
  return `resource type ${JSON.stringify(token)} is not in @pulumi/${sdk.packageName} ${sdk.version}${hint}`;
}
