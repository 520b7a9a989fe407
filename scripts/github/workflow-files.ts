import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parse } from "yaml";

type Fields = Readonly<Record<string, unknown>>;

export interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Fields;
  readonly env?: Fields;
}

export interface Job {
  readonly name?: string;
  readonly uses?: string;
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly environment?: string | { readonly name: string };
  readonly permissions?: unknown;
  readonly concurrency?: Fields;
  readonly strategy?: { readonly matrix?: Readonly<Record<string, readonly unknown[]>> };
  readonly steps?: readonly Step[];
  readonly "timeout-minutes"?: number;
}

export interface Workflow {
  /** `deploy-staging` */
  readonly id: string;
  readonly file: string;
  readonly text: string;
  readonly on: Fields;
  readonly permissions: unknown;
  readonly concurrency: Fields | undefined;
  readonly shell: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

export interface CompositeAction {
  /** `setup` */
  readonly id: string;
  readonly file: string;
  readonly text: string;
  readonly inputs: Readonly<Record<string, { readonly required?: boolean; readonly default?: string }>>;
  readonly steps: readonly Step[];
}

const fieldsOf = (value: unknown): Fields => (typeof value === "object" && value !== null ? (value as Fields) : {});

export function parsedWorkflow(id: string, file: string, text: string): Workflow {
  const { on, permissions, concurrency, defaults, jobs } = parse(text) as Fields;
  return {
    id,
    file,
    text,
    on: typeof on === "string" ? { [on]: null } : fieldsOf(on),
    permissions,
    concurrency: concurrency === undefined ? undefined : fieldsOf(concurrency),
    shell: fieldsOf(fieldsOf(defaults)["run"])["shell"],
    jobs: fieldsOf(jobs) as Workflow["jobs"],
  };
}

export const workflowsIn = (root: string): readonly Workflow[] =>
  globSync(".github/workflows/*.{yml,yaml}", { cwd: root })
    .sort()
    .map((file) =>
      parsedWorkflow(basename(file).replace(/\.ya?ml$/, ""), file, readFileSync(join(root, file), "utf8")),
    );

export const actionsIn = (root: string): readonly CompositeAction[] =>
  globSync(".github/actions/*/action.yml", { cwd: root })
    .sort()
    .map((file) => {
      const text = readFileSync(join(root, file), "utf8");
      const { inputs, runs } = parse(text) as Fields;
      return {
        id: basename(dirname(file)),
        file,
        text,
        inputs: fieldsOf(inputs) as CompositeAction["inputs"],
        steps: (fieldsOf(runs)["steps"] ?? []) as readonly Step[],
      };
    });

/** All that stands in one, as text: where an expression can be. */
export const textOf = (part: unknown): string => JSON.stringify(part ?? null);

/** GitHub environments that a job enters, with the values of its matrix or of the workflow's form put in. */
export function environmentsOf({ on }: Workflow, { environment, strategy }: Job): readonly string[] {
  if (environment === undefined) return [];
  const name = typeof environment === "string" ? environment : environment.name;
  const [whole, from, key] = /\$\{\{ (matrix|inputs)\.([\w-]+) \}\}/.exec(name) ?? [];
  if (whole === undefined) return [name];
  const form = fieldsOf(fieldsOf(on["workflow_dispatch"])["inputs"]);
  const values = from === "matrix" ? strategy?.matrix?.[key ?? ""] : fieldsOf(form[key ?? ""])["options"];
  return ((values ?? []) as readonly unknown[]).map((value) => name.replace(whole, String(value)));
}
