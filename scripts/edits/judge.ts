import { join } from "node:path";
import { OWN_PACK, sourceOf } from "../policy/pack.ts";
import { ENGINE_SERVICE, engineService } from "../sandbox/engine/engine-service.ts";
import { PolicyPack } from "../sandbox/engine/policy.ts";
import { type AnalyzedResource, type PolicyAnswer, recordedResource } from "../sandbox/engine/policy-messages.ts";
import { Report } from "../sandbox/engine/report.ts";
import { listen, newServer } from "../sandbox/protocol/grpc.ts";
import { nameOf, parseProviderReference, typeOf } from "../sandbox/protocol/urn.ts";
import type { ResourceState } from "../sandbox/state/resource.ts";
import type { Edited } from "./edit.ts";

/** The project's pack in its own process, with the configuration of a stack's environment. */
export interface Judge {
  /** What fires: `rule` and the resource's name, once each. */
  readonly fires: (edited: Edited) => Promise<readonly Fired[]>;
  readonly stop: () => Promise<void>;
}

export interface Fired {
  readonly rule: string;
  readonly level: string;
  readonly urn: string;
  readonly message: string;
}

export async function startJudge(stack: string): Promise<Judge> {
  const root = join(OWN_PACK.directory, "..");
  const server = newServer();
  server.addService(ENGINE_SERVICE, engineService(new Report(() => undefined)));
  const address = `127.0.0.1:${await listen(server)}`;
  const pack = await PolicyPack.start(
    await sourceOf(OWN_PACK, { stack, environment: undefined, file: undefined }),
    {
      command: "up",
      project: { name: "groundwork", root, main: root, organization: "organization" },
      stack,
      config: { values: new Map(), secretKeys: new Set() },
    },
    address,
  );
  return {
    fires: async ({ resources, changed }) => {
      const analyzed = analyzedAmong(resources);
      const answers: PolicyAnswer[] = [];
      for (const state of changed) answers.push(await pack.analyze(analyzed(state, state.inputs)));
      answers.push(
        await pack.analyzeStack(
          resources.map((state) => analyzed(state, state.outputs)),
          "",
        ),
      );
      return answers
        .flatMap(({ findings }) => findings)
        .map(({ policy, level, urn, message }) => ({ rule: policy, level, urn, message }));
    },
    stop: async () => {
      await pack.close();
      server.forceShutdown();
    },
  };
}

function analyzedAmong(
  resources: readonly ResourceState[],
): (state: ResourceState, properties: ResourceState["inputs"]) => AnalyzedResource {
  const byUrn = new Map(resources.map((state) => [state.urn, state]));
  return (state, properties) => recordedResource(state, properties, providerOf(state, byUrn));
}

function providerOf(
  { provider }: ResourceState,
  byUrn: ReadonlyMap<string, ResourceState>,
): AnalyzedResource["provider"] {
  if (provider === "") return undefined;
  const { urn } = parseProviderReference(provider);
  return { urn, type: typeOf(urn), name: nameOf(urn), properties: byUrn.get(urn)?.inputs ?? {} };
}
