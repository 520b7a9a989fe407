// The program under Pulumi's own mocks, in a process of its own: what a preview is measured against.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

// Pulumi's language host starts every program with these; a program under mocks that did not pay for them would not
// be the same program.
const require = createRequire(import.meta.url);
require("@pulumi/pulumi/cmd/run/instrumentation");
require("source-map-support/register");
await (
  require("@pulumi/pulumi/runtime/closure/v8Hooks") as { isInitializedAsync(): Promise<void> }
).isInitializedAsync();

const { capture } = await import("../../infra/capture.ts");
const { projectDefaults, stackFileConfig } = await import("../../infra/settings/config-file.ts");
const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
const stack = process.argv[2] ?? "staging";
const config = {
  ...projectDefaults("Pulumi.yaml", read("Pulumi.yaml")),
  ...stackFileConfig(`Pulumi.${stack}.yaml`, read(`Pulumi.${stack}.yaml`), "groundwork"),
};
const namespaced = Object.fromEntries(Object.entries(config).map(([key, value]) => [`groundwork:${key}`, value]));
const { resources } = await capture(async () => (await import("../../infra/index.ts")).default(), {
  stack,
  config: namespaced,
});
process.stdout.write(`${resources.length} resources\n`);
