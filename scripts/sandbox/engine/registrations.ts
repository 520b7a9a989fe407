import { StateFileError } from "../state/files.ts";
import type { ResourceState } from "../state/resource.ts";
import type { Properties } from "../values/value.ts";
import { applySteps, StepFailed } from "./apply.ts";
import { Bail, Refused } from "./bail.ts";
import type { Context } from "./context.ts";
import { generateRead, generateSteps } from "./generate.ts";
import type { Goal } from "./goal.ts";
import { isServiceError, serviceMessage, unavailable } from "../protocol/grpc.ts";
import type { PlannedStep } from "./step.ts";

/** Takes the program's registrations: plans them one after another, and runs them side by side. */
export class Registrations {
  readonly #context: Context;
  readonly #urns = new Set<string>();
  /** Everything that is under way. */
  readonly #running = new Set<Promise<unknown>>();
  #stackOutputs: Properties | undefined;
  #planning: Promise<unknown> = Promise.resolve();

  constructor(context: Context) {
    this.#context = context;
  }

  register(goal: Goal): Promise<ResourceState> {
    return this.#take(goal, () => generateSteps(this.#context, goal));
  }

  read(goal: Goal, id: string): Promise<ResourceState> {
    return this.#take(goal, () => Promise.resolve(generateRead(this.#context, goal, id)));
  }

  /** The outputs of a component, known once its children are. They replace what it had. */
  registerOutputs(urn: string, outputs: Properties): void {
    const { report, news, recorder, stackUrn } = this.#context;
    if (urn === stackUrn) {
      this.#stackOutputs = outputs;
      return;
    }
    const state = news.get(urn);
    if (state === undefined) {
      // After a failure its registration may never have been taken.
      if (report.stopped) return;
      throw new Bail(urn, `outputs of ${urn}, which is not registered`);
    }
    if (this.#context.skipped.has(urn)) return;
    state.outputs = outputs;
    recorder.put(state);
  }

  /** A program that fails sends its stack's outputs empty, or in part: then what was known stays. */
  settleStackOutputs(): void {
    const { report, news, recorder, stackUrn } = this.#context;
    const state = news.get(stackUrn);
    if (this.#stackOutputs === undefined || state === undefined || report.halted) return;
    state.outputs = report.failing ? { ...state.outputs, ...this.#stackOutputs } : this.#stackOutputs;
    recorder.put(state);
  }

  /** Resolves when nothing is under way any more. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }

  /** Tells the user once; the program only hears that the engine is not available. */
  reportFailure(error: unknown): void {
    const { report } = this.#context;
    if (error instanceof StepFailed || error instanceof Refused) {
      report.stopped = true;
    } else if (error instanceof Bail) {
      report.bail(error.urn, error.message);
    } else if (!(isServiceError(error) && report.stopped)) {
      if (error instanceof StateFileError) report.halted = true;
      report.bail("", serviceMessage(error));
    }
  }

  #take(goal: Goal, plan: () => Promise<readonly PlannedStep[]>): Promise<ResourceState> {
    const { report } = this.#context;
    if (report.stopped) return Promise.reject(unavailable("the run has stopped"));
    if (this.#urns.has(goal.urn)) {
      report.halt(goal.urn, `Duplicate resource URN '${goal.urn}'; try giving it a unique name`);
      return Promise.reject(unavailable("the run has stopped"));
    }
    this.#urns.add(goal.urn);
    const work = this.#work(goal, plan);
    this.#running.add(work);
    const forget = (): void => {
      this.#running.delete(work);
    };
    work.then(forget, forget);
    return work;
  }

  async #work(goal: Goal, plan: () => Promise<readonly PlannedStep[]>): Promise<ResourceState> {
    try {
      return await this.#workThrough(goal, plan);
    } catch (error) {
      this.reportFailure(error);
      throw unavailable(serviceMessage(error));
    }
  }

  async #workThrough(goal: Goal, plan: () => Promise<readonly PlannedStep[]>): Promise<ResourceState> {
    let steps = await this.#planAlone(goal, plan);
    let state: ResourceState | undefined;
    for (;;) {
      await applySteps(this.#context, steps);
      state = steps.findLast(({ now }) => now !== undefined)?.now ?? state;
      const [then] = steps.flatMap(({ next, now }) => (next === undefined || now === undefined ? [] : [{ next, now }]));
      if (then === undefined) break;
      steps = await this.#planAlone(goal, () => then.next(then.now));
    }
    if (state === undefined) throw new Bail(goal.urn, `nothing is known of ${goal.urn} after its registration`);
    return state;
  }

  /** Plans strictly one after another: a plan depends on what the ones before it decided. */
  async #planAlone(goal: Goal, plan: () => Promise<readonly PlannedStep[]>): Promise<readonly PlannedStep[]> {
    const before = this.#planning;
    let release: () => void = () => undefined;
    this.#planning = new Promise<void>((resolve) => {
      release = resolve;
    });
    await before;
    try {
      if (this.#context.report.halted) throw unavailable("the run has stopped");
      return await plan();
    } catch (error) {
      // An error of a provider's answer belongs to the resource that it was asked about.
      if (error instanceof Bail || error instanceof Refused || error instanceof StateFileError) throw error;
      if (this.#context.report.halted) throw error;
      throw new Bail(goal.urn, serviceMessage(error));
    } finally {
      release();
    }
  }
}
