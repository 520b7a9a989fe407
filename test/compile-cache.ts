import { join } from "node:path";

// Hundreds of tests start a Node of their own, and compiling the SDKs is most of what each of them does. What one of
// them has compiled the others take. Not where coverage is measured: compiled code tells less of it.
if (process.env["NODE_V8_COVERAGE"] === undefined)
  process.env["NODE_COMPILE_CACHE"] ??= join(import.meta.dirname, "../node_modules/.cache/groundwork/compiled");
