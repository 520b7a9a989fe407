import { existsSync } from "node:fs";
import { join } from "node:path";
import type grpc from "@grpc/grpc-js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import messages from "@pulumi/pulumi/proto/analyzer_pb.js";
import services from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import { UserError } from "../user-error.ts";
import type { Properties } from "../values/value.ts";
import { fromStruct } from "../values/wire.ts";
import { type Child, startNode, stop } from "./child.ts";
import type { PolicyLevel, PolicyPackSource } from "../project/model.ts";
import {
  CHANNEL_OPTIONS,
  GRPC_STATUS,
  INSECURE,
  isServiceError,
  isUnimplemented,
  serviceMessage,
  unary,
} from "../protocol/grpc.ts";
import type { RunRequest } from "./options.ts";
import { packConfiguration } from "./policy-config.ts";
import { PolicyError } from "./policy-error.ts";
import {
  type AnalyzedResource,
  type PolicyAnswer,
  analyzeRequest,
  answerOf,
  stackResource,
} from "./policy-messages.ts";
import { compileCache, sdkModule } from "./program.ts";

/** What a pack is told of the run that it judges. */
export type JudgedRun = Pick<RunRequest, "command" | "project" | "stack" | "config" | "compileCache">;

export interface RemediationResult {
  readonly policy: string;
  /** Undefined where the policy could not say (a diagnostic is given instead). */
  readonly properties: Properties | undefined;
  readonly diagnostic: string;
}

/** Twice what Node takes for short-lived objects: every policy gets its own copy of the stack. */
const ROOMY = ["--max-semi-space-size=32"];

/** How long a pack may take, in milliseconds. */
export interface PackLimits {
  readonly load: number;
  /** Of one question: a policy may ask a service of its own, and a stack may be large. */
  readonly answer: number;
}

const LIMITS: PackLimits = { load: 60_000, answer: 300_000 };

/** One policy pack in its own process. */
export class PolicyPack {
  readonly name: string;
  /** Each policy's level, as it is configured. */
  readonly levels: ReadonlyMap<string, PolicyLevel>;
  readonly #child: Child;
  readonly #client: services.AnalyzerClient;
  readonly #lines: readonly string[];
  readonly #limit: number;

  private constructor(
    { child, client, lines }: RunningPack,
    name: string,
    levels: ReadonlyMap<string, PolicyLevel>,
    limit: number,
  ) {
    this.#child = child;
    this.#client = client;
    this.#lines = lines;
    this.#limit = limit;
    this.name = name;
    this.levels = levels;
  }

  /** How many policies are asked at all. */
  get policyCount(): number {
    return [...this.levels.values()].filter((level) => level !== "disabled").length;
  }

  /** Starts the pack as the CLI does and configures it. */
  static async start(
    source: PolicyPackSource,
    options: JudgedRun,
    engineAddress: string,
    limits: PackLimits = LIMITS,
  ): Promise<PolicyPack> {
    const lines: string[] = [];
    const child = startPack(source.directory, engineAddress, compileCache(options), lines);
    const load = async (): Promise<PolicyPack> => {
      const port = await child.port;
      const client = new services.AnalyzerClient(`127.0.0.1:${port}`, INSECURE, CHANNEL_OPTIONS);
      await optional(() => unary(client, services.AnalyzerService.handshake, handshake(options, engineAddress)));
      await optional(() => unary(client, services.AnalyzerService.configureStack, stackConfiguration(options)));
      const info = await unary(client, services.AnalyzerService.getAnalyzerInfo, new empty.Empty());
      const config = packConfiguration(info, source);
      await unary(client, services.AnalyzerService.configure, config.request);
      return new PolicyPack({ child, client, lines }, info.getName(), config.levels, limits.answer);
    };
    try {
      return await within(limits.load, load(), `policy pack ${source.directory} does not load`);
    } catch (error) {
      await stop(child);
      if (error instanceof UserError) throw error;
      throw new PolicyError(`policy pack ${source.directory} does not load: ${serviceMessage(error)}`);
    }
  }

  async remediate(resource: AnalyzedResource): Promise<RemediationResult[]> {
    if (![...this.levels.values()].includes("remediate")) return [];
    try {
      const response = await this.#ask(services.AnalyzerService.remediate, analyzeRequest(resource));
      return response.getRemediationsList().map((remediation) => ({
        policy: remediation.getPolicyname(),
        properties: remediation.hasProperties() ? fromStruct(remediation.getProperties()) : undefined,
        diagnostic: remediation.getDiagnostic(),
      }));
    } catch (error) {
      if (isUnimplemented(error)) return [];
      throw await this.#failure(error);
    }
  }

  async analyze(resource: AnalyzedResource): Promise<PolicyAnswer> {
    try {
      const response = await this.#ask(services.AnalyzerService.analyze, analyzeRequest(resource));
      return answerOf(response, this.name, resource.urn);
    } catch (error) {
      throw await this.#failure(error);
    }
  }

  async analyzeStack(resources: readonly AnalyzedResource[], stackUrn: string): Promise<PolicyAnswer> {
    const request = new messages.AnalyzeStackRequest();
    request.setResourcesList(resources.map(stackResource));
    try {
      const response = await this.#ask(services.AnalyzerService.analyzeStack, request);
      return answerOf(response, this.name, stackUrn);
    } catch (error) {
      throw await this.#failure(error);
    }
  }

  #ask<Request, Response>(method: grpc.MethodDefinition<Request, Response>, request: Request): Promise<Response> {
    return within(this.#limit, unary(this.#client, method, request), `policy pack ${this.name} does not answer`);
  }

  async #failure(error: unknown): Promise<PolicyError> {
    if (error instanceof PolicyError) return error;
    if (!isServiceError(error) || error.code !== GRPC_STATUS.UNAVAILABLE)
      return new PolicyError(`failed to run policy: ${serviceMessage(error)}`);
    // The connection tells of the process's end before the process itself does.
    await stop(this.#child);
    const code = await this.#child.exited;
    return new PolicyError(
      `policy pack ${this.name} ended in the middle of the run (exit ${code}): ${firstReason(this.#lines)}`,
    );
  }

  async close(): Promise<void> {
    this.#client.close();
    await stop(this.#child);
  }
}

interface RunningPack {
  readonly child: Child;
  readonly client: services.AnalyzerClient;
  /** What it has printed, without its port. */
  readonly lines: readonly string[];
}

/** What the work gives, or a PolicyError after so many milliseconds. */
async function within<T>(milliseconds: number, work: Promise<T>, message: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new PolicyError(`${message}: it has been given ${milliseconds / 1000} s; see what it waits for`)),
      milliseconds,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function startPack(
  directory: string,
  engineAddress: string,
  environment: Readonly<Record<string, string>>,
  lines: string[],
): Child & { port: Promise<number> } {
  if (!existsSync(join(directory, "PulumiPolicy.yaml")))
    throw new PolicyError(`policy pack ${directory} has no PulumiPolicy.yaml`);
  let found: (port: number) => void = () => undefined;
  const announced = new Promise<number>((resolve) => {
    found = resolve;
  });
  const child = startNode(
    sdkModule("@pulumi/pulumi/cmd/run-policy-pack/index.js", directory),
    [engineAddress, directory],
    {
      directory,
      nodeArguments: ROOMY,
      environment: { ...environment, PULUMI_NODEJS_TYPESCRIPT: "false", PULUMI_CONFIG: "{}" },
      onLine: (stream, line) => {
        const port = Number(line.trim());
        if (stream === "stdout" && Number.isInteger(port) && port > 0) found(port);
        else if (line.trim() !== "") lines.push(line);
      },
    },
  );
  const died = child.exited.then((code) => {
    throw new PolicyError(`policy pack ${directory} does not load (exit ${code}): ${firstReason(lines)}`);
  });
  const port = Promise.race([announced, died]);
  // The race may be lost long after anybody looks.
  died.catch(() => undefined);
  return { ...child, port };
}

/** The line of a failed Node process that says why. A headline that ends with a colon needs the line after it. */
function firstReason(lines: readonly string[]): string {
  const told = lines.map((line) => line.trim()).filter((line) => line !== "");
  const index = told.findIndex((line) => /\b\w*Error\b.*:/.test(line));
  const reason = told[Math.max(index, 0)] ?? "it printed nothing";
  const detail = told[index + 1];
  return index >= 0 && reason.endsWith(":") && detail !== undefined ? `${reason} ${detail}` : reason;
}

async function optional(call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!isUnimplemented(error)) throw error;
  }
}

function handshake(options: JudgedRun, engineAddress: string): messages.AnalyzerHandshakeRequest {
  const request = new messages.AnalyzerHandshakeRequest();
  request.setEngineAddress(engineAddress);
  request.setRootDirectory(options.project.root);
  request.setProgramDirectory(options.project.root);
  return request;
}

function stackConfiguration(options: JudgedRun): messages.AnalyzerStackConfigureRequest {
  const request = new messages.AnalyzerStackConfigureRequest();
  request.setStack(options.stack);
  request.setProject(options.project.name);
  request.setOrganization(options.project.organization);
  request.setDryRun(options.command === "preview");
  request.setConfigSecretKeysList([...options.config.secretKeys]);
  for (const [key, value] of options.config.values) request.getConfigMap().set(key, value);
  return request;
}
