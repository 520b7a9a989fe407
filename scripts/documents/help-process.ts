import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { setTimeout as wait } from "node:timers/promises";
import type { HelpRequest } from "./help.ts";
import { ROOT } from "./repository.ts";

/** Milliseconds in which a command that returned at once must have said something. */
const PATIENCE = 3000;
const realWrite = process.stdout.write.bind(process.stdout);
const realExit = process.exit.bind(process);

/** What a command throws here where it would have ended the process. */
class Ended extends Error {}

let heard = "";
const hear = (chunk: Uint8Array | string): boolean => {
  heard += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8");
  return true;
};
process.stdout.write = hear;
process.stderr.write = hear;
process.exit = () => {
  throw new Ended();
};
// A command that nothing awaits ends so.
process.on("unhandledRejection", () => undefined);

async function help([file, args]: HelpRequest, index: number): Promise<string> {
  heard = "";
  const path = join(ROOT, file);
  process.argv = [process.execPath, path, ...args, "--help"];
  try {
    // The query makes it another module, which runs again.
    await import(`${pathToFileURL(path).href}?help=${index}`);
  } catch (error) {
    if (!(error instanceof Ended)) hear(String(error));
  }
  for (const end = Date.now() + PATIENCE; heard === "" && Date.now() < end;) await wait(20);
  return heard;
}

const requests = JSON.parse(await text(process.stdin)) as HelpRequest[];
const answers: string[] = [];
for (const [index, request] of requests.entries()) answers.push(await help(request, index));
realWrite(JSON.stringify(answers), () => realExit(0));
