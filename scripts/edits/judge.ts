import { OWN_PACK, sourceOf } from "../policy/pack.ts";
import { analyzedAmong, startPack } from "../policy/running-pack.ts";
import type { PolicyAnswer } from "../sandbox/engine/policy-messages.ts";
import type { Edited } from "./edit.ts";

/** The project's pack in its own process, with the configuration of a stack's environment. */
export interface Judge {
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
  const source = await sourceOf(OWN_PACK, { stack, environment: undefined, file: undefined });
  const { pack, stop } = await startPack(source, { stack, project: "groundwork" });
  return {
    fires: async ({ resources, changed }) => {
      const analyzed = analyzedAmong(resources);
      const answers: PolicyAnswer[] = [];
      for (const state of changed) answers.push(await pack.analyze(analyzed(state, state.inputs)));
      const whole = resources.map((state) => analyzed(state, state.outputs));
      answers.push(await pack.analyzeStack(whole, ""));
      return answers
        .flatMap(({ findings }) => findings)
        .map(({ policy, level, urn, message }) => ({ rule: policy, level, urn, message }));
    },
    stop,
  };
}
