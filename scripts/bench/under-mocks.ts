// The program under Pulumi's own mocks, in a process of its own: what a preview is measured against.
import { capture } from "../../infra/capture.ts";
import { readFileSync } from "node:fs";
import { projectDefaults, stackFileConfig } from "../../infra/settings/config-file.ts";

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
const stack = process.argv[2] ?? "staging";
const config = {
  ...projectDefaults("Pulumi.yaml", read("Pulumi.yaml")),
  ...stackFileConfig(`Pulumi.${stack}.yaml`, read(`Pulumi.${stack}.yaml`), "groundwork"),
};
const namespaced = Object.fromEntries(Object.entries(config).map(([key, value]) => [`groundwork:${key}`, value]));
const { resources } = await capture(() => import("../../infra/index.ts"), { stack, config: namespaced });
process.stdout.write(`${resources.length} resources\n`);
