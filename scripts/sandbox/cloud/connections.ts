import type { Properties } from "../values/value.ts";
import { type ProviderConfig, configure } from "./provider-config.ts";

/**
 * What each connection was configured with. An engine opens one for every provider instance, and one server
 * serves them all, so the connection is what tells the instances apart.
 */
export interface Connections {
  /** What the engine tells before it configures: the package, from CheckConfig or Configure. */
  announce(peer: string, packageName: string): void;
  /** Throws a `Refusal` where the provider would not start. */
  configure(peer: string, packageName: string | undefined, settings: Properties): void;
  /** The configuration for a package on the connection. Throws where there is none and none can be assumed. */
  configOf(peer: string, packageName: string): ProviderConfig;
  setEngine(peer: string, address: string): void;
  engineOf(peer: string): string | undefined;
}

/** The connection was never configured for the package. */
export class NotConfigured extends Error {
  constructor(packageName: string) {
    super(
      `the provider of package ${packageName} was not configured on this connection, and those on others differ: run the command again`,
    );
    this.name = "NotConfigured";
  }
}

interface Connection {
  announced?: string;
  engine?: string;
  /** Settings that came without a package's name. */
  anonymous?: Properties;
  readonly configs: Map<string, ProviderConfig>;
}

/** Packages whose providers work without any setting, or make their children through others. */
const WITHOUT_SETTINGS = new Set(["random", "awsx"]);

export function makeConnections(): Connections {
  const connections = new Map<string, Connection>();
  const connection = (peer: string): Connection => {
    const known = connections.get(peer) ?? { configs: new Map<string, ProviderConfig>() };
    connections.set(peer, known);
    return known;
  };

  return {
    announce(peer, packageName) {
      connection(peer).announced = packageName;
    },
    configure(peer, packageName, settings) {
      const one = connection(peer);
      const name = packageName ?? one.announced;
      if (name === undefined) one.anonymous = settings;
      else one.configs.set(name, configure(name, settings));
    },
    configOf(peer, packageName) {
      const one = connection(peer);
      const known = one.configs.get(packageName);
      if (known !== undefined) return known;
      const made = assumed(one, packageName, connections);
      if (made === undefined) throw new NotConfigured(packageName);
      one.configs.set(packageName, made);
      return made;
    },
    setEngine(peer, address) {
      if (address !== "") connection(peer).engine = address;
    },
    engineOf: (peer) => connections.get(peer)?.engine,
  };
}

/** After a reconnect: what every other connection has for the package, if they agree. */
function assumed(
  one: Connection,
  packageName: string,
  connections: ReadonlyMap<string, Connection>,
): ProviderConfig | undefined {
  if (one.anonymous !== undefined) return configure(packageName, one.anonymous);
  const known = [...connections.values()].flatMap(({ configs }) => configs.get(packageName) ?? []);
  const [first] = known;
  if (first !== undefined && known.every((config) => JSON.stringify(config) === JSON.stringify(first))) return first;
  return known.length === 0 && WITHOUT_SETTINGS.has(packageName) ? configure(packageName, {}) : undefined;
}
