import { readFile, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UserError } from "../user-error.ts";

/** `package:port,package:port` of PULUMI_DEBUG_PROVIDERS, as Pulumi's engine reads it. */
export function parseDebugProviders(text: string | undefined): Map<string, number> {
  const ports = new Map<string, number>();
  for (const part of (text ?? "").split(",")) {
    const entry = part.trim();
    if (entry === "") continue;
    const colon = entry.lastIndexOf(":");
    const port = Number(entry.slice(colon + 1));
    if (colon < 1 || !Number.isInteger(port) || port < 1 || port > 65535)
      throw new UserError(`PULUMI_DEBUG_PROVIDERS has ${JSON.stringify(entry)}: write package:port,package:port`, 2);
    ports.set(entry.slice(0, colon), port);
  }
  return ports;
}

/** The same, written. */
export const debugProvidersText = (ports: ReadonlyMap<string, number>): string =>
  [...ports].map(([name, port]) => `${name}:${port}`).join(",");

interface PackageJson {
  readonly pulumi?: { readonly resource?: boolean; readonly name?: string };
}

/** Pulumi packages that a program in this folder can import: those whose package.json says `pulumi.resource`. */
export async function installedPackages(root: string): Promise<string[]> {
  const names = new Set<string>();
  for (let folder = root; ; folder = dirname(folder)) {
    const modules = join(folder, "node_modules");
    for (const name of await pulumiModules(modules)) names.add(name);
    if (dirname(folder) === folder) return [...names].sort();
  }
}

async function pulumiModules(modules: string): Promise<string[]> {
  const top = await readdir(modules).catch(() => []);
  const scoped = await Promise.all(
    // Pulumi's own packages, and those of others by the usual prefix; reading every package.json would be slow.
    top
      .filter((name) => name.startsWith("@"))
      .map(async (scope) => {
        const inside = await readdir(join(modules, scope)).catch(() => []);
        return inside
          .filter((name) => scope === "@pulumi" || name.startsWith("pulumi"))
          .map((name) => join(scope, name));
      }),
  );
  const candidates = [...scoped.flat(), ...top.filter((name) => name.startsWith("pulumi"))];
  const found = await Promise.all(
    candidates.map(async (name) => {
      const text = await readFile(join(modules, name, "package.json"), "utf8").catch(() => "{}");
      const { pulumi } = parsePackage(text);
      if (pulumi?.resource !== true) return [];
      return [pulumi.name ?? (name.split(/[\\/]/).pop() ?? name).replace(/^pulumi-/, "")];
    }),
  );
  return found.flat();
}

function parsePackage(text: string): PackageJson {
  try {
    return JSON.parse(text) as PackageJson;
  } catch {
    return {};
  }
}
