import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import grpc from "@grpc/grpc-js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import services from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/analyzer_pb.js";

const PACK = dirname(import.meta.dirname);
const RUNNER = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/run-policy-pack");

/** What an engine sends for a value that it does not know at preview. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface Sent {
  readonly type: string;
  readonly name?: string;
  readonly props: Record<string, Json>;
  /** The provider's inputs. */
  readonly provider?: Record<string, Json>;
  /** Property to names of the resources that its value came from (analyzeStack only). */
  readonly references?: Readonly<Record<string, readonly string[]>>;
}

export interface Diagnostic {
  readonly policy: string;
  readonly level: "advisory" | "mandatory" | "other";
  readonly message: string;
  readonly urn: string;
}

/** The pack in its own process, started as the language host starts it. */
export interface RunningPack {
  readonly policies: () => Promise<readonly string[]>;
  readonly analyze: (resource: Sent) => Promise<readonly Diagnostic[]>;
  readonly analyzeStack: (resources: readonly Sent[]) => Promise<readonly Diagnostic[]>;
  readonly stop: () => Promise<void>;
}

export async function startPack(): Promise<RunningPack> {
  const child = spawn(process.execPath, [RUNNER, "127.0.0.1:0", PACK], {
    cwd: PACK,
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
    analyze: async (resource) =>
      diagnosticsOf(await call((done) => client.analyze(fill(new messages.AnalyzeRequest(), resource), done))),
    analyzeStack: async (resources) => {
      const request = new messages.AnalyzeStackRequest();
      request.setResourcesList(resources.map(stackResource));
      return diagnosticsOf(await call((done) => client.analyzeStack(request, done)));
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

export const urnOf = ({ type, name = "example" }: Pick<Sent, "type" | "name">): string =>
  `urn:pulumi:staging::groundwork::${type}::${name}`;

function fill<Message extends messages.AnalyzeRequest | messages.AnalyzerResource>(
  message: Message,
  sent: Sent,
): Message {
  message.setType(sent.type);
  message.setName(sent.name ?? "example");
  message.setUrn(urnOf(sent));
  message.setProperties(structs.Struct.fromJavaScript(sent.props));
  message.setOptions(new messages.AnalyzerResourceOptions());
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
  return message;
}

function diagnosticsOf(response: messages.AnalyzeResponse): readonly Diagnostic[] {
  return response.getDiagnosticsList().map((diagnostic) => ({
    policy: diagnostic.getPolicyname(),
    level:
      diagnostic.getEnforcementlevel() === messages.EnforcementLevel.MANDATORY
        ? "mandatory"
        : diagnostic.getEnforcementlevel() === messages.EnforcementLevel.ADVISORY
          ? "advisory"
          : "other",
    message: diagnostic.getMessage(),
    urn: diagnostic.getUrn(),
  }));
}
