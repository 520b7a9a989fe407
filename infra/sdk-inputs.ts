import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The installed SDK's own code of a resource type: `aws:s3/bucket:Bucket` is @pulumi/aws/s3/bucket.js, `index` the top. */
function sourceOf(type: string): string {
  const [provider = "", module = ""] = type.split(":");
  const root = dirname(fileURLToPath(import.meta.resolve(`@pulumi/${provider}/package.json`)));
  return readFileSync(join(root, `${module.replace(/^index\//, "")}.js`), "utf8");
}

/** The inputs that the installed SDK sends for a resource type. */
export function inputsOfType(type: string): ReadonlySet<string> {
  const inputs = sourceOf(type).matchAll(/resourceInputs\["(\w+)"\] = (?:pulumi\.secret\()?args\?\./g);
  return new Set([...inputs].map(([, input = ""]) => input));
}
