import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isMap, parseDocument } from "yaml";
import { codeOf, UserError } from "../sandbox/user-error.ts";

/** The stack's own file, `Pulumi.<stack>.yaml`; "" where it has none, as a preview stack has not. */
async function stackFile(directory: string, stack: string): Promise<string> {
  try {
    return await readFile(join(directory, `Pulumi.${stack}.yaml`), "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return "";
    throw error;
  }
}

/** What a stack's file says of its secrets: `awskms://alias/...`. Undefined where the backend's own is used. */
export async function secretsProviderOf(directory: string, stack: string): Promise<string | undefined> {
  const provider: unknown = parseDocument(await stackFile(directory, stack)).get("secretsprovider");
  return typeof provider === "string" ? provider : undefined;
}

async function projectName(directory: string): Promise<string> {
  const name: unknown = parseDocument(await readFile(join(directory, "Pulumi.yaml"), "utf8")).get("name");
  if (typeof name !== "string") throw new UserError(`${join(directory, "Pulumi.yaml")} has no name`);
  return name;
}

/**
 * Runs `use` with a copy of the stack's file that has `config` over its own. The CLI's `--config` would write to the
 * file itself, and a run must not change what is committed.
 */
export async function withRunConfig<T>(
  directory: string,
  stack: string,
  config: Readonly<Record<string, string>>,
  use: (file: string) => Promise<T>,
): Promise<T> {
  const own = parseDocument(await stackFile(directory, stack));
  const document = isMap(own.contents) ? own : parseDocument("config: {}\n");
  if (!isMap(document.get("config"))) document.set("config", document.createNode({}));
  const entries = Object.entries(config);
  const project = entries.length === 0 ? "" : await projectName(directory);
  for (const [key, value] of entries) document.setIn(["config", key.includes(":") ? key : `${project}:${key}`], value);
  const folder = await mkdtemp(join(tmpdir(), "stack-config-"));
  try {
    const file = join(folder, `Pulumi.${stack}.yaml`);
    await writeFile(file, document.toString(), { mode: 0o600 });
    return await use(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
