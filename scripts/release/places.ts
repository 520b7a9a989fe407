import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import type { Engine } from "../engines/engine.ts";
import { stateDirectoryOf } from "../sandbox/cli/paths.ts";
import { UserError } from "../sandbox/user-error.ts";
import { fileObjects } from "./file-objects.ts";
import type { ObjectStore } from "./objects.ts";
import type { ReleaseEnvironment } from "./record.ts";
import { s3Objects } from "./s3-objects.ts";

/** Where the sandbox keeps release records: beside its states. */
export const sandboxObjects = (root: string, stateDirectory: string | undefined): ObjectStore =>
  fileObjects(join(stateDirectoryOf(root, stateDirectory), "releases"));

/** Where an environment's records are, by its stack's own output; undefined where there is none yet. */
export async function bucketObjects(
  engine: Engine,
  environment: ReleaseEnvironment,
  region: string,
): Promise<ObjectStore | undefined> {
  const bucket = (await engine.outputs(environment))?.["releaseBucket"];
  return typeof bucket === "string" ? s3Objects(new S3Client({ region }), bucket) : undefined;
}

/** The same for whoever cannot do without. Throws a `UserError` where there is none yet. */
export async function cloudObjects(
  engine: Engine,
  environment: ReleaseEnvironment,
  region: string,
): Promise<ObjectStore> {
  const objects = await bucketObjects(engine, environment, region);
  if (objects === undefined)
    throw new UserError(
      `stack ${environment} has no bucket for release records yet: \`npm run up -- --stack ${environment}\` makes it, then run this again`,
    );
  return objects;
}
