import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { codeOf, messageOf, UserError } from "../sandbox/user-error.ts";

/** https://www.pulumi.com/docs/install/ */
const INSTALL: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  darwin: "`brew install pulumi/tap/pulumi`",
  win32: "`winget install pulumi`, or `choco install pulumi`",
};
const SCRIPT = "`curl -fsSL https://get.pulumi.com | sh`";

export const missingPulumi = (platform: NodeJS.Platform = process.platform): UserError =>
  new UserError(
    `the Pulumi CLI is not on the PATH. Install it with ${INSTALL[platform] ?? SCRIPT} ` +
      "(https://www.pulumi.com/docs/install/), or add --sandbox: the same without an account",
  );

export interface PulumiCall {
  /** The folder of Pulumi.yaml. */
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  /** Hears standard output line by line. */
  readonly onLine?: (line: string) => void;
}

export interface PulumiAnswer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the Pulumi CLI to its end. Throws a `UserError` where it cannot be started at all. */
export async function pulumi(args: readonly string[], call: PulumiCall): Promise<PulumiAnswer> {
  const child = spawn("pulumi", [...args, "--non-interactive", "--color", "never"], {
    cwd: call.directory,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...call.env,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      // Events of every command one per line, a preview's too.
      PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true",
      // A preview stack has no file that says how its secrets are encrypted: its state does.
      PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
    },
  });
  // The terminal's interrupt reaches the CLI too, which ends in good order: this process waits for it.
  const wait = (): void => undefined;
  process.on("SIGINT", wait);
  try {
    const ended = new Promise<number>((resolve, reject) => {
      child.on("error", (error) =>
        reject(
          codeOf(error) === "ENOENT"
            ? missingPulumi()
            : new UserError(`the Pulumi CLI cannot be started: ${messageOf(error)}`),
        ),
      );
      child.on("close", (code) => resolve(code ?? 1));
    });
    const lines: string[] = [];
    const reading = (async () => {
      for await (const line of createInterface({ input: child.stdout })) {
        lines.push(line);
        call.onLine?.(line);
      }
    })();
    const [code, stderr] = await Promise.all([ended, text(child.stderr), reading]);
    return { code, stdout: lines.join("\n"), stderr };
  } finally {
    process.off("SIGINT", wait);
  }
}
