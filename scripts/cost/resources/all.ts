import { aws } from "./aws/all.ts";
import { cloudflare } from "./cloudflare/all.ts";
import { datadog } from "./datadog/all.ts";
import type { Entries, Entry } from "./entry.ts";
import { free } from "./entry.ts";
import { mongodbatlas } from "./mongodbatlas/all.ts";

/** Every type that the program makes, and what is likely next. */
export const entries: Entries = { ...aws, ...mongodbatlas, ...cloudflare, ...datadog };

/** What never costs anything whatever its name, by how its type begins. */
const byPrefix: readonly (readonly [prefix: string, entry: Entry])[] = [
  ["groundwork:", free("A component: its parts are charged.")],
  ["awsx:", free("A component: its parts are charged.")],
  ["aws:iam/", free("IAM is free.")],
  ["pulumi:providers:", free("A provider's settings.")],
  ["pulumi:pulumi:", free("Pulumi's own record.")],
  ["random:", free("A value in the state.")],
  ["docker-build:", free("Built where the program runs; the registry charges for what it stores.")],
];

/** `undefined`: nobody has said what this type costs. */
export const entryOf = (type: string, from: Entries = entries): Entry | undefined =>
  from[type] ?? byPrefix.find(([prefix]) => type.startsWith(prefix))?.[1];
