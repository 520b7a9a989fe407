import { readFileSync } from "node:fs";
import { z } from "zod";
import type { GitHub } from "../github/api.ts";
import { requiredCheck } from "../github/settings/wanted.ts";
import { messageOf, UserError } from "../sandbox/user-error.ts";

const sha = z.string().regex(/^[0-9a-f]{40}$/);
const number = z.number().int().positive();

/** What GitHub says when a run of another workflow has ended; whoever opened the pull request chose its branch's name. */
const workflowRunEvent = z.object({
  repository: z.object({ full_name: z.string() }),
  workflow_run: z.object({
    id: number,
    event: z.string(),
    html_url: z.url(),
    head_sha: sha,
    head_branch: z.string().min(1),
    head_repository: z.object({ full_name: z.string(), owner: z.object({ login: z.string() }) }),
    /** Empty where the branch is in a fork. */
    pull_requests: z.array(z.object({ number })),
  }),
});

export type WorkflowRun = z.infer<typeof workflowRunEvent>["workflow_run"];

/** Throws a `UserError` where the file holds no event of a run that a pull request began. */
export function workflowRunOf(file: string): WorkflowRun {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UserError(`${file} is no event: ${messageOf(error)}`, 2);
  }
  const event = workflowRunEvent.safeParse(json);
  if (!event.success)
    throw new UserError(`${file} is no event of a workflow run, at ${event.error.issues[0]?.path.join(".") ?? ""}`, 2);
  const { workflow_run: run } = event.data;
  if (run.event !== "pull_request") throw new UserError(`the run was begun by ${run.event}, not by a pull request`, 2);
  return run;
}

const pull = z.object({
  number,
  state: z.string(),
  head: z.object({ sha, repo: z.object({ full_name: z.string() }).nullable() }),
});

export interface PullRequest {
  readonly number: number;
  readonly commit: string;
}

/** The open pull request whose newest commit the run was of; undefined where there is none any more. */
export async function pullRequestOf(github: GitHub, run: WorkflowRun): Promise<PullRequest | undefined> {
  const head = encodeURIComponent(`${run.head_repository.owner.login}:${run.head_branch}`);
  const open = await github.list(`/repos/${github.repository}/pulls?state=open&head=${head}`);
  const found = open.flatMap((each) => {
    const { data } = pull.safeParse(each);
    const same = data?.head.sha === run.head_sha && data.head.repo?.full_name === run.head_repository.full_name;
    return data !== undefined && same ? [data.number] : [];
  });
  const told = run.pull_requests.map((each) => each.number);
  const chosen = found.find((each) => told.includes(each)) ?? found[0];
  return chosen === undefined ? undefined : { number: chosen, commit: run.head_sha };
}

/** Throws a `UserError` where there is no such pull request. */
export async function pullRequestNumbered(github: GitHub, wanted: number): Promise<PullRequest> {
  const answer = pull.safeParse(
    await github.send({ method: "GET", path: `/repos/${github.repository}/pulls/${wanted}` }),
  );
  if (!answer.success) throw new UserError(`${github.repository} has no pull request ${wanted}`, 2);
  return { number: answer.data.number, commit: answer.data.head.sha };
}

const job = z.object({ name: z.string(), conclusion: z.string().nullable() });

/** Jobs of a run that failed, without the one that only waits for the others. */
export async function failedJobs(github: GitHub, run: number): Promise<readonly string[]> {
  const jobs = await github.list(`/repos/${github.repository}/actions/runs/${run}/jobs`);
  return jobs.flatMap((each) => {
    const { data } = job.safeParse(each);
    const failed = data !== undefined && ["failure", "timed_out", "startup_failure"].includes(data.conclusion ?? "");
    return failed && data.name !== requiredCheck ? [data.name.slice(0, 100)] : [];
  });
}
