import { Argument, Command, type CommanderError } from "commander";
import { OPTIONS, type OptionName, type OptionValues, many } from "./options.ts";

const RUN = "npm run sandbox --";

interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly OptionName[];
  readonly arguments?: readonly (() => Argument)[];
  readonly examples: readonly (readonly [command: string, meaning: string])[];
  /** Returns the exit code. Imports what it needs when it runs: --help must answer at once. */
  readonly run: (values: OptionValues, args: readonly string[]) => Promise<number>;
}

const PLACE = ["cwd", "stateDir"] as const satisfies readonly OptionName[];
const POLICY = ["policyPack", "policyPackConfig", "noPolicy"] as const satisfies readonly OptionName[];
const CONFIG = ["configFile", "config", "secret"] as const satisfies readonly OptionName[];
const FLOW = [
  "target",
  "parallel",
  "expectNoChanges",
  "fail",
  "latency",
  "diff",
  "json",
] as const satisfies readonly OptionName[];

const COMMANDS: readonly CommandSpec[] = [
  {
    name: "up",
    summary: "create or update stacks in the sandbox",
    options: ["stacks", ...POLICY, ...CONFIG, "skipPreview", ...FLOW, ...PLACE],
    examples: [
      [`${RUN} up`, "staging and production, side by side"],
      [`${RUN} up --stack preview-login --diff`, "a preview stack, every changed property shown"],
      [`${RUN} up --stack staging --fail 'aws:s3/bucket:Bucket@2:SlowDown'`, "the second bucket fails"],
    ],
    run: async (values) => (await import("./commands/run-command.ts")).runCommand("up", values),
  },
  {
    name: "preview",
    summary: "show what up would do, and change nothing",
    options: ["stacks", ...POLICY, ...CONFIG, ...FLOW, ...PLACE],
    examples: [
      [`${RUN} preview --stack production`, "what would change in production"],
      [`${RUN} preview --json --expect-no-changes`, "for a pipeline: fails where anything would change"],
    ],
    run: async (values) => (await import("./commands/run-command.ts")).runCommand("preview", values),
  },
  {
    name: "refresh",
    summary: "read what the cloud holds into the state",
    options: ["stacks", ...CONFIG, "skipPreview", ...FLOW, ...PLACE],
    examples: [[`${RUN} refresh --stack staging --diff`, "what was changed by hand"]],
    run: async (values) => (await import("./commands/run-command.ts")).runCommand("refresh", values),
  },
  {
    name: "destroy",
    summary: "delete everything of the stacks",
    options: ["stacks", ...CONFIG, "skipPreview", "excludeProtected", ...FLOW, ...PLACE],
    examples: [
      [`${RUN} destroy --stack preview-login`, "the preview stack is gone"],
      [`${RUN} destroy --stack production --exclude-protected`, "all but what the program protects"],
    ],
    run: async (values) => (await import("./commands/run-command.ts")).runCommand("destroy", values),
  },
  {
    name: "outputs",
    summary: "print a stack's outputs as JSON",
    options: ["stack", "showSecrets", ...PLACE],
    examples: [[`${RUN} outputs --stack staging`, "secrets are masked unless --show-secrets is given"]],
    run: async ({ stack, showSecrets = false, ...place }) => {
      const { outputsOf } = await import("./commands/state-commands.ts");
      print(JSON.stringify(await outputsOf(placeOf(place), one(stack), showSecrets), null, 2));
      return 0;
    },
  },
  {
    name: "export",
    summary: "print a stack's state as `pulumi stack export` does",
    options: ["stack", "showSecrets", ...PLACE],
    examples: [[`${RUN} export --stack staging > staging.json`, "secrets stay encrypted"]],
    run: async ({ stack, showSecrets = false, ...place }) => {
      const { exportText } = await import("./commands/state-commands.ts");
      print(await exportText(placeOf(place), one(stack), showSecrets));
      return 0;
    },
  },
  {
    name: "import",
    summary: "replace a stack's state by an exported one",
    options: ["stack", ...PLACE],
    arguments: [() => new Argument("[file]", "an exported state (default: standard input)")],
    examples: [
      [`${RUN} import --stack staging staging.json`, "the state as it was exported"],
      [`${RUN} import --stack staging < staging.json`, "the same from standard input"],
    ],
    run: async ({ stack, ...place }, [file]) => {
      const { importState } = await import("./commands/state-commands.ts");
      const count = await importState(placeOf(place), one(stack), file);
      print(`${one(stack)}: imported ${count} ${count === 1 ? "resource" : "resources"}`);
      return 0;
    },
  },
  {
    name: "graph",
    summary: "print a stack's resources as a graph",
    options: ["stack", ...PLACE],
    arguments: [() => new Argument("[format]", "dot or mermaid").choices(["dot", "mermaid"]).default("dot")],
    examples: [
      [`${RUN} graph --stack staging | dot -Tsvg > staging.svg`, "for Graphviz"],
      [`${RUN} graph --stack staging mermaid`, "for Markdown"],
    ],
    run: async ({ stack, ...place }, [format]) => {
      const { graphOf } = await import("./commands/state-commands.ts");
      print(await graphOf(placeOf(place), one(stack), format === "mermaid" ? "mermaid" : "dot"));
      return 0;
    },
  },
  {
    name: "drift set",
    summary: "change what the cloud holds, behind Pulumi's back",
    options: [...PLACE],
    arguments: [
      () => new Argument("<urn>", "the resource"),
      () => new Argument("<path>", "a property, as in tags.Owner or rules[0].port"),
      () => new Argument("<value>", "JSON, or a text"),
    ],
    examples: [
      [
        `${RUN} drift set 'urn:pulumi:staging::shop::aws:s3/bucket:Bucket::media' tags.Owner nobody`,
        "refresh and preview show it",
      ],
    ],
    run: async (place, [urn = "", path = "", value = ""]) => {
      const { setDrift } = await import("./commands/drift.ts");
      print(await setDrift(placeOf(place), urn, path, value));
      return 0;
    },
  },
  {
    name: "reset",
    summary: "forget stacks and all that the cloud holds of them",
    options: ["someStacks", ...PLACE],
    examples: [
      [`${RUN} reset`, "an empty sandbox"],
      [`${RUN} reset --stack preview-login`, "only this stack"],
    ],
    run: async ({ stack, ...place }) => {
      const { reset } = await import("./commands/reset.ts");
      for (const line of await reset(placeOf(place), many(stack))) print(line);
      return 0;
    },
  },
  {
    name: "exec",
    summary: "run a command with which a Pulumi CLI uses this cloud, on a copy of the project",
    options: [...PLACE],
    arguments: [() => new Argument("<command...>", "what to run, after --")],
    examples: [
      [`${RUN} exec -- pulumi up --stack staging`, "Pulumi's own engine, this sandbox's cloud"],
      [`${RUN} exec -- env`, "the environment that the command gets"],
    ],
    run: async (place, command) => (await import("./commands/exec.ts")).execute(placeOf(place), command),
  },
];

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const placeOf = ({ cwd, stateDir }: OptionValues): { cwd: string; stateDir: string | undefined } => ({ cwd, stateDir });
const one = (stack: string | string[] | undefined): string => many(stack)[0] ?? "";

/** The whole command line. `onExit` hears the exit code of the command that ran. */
export function program(onExit: (code: number) => void): Command {
  const root = configured(new Command("sandbox"))
    .description("A Pulumi engine and a cloud that need only Node: no account, no token, no Pulumi CLI.")
    .usage("<command> [options]")
    .helpCommand(false)
    .addHelpText(
      "after",
      examplesText([
        [`${RUN} up`, "staging and production up"],
        [`${RUN} preview --stack staging --diff`, "what would change"],
        [`${RUN} up --help`, "every option of a command"],
      ]) + "\n\nExit codes: 0 done, 1 failed, 2 wrong usage.",
    );
  for (const spec of COMMANDS) {
    const [name = "", child] = spec.name.split(" ");
    if (child === undefined) root.addCommand(commandOf(spec, name, onExit));
    else {
      const group = configured(new Command(name)).description(spec.summary).helpCommand(false);
      root.addCommand(group.addCommand(commandOf(spec, child, onExit)));
    }
  }
  return root;
}

function commandOf(spec: CommandSpec, name: string, onExit: (code: number) => void): Command {
  const command = configured(new Command(name)).description(spec.summary);
  for (const option of spec.options) command.addOption(OPTIONS[option]());
  for (const argument of spec.arguments ?? []) command.addArgument(argument());
  command.addHelpText("after", examplesText(spec.examples));
  return command.action(async () => {
    onExit(await spec.run(command.opts<OptionValues>(), command.args));
  });
}

function examplesText(examples: CommandSpec["examples"]): string {
  return `\nExamples:\n${examples.map(([command, meaning]) => `  ${command}\n      ${meaning}`).join("\n")}`;
}

/** Nothing exits by itself, and a mistake is one line. */
function configured(command: Command): Command {
  return command.exitOverride().configureOutput({
    outputError: () => undefined,
  });
}

/** What to say of a mistake in the command line, on one line and with what to do next. */
export function usageMessage(error: CommanderError): string {
  // Where a command needs another word, commander has shown its help already.
  if (error.code === "commander.help") return "name one of the commands above";
  const text = error.message
    .replace(/^error: /, "")
    .replaceAll("\n", " ")
    .trim();
  const meant = /\(Did you mean (?:one of )?(.+)\?\)$/.exec(text);
  if (meant !== null) return `${text.slice(0, meant.index).trim()}: did you mean ${meant[1] ?? ""}?`;
  return `${text.replace(/\.$/, "")}; --help shows what is possible`;
}
