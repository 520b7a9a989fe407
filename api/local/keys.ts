import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { adminScope } from "../src/auth/caller.ts";
import { issueToken, type TokenNames } from "../src/auth/token.ts";
import { firstKeySet, keyBytes, type KeySet, parseKeySet } from "../src/auth/key-set.ts";

/** Whom a ready-made token is for, by role. */
export const localCallers = {
  member: { userId: "learner-1", scopes: [] },
  admin: { userId: "admin-1", scopes: [adminScope] },
} as const;

export type Role = keyof typeof localCallers;

/** A working day: nobody asks for another in the middle of one. */
export const tokenHours = 12;

const isMissing = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "ENOENT";

/**
 * The key set in the file, of the shape that the secret has in the cloud. Made where there is none: no key is committed.
 * `mode`: who may read a new file. Default: its owner alone.
 */
export async function localKeySet(file: string, mode = 0o600): Promise<KeySet> {
  try {
    return parseKeySet(await readFile(file, "utf8"));
  } catch (error) {
    if (!isMissing(error)) throw error;
    const keys = firstKeySet(randomBytes(2 * keyBytes));
    await writeFile(file, JSON.stringify(keys), { mode });
    return keys;
  }
}

/** One token per role. */
export async function localTokens(keys: KeySet, names: TokenNames): Promise<Readonly<Record<Role, string>>> {
  const token = (role: Role): Promise<string> =>
    issueToken(keys, names, { ...localCallers[role], lifetimeSeconds: tokenHours * 3_600 });
  const [member, admin] = await Promise.all([token("member"), token("admin")]);
  return { member, admin };
}

/** The tokens in lines that can be copied whole. */
export const tokenLines = (tokens: Readonly<Record<Role, string>>): string[] =>
  (["member", "admin"] as const).flatMap((role) => [
    `${role} token, for ${localCallers[role].userId}, valid for ${tokenHours} hours:`,
    tokens[role],
  ]);
