import type { Check, Purpose } from "./checks.ts";

/** Runs a program; its output, or why there is none. Never throws. */
export type RunTool = (
  command: string,
  args: readonly string[],
) => Promise<{ readonly output: string } | { readonly failed: "absent" | "broken" }>;

interface Tool {
  readonly name: string;
  readonly version: readonly [command: string, ...args: string[]];
  /** The least version; undefined where any will do. */
  readonly least?: string;
  /** The first version that is too new. */
  readonly below?: string;
  readonly neededFor: Purpose | undefined;
  readonly purpose: string;
  readonly next: string;
}

/** What the project says of versions: package.json. */
export interface NeededVersions {
  /** `>=24 <25` */
  readonly node: string;
  /** Of @pulumi/pulumi: the CLI is to be as new. */
  readonly pulumi: string;
}

/** Sources of the least versions: package.json; docs/accounts.md, step 7; the notes of git 2.22 and npm 7. */
const tools = ({ node, pulumi }: NeededVersions): readonly Tool[] => [
  {
    name: "node",
    version: ["node", "--version"],
    ...nodeRange(node),
    neededFor: "sandbox",
    purpose: "runs everything",
    next: "npm ci",
  },
  {
    name: "npm",
    version: ["npm", "--version"],
    // The first that knows workspaces, and a lock file of version 2 and up.
    least: "7",
    neededFor: "sandbox",
    purpose: "installs the packages",
    next: "install Node 24, which brings npm",
  },
  {
    name: "git",
    version: ["git", "--version"],
    // The first with `git branch --show-current`.
    least: "2.22",
    neededFor: "sandbox",
    purpose: "says which branch, so which stack",
    next: "install git from https://git-scm.com",
  },
  {
    name: "pulumi",
    version: ["pulumi", "version"],
    least: pulumi.split(".").slice(0, 2).join("."),
    neededFor: "accounts",
    purpose: "runs the program in real accounts",
    next: "install the Pulumi CLI: https://www.pulumi.com/docs/install",
  },
  {
    name: "aws",
    version: ["aws", "--version"],
    // The first with `aws configure sso`.
    least: "2",
    neededFor: "accounts",
    purpose: "logs people in to AWS",
    next: "install version 2 of the AWS CLI: https://docs.aws.amazon.com/cli",
  },
  {
    name: "docker",
    version: ["docker", "--version"],
    neededFor: "deploy",
    purpose: "builds the API's image",
    next: "install Docker: https://docs.docker.com/get-docker",
  },
  {
    name: "docker buildx",
    version: ["docker", "buildx", "version"],
    neededFor: "deploy",
    purpose: "builds it for ARM",
    next: "install Docker's plugin Buildx: https://github.com/docker/buildx",
  },
  {
    name: "crane",
    version: ["crane", "version"],
    neededFor: "deploy",
    purpose: "copies the image to production",
    next: "install crane: https://github.com/google/go-containerregistry",
  },
  {
    name: "go",
    version: ["go", "version"],
    neededFor: undefined,
    purpose: "only for building crane or Pulumi from source",
    next: "",
  },
];

function nodeRange(range: string): Pick<Tool, "least" | "below"> {
  const [, least] = />=\s*([\d.]+)/.exec(range) ?? [];
  const [, below] = /<\s*([\d.]+)/.exec(range) ?? [];
  return { ...(least !== undefined && { least }), ...(below !== undefined && { below }) };
}

/** The first version in a text: `24.21.0` of `v24.21.0`. */
export const versionIn = (text: string): string | undefined => /\d+(?:\.\d+)+/.exec(text)?.[0];

/** Negative where `a` is older. A part that is not there counts as 0. */
export function compareVersions(a: string, b: string): number {
  const [as, bs] = [a, b].map((one) => one.split(".").map(Number)) as [number[], number[]];
  for (let index = 0; index < Math.max(as.length, bs.length); index++) {
    const difference = (as[index] ?? 0) - (bs[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export async function checkTools(run: RunTool, needed: NeededVersions): Promise<readonly Check[]> {
  return Promise.all(tools(needed).map((tool) => checkTool(run, tool)));
}

async function checkTool(
  run: RunTool,
  { name, version, least, below, neededFor, purpose, next }: Tool,
): Promise<Check> {
  const check = (state: Check["state"], says: string): Check => ({
    area: "tools",
    name,
    state,
    says,
    neededFor,
    ...(state !== "ok" && next !== "" && { next }),
  });
  const [command, ...args] = version;
  const answer = await run(command, args);
  const wanted = [
    ...(least === undefined ? [] : [`${least} or newer`]),
    ...(below === undefined ? [] : [`below ${below}`]),
  ].join(", ");
  if ("failed" in answer)
    return answer.failed === "absent"
      ? check("missing", `${wanted === "" ? "it" : `${wanted}; it`} ${purpose}`)
      : check("wrong", `does not start; it ${purpose}`);
  const found = versionIn(answer.output);
  if (found === undefined) return check("ok", "installed; it does not say which version");
  const tooOld = least !== undefined && compareVersions(found, least) < 0;
  const tooNew = below !== undefined && compareVersions(found, below) >= 0;
  return tooOld || tooNew ? check("wrong", `${found}; wanted is ${wanted}`) : check("ok", found);
}
