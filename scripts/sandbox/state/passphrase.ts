import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError, codeOf } from "../user-error.ts";
import { stateFileError } from "./files.ts";

export interface PassphraseEnvironment {
  readonly PULUMI_CONFIG_PASSPHRASE?: string | undefined;
  readonly PULUMI_CONFIG_PASSPHRASE_FILE?: string | undefined;
}

/** The passphrase that the environment gives, as Pulumi reads it: an empty one counts. */
export async function givenPassphrase(environment: PassphraseEnvironment): Promise<string | undefined> {
  const { PULUMI_CONFIG_PASSPHRASE: text, PULUMI_CONFIG_PASSPHRASE_FILE: file } = environment;
  if (text !== undefined) return text;
  if (file === undefined || file === "") return undefined;
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (error) {
    throw new UserError(
      `PULUMI_CONFIG_PASSPHRASE_FILE names ${file}, which cannot be read (${codeOf(error) ?? "unknown error"}): ` +
        "name a readable file, or unset it",
    );
  }
}

/** The given passphrase, or the state directory's own, made once and readable by its owner alone. */
export async function passphraseOf(environment: PassphraseEnvironment, stateDirectory: string): Promise<string> {
  return (await givenPassphrase(environment)) ?? ownPassphrase(stateDirectory);
}

async function ownPassphrase(stateDirectory: string): Promise<string> {
  const file = join(stateDirectory, "passphrase");
  const temporary = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
  try {
    const known = await readFile(file, "utf8").catch((error: unknown) => {
      if (codeOf(error) === "ENOENT") return undefined;
      throw error;
    });
    if (known !== undefined) return known.trim();
    await mkdir(stateDirectory, { recursive: true });
    await writeFile(temporary, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
    // A link appears whole or not at all, and loses to whoever was first.
    await link(temporary, file).catch((error: unknown) => {
      if (codeOf(error) !== "EEXIST") throw error;
    });
    return (await readFile(file, "utf8")).trim();
  } catch (error) {
    throw stateFileError("read or make", file, error);
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}
