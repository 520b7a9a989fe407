import { z } from "zod";
import type { RouteContract } from "../http/route.ts";
import { extensions, formSeconds, purposes, type UploadPurpose, type UploadType } from "./upload-rules.ts";

const upload = <Purpose extends UploadPurpose>(purpose: Purpose, description: string, example: object) =>
  z
    .strictObject({
      purpose: z.literal(purpose).meta({ description }),
      contentType: z
        .enum(Object.keys(extensions) as UploadType[])
        .meta({ description: "What the file is. The form takes no other type." }),
      size: z
        .int()
        .min(1)
        .max(purposes[purpose].maxBytes)
        .meta({ description: "Bytes of the file. The form takes no more." }),
    })
    .meta({ examples: [{ purpose, ...example }] });

export const uploadContract = {
  id: "createUpload",
  method: "post",
  path: "/media/uploads",
  summary: "Get a form to upload an image with",
  description:
    "The file does not pass through the API: send it as multipart/form-data to `url`, with each of `fields` first and " +
    `the file as the last field, \`file\`. The form can be sent for ${formSeconds / 60} minutes. ` +
    "Where an environment has no bucket, this answers 503 `dependency-unavailable`.",
  tag: "media",
  class: "upload",
  access: "caller",
  body: {
    schema: z.discriminatedUnion("purpose", [
      upload("profile", "A picture of the caller; it stays.", { contentType: "image/jpeg", size: 184_320 }),
      upload("temporary", "Expires after a day.", { contentType: "image/png", size: 1_048_576 }),
    ]),
    maxBytes: 1_024,
    description: "What is going to be uploaded.",
  },
  answers: {
    201: {
      description: "The form.",
      body: z.strictObject({
        success: z.literal(true),
        data: z.strictObject({
          url: z.url().meta({ description: "Where to send the form." }),
          fields: z.record(z.string(), z.string()).meta({ description: "To be sent as they are, before the file." }),
          key: z.string().meta({
            description: "What the file is called in the bucket.",
            examples: ["users/user-42/profile/4f6a1c7e-2b9d-4c55-9a3e-0d1f2a3b4c5d.jpg"],
          }),
          expiresAt: z.iso.datetime().meta({ description: "From then on the form is refused." }),
          maxBytes: z.int().meta({ description: "A larger file is refused.", examples: [184_320] }),
        }),
      }),
    },
  },
  problems: ["dependency-unavailable"],
} as const satisfies RouteContract;
