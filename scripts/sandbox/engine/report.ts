import type {
  EngineEvent,
  OperationKind,
  PolicyFinding,
  PolicyWait,
  PropertyChange,
  Remediation,
  RunError,
  Step,
} from "./events.ts";
import { isDefaultProvider } from "../protocol/urn.ts";

/** Steps that are half of another, or that change nothing, do not count. */
const UNCOUNTED: ReadonlySet<OperationKind> = new Set([
  "create-replacement",
  "delete-replaced",
  "discard-replaced",
  "read",
  "read-replacement",
  "import-replacement",
  "remove-pending-replace",
  "refresh",
]);

/** Collects what happened and passes it on. */
export class Report {
  readonly #onEvent: (event: EngineEvent) => void;
  readonly steps: Step[] = [];
  readonly failed: { op: OperationKind; urn: string }[] = [];
  readonly findings: PolicyFinding[] = [];
  readonly waiting: PolicyWait[] = [];
  readonly errors: RunError[] = [];
  readonly remediations: Remediation[] = [];
  readonly changes: Partial<Record<OperationKind, number>> = {};
  /** No further calls of the program are taken. */
  stopped = false;
  /** Nothing more is begun at all. */
  halted = false;
  /** A step or a policy failed: the run says so once more at its end. */
  #failedSteps = false;

  constructor(onEvent: (event: EngineEvent) => void) {
    this.#onEvent = onEvent;
  }

  started(step: Step): void {
    this.steps.push(step);
    this.#onEvent({ kind: "step-started", step });
  }

  done(step: Step, milliseconds: number): void {
    if (!UNCOUNTED.has(step.op)) this.count(step.op, step.urn);
    this.#onEvent({ kind: "step-done", step, milliseconds });
  }

  count(op: OperationKind, urn: string): void {
    if (!isDefaultProvider(urn)) this.changes[op] = (this.changes[op] ?? 0) + 1;
  }

  /** A step failed: the run goes no further than what was asked already. */
  failedStep(step: Step, message: string): void {
    this.failed.push({ op: step.op, urn: step.urn });
    this.errors.push({ urn: step.urn, message });
    this.#failedSteps = true;
    this.stopped = true;
    this.#onEvent({ kind: "step-failed", step, message });
  }

  /** What a hook has to say of an operation that is done fails the run, and nothing further is asked. */
  failedHook(urn: string, message: string): void {
    this.#failedSteps = true;
    this.stopped = true;
    this.error(urn, message);
  }

  /** The run cannot go on; the error says it all, and once where several steps meet it. */
  bail(urn: string, message: string): void {
    this.stopped = true;
    if (this.errors.some((error) => error.urn === urn && error.message === message)) return;
    this.error(urn, message);
  }

  /** Registered twice, or the like: not even what was asked already is begun. */
  halt(urn: string, message: string): void {
    this.halted = true;
    this.bail(urn, message);
  }

  error(urn: string, message: string): void {
    this.errors.push({ urn, message });
    this.#onEvent({ kind: "log", severity: "error", urn, message });
  }

  log(severity: "debug" | "info" | "warning", urn: string, message: string): void {
    this.#onEvent({ kind: "log", severity, urn, message });
  }

  finding(finding: PolicyFinding): void {
    this.findings.push(finding);
    this.#onEvent({ kind: "policy", finding });
  }

  waits(wait: PolicyWait): void {
    this.waiting.push(wait);
  }

  remediated(remediation: Remediation, changes: readonly PropertyChange[]): void {
    this.remediations.push(remediation);
    this.#onEvent({ kind: "remediation", remediation, changes });
  }

  /** The run fails at its end, after everything that it can still do. */
  failAtEnd(): void {
    this.#failedSteps = true;
  }

  get failing(): boolean {
    return this.#failedSteps || this.stopped || this.errors.length > 0;
  }

  /** What is said once at the end where something failed on the way. */
  closing(preview: boolean): void {
    if (this.#failedSteps) this.error("", preview ? "preview failed" : "update failed");
  }
}
