import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import grpc from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/analyzer_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import structs from "google-protobuf/google/protobuf/struct_pb.js";

const PACK = dirname(import.meta.dirname);
const RUNNER = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/run-policy-pack");

/** What an engine sends for a value that it does not know at preview. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface Sent {
  readonly type: string;
  readonly name?: string;
  readonly props: Record<string, Json>;
  /** "staging" unless told. */
  readonly stack?: string;
  readonly protect?: boolean;
  /** The provider's inputs. */
  readonly provider?: Record<string, Json>;
  /** Only for a stack: property to names of the resources that its value came from. */
  readonly references?: Readonly<Record<string, readonly string[]>>;
  /** Only for a stack: names of what it depends on. */
  readonly dependencies?: readonly string[];
  /** Only for a stack: name of its component. */
  readonly parent?: string;
}

export interface Diagnostic {
  readonly policy: string;
  readonly level: "advisory" | "mandatory" | "other";
  readonly message: string;
  readonly urn: string;
}

export interface Answer {
  readonly diagnostics: readonly Diagnostic[];
  /** Policies that could not decide yet, and what each waits for. */
  readonly waiting: ReadonlyMap<string, string>;
}

/** A policy's level, and its settings. */
export type PolicyConfig = Readonly<Record<string, { readonly level: Level; readonly [setting: string]: Json }>>;

export type Level = "advisory" | "mandatory" | "disabled" | "remediate";

export interface Remediated {
  readonly policy: string;
  readonly props: Json;
}

/** The pack in its own process, started as the language host starts it. */
export interface RunningPack {
  readonly policies: () => Promise<readonly string[]>;
  /** Replaces what was configured before; a policy that is not named has its own level and defaults. */
  readonly configure: (config: PolicyConfig) => Promise<void>;
  readonly analyze: (resource: Sent) => Promise<Answer>;
  readonly analyzeStack: (resources: readonly Sent[]) => Promise<Answer>;
  readonly remediate: (resource: Sent) => Promise<readonly Remediated[]>;
  readonly stop: () => Promise<void>;
}

/** Starts the project's pack, or another one in a folder with PulumiPolicy.yaml. */
export async function startPack(directory = PACK): Promise<RunningPack> {
  const child = spawn(process.execPath, [RUNNER, "127.0.0.1:0", directory], {
    cwd: directory,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const client = new services.AnalyzerClient(
    `127.0.0.1:${String(await portOf(child))}`,
    grpc.credentials.createInsecure(),
  );
  return {
    policies: async () => {
      const info = await call<messages.AnalyzerInfo>((done) => client.getAnalyzerInfo(new empty.Empty(), done));
      return info.getPoliciesList().map((policy) => policy.getName());
    },
    configure: async (config) => {
      await call<empty.Empty>((done) => client.configure(configuration(config), done));
    },
    analyze: async (resource) =>
      answerOf(await call((done) => client.analyze(fill(new messages.AnalyzeRequest(), resource), done))),
    analyzeStack: async (resources) => {
      const request = new messages.AnalyzeStackRequest();
      request.setResourcesList(resources.map(stackResource));
      return answerOf(await call((done) => client.analyzeStack(request, done)));
    },
    remediate: async (resource) => {
      const response = await call<messages.RemediateResponse>((done) =>
        client.remediate(fill(new messages.AnalyzeRequest(), resource), done),
      );
      return response.getRemediationsList().map((remediation) => ({
        policy: remediation.getPolicyname(),
        props: remediation.getProperties()?.toJavaScript() ?? null,
      }));
    },
    stop: async () => {
      client.close();
      const exited = once(child, "exit");
      child.kill();
      await exited;
    },
  };
}

async function portOf(child: ChildProcess): Promise<number> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error("the pack's output is not piped");
  let trouble = "";
  stderr.setEncoding("utf8").on("data", (text: string) => (trouble += text));
  for await (const line of createInterface({ input: stdout })) return Number(line);
  throw new Error(`the policy pack did not start:\n${trouble}`);
}

function call<Response>(
  send: (done: (error: grpc.ServiceError | null, response: Response) => void) => void,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    send((error, response) => {
      if (error === null) resolve(response);
      else reject(error);
    });
  });
}

const LEVELS: Readonly<Record<Level, messages.EnforcementLevel>> = {
  advisory: messages.EnforcementLevel.ADVISORY,
  mandatory: messages.EnforcementLevel.MANDATORY,
  disabled: messages.EnforcementLevel.DISABLED,
  remediate: messages.EnforcementLevel.REMEDIATE,
};

function configuration(config: PolicyConfig): messages.ConfigureAnalyzerRequest {
  const request = new messages.ConfigureAnalyzerRequest();
  for (const [policy, { level, ...settings }] of Object.entries(config)) {
    const entry = new messages.PolicyConfig();
    entry.setEnforcementlevel(LEVELS[level]);
    entry.setProperties(structs.Struct.fromJavaScript(settings));
    request.getPolicyconfigMap().set(policy, entry);
  }
  return request;
}

export const urnOf = ({ type, name = "example", stack = "staging" }: Pick<Sent, "type" | "name" | "stack">): string =>
  `urn:pulumi:${stack}::groundwork::${type}::${name}`;

function fill<Message extends messages.AnalyzeRequest | messages.AnalyzerResource>(
  message: Message,
  sent: Sent,
): Message {
  message.setType(sent.type);
  message.setName(sent.name ?? "example");
  message.setUrn(urnOf(sent));
  message.setProperties(structs.Struct.fromJavaScript(sent.props));
  const options = new messages.AnalyzerResourceOptions();
  options.setProtect(sent.protect ?? false);
  message.setOptions(options);
  if (sent.provider !== undefined) {
    const provider = new messages.AnalyzerProviderResource();
    provider.setType("pulumi:providers:aws");
    provider.setName("aws");
    provider.setUrn(urnOf({ type: "pulumi:providers:aws", name: "aws" }));
    provider.setProperties(structs.Struct.fromJavaScript(sent.provider));
    message.setProvider(provider);
  }
  return message;
}

function stackResource(sent: Sent, _index: number, all: readonly Sent[]): messages.AnalyzerResource {
  const message = fill(new messages.AnalyzerResource(), sent);
  for (const [property, names] of Object.entries(sent.references ?? {})) {
    const targets = new messages.AnalyzerPropertyDependencies();
    targets.setUrnsList(all.filter(({ name }) => name !== undefined && names.includes(name)).map(urnOf));
    message.getPropertydependenciesMap().set(property, targets);
  }
  const named = (name: string): readonly string[] => all.filter((other) => other.name === name).map(urnOf);
  message.setDependenciesList([
    ...new Set([...(sent.dependencies ?? []), ...Object.values(sent.references ?? {}).flat()].flatMap(named)),
  ]);
  message.setParent(sent.parent === undefined ? "" : (named(sent.parent)[0] ?? ""));
  return message;
}

function answerOf(response: messages.AnalyzeResponse): Answer {
  const waiting = response
    .getNotApplicableList()
    .map((entry) => [entry.getPolicyName(), entry.getReason()] as const)
    .filter(([, reason]) => reason.startsWith("waits for "));
  return { diagnostics: response.getDiagnosticsList().map(diagnosticOf), waiting: new Map(waiting) };
}

function diagnosticOf(diagnostic: messages.AnalyzeDiagnostic): Diagnostic {
  return {
    policy: diagnostic.getPolicyname(),
    level:
      diagnostic.getEnforcementlevel() === messages.EnforcementLevel.MANDATORY
        ? "mandatory"
        : diagnostic.getEnforcementlevel() === messages.EnforcementLevel.ADVISORY
          ? "advisory"
          : "other",
    message: diagnostic.getMessage(),
    urn: diagnostic.getUrn(),
  };
}
