import { readArguments, wrongUsage } from "../command-line.ts";
import { UserError } from "../sandbox/user-error.ts";
import type { ReleaseEnvironment } from "./record.ts";

const shared = {
  env: { type: "string" },
  sandbox: { type: "boolean" },
  "state-dir": { type: "string" },
  "allow-destroy": { type: "string", multiple: true },
  wait: { type: "string" },
  yes: { type: "boolean", short: "y" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

const OPTIONS = {
  release: { ...shared, image: { type: "string" }, version: { type: "string" }, proof: { type: "string" } },
  rollback: { ...shared, to: { type: "string" } },
} as const;

/** What `release` and `rollback` are both told. */
export interface DeployOptions {
  readonly environment: ReleaseEnvironment;
  readonly sandbox: boolean;
  readonly stateDirectory: string | undefined;
  /** URNs. */
  readonly allowDestroy: readonly string[];
  readonly waitMs: number;
  readonly yes: boolean;
  readonly json: boolean;
}

/** What staging's records are asked, which changes nothing. */
export interface ProofOptions extends DeployOptions {
  readonly command: "proof";
  /** Default: that of the newest good release of the tree. */
  readonly imageDigest: string | undefined;
}

export interface ReleaseOptions extends DeployOptions {
  readonly command: "release";
  readonly imageDigest: string;
  readonly version: string | undefined;
  /** A file with staging's record, where its store is another account's. */
  readonly proofFile: string | undefined;
}

export interface RollbackOptions extends DeployOptions {
  readonly to: string | undefined;
}

function read<Command extends keyof typeof OPTIONS>(command: Command, args: readonly string[]) {
  const options: (typeof OPTIONS)[Command] = OPTIONS[command];
  return readArguments({ args: [...args], options, allowPositionals: true });
}

const WAIT_SECONDS = 600;
const MOST_WAIT_SECONDS = 7_200;

interface Shared {
  readonly env?: string | undefined;
  readonly sandbox?: boolean | undefined;
  readonly "state-dir"?: string | undefined;
  readonly "allow-destroy"?: readonly string[] | undefined;
  readonly wait?: string | undefined;
  readonly yes?: boolean | undefined;
  readonly json?: boolean | undefined;
}

function deployOptions(values: Shared): DeployOptions {
  const { env, wait = String(WAIT_SECONDS) } = values;
  if (env !== "staging" && env !== "production")
    throw new UserError(
      env === undefined
        ? "there is no environment: give --env staging or --env production"
        : `--env ${JSON.stringify(env)} has no releases: they are of staging and production; \`npm run up\` is for the others`,
      2,
    );
  const seconds = Number(wait);
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > MOST_WAIT_SECONDS)
    throw new UserError(`--wait ${JSON.stringify(wait)} is not a number of seconds from 0 to ${MOST_WAIT_SECONDS}`, 2);
  return {
    environment: env,
    sandbox: values.sandbox ?? false,
    stateDirectory: values["state-dir"],
    allowDestroy: values["allow-destroy"] ?? [],
    waitMs: seconds * 1000,
    yes: values.yes ?? false,
    json: values.json ?? false,
  };
}

/** Undefined where help is asked for. Throws a `UserError` for what the user can put right. */
export function releaseOptions(args: readonly string[]): ReleaseOptions | ProofOptions | undefined {
  const { values, positionals } = read("release", args);
  if (values.help === true) return undefined;
  const [command, ...rest] = positionals;
  if ((command !== undefined && command !== "proof") || rest.length > 0)
    throw wrongUsage(`there is no command ${JSON.stringify(positionals.join(" "))}`);
  const { image, version, proof } = values;
  if (image !== undefined && !/^sha256:[0-9a-f]{64}$/.test(image))
    throw new UserError(
      `--image ${JSON.stringify(image)} is no digest: sha256: and 64 hexadecimal digits; a tag may become another image`,
      2,
    );
  const shared = deployOptions(values);
  if (command === "proof") return { ...shared, command, imageDigest: image };
  if (image === undefined)
    throw new UserError("there is no image: give --image sha256:DIGEST, which the build has printed", 2);
  if (version !== undefined && !/^[0-9A-Za-z.+-]{1,64}$/.test(version))
    throw new UserError(`--version ${JSON.stringify(version)} is no version such as 1.4.0`, 2);
  return { ...shared, command: "release", imageDigest: image, version, proofFile: proof };
}

/** Undefined where help is asked for. Throws a `UserError` for what the user can put right. */
export function rollbackOptions(args: readonly string[]): RollbackOptions | undefined {
  const { values, positionals } = read("rollback", args);
  if (values.help === true) return undefined;
  if (positionals.length > 0) throw wrongUsage(`rollback takes no ${JSON.stringify(positionals.join(" "))}`);
  return { ...deployOptions(values), to: values.to };
}
