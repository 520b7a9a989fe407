import { z } from "zod";
import type { GitHub } from "./api.ts";

/** Who writes in a workflow's name. A comment of somebody else with the same marker is left alone. */
export const botLogin = "github-actions[bot]";

/** Begins a text that the next run finds and replaces; GitHub does not show it. */
export const markerOf = (name: string): string => `<!-- groundwork:${name} -->`;

const written = z.object({
  id: z.number().int().positive(),
  number: z.number().int().positive().optional(),
  body: z.string().nullish(),
  user: z.object({ login: z.string() }).nullish(),
});

type Written = z.infer<typeof written>;

/** The oldest that begins with the marker and is the bot's own. */
function own(all: readonly unknown[], marker: string, author: string): Written | undefined {
  for (const each of all) {
    const { data } = written.safeParse(each);
    if (data?.user?.login === author && data.body?.startsWith(marker) === true) return data;
  }
  return undefined;
}

export interface CommentRequest {
  readonly pullRequest: number;
  readonly marker: string;
  /** Without the marker. */
  readonly body: string;
  readonly author?: string;
}

export type Outcome = "created" | "updated" | "unchanged" | "closed" | "nothing to do";

/** One comment per marker: made the first time, replaced from then on. */
export async function writeComment(
  github: GitHub,
  { pullRequest, marker, body, author = botLogin }: CommentRequest,
): Promise<Outcome> {
  const comments = `/repos/${github.repository}/issues/${pullRequest}/comments`;
  const text = `${marker}\n${body}`;
  const found = own(await github.list(comments), marker, author);
  if (found === undefined) {
    await github.send({ method: "POST", path: comments, body: { body: text } });
    return "created";
  }
  if (found.body?.replaceAll("\r\n", "\n") === text) return "unchanged";
  await github.send({
    method: "PATCH",
    path: `/repos/${github.repository}/issues/comments/${found.id}`,
    body: { body: text },
  });
  return "updated";
}

export interface IssueRequest {
  readonly marker: string;
  readonly title: string;
  readonly label: string;
  /** Without the marker. Undefined where all is well: an open issue is closed then. */
  readonly body: string | undefined;
  readonly author?: string;
}

/** One open issue per marker. */
export async function writeIssue(
  github: GitHub,
  { marker, title, label, body, author = botLogin }: IssueRequest,
): Promise<Outcome> {
  const issues = `/repos/${github.repository}/issues`;
  const open = await github.list(`${issues}?state=open&labels=${encodeURIComponent(label)}`);
  const found = own(open, marker, author);
  const number = found?.number;
  if (body === undefined) {
    if (number === undefined) return "nothing to do";
    await github.send({
      method: "PATCH",
      path: `${issues}/${number}`,
      body: { state: "closed", state_reason: "completed" },
    });
    return "closed";
  }
  const text = `${marker}\n${body}`;
  if (number === undefined) {
    await github.send({ method: "POST", path: issues, body: { title, body: text, labels: [label] } });
    return "created";
  }
  if (found?.body?.replaceAll("\r\n", "\n") === text) return "unchanged";
  await github.send({ method: "PATCH", path: `${issues}/${number}`, body: { title, body: text } });
  return "updated";
}
