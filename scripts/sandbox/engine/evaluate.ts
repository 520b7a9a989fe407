import { stop } from "./child.ts";
import type { Context } from "./context.ts";
import { deleteLeftovers } from "./deletions.ts";
import { serviceMessage } from "../protocol/grpc.ts";
import { checkStackPolicies } from "./guard.ts";
import { ResourceInvokes } from "./invokes.ts";
import type { LaunchedProgram } from "./launch.ts";
import { Monitor } from "./monitor.ts";
import { Registrations } from "./registrations.ts";

/** The program said this code for "my error is printed already". */
const EXIT_LOGGED = 32;
/** How long a program may take to end after the run has failed, in milliseconds. */
const EXIT_GRACE = 3_000;

/** Runs the program to its end, then deletes what it no longer wants, then judges the whole. */
export async function evaluate(context: Context, program: LaunchedProgram): Promise<void> {
  const { report } = context;
  const registrations = new Registrations(context);
  let deletions: Promise<void> | undefined;
  let judgement: Promise<boolean> | undefined;
  const finishUp = async (): Promise<void> => {
    await registrations.idle();
    if (report.failing && report.stopped) return;
    deletions ??= report.errors.length > 0 && !context.preview ? Promise.resolve() : deleteLeftovers(context);
    await deletions;
    // The program need not wait for the judgement: it can end meanwhile.
    judgement ??= judge(context, registrations);
    judgement.catch(() => undefined);
  };
  const monitor = new Monitor(context, registrations, new ResourceInvokes(context), finishUp);
  monitor.listenAt(program.address);
  program.serve(monitor.service());
  const watchdog = setInterval(() => {
    if (!report.stopped) return;
    clearInterval(watchdog);
    // A program that waits for an answer it will never get is ended once what was begun is done.
    setTimeout(() => void registrations.idle().then(() => stop(program.child)), EXIT_GRACE).unref();
  }, 100);
  watchdog.unref();
  try {
    const code = await program.child.exited;
    await registrations.idle();
    if (code !== 0 && !report.failing) {
      if (code === EXIT_LOGGED) report.bail("", "the program failed");
      else report.bail("", exitMessage(code, program.lines));
    } else if (code !== 0 && code !== EXIT_LOGGED && report.errors.length === 0) {
      report.bail("", exitMessage(code, program.lines));
    }
    if (code === 0) await finishUp();
    const violated = await (judgement ?? judge(context, registrations));
    if (violated) report.failAtEnd();
  } catch (error) {
    report.bail("", serviceMessage(error));
  } finally {
    clearInterval(watchdog);
  }
}

/** Whether the stack as it now is violates a policy. A preview that is bound to fail still tells all that it can. */
function judge(context: Context, registrations: Registrations): Promise<boolean> {
  registrations.settleStackOutputs();
  return context.report.stopped ? Promise.resolve(false) : checkStackPolicies(context);
}

function exitMessage(code: number | string, lines: readonly string[]): string {
  const reason = lines.find((line) => /\b\w*Error\b.*:/.test(line))?.trim();
  const ending =
    typeof code === "number" ? `Program exited with non-zero exit code: ${code}` : `the program was ended by ${code}`;
  return [`an unhandled error occurred: ${ending}`, ...(reason === undefined ? [] : [reason])].join("\n");
}
