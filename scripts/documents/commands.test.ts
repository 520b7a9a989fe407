import assert from "node:assert/strict";
import { parse as parseYaml } from "yaml";
import { stackKeys } from "../../infra/settings/stack-config.ts";
import { secretEntries } from "../../infra/settings/secrets.ts";
import { type HelpRequest, helpTexts } from "./help.ts";
import { type Code, parseMarkdown } from "./markdown.ts";
import { helps, npmCommandOf, optionsOf, subcommandOf } from "./npm-command.ts";
import { isThere, pathIn } from "./paths.ts";
import { documents, files, read } from "./repository.ts";
import { commandsOf } from "./shell.ts";

interface Shown {
  /** `file:line`, or a workflow's file. */
  readonly place: string;
  readonly words: readonly string[];
}

/** Paths that plans name, and docs/README.md leads from. */
const ASKED_FOR = /^docs\/(infra|infrastructure|runbooks)\//;
const SHELL = new Set(["sh", "bash", "console", "shell"]);
const { scripts } = JSON.parse(read("package.json")) as { scripts: Readonly<Record<string, string>> };

const code: readonly (Code & { readonly place: string })[] = documents.flatMap((document) =>
  parseMarkdown(read(document)).code.map((piece) => ({ ...piece, place: `${document}:${piece.line}` })),
);

/** Everything under a key `run`, at any depth. */
function runsOf(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    key === "run" && typeof inner === "string" ? [inner] : runsOf(inner),
  );
}

const inWorkflows: readonly Shown[] = files
  .filter((file) => /^\.github\/.*\.ya?ml$/.test(file))
  .flatMap((file) =>
    runsOf(parseYaml(read(file)))
      .flatMap(commandsOf)
      .map((words) => ({ place: file, words })),
  );

const shown: readonly Shown[] = [
  ...code
    .filter(({ kind, language, text }) => (kind === "block" ? SHELL.has(language) : /^(npm|node|pulumi) /.test(text)))
    .flatMap(({ place, text }) => commandsOf(text).map((words) => ({ place, words }))),
  ...inWorkflows,
];

const npmCommands = shown.flatMap(({ place, words }) => {
  const command = npmCommandOf(words);
  return command === undefined ? [] : [{ place, ...command }];
});

/** The file of Node that a script of package.json runs; undefined for another program. */
const entryOf = (script: string): string | undefined => /^node (\S+\.ts)\b/.exec(scripts[script] ?? "")?.[1];

describe("a piece of shell", () => {
  for (const [script, commands] of [
    [
      "npm ci && npm start",
      [
        ["npm", "ci"],
        ["npm", "start"],
      ],
    ],
    ["a --b 'c d' \\\n  \"e f\" # not this", [["a", "--b", "c d", "e f"]]],
    [
      "A=1 npm run x -- --y=z | tee log",
      [
        ["npm", "run", "x", "--", "--y=z"],
        ["tee", "log"],
      ],
    ],
    ["curl https://a/b#c", [["curl", "https://a/b#c"]]],
    [
      'echo "$(pulumi stack output apiUrl)"',
      [
        ["echo", "$(pulumi stack output apiUrl)"],
        ["pulumi", "stack", "output", "apiUrl"],
      ],
    ],
    ["# only this", []],
    ["x ${{ a && b }} y", [["x", "${{ a && b }}", "y"]]],
  ] as const)
    it(script, () => {
      assert.deepEqual(commandsOf(script), commands);
    });
});

describe("a call of a script", () => {
  it("is npm run, npm start, or npm test, with what follows --", () => {
    const of = (text: string) => npmCommandOf(text.split(" "));
    assert.deepEqual(of("npm run --silent a -- b --c"), { script: "a", args: ["b", "--c"] });
    assert.deepEqual(of("npm test"), { script: "test", args: [] });
    assert.equal(of("npm ci"), undefined);
    assert.equal(of("node a"), undefined);
  });

  it("has options, without values, up to another --", () => {
    assert.deepEqual(optionsOf(["list", "--a=1", "-y", "[--b]", "C", "-1", "--", "--d"]), ["--a", "-y", "--b"]);
  });

  it("has a subcommand where its first word is one", () => {
    assert.deepEqual([["list"], ["--a"], ["URL"], []].map(subcommandOf), ["list", undefined, undefined, undefined]);
  });

  it("finds an option in a help text, and not in a longer one", () => {
    assert.ok(helps("  -y, --yes   do not ask", "--yes"));
    assert.ok(helps("  -y, --yes   do not ask", "-y"));
    assert.ok(!helps("  --stack-name NAME", "--stack"));
    assert.ok(!helps("  --no-stack", "--stack"));
  });
});

describe("commands in documents and workflows", () => {
  const texts = new Map<string, string>();
  const key = ([file, args]: HelpRequest): string => [file, ...args].join(" ");
  const helpOf = (request: HelpRequest): string => texts.get(key(request)) ?? "";

  /** Calls whose subcommand or options can be looked up. */
  const asking = npmCommands.flatMap(({ place, script, args }) => {
    const file = entryOf(script);
    const subcommand = subcommandOf(args);
    const options = optionsOf(args);
    if (file === undefined || (subcommand === undefined && options.length === 0)) return [];
    return [{ place, script, subcommand, options, whole: [file, []], part: [file, args.slice(0, 1)] } as const];
  });

  async function askFor(requests: readonly HelpRequest[]): Promise<void> {
    const asked = [...new Map(requests.map((request) => [key(request), request])).values()];
    (await helpTexts(asked)).forEach((text, index) => texts.set(key(asked[index]!), text));
  }

  before(async () => {
    await askFor(asking.map(({ whole }) => whole));
    // Most commands name every option at once; the others have a help for each subcommand.
    const open = asking.filter(({ whole, options }) => options.some((option) => !helps(helpOf(whole), option)));
    await askFor(open.flatMap(({ subcommand, part }) => (subcommand === undefined ? [] : [part])));
  });

  it("are scripts of package.json", () => {
    assert.deepEqual(
      npmCommands
        .filter(({ script }) => scripts[script] === undefined)
        .map(({ place, script }) => `${place} npm run ${script}`),
      [],
    );
  });

  it("have subcommands and options that their --help names", () => {
    const faults = asking.flatMap(({ place, script, subcommand, options, whole, part }) => {
      const help = `${helpOf(whole)}\n${subcommand === undefined ? "" : helpOf(part)}`;
      return [
        ...(subcommand === undefined || helps(helpOf(whole), subcommand) ? [] : [subcommand]),
        ...options.filter((option) => !helps(help, option)),
      ].map((word) => `${place} npm run ${script}: its --help does not name ${word}`);
    });
    assert.deepEqual(faults, []);
    assert.ok(asking.length > 50);
  });

  it("run files that are there", () => {
    const run = shown.flatMap(({ place, words: [program, file = ""] }) =>
      program === "node" && file.endsWith(".ts") ? [{ place, file }] : [],
    );
    assert.deepEqual(
      run.filter(({ file }) => !isThere(file, files)),
      [],
    );
  });

  it("set config that a stack has", () => {
    const known = new Set<string>(stackKeys);
    const wrong = shown.filter(
      ({ words: [program, config, verb, name = ""] }) =>
        program === "pulumi" && config === "config" && ["set", "rm", "get"].includes(verb ?? "") && !known.has(name),
    );
    assert.deepEqual(wrong, []);
  });

  it("read outputs that a stack has", () => {
    const recorded = files
      .filter((file) => /^infra\/.*\.ts$/.test(file) && !file.endsWith(".test.ts"))
      .map(read)
      .join("\n");
    const wrong = shown.filter(
      ({ words: [program, stack, output, name] }) =>
        program === "pulumi" &&
        stack === "stack" &&
        output === "output" &&
        name !== undefined &&
        /^\w+$/.test(name) &&
        !new RegExp(`\\b${name}\\b`).test(recorded),
    );
    assert.deepEqual(wrong, []);
  });

  it("change secrets that there are, and put in those that are provided", () => {
    const names = Object.keys(secretEntries);
    const known: Readonly<Record<string, readonly string[]>> = {
      set: Object.entries(secretEntries).flatMap(([name, { origin }]) => (origin === "provided" ? [name] : [])),
      rotate: names,
    };
    const wrong = npmCommands.filter(
      ({ script, args: [verb = "", name = ""] }) =>
        script === "secrets" && name !== name.toUpperCase() && known[verb]?.includes(name) === false,
    );
    assert.deepEqual(wrong, []);
  });
});

describe("paths in documents", () => {
  it("are there", () => {
    const missing = code.flatMap(({ kind, place, text }) => {
      const path = kind === "span" ? pathIn(text) : undefined;
      if (path !== undefined && ASKED_FOR.test(path) && place.startsWith("docs/README.md:")) return [];
      return path === undefined || isThere(path, files) ? [] : [`${place} ${path}`];
    });
    assert.deepEqual(missing, []);
  });
});

describe("commands in code", () => {
  it("are scripts of package.json", () => {
    const faults = files
      .filter((file) => /\.(ts|mjs)$/.test(file) && !/\.(test|cases)\.ts$|\/fixtures\//.test(file))
      .flatMap((file) =>
        [...read(file).matchAll(/npm run (?:--silent )?([a-z](?:[a-z:-]*[a-z])?)/g)]
          .filter(([, script = ""]) => scripts[script] === undefined)
          .map(([command]) => `${file}: ${command}`),
      );
    assert.deepEqual([...new Set(faults)], []);
  });
});
