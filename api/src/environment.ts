import { z } from "zod";

/** What people and documents need to know of a variable. */
export interface VariableFacts {
  readonly purpose: string;
  /** Who gives the value. */
  readonly source: "infra" | "release" | "default";
  /** Who answers for it. */
  readonly owner: "platform" | "backend";
}

/** What the API promises to whatever runs it. Paths are the whole path; durations are in seconds. */
export const contract = {
  port: 3000,
  paths: {
    /** Alive, version, uptime: for uptime monitors. Never touches a database. */
    heartbeat: "/heartbeat",
    /** For the container's health check: the process answers. */
    live: "/health/live",
    /** For the load balancer: 503 only while starting or draining. */
    ready: "/health/ready",
  },
  /** After SIGTERM: how long requests are still served while the load balancer notices. */
  drainSeconds: 15,
  /** After SIGTERM: when the platform may kill. Fargate allows 120 at most. */
  stopTimeoutSeconds: 30,
  /** Above the load balancer's idle timeout of 60, or it reuses a connection that is being closed and answers 502. */
  keepAliveSeconds: 65,
} as const;

export const variableFacts = z.registry<VariableFacts>();

/** Every variable that the API reads. */
export const variables = z.object({
  ENVIRONMENT: z.enum(["local", "preview", "staging", "production"]).default("local").register(variableFacts, {
    purpose: "Names the environment in answers, logs, and metrics.",
    source: "infra",
    owner: "platform",
  }),
  VERSION: z
    .string()
    .regex(/^[0-9A-Za-z.+-]{1,64}$/, "must be a version such as 1.4.0")
    .default("0.0.0")
    .register(variableFacts, { purpose: "The release that runs.", source: "release", owner: "backend" }),
  COMMIT: z
    .string()
    .regex(/^(unknown|[0-9a-f]{7,40})$/, "must be 7 to 40 hexadecimal digits")
    .default("unknown")
    .register(variableFacts, {
      purpose: "The commit that the image was built from.",
      source: "release",
      owner: "backend",
    }),
  HOST: z.string().min(1).default("0.0.0.0").register(variableFacts, {
    purpose: "The address to listen on.",
    source: "default",
    owner: "backend",
  }),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, "must be a port number from 0 to 65535")
    .transform(Number)
    .refine((port) => port <= 65_535, "must be a port number from 0 to 65535")
    .default(contract.port)
    .register(variableFacts, {
      purpose: "The port to listen on; 0 takes a free one.",
      source: "default",
      owner: "backend",
    }),
});

export type Environment = Readonly<z.output<typeof variables>>;
export type VariableName = keyof Environment;

/** Every variable that is wrong, one per line. */
export class EnvironmentError extends Error {
  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.name = "EnvironmentError";
  }
}

/** Throws an `EnvironmentError` that names every wrong variable. Values are not repeated: they may be secrets. */
export function readEnvironment(source: Readonly<Record<string, string | undefined>>): Environment {
  const result = variables.safeParse(source);
  if (result.success) return Object.freeze(result.data);
  throw new EnvironmentError(result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`));
}
