import { existsSync } from "node:fs";
import { join } from "node:path";
import type grpc from "@grpc/grpc-js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import messages from "@pulumi/pulumi/proto/analyzer_pb.js";
import services from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import { UserError } from "../user-error.ts";
import { type Properties, type Value, isProperties } from "../values/value.ts";
import { fromStruct, toStruct, type WireOptions } from "../values/wire.ts";
import { type Child, startNode, stop } from "./child.ts";
import type { PolicyFinding } from "./events.ts";
import type { PolicyLevel } from "../project/model.ts";
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
import type { PolicyPackSource } from "../project/model.ts";
import { compileCache, sdkModule } from "./program.ts";

const LEVELS: readonly PolicyLevel[] = ["advisory", "mandatory", "disabled", "remediate"];
const ENFORCEMENT: Readonly<Record<PolicyLevel, messages.EnforcementLevel>> = {
  advisory: messages.EnforcementLevel.ADVISORY,
  mandatory: messages.EnforcementLevel.MANDATORY,
  disabled: messages.EnforcementLevel.DISABLED,
  remediate: messages.EnforcementLevel.REMEDIATE,
};
const SEVERITIES: readonly string[] = ["", "low", "medium", "high", "critical"];

/** Policies see secrets marked, and never the engine's own kinds of value. */
const ANALYZER: WireOptions = { secrets: true, references: true, outputs: false, unknowns: true };

export interface AnalyzedResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly properties: Properties;
  readonly parent: string;
  readonly protect: boolean;
  readonly ignoreChanges: readonly string[];
  readonly deleteBeforeReplace: boolean | undefined;
  readonly additionalSecretOutputs: readonly string[];
  readonly aliases: readonly string[];
  readonly timeouts: { readonly create: number; readonly update: number; readonly delete: number } | undefined;
  readonly provider:
    { readonly urn: string; readonly type: string; readonly name: string; readonly properties: Properties } | undefined;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
}

export interface RemediationResult {
  readonly policy: string;
  /** Undefined where the policy could not say (a diagnostic is given instead). */
  readonly properties: Properties | undefined;
  readonly diagnostic: string;
}

/** A pack that fails to load or to answer. The message is for the user. */
export class PolicyError extends UserError {
  constructor(message: string) {
    super(message);
    this.name = "PolicyError";
  }
}

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
  readonly policyCount: number;
  readonly #child: Child;
  readonly #client: services.AnalyzerClient;
  readonly #lines: readonly string[];
  readonly #limit: number;
  readonly #remediates: boolean;

  private constructor(
    { child, client, lines }: RunningPack,
    info: messages.AnalyzerInfo,
    limit: number,
    remediates: boolean,
  ) {
    this.#child = child;
    this.#client = client;
    this.#lines = lines;
    this.#limit = limit;
    this.name = info.getName();
    this.policyCount = info.getPoliciesList().length;
    this.#remediates = remediates;
  }

  /** Starts the pack as the CLI does and configures it. */
  static async start(
    source: PolicyPackSource,
    options: RunRequest,
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
      return new PolicyPack(
        { child, client, lines },
        info,
        limits.answer,
        config.levels.some((level) => level === "remediate"),
      );
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
    if (!this.#remediates) return [];
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

  async analyze(resource: AnalyzedResource): Promise<PolicyFinding[]> {
    try {
      const response = await this.#ask(services.AnalyzerService.analyze, analyzeRequest(resource));
      return response.getDiagnosticsList().map((diagnostic) => finding(diagnostic, resource.urn));
    } catch (error) {
      throw await this.#failure(error);
    }
  }

  async analyzeStack(resources: readonly AnalyzedResource[], stackUrn: string): Promise<PolicyFinding[]> {
    const request = new messages.AnalyzeStackRequest();
    request.setResourcesList(resources.map(stackResource));
    try {
      const response = await this.#ask(services.AnalyzerService.analyzeStack, request);
      return response.getDiagnosticsList().map((diagnostic) => finding(diagnostic, stackUrn));
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

function handshake(options: RunRequest, engineAddress: string): messages.AnalyzerHandshakeRequest {
  const request = new messages.AnalyzerHandshakeRequest();
  request.setEngineAddress(engineAddress);
  request.setRootDirectory(options.project.root);
  request.setProgramDirectory(options.project.root);
  return request;
}

function stackConfiguration(options: RunRequest): messages.AnalyzerStackConfigureRequest {
  const request = new messages.AnalyzerStackConfigureRequest();
  request.setStack(options.stack);
  request.setProject(options.project.name);
  request.setOrganization(options.project.organization);
  request.setDryRun(options.command === "preview");
  request.setConfigSecretKeysList([...options.config.secretKeys]);
  for (const [key, value] of options.config.values) request.getConfigMap().set(key, value);
  return request;
}

/** Defaults of each policy's schema, then the pack's initial configuration, then what the user's file says. */
function packConfiguration(
  info: messages.AnalyzerInfo,
  source: PolicyPackSource,
): { request: messages.ConfigureAnalyzerRequest; levels: PolicyLevel[] } {
  const request = new messages.ConfigureAnalyzerRequest();
  const names = new Set(info.getPoliciesList().map((policy) => policy.getName()));
  for (const name of Object.keys(source.config))
    if (name !== "all" && !names.has(name))
      throw new PolicyError(
        `the policy configuration names ${JSON.stringify(name)}, which pack ${info.getName()} does not have; it has ${[...names].sort().join(", ")}`,
      );
  const levels: PolicyLevel[] = [];
  for (const policy of info.getPoliciesList()) {
    const name = policy.getName();
    const schema = fromStruct(policy.getConfigschema()?.getProperties());
    const defaults: Properties = {};
    for (const [key, property] of Object.entries(schema))
      if (isProperties(property) && property["default"] !== undefined) defaults[key] = property["default"];
    const initial = info.getInitialconfigMap().get(name);
    const initialAll = info.getInitialconfigMap().get("all");
    let level = LEVELS[(initial ?? initialAll)?.getEnforcementlevel() ?? policy.getEnforcementlevel()] ?? "advisory";
    const properties: Properties = { ...defaults, ...fromStruct(initial?.getProperties()) };
    for (const setting of [source.config["all"], source.config[name]]) {
      const chosen = readSetting(name, setting);
      level = chosen.level ?? level;
      Object.assign(properties, chosen.properties);
    }
    for (const key of policy.getConfigschema()?.getRequiredList() ?? [])
      if (properties[key] === undefined)
        throw new PolicyError(
          `policy ${name} needs the setting ${JSON.stringify(key)}: put it into the policy configuration file`,
        );
    levels.push(level);
    const entry = new messages.PolicyConfig();
    entry.setEnforcementlevel(ENFORCEMENT[level]);
    entry.setProperties(toStruct(properties, ANALYZER));
    request.getPolicyconfigMap().set(name, entry);
  }
  return { request, levels };
}

function readSetting(name: string, setting: Value | undefined): { level?: PolicyLevel; properties: Properties } {
  if (setting === undefined) return { properties: {} };
  if (typeof setting === "string") return { level: asLevel(name, setting), properties: {} };
  if (!isProperties(setting))
    throw new PolicyError(`the configuration of policy ${name} must be a level or a map of settings`);
  const { enforcementLevel, ...properties } = setting;
  return enforcementLevel === undefined ? { properties } : { level: asLevel(name, enforcementLevel), properties };
}

function asLevel(name: string, value: Value): PolicyLevel {
  const level = LEVELS.find((candidate) => candidate === value);
  if (level === undefined)
    throw new PolicyError(
      `policy ${name}: ${JSON.stringify(value)} is no enforcement level; choose one of ${LEVELS.join(", ")}`,
    );
  return level;
}

function resourceOptions(resource: AnalyzedResource): messages.AnalyzerResourceOptions {
  const options = new messages.AnalyzerResourceOptions();
  options.setProtect(resource.protect);
  options.setIgnorechangesList([...resource.ignoreChanges]);
  options.setDeletebeforereplace(resource.deleteBeforeReplace ?? false);
  options.setDeletebeforereplacedefined(resource.deleteBeforeReplace !== undefined);
  options.setAdditionalsecretoutputsList([...resource.additionalSecretOutputs]);
  options.setAliasesList([...resource.aliases]);
  options.setParent(resource.parent);
  const timeouts = new messages.AnalyzerResourceOptions.CustomTimeouts();
  timeouts.setCreate(resource.timeouts?.create ?? 0);
  timeouts.setUpdate(resource.timeouts?.update ?? 0);
  timeouts.setDelete(resource.timeouts?.delete ?? 0);
  options.setCustomtimeouts(timeouts);
  return options;
}

function providerResource(resource: AnalyzedResource): messages.AnalyzerProviderResource | undefined {
  if (resource.provider === undefined) return undefined;
  const provider = new messages.AnalyzerProviderResource();
  provider.setUrn(resource.provider.urn);
  provider.setType(resource.provider.type);
  provider.setName(resource.provider.name);
  provider.setProperties(toStruct(resource.provider.properties, ANALYZER));
  return provider;
}

/** Fills in what a policy of one resource and one of the stack see alike. */
function described<Message extends messages.AnalyzeRequest | messages.AnalyzerResource>(
  message: Message,
  resource: AnalyzedResource,
): Message {
  message.setUrn(resource.urn);
  message.setType(resource.type);
  message.setName(resource.name);
  message.setProperties(toStruct(resource.properties, ANALYZER));
  message.setOptions(resourceOptions(resource));
  message.setProvider(providerResource(resource));
  return message;
}

const analyzeRequest = (resource: AnalyzedResource): messages.AnalyzeRequest =>
  described(new messages.AnalyzeRequest(), resource);

function stackResource(resource: AnalyzedResource): messages.AnalyzerResource {
  const message = described(new messages.AnalyzerResource(), resource);
  message.setParent(resource.parent);
  message.setDependenciesList([...resource.dependencies]);
  for (const [key, urns] of Object.entries(resource.propertyDependencies)) {
    const list = new messages.AnalyzerPropertyDependencies();
    list.setUrnsList([...urns]);
    message.getPropertydependenciesMap().set(key, list);
  }
  return message;
}

function finding(diagnostic: messages.AnalyzeDiagnostic, defaultUrn: string): PolicyFinding {
  const level = LEVELS[diagnostic.getEnforcementlevel()] ?? "advisory";
  return {
    pack: diagnostic.getPolicypackname(),
    policy: diagnostic.getPolicyname(),
    level: level === "remediate" ? "mandatory" : level,
    urn: diagnostic.getUrn() || defaultUrn,
    message: diagnostic.getMessage(),
    severity: SEVERITIES[diagnostic.getSeverity()] ?? "",
  };
}
