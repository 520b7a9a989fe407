import { z } from "zod";
import { UserError } from "../sandbox/user-error.ts";
import { runCommand } from "../image/npm.ts";

const reference = z.string().min(1);
const componentSchema = z.looseObject({
  "bom-ref": reference,
  name: z.string(),
  version: z.string(),
  purl: z.string(),
});
const billSchema = z.looseObject({
  bomFormat: z.literal("CycloneDX"),
  metadata: z.looseObject({ component: componentSchema }),
  components: z.array(componentSchema),
  dependencies: z.array(z.looseObject({ ref: reference, dependsOn: z.array(reference).optional() })),
});

/** A CycloneDX document. */
export type Bill = z.output<typeof billSchema>;

/**
 * The bill of materials of an install that holds nothing but one workspace and what it needs when it runs, as the image
 * does. Throws where npm finds the install broken.
 *
 * Not asked of the repository itself: there, `npm sbom --omit=dev --workspace` leaves out each package that something
 * for development needs too (npm 11.19; express was one).
 */
export async function billOf(installFolder: string, workspace: string): Promise<Bill> {
  const words = ["sbom", "--sbom-format=cyclonedx", "--sbom-type=application"];
  const { exitCode, stdout, stderr } = await runCommand("npm", words, installFolder);
  if (exitCode !== 0) throw new UserError(`npm sbom failed in ${installFolder}: ${stderr.trim()}`);
  return about(workspace, billSchema.parse(JSON.parse(stdout)));
}

/** npm calls the repository's root the subject, and the workspace one of its parts. */
function about(workspace: string, bill: Bill): Bill {
  const root = bill.metadata.component["bom-ref"];
  const subject = bill.components.find((component) => component["bom-ref"].startsWith(`${workspace}@`));
  if (subject === undefined) throw new UserError(`npm sbom lists no ${workspace}`);
  return {
    ...bill,
    metadata: { ...bill.metadata, component: { ...subject, type: "application" } },
    components: bill.components
      .filter((component) => component !== subject)
      .map((component) => ({ ...component, type: "library" })),
    dependencies: bill.dependencies.filter(({ ref }) => ref !== root),
  };
}

/** `name@version` of each component. */
export const packagesOf = (bill: Bill): readonly string[] =>
  bill.components.map(({ purl }) => decodeURIComponent(purl.replace(/^pkg:npm\//, "").replace(/\?.*$/, "")));
