import { validate } from "dockerfile-utils";
import { type Dockerfile, execForm, readDockerfile, type Stage, type Step } from "./dockerfile.ts";

/** What is wrong, and where. */
export interface Finding {
  readonly rule: string;
  /** From 1; 0 where something is missing from the whole file. */
  readonly line: number;
  readonly message: string;
}

interface Rule {
  readonly name: string;
  readonly why: string;
  /** The lines that break the rule, and how. */
  readonly check: (file: Dockerfile) => readonly Omit<Finding, "rule">[];
}

const stepsOf = (file: Dockerfile): readonly Step[] => [...file.global, ...file.stages.flatMap(({ steps }) => steps)];
const all = (file: Dockerfile, keyword: string): readonly Step[] =>
  stepsOf(file).filter((step) => step.keyword === keyword);
const last = (stage: Stage | undefined, keyword: string): Step | undefined =>
  stage?.steps.findLast((step) => step.keyword === keyword);

/** The image that a stage begins with, where that is no earlier stage. */
const bases = (file: Dockerfile): readonly Stage[] =>
  file.stages.filter(
    ({ base }, index) => base !== "scratch" && !file.stages.slice(0, index).some(({ name }) => name === base),
  );

const secretName = /passw|secret|token|credential|private_?key|api_?key|access_?key|dsn/i;

/** What dockerfile-utils does not know: it checks the syntax. */
const rules: readonly Rule[] = [
  {
    name: "base-version",
    why: "A tag that moves builds another image from the same files.",
    check: (file) =>
      bases(file)
        .filter(({ base }) => !/:\d+\.\d+\.\d+[^:/]*$/.test(base.replace(/@.*$/, "")))
        .map(({ line, base }) => ({ line, message: `${base} has no tag with a whole version` })),
  },
  {
    name: "base-digest",
    why: "A registry may put another image under any tag.",
    check: (file) =>
      bases(file)
        .filter(({ base }) => !/@sha256:[0-9a-f]{64}$/.test(base))
        .map(({ line, base }) => ({ line, message: `${base} has no digest` })),
  },
  {
    name: "numeric-user",
    why: "A platform that refuses root can check a number without reading the image.",
    check: ({ stages }) => {
      const user = last(stages.at(-1), "USER");
      if (user === undefined) return [{ line: 0, message: "the last stage names no USER, so root runs" }];
      return /^[1-9]\d*:[1-9]\d*$/.test(user.text)
        ? []
        : [{ line: user.line, message: `USER ${user.text} is root, or no uid:gid by number` }];
    },
  },
  {
    name: "no-add",
    why: "ADD fetches and unpacks; COPY only copies.",
    check: (file) => all(file, "ADD").map(({ line }) => ({ line, message: "ADD; use COPY" })),
  },
  {
    name: "explicit-copy",
    why: "A folder that grows would grow the image.",
    check: (file) =>
      all(file, "COPY").flatMap(({ line, words, flags }) =>
        words
          .slice(0, -1)
          .filter((source) => /[*?[]/.test(source) || (!("from" in flags) && /^[./]*$/.test(source)))
          .map((source) => ({ line, message: `COPY ${source} names no file or folder` })),
      ),
  },
  {
    name: "exec-form",
    why: "A shell before the process keeps signals from it.",
    check: (file) =>
      ["CMD", "ENTRYPOINT"]
        .flatMap((keyword) => all(file, keyword))
        .filter(({ text }) => execForm(text) === undefined)
        .map(({ keyword, line }) => ({ line, message: `${keyword} in the form of a shell` })),
  },
  {
    name: "command",
    why: "Without one the base's own command runs.",
    check: ({ stages }) =>
      last(stages.at(-1), "CMD") === undefined ? [{ line: 0, message: "the last stage has no CMD" }] : [],
  },
  {
    name: "healthcheck",
    why: "Docker and Compose ask nothing else whether the process answers.",
    check: ({ stages }) => {
      const check = last(stages.at(-1), "HEALTHCHECK");
      if (check === undefined) return [{ line: 0, message: "the last stage has no HEALTHCHECK" }];
      const command = execForm(check.text.replace(/^CMD\s+/, ""));
      return command === undefined
        ? [{ line: check.line, message: "HEALTHCHECK is no CMD in exec form" }]
        : command[0] === "node"
          ? []
          : [{ line: check.line, message: `HEALTHCHECK needs ${command[0] ?? "something"}, not node` }];
    },
  },
  {
    name: "no-secret",
    why: "Build arguments and variables stand in the image's history for everyone who can pull it.",
    check: (file) =>
      ["ARG", "ENV", "LABEL"]
        .flatMap((keyword) => all(file, keyword))
        .flatMap((step) =>
          Object.keys(step.pairs)
            .filter((key) => secretName.test(key))
            .map((key) => ({ line: step.line, message: `${step.keyword} ${key} looks like a secret` })),
        ),
  },
  {
    name: "no-platform",
    why: "Whoever builds names the platform; a fixed one builds the same for ARM and x86.",
    check: ({ stages }) =>
      stages
        .filter(({ platform }) => platform !== undefined && !/^\$\{?(BUILD|TARGET)PLATFORM\}?$/.test(platform))
        .map(({ line, platform = "" }) => ({ line, message: `--platform=${platform} is fixed` })),
  },
  {
    name: "absolute-workdir",
    why: "A relative one depends on the base.",
    check: (file) =>
      all(file, "WORKDIR")
        .filter(({ text }) => !text.startsWith("/"))
        .map(({ line, text }) => ({ line, message: `WORKDIR ${text} is relative` })),
  },
];

export const ruleNames: readonly string[] = ["syntax", ...rules.map(({ name }) => name)];

/** Everything wrong with a Dockerfile, by line. */
export function lint(text: string): readonly Finding[] {
  const file = readDockerfile(text);
  const syntax = validate(text).map(({ range, message }) => ({
    rule: "syntax",
    line: range.start.line + 1,
    message: typeof message === "string" ? message : message.value,
  }));
  const found = rules.flatMap(({ name, check }) => check(file).map((finding) => ({ rule: name, ...finding })));
  return [...syntax, ...found].sort((a, b) => a.line - b.line);
}
