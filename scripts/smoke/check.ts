import type { EnvironmentName } from "../../infra/settings/stacks.ts";

/** What the checks are told of the environment that they look at. */
export interface SmokeTarget {
  /** The API's origin: https, or http on loopback where `local`. */
  readonly url: URL;
  readonly environment: EnvironmentName;
  /** Plain http on loopback, as a rehearsal has it: there is no edge before the API, and it calls itself `local`. */
  readonly local: boolean;
  /** What the heartbeat must say; what is left out is not compared. */
  readonly expected: { readonly version?: string | undefined; readonly commit?: string | undefined };
  /** An access token of the canary user. Never shown. */
  readonly token: string | undefined;
  /** The pages that belong to the environment. */
  readonly sites: readonly SmokeSite[];
}

export interface SmokeSite {
  readonly name: string;
  readonly url: URL;
  /** Nobody may see it without having said who they are. */
  readonly guarded: boolean;
}

/** What a check works with beside its target. */
export interface CheckContext extends SmokeTarget {
  /** Ends the check at its deadline. */
  readonly signal: AbortSignal;
  readonly now: () => Date;
  /** For tests: certificates (PEM) that are trusted, in place of the system's. */
  readonly trusted?: string | undefined;
  /** For tests: where plain http is. Default: port 80 of the host. */
  readonly plainUrl?: URL | undefined;
}

/** One thing that must hold of a running environment. */
export interface Check {
  readonly name: string;
  /** Says why the check has nothing to look at here; undefined where it has. */
  readonly leftOut?: (target: SmokeTarget) => string | undefined;
  /** Resolves with what was found, in a few words; rejects with a `CheckFailure`, or with whatever the network says. */
  readonly run: (context: CheckContext) => Promise<string>;
}

/** What must hold does not. */
export class CheckFailure extends Error {
  /** Whether asking again may help: a release that is still starting, or a connection that broke. */
  readonly again: boolean;
  constructor(message: string, { again = true }: { readonly again?: boolean } = {}) {
    super(message);
    this.name = "CheckFailure";
    this.again = again;
  }
}
