/** What a change of one setting of production does. */
interface Effect {
  /** Another value that the program can build. */
  readonly to: unknown;
  /** Areas whose resources change: those of components' names. */
  readonly changes: readonly string[];
}

/** By the setting's path in `Settings`. */
export const effects: Readonly<Record<string, Effect>> = {
  "network.natGateways": { to: "Single", changes: ["network"] },
};
