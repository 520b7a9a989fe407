/** Where the process stands. Only `ready` asks the load balancer for requests. */
export type Stage = "starting" | "ready" | "draining";

/** The stage, shared by the server that changes it and the routes that report it. */
export interface Lifecycle {
  readonly stage: Stage;
  enter(stage: Stage): void;
}

export function createLifecycle(): Lifecycle {
  let stage: Stage = "starting";
  return {
    get stage() {
      return stage;
    },
    enter(next) {
      stage = next;
    },
  };
}
