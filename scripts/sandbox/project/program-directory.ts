import { statSync } from "node:fs";
import { dirname } from "node:path";
import type { Project } from "./model.ts";

/** Where the program and its plugins work, as in the CLI: relative paths begin there. */
export const programDirectory = ({ main }: Pick<Project, "main">): string =>
  statSync(main).isDirectory() ? main : dirname(main);
