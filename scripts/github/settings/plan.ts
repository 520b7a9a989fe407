import { isDeepStrictEqual } from "node:util";
import type { Call, GitHub } from "../api.ts";
import {
  actionsPermissions,
  branchProtection,
  type Environment,
  environments,
  labels,
  oidcSubject,
  protectedBranches,
  repository as repositoryBody,
  type Reviewer,
  reviewers,
  selectedActions,
  workflowPermissions,
} from "./wanted.ts";

/** One thing of the repository: how it is read, how it is written, and what of an answer is comparable. */
export interface Setting {
  readonly what: string;
  readonly read: string;
  /** Whether the answer has pages. */
  readonly listed?: boolean;
  /** What must be called for it, from what GitHub answered; undefined where it knows no such thing. */
  readonly calls: (current: unknown) => readonly Call[];
}

/** GitHub's number for a team or a user, or, where nobody was asked, a text that says whose it is. */
export type ReviewerId = number | string;

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

/** Only the fields that are wanted count: GitHub answers with many more. */
function agrees(current: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    const given = listOf(current);
    return given.length === wanted.length && wanted.every((each, index) => agrees(given[index], each));
  }
  if (typeof wanted !== "object" || wanted === null) return isDeepStrictEqual(current, wanted);
  const fields = fieldsOf(current);
  return Object.entries(wanted).every(([name, value]) => agrees(fields[name], value));
}

/** A thing that is written whole. `comparable` gives an answer the form of what is written. */
const whole = (
  what: string,
  path: string,
  method: "PUT" | "PATCH",
  {
    body,
    read = path,
    comparable = (current) => current,
  }: {
    readonly body: unknown;
    readonly read?: string;
    readonly comparable?: (current: unknown) => unknown;
  },
): Setting => ({
  what,
  read,
  calls: (current) => (current !== undefined && agrees(comparable(current), body) ? [] : [{ method, path, body }]),
});

/** Everything of one repository, in the order in which it is changed. */
export function settingsOf(repository: string, ids: ReadonlyMap<Reviewer, ReviewerId>): readonly Setting[] {
  const root = `/repos/${repository}`;
  return [
    whole("the repository", root, "PATCH", { body: repositoryBody }),
    whole("which actions may run", `${root}/actions/permissions`, "PUT", { body: actionsPermissions }),
    whole("the actions besides GitHub's own", `${root}/actions/permissions/selected-actions`, "PUT", {
      body: selectedActions,
      comparable: sortedPatterns,
    }),
    whole("what a job's token may do", `${root}/actions/permissions/workflow`, "PUT", { body: workflowPermissions }),
    whole("the subject of a job's identity", `${root}/actions/oidc/customization/sub`, "PUT", { body: oidcSubject }),
    ...labels.map((label) => labelSetting(root, label)),
    ...protectedBranches.map((branch) =>
      whole(`the protection of ${branch.name}`, `${root}/branches/${branch.name}/protection`, "PUT", {
        body: branchProtection(branch),
        comparable: protectionAsWritten,
      }),
    ),
    ...environments.flatMap((environment) => environmentSettings(root, environment, ids)),
  ];
}

const sortedPatterns = (current: unknown): unknown => ({
  ...fieldsOf(current),
  patterns_allowed: listOf(fieldsOf(current)["patterns_allowed"]).map(String).sort(),
});

const labelSetting = (root: string, label: (typeof labels)[number]): Setting => ({
  what: `the label ${label.name}`,
  read: `${root}/labels/${label.name}`,
  calls: (current) => {
    if (current === undefined) return [{ method: "POST", path: `${root}/labels`, body: label }];
    const { name, ...rest } = label;
    return agrees(current, rest) ? [] : [{ method: "PATCH", path: `${root}/labels/${name}`, body: rest }];
  },
});

/** An answer wraps switches in `enabled`, and leaves out who may push where everybody may. */
function protectionAsWritten(current: unknown): unknown {
  const answer = fieldsOf(current);
  const unwrapped = Object.fromEntries(
    Object.entries(answer).map(([name, value]) => {
      const enabled = fieldsOf(value)["enabled"];
      return [name, typeof enabled === "boolean" ? enabled : value];
    }),
  );
  return { restrictions: null, ...unwrapped };
}

function environmentSettings(
  root: string,
  { name, reviewed, branches }: Environment,
  ids: ReadonlyMap<Reviewer, ReviewerId>,
): readonly Setting[] {
  const path = `${root}/environments/${name}`;
  const body = {
    wait_timer: 0,
    prevent_self_review: reviewed,
    reviewers: reviewed ? reviewers.map((each) => ({ type: each.type, id: ids.get(each) ?? placeholder(each) })) : [],
    deployment_branch_policy:
      branches === undefined ? null : { protected_branches: false, custom_branch_policies: true },
  };
  const environment = whole(`the environment ${name}`, path, "PUT", { body, comparable: environmentAsWritten });
  return branches === undefined ? [environment] : [environment, branchPolicies(name, path, branches)];
}

export const placeholder = ({ type, name }: Reviewer): string => `the id of ${type.toLowerCase()} ${name}`;

function environmentAsWritten(current: unknown): unknown {
  const { protection_rules, deployment_branch_policy } = fieldsOf(current);
  const rule = (type: string): Fields =>
    fieldsOf(listOf(protection_rules).find((each) => fieldsOf(each)["type"] === type));
  const required = rule("required_reviewers");
  return {
    wait_timer: rule("wait_timer")["wait_timer"] ?? 0,
    prevent_self_review: required["prevent_self_review"] ?? false,
    reviewers: listOf(required["reviewers"]).map((each) => {
      const { type, reviewer } = fieldsOf(each);
      return { type, id: fieldsOf(reviewer)["id"] };
    }),
    deployment_branch_policy: deployment_branch_policy ?? null,
  };
}

/** Each is a thing of its own: missing ones are added, others go. */
const branchPolicies = (name: string, environment: string, branches: readonly string[]): Setting => ({
  what: `the branches of ${name}`,
  read: `${environment}/deployment-branch-policies`,
  listed: true,
  calls: (current) => {
    const path = `${environment}/deployment-branch-policies`;
    const there = listOf(current).map(fieldsOf);
    const missing = branches.filter((branch) => !there.some((policy) => policy["name"] === branch));
    const extra = there.filter((policy) => !branches.includes(String(policy["name"])));
    return [
      ...missing.map((branch): Call => ({ method: "POST", path, body: { name: branch, type: "branch" } })),
      ...extra.map((policy): Call => ({ method: "DELETE", path: `${path}/${String(policy["id"])}` })),
    ];
  },
});

/** The path that tells a reviewer's number. */
export const reviewerPath = (repository: string, { type, name }: Reviewer): string =>
  type === "Team" ? `/orgs/${repository.split("/")[0] ?? ""}/teams/${name}` : `/users/${name}`;

/** What one setting needs, after GitHub was asked how it is. */
export interface Needed {
  readonly what: string;
  readonly calls: readonly Call[];
}

/** What a repository of which nothing is known needs. */
export const neededFromNothing = (repository: string): readonly Needed[] =>
  settingsOf(repository, new Map()).map(({ what, calls }) => ({ what, calls: calls(undefined) }));

/** Asks how each thing is, and says what differs. */
export async function needed(setting: Setting, github: GitHub): Promise<Needed> {
  const { what, read, listed, calls } = setting;
  const current = listed === true ? await github.list(read) : await github.send({ method: "GET", path: read });
  return { what, calls: calls(current) };
}
