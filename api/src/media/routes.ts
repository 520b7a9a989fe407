import { randomUUID } from "node:crypto";
import type { Environment } from "../environment.ts";
import { ProblemError } from "../http/problem.ts";
import { type Route, route } from "../http/route.ts";
import { uploadContract } from "./contract.ts";
import { createSignUpload, type SignUpload, type UploadForm } from "./upload-form.ts";
import { uploadKey } from "./upload-rules.ts";

export interface MediaOptions {
  readonly environment: Pick<Environment, "MEDIA_BUCKET" | "AWS_REGION">;
  /** Default: for the environment's bucket, with the task's own role. */
  readonly signUpload?: SignUpload;
}

const retryAfterSeconds = 5;

export function mediaRoutes({ environment, signUpload = signerOf(environment) }: MediaOptions): readonly Route[] {
  return [
    route(uploadContract, async ({ body: { purpose, contentType, size }, caller, context }) => {
      const key = uploadKey(purpose, caller.userId, contentType, randomUUID());
      const form = await signed(signUpload, { key, contentType, maxBytes: size }, context.signal);
      return { status: 201, body: { success: true, data: { ...form, key, maxBytes: size } } } as const;
    }),
  ];
}

function signerOf({ MEDIA_BUCKET: bucket, AWS_REGION: region }: MediaOptions["environment"]): SignUpload {
  if (bucket !== undefined && region !== undefined) return createSignUpload({ bucket, region });
  return () => Promise.reject(new ProblemError("dependency-unavailable", "There is no bucket for uploads here."));
}

/** Credentials come from elsewhere, and may not come: the deadline counts, and the reason is for the log alone. */
async function signed(sign: SignUpload, upload: Parameters<SignUpload>[0], signal: AbortSignal): Promise<UploadForm> {
  try {
    return await before(signal, sign(upload));
  } catch (cause) {
    if (cause instanceof ProblemError) throw cause;
    throw new ProblemError("dependency-unavailable", "Uploads cannot be signed.", { retryAfterSeconds, cause });
  }
}

async function before<Value>(signal: AbortSignal, work: Promise<Value>): Promise<Value> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => {
    reject(signal.reason as Error);
  };
  signal.addEventListener("abort", onAbort);
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
