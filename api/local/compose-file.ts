import { parse } from "yaml";
import { z } from "zod";

const duration = z.string().regex(/^(\d+(ms|s|m|h))+$/, "must be a duration such as 10s");
const name = z.string().regex(/^[a-zA-Z0-9._-]+$/);
const scalars = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
const command = z.union([z.string(), z.array(z.string())]);

const healthcheck = z.strictObject({
  test: z.tuple([z.enum(["CMD", "CMD-SHELL"])], z.string()),
  interval: duration.optional(),
  timeout: duration.optional(),
  start_period: duration.optional(),
  start_interval: duration.optional(),
  retries: z.int().positive().optional(),
});

const service = z.strictObject({
  image: z.string().min(1).optional(),
  build: z
    .strictObject({ context: z.string(), dockerfile: z.string().optional(), target: z.string().optional() })
    .optional(),
  command: command.optional(),
  entrypoint: command.optional(),
  env_file: z.array(z.strictObject({ path: z.string(), required: z.boolean() })).optional(),
  environment: scalars.optional(),
  user: z.string().optional(),
  init: z.boolean().optional(),
  read_only: z.boolean().optional(),
  cap_drop: z.array(z.string()).optional(),
  security_opt: z.array(z.string()).optional(),
  tmpfs: z.array(z.string()).optional(),
  volumes: z.array(z.string().regex(/^[^:]+:\/[^:]*(:ro)?$/, "must be SOURCE:/TARGET or SOURCE:/TARGET:ro")).optional(),
  ports: z.array(z.string().regex(/^([\d.]+:)?\d+:\d+$/, "must be ADDRESS:PORT:PORT")).optional(),
  depends_on: z
    .record(
      name,
      z.strictObject({ condition: z.enum(["service_started", "service_healthy", "service_completed_successfully"]) }),
    )
    .optional(),
  healthcheck: healthcheck.optional(),
  restart: z.enum(["no", "always", "on-failure", "unless-stopped"]).optional(),
  stop_grace_period: duration.optional(),
});

/** The part of the compose specification that a file here may use; any other word is a mistake. */
export const composeFile = z
  .object({
    name,
    services: z.record(name, service),
    volumes: z.record(name, z.null()).optional(),
  })
  // Whatever begins with x- is for anchors alone.
  .catchall(z.unknown())
  .superRefine((file, context) => {
    for (const key of Object.keys(file))
      if (!["name", "services", "volumes"].includes(key) && !key.startsWith("x-"))
        context.addIssue({ code: "unrecognized_keys", keys: [key], input: file });
  });

export type ComposeFile = z.output<typeof composeFile>;
export type ComposeService = z.output<typeof service>;

/** Throws where it is no YAML or has another shape. */
export const parseCompose = (text: string): ComposeFile => composeFile.parse(parse(text, { merge: true }));
