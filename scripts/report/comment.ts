import type { GitHub } from "../github/api.ts";
import { markerOf, type Outcome, writeComment } from "../github/marked.ts";
import { UserError } from "../sandbox/user-error.ts";
import { readArtifact } from "./artifact.ts";
import { commentMarkdown } from "./markdown.ts";
import { failedJobs, type PullRequest, pullRequestNumbered, pullRequestOf, type WorkflowRun } from "./pull-request.ts";
import { writeSarif } from "./sarif.ts";
import type { PullRequestReport } from "./schema.ts";

export const commentMarker = markerOf("pull-request");

export interface CommentCommand {
  readonly github: GitHub;
  /** Which pull request, and of which run: never what the artifact says. */
  readonly of: { readonly run: WorkflowRun } | { readonly pullRequest: number };
  readonly artifact: string;
  /** Where the findings go as SARIF, for code scanning. */
  readonly sarif: string | undefined;
  readonly serverUrl: string;
}

export interface CommentResult {
  /** Undefined where the pull request has a newer commit, or is closed. */
  readonly pullRequest: PullRequest | undefined;
  readonly outcome: Outcome | "outdated";
  /** Why the artifact was not taken; undefined where it was, or there is none. */
  readonly refused: string | undefined;
}

/** Writes the one comment of a pull request from what its run left behind. */
export async function commentCommand({
  github,
  of,
  artifact,
  sarif,
  serverUrl,
}: CommentCommand): Promise<CommentResult> {
  const pullRequest =
    "run" in of ? await pullRequestOf(github, of.run) : await pullRequestNumbered(github, of.pullRequest);
  if (pullRequest === undefined) return { pullRequest, outcome: "outdated", refused: undefined };
  const { report, refused } = taken(artifact);
  if (report !== undefined && sarif !== undefined) writeSarif(sarif, report);
  const body = commentMarkdown(report, {
    commit: pullRequest.commit,
    url: "run" in of ? of.run.html_url : `${serverUrl}/${github.repository}/pull/${pullRequest.number}/checks`,
    failedJobs: "run" in of ? await failedJobs(github, of.run.id) : [],
    missing: report === undefined ? (refused ?? "its job did not come that far") : undefined,
  });
  const outcome = await writeComment(github, { pullRequest: pullRequest.number, marker: commentMarker, body });
  return { pullRequest, outcome, refused };
}

function taken(artifact: string): { readonly report?: PullRequestReport; readonly refused: string | undefined } {
  try {
    const report = readArtifact(artifact);
    return report === undefined ? { refused: undefined } : { report, refused: undefined };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { refused: error.message };
  }
}
