import { requiredCheck, selectedActions } from "./settings/wanted.ts";
import { type Job, type Step, textOf, type Workflow } from "./workflow-files.ts";

/** What is wrong with a workflow, a line each. */
export type Rule = (workflow: Workflow) => readonly string[];

const jobsOf = ({ jobs }: Workflow): readonly (readonly [id: string, job: Job])[] => Object.entries(jobs);
const stepsOf = ({ steps = [] }: Job): readonly Step[] => steps;
const isCall = ({ uses }: Job): boolean => uses !== undefined;
const jobsWhere = (workflow: Workflow, wrong: (job: Job) => boolean, say: string): readonly string[] =>
  jobsOf(workflow).flatMap(([id, job]) => (wrong(job) ? [`${id}: ${say}`] : []));

const pinnedUse = /^\s*(?:- )?uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;
const localUse = /^\s*(?:- )?uses: \.\/[\w./-]+$/;

/** Of any file: an action by its commit, with its version in a comment. */
export const unpinned = (text: string): readonly string[] =>
  text
    .split("\n")
    .filter((line) => /^\s*(?:- )?uses:/.test(line) && !pinnedUse.test(line) && !localUse.test(line))
    .map((line) => line.trim());

/** Of any file: actions of owners whom the repository's settings do not let run. */
export const foreignActions = (text: string): readonly string[] =>
  [...text.matchAll(/uses: ([\w.-]+\/[\w./-]+)@/g)].flatMap(([, name = ""]) => {
    const own = /^(actions|github)\//.test(name);
    return own || selectedActions.patterns_allowed.some((pattern) => pattern === `${name}@*`) ? [] : [name];
  });

/** Of any script: values that somebody else chooses come through variables, which a shell does not read as code. */
export const expressionsInScripts = (steps: readonly Step[]): readonly string[] =>
  steps.flatMap(({ run }) => (run?.includes("${{") === true ? [run] : []));

/** Of any script: names of npm scripts. */
export const npmScripts = (steps: readonly Step[]): readonly string[] =>
  steps.flatMap(({ run = "" }) => [
    ...[...run.matchAll(/npm run (?:--silent )?([\w-]+)/g)].map(([, name = ""]) => name),
    ...[...run.matchAll(/npm (start|test)\b/g)].map(([, name = ""]) => name),
  ]);

const sameRepository = "github.event.pull_request.head.repo.full_name == github.repository";
/** What changes something that lives on after the job. */
const changing = /npm run (?:--silent )?(up|down|release -- --env|rollback|previews)/;

const asksForIdentity = ({ permissions }: Job): boolean => /"id-token":"write"|write-all/.test(textOf(permissions));

export const rules: Readonly<Record<string, Rule>> = {
  "gives a job no right that it does not ask for": (workflow) => [
    ...(textOf(workflow.permissions) === "{}" ? [] : ["top level: permissions must be {}"]),
    ...jobsWhere(workflow, ({ permissions }) => typeof permissions !== "object", "no permissions of its own"),
  ],
  "lets no job run forever": (workflow) =>
    jobsWhere(workflow, (job) => !isCall(job) && typeof job["timeout-minutes"] !== "number", "no timeout"),
  "leaves no token of GitHub behind in a checkout": (workflow) =>
    jobsWhere(
      workflow,
      (job) =>
        stepsOf(job).some(
          ({ uses, with: given }) =>
            uses?.startsWith("actions/checkout@") === true && given?.["persist-credentials"] !== false,
        ),
      "a checkout without persist-credentials: false",
    ),
  "fails where any part of a pipe fails": ({ shell }) => (shell === "bash" ? [] : ["the shell must be bash"]),
  "puts no expression into a script": (workflow) =>
    jobsOf(workflow).flatMap(([id, job]) => expressionsInScripts(stepsOf(job)).map((run) => `${id}: ${run}`)),
  "shows a fork no secret, and gives it no identity": (workflow) =>
    "pull_request" in workflow.on || "pull_request_target" in workflow.on
      ? [
          ...("pull_request_target" in workflow.on ? ["pull_request_target runs with secrets"] : []),
          ...jobsWhere(
            workflow,
            (job) =>
              (textOf(job).includes("secrets.") || asksForIdentity(job)) && job.if?.includes(sameRepository) !== true,
            "a secret or an identity, for whoever opens a pull request",
          ),
        ]
      : [],
  "takes secrets and roles from a GitHub environment alone": (workflow) =>
    jobsWhere(
      workflow,
      (job) => (textOf(job).includes("secrets.") || asksForIdentity(job)) && job.environment === undefined,
      "a secret or an identity without an environment",
    ),
  "knows no long-lived key of AWS": ({ text }) =>
    /aws-access-key-id:|secrets\.AWS_/i.test(text) ? ["a stored key of AWS"] : [],
  "lets one job at a time change an environment, and never cuts it off": (workflow) =>
    jobsWhere(
      workflow,
      (job) => {
        if (!stepsOf(job).some(({ run = "" }) => changing.test(run))) return false;
        const { concurrency = workflow.concurrency } = job;
        return concurrency?.["cancel-in-progress"] !== false;
      },
      "changes an environment without a concurrency group that waits",
    ),
  "runs nothing of a pull request where it has rights": (workflow) =>
    "workflow_run" in workflow.on
      ? [
          ...jobsWhere(
            workflow,
            (job) =>
              stepsOf(job).some(
                ({ uses = "", with: given }) =>
                  uses.startsWith("actions/checkout@") && (given?.["ref"] ?? given?.["repository"]) !== undefined,
              ),
            "checks out something else than the default branch",
          ),
          ...jobsWhere(
            workflow,
            (job) =>
              stepsOf(job).some(
                ({ uses = "", with: given }) =>
                  uses.startsWith("actions/download-artifact@") && !textOf(given?.["path"]).includes("runner.temp"),
              ),
            "puts an artifact into the workspace",
          ),
          ...jobsWhere(workflow, (job) => textOf(job).includes('"cache":"true"'), "takes a cache that others write"),
        ]
      : [],
};

/** The one required check waits for every other job, and is there whatever became of them. */
export function requiredJob({ jobs }: Workflow): readonly string[] {
  const { [requiredCheck]: job, ...others } = jobs;
  if (job === undefined) return [`no job ${requiredCheck}`];
  const missing = Object.keys(others).filter((id) => ![job.needs].flat().includes(id));
  return [
    ...(job.name === requiredCheck ? [] : [`its name must be ${requiredCheck}`]),
    ...(job.if === "always()" ? [] : ["it must run whatever became of the others"]),
    ...missing.map((id) => `it does not wait for ${id}`),
  ];
}
