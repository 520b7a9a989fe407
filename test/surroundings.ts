import { join } from "node:path";

// Hundreds of tests start a Node of their own, and compiling the SDKs is most of what each of them does. What one of
// them has compiled the others take. Not where coverage is measured: compiled code tells less of it.
if (process.env["NODE_V8_COVERAGE"] === undefined)
  process.env["NODE_COMPILE_CACHE"] ??= join(import.meta.dirname, "../node_modules/.cache/groundwork/compiled");

// Neither a terminal nor a pipeline decides what a test sees: picocolors takes CI for a terminal with colours.
delete process.env["FORCE_COLOR"];
process.env["NO_COLOR"] = "1";
