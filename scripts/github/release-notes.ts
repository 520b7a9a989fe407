import { z } from "zod";
import { details, table, text } from "../markdown.ts";
import { amount } from "../cost/money.ts";
import { signedUsd, usd } from "../cost/formats/words.ts";
import { reportSchema } from "../cost/formats/schema.ts";
import { releaseRecord, type ReleaseRecord } from "../release/record.ts";
import type { GitHub } from "./api.ts";
import type { Outcome } from "./marked.ts";

/** What `npm run release -- --json` prints, or the record alone. */
export const recordOrOutcome = z.union([
  releaseRecord,
  z.object({ record: releaseRecord }).transform(({ record }) => record),
]);

/** What `npm run cost -- --against ... --format json` prints. */
export const costReport = reportSchema.pick({ difference: true });

export type CostDifference = z.infer<typeof costReport>["difference"];

export interface Notes {
  readonly tag: string;
  readonly name: string;
  readonly body: string;
}

/** What is told of a release: commit, digest, duration, smoke, migrations, and what it costs more or less. */
export function notesOf(record: ReleaseRecord, difference: CostDifference): Notes {
  const { version, commit, imageDigest, durationSeconds, previousGood, migrations, finishedAt, tree } = record;
  const rows: readonly (readonly string[])[] = [
    ["commit", commit],
    ["tree", `\`${tree}\`, proven on staging`],
    ["image", `\`${imageDigest}\``],
    ["finished", finishedAt],
    ["duration", durationText(durationSeconds)],
    ["cost", costText(record, difference)],
    ["before", previousGood === undefined ? "none" : `${text(previousGood.version)}, ${previousGood.commit}`],
  ];
  const sections = [table(["", ""], rows), migrationText(migrations)].filter((section) => section !== "");
  return { tag: `v${version.replaceAll(/[^0-9A-Za-z.-]/g, "-")}`, name: version, body: sections.join("\n\n") };
}

export function durationText(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

function costText({ environment }: ReleaseRecord, difference: CostDifference): string {
  const stack = difference?.stacks.find((each) => each.environment === environment);
  if (stack === undefined) return "not compared";
  return `${signedUsd(amount(stack.delta))} USD a month, now ${usd(amount(stack.after.expected))}`;
}

const migrationText = (migrations: ReleaseRecord["migrations"]): string =>
  migrations.length === 0
    ? ""
    : details(
        `Migrations in this release's code (${migrations.length})`,
        migrations
          .map(
            ({ fileName, irreversible }) =>
              `- ${text(fileName)}${irreversible === undefined ? "" : `, final: ${text(irreversible)}`}`,
          )
          .join("\n"),
      );

const published = z.object({ id: z.number().int(), name: z.string().nullish(), body: z.string().nullish() });

/** One release of GitHub per version: made once, and mended when the same version is told again. */
export async function publishNotes(github: GitHub, { tag, name, body }: Notes, commit: string): Promise<Outcome> {
  const releases = `/repos/${github.repository}/releases`;
  const found = published.safeParse(
    await github.send({ method: "GET", path: `${releases}/tags/${encodeURIComponent(tag)}` }),
  );
  if (!found.success) {
    await github.send({
      method: "POST",
      path: releases,
      body: { tag_name: tag, target_commitish: commit, name, body },
    });
    return "created";
  }
  if (found.data.body?.replaceAll("\r\n", "\n") === body && found.data.name === name) return "unchanged";
  await github.send({ method: "PATCH", path: `${releases}/${found.data.id}`, body: { name, body } });
  return "updated";
}
