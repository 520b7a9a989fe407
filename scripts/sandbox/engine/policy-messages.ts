import messages from "@pulumi/pulumi/proto/analyzer_pb.js";
import type { PolicyLevel } from "../project/model.ts";
import { nameOf } from "../protocol/urn.ts";
import type { ResourceState } from "../state/resource.ts";
import type { Properties } from "../values/value.ts";
import { toStruct, type WireOptions } from "../values/wire.ts";
import type { PolicyFinding, PolicyWait } from "./events.ts";

export const LEVELS: readonly PolicyLevel[] = ["advisory", "mandatory", "disabled", "remediate"];
const SEVERITIES: readonly string[] = ["", "low", "medium", "high", "critical"];

/** Policies see secrets marked, and never the engine's own kinds of value. */
export const ANALYZER: WireOptions = { secrets: true, references: true, outputs: false, unknowns: true };

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

/** A recorded resource as policies see it, with its inputs (before its operation) or its outputs (in the stack). */
export function recordedResource(
  state: ResourceState,
  properties: Properties,
  provider: AnalyzedResource["provider"],
): AnalyzedResource {
  return {
    urn: state.urn,
    type: state.type,
    name: nameOf(state.urn),
    properties,
    parent: state.parent,
    protect: state.protect,
    ignoreChanges: state.ignoreChanges,
    deleteBeforeReplace: undefined,
    additionalSecretOutputs: state.additionalSecretOutputs,
    aliases: [],
    timeouts: state.customTimeouts,
    provider,
    dependencies: state.dependencies,
    propertyDependencies: state.propertyDependencies,
  };
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

export const analyzeRequest = (resource: AnalyzedResource): messages.AnalyzeRequest =>
  described(new messages.AnalyzeRequest(), resource);

export function stackResource(resource: AnalyzedResource): messages.AnalyzerResource {
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

function findingOf(diagnostic: messages.AnalyzeDiagnostic, defaultUrn: string): PolicyFinding {
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

/** What a pack says of one resource, or of the stack. */
export interface PolicyAnswer {
  readonly findings: readonly PolicyFinding[];
  /** Policies that could not decide, because they wait for a value that only up knows. */
  readonly waiting: readonly PolicyWait[];
}

// A policy that is not about the resource gives a reason too.
const WAITS = "waits for ";

/** `urn` is what an answer is about that names no resource itself. */
export const answerOf = (response: messages.AnalyzeResponse, pack: string, urn: string): PolicyAnswer => ({
  findings: response.getDiagnosticsList().map((diagnostic) => findingOf(diagnostic, urn)),
  waiting: response
    .getNotApplicableList()
    .filter((answer) => answer.getReason().startsWith(WAITS))
    .map((answer) => ({ pack, policy: answer.getPolicyName(), urn, reason: answer.getReason() })),
});
