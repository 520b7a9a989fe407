import { access, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Engine, EngineOptions, EngineRun, StackSummary } from "./engine.ts";
import { oneLineEach } from "./one-line.ts";
import { type PulumiAnswer, pulumi } from "./pulumi-command.ts";
import { eventOf, lineOf, runOf } from "./pulumi-events.ts";
import { secretsProviderOf, withRunConfig } from "./run-config.ts";
import { ownConfigFile } from "../sandbox/project/policy-pack.ts";
import { UserError } from "../sandbox/user-error.ts";
import { SECRET_TEXT } from "../sandbox/cli/display/value-text.ts";

export interface PulumiEngineRequest {
  /** The folder of Pulumi.yaml, absolute. */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
}

interface Running {
  readonly command: readonly string[];
  /** Asks the policy pack. */
  readonly judged?: boolean;
}

const PREVIEW: Running = { command: ["preview"], judged: true };
const UP: Running = { command: ["up", "--yes", "--skip-preview"], judged: true };
const PREVIEW_REFRESH: Running = { command: ["refresh", "--preview-only"] };
const PREVIEW_DESTROY: Running = { command: ["destroy", "--preview-only"] };
const DESTROY: Running = { command: ["destroy", "--yes", "--skip-preview"] };

const PACK = "policy-pack";

/** Stacks without a file take this one's: its settings, and how its secrets are encrypted. */
const LENDER = "staging";

/** The Pulumi CLI with real accounts. */
export function pulumiEngine({ root, env }: PulumiEngineRequest): Engine {
  const ask = (args: readonly string[], directory = root): Promise<PulumiAnswer> => pulumi(args, { directory, env });

  async function run({ command, judged }: Running, stack: string, options: EngineOptions): Promise<EngineRun> {
    const directory = options.directory ?? root;
    const policies = judged === true ? await policyArguments(directory, stack) : [];
    return withRunConfig(directory, stack, options.config ?? {}, async (configFile) => {
      const args = [...command, "--json", "--stack", stack, "--config-file", configFile, ...policies];
      const events: NonNullable<ReturnType<typeof eventOf>>[] = [];
      const { code, stderr } = await pulumi(args, {
        directory,
        env,
        onLine: (line) => {
          const event = eventOf(line);
          if (event === undefined) return;
          events.push(event);
          const shown = lineOf(event);
          if (shown !== undefined) options.onLine?.(shown);
        },
      });
      const result = runOf(stack, events, code === 0);
      if (code === 0 || result.errors.length > 0) return result;
      // Without one event the program was never asked: no login, no such stack, a locked state.
      if (events.length === 0) throw new UserError(reasonIn(stderr, `pulumi ${command[0] ?? ""} ended with ${code}`));
      return { ...result, errors: reasonsIn(stderr) };
    });
  }

  async function stacks(): Promise<readonly StackSummary[]> {
    const answer = await ask(["stack", "ls", "--json"]);
    if (answer.code !== 0) throw new UserError(reasonIn(answer.stderr, "pulumi stack ls failed"));
    return summariesIn(answer.stdout);
  }

  const exists = async (stack: string): Promise<boolean> => (await stacks()).some(({ name }) => name === stack);

  /**
   * Makes an empty stack, with secrets encrypted as staging's are, and leaves no file of it behind: the state says how.
   * A stack with a file was made once by hand; where it is missing, this is another environment's backend.
   */
  async function make(stack: string, directory: string): Promise<void> {
    const file = join(directory, `Pulumi.${stack}.yaml`);
    if (await isThere(file))
      throw new UserError(
        `there is no stack ${stack} in this backend: log in to the one that has its state (PULUMI_BACKEND_URL); ` +
          `the very first time \`pulumi stack init ${stack}\` makes it, as docs/accounts.md says`,
      );
    const provider = await secretsProviderOf(directory, LENDER);
    const secrets = provider === undefined ? [] : ["--secrets-provider", provider];
    const answer = await ask(["stack", "init", stack, "--no-select", ...secrets], directory);
    if (answer.code !== 0) throw new UserError(reasonIn(answer.stderr, `stack ${stack} cannot be made`));
    await rm(file, { force: true });
  }

  async function remove(stack: string): Promise<void> {
    const answer = await ask(["stack", "rm", stack, "--yes", "--preserve-config"]);
    if (answer.code !== 0) throw new UserError(reasonIn(answer.stderr, `stack ${stack} cannot be removed`));
  }

  return {
    kind: "pulumi",
    stacks,
    async preview(stack, options = {}) {
      if (await exists(stack)) return run(PREVIEW, stack, options);
      await make(stack, options.directory ?? root);
      try {
        return await run(PREVIEW, stack, options);
      } finally {
        await remove(stack);
      }
    },
    async up(stack, options = {}) {
      if (!(await exists(stack))) await make(stack, options.directory ?? root);
      if (options.skipPreview !== true) {
        const { onLine: _quiet, ...silently } = options;
        const previewed = await run(PREVIEW, stack, silently);
        if (previewed.result === "failed") return { ...previewed, steps: [] };
      }
      return run(UP, stack, options);
    },
    previewRefresh: (stack, options = {}) => run(PREVIEW_REFRESH, stack, options),
    previewDestroy: (stack, options = {}) => run(PREVIEW_DESTROY, stack, options),
    destroy: (stack, options = {}) => run(DESTROY, stack, options),
    remove,
    async outputs(stack) {
      const answer = await ask(["stack", "output", "--json", "--stack", stack]);
      if (answer.code === 0) return plain(answer.stdout);
      if (answer.stderr.includes("no stack named")) return undefined;
      throw new UserError(reasonIn(answer.stderr, `the outputs of stack ${stack} cannot be read`));
    },
  };
}

const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

async function policyArguments(directory: string, stack: string): Promise<readonly string[]> {
  const pack = join(directory, PACK);
  if (!(await isThere(pack))) return [];
  const config = await ownConfigFile(pack, stack);
  return ["--policy-pack", pack, ...(config === undefined ? [] : ["--policy-pack-config", config])];
}

const reasonsIn = (stderr: string): string[] => oneLineEach(stderr).map((line) => line.replace(/^error: /, ""));

/** What the CLI says is wrong, on one line. */
const reasonIn = (stderr: string, otherwise: string): string => {
  const lines = oneLineEach(stderr);
  const found = lines.find((line) => line.startsWith("error: ")) ?? lines.at(-1);
  return `Pulumi says: ${found?.replace(/^error: /, "") ?? otherwise}`;
};

const stackList = z.array(
  z.object({ name: z.string(), lastUpdate: z.string().optional(), resourceCount: z.number().optional() }),
);

function summariesIn(stdout: string): readonly StackSummary[] {
  return stackList.parse(JSON.parse(stdout)).map(({ name, lastUpdate, resourceCount }) => {
    const time = lastUpdate === undefined ? undefined : new Date(lastUpdate);
    return {
      // Pulumi Cloud puts the organisation before it.
      name: name.slice(name.lastIndexOf("/") + 1),
      updatedAt: time === undefined || Number.isNaN(time.getTime()) ? undefined : time,
      resourceCount,
    };
  });
}

const plain = (stdout: string): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(z.record(z.string(), z.unknown()).parse(JSON.parse(stdout))).filter(
      ([, value]) => value !== SECRET_TEXT,
    ),
  );
