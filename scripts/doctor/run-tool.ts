import { execFile } from "node:child_process";
import { codeOf } from "../sandbox/user-error.ts";
import type { RunTool } from "./tools.ts";

const DEADLINE_MILLISECONDS = 5000;

/** Asks a program on the PATH, for a few seconds at most. */
export const runTool =
  (directory: string): RunTool =>
  (command, args) =>
    new Promise((resolve) => {
      execFile(command, [...args], { cwd: directory, timeout: DEADLINE_MILLISECONDS }, (error, stdout) => {
        if (error === null) resolve({ output: stdout });
        else resolve({ failed: codeOf(error) === "ENOENT" ? "absent" : "broken" });
      });
    });
