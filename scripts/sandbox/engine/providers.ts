import { type Properties, Secret } from "../values/value.ts";
import { remark } from "./secrets.ts";
import type { StackConfig } from "../project/model.ts";
import {
  type Checked,
  type Difference,
  isFullyKnown,
  type Provider,
  ProviderClient,
  ProviderError,
} from "./provider-client.ts";
import { providerPackage, typeOf } from "../protocol/urn.ts";
import { UNKNOWN_MARK } from "../values/wire.ts";

/** Inputs of a provider resource that are the engine's, not the plugin's. */
const ENGINE_INPUTS = new Set(["version", "pluginDownloadURL"]);

/** The package that the engine itself provides. */
const BUILTIN_PACKAGE = "pulumi";

/** A provider that is ready, or one whose configuration is not known yet (preview). */
export interface ProviderInstance {
  readonly client: Provider;
  readonly packageName: string;
  readonly configured: boolean;
}

export interface PackageReference {
  readonly name: string;
  readonly version: string;
  readonly downloadUrl: string;
  readonly parameterization: { readonly base: string; readonly value: Uint8Array } | undefined;
}

/** All providers of a run: one connection for each provider resource. */
export class Providers {
  readonly #ports: ReadonlyMap<string, number>;
  readonly #engineAddress: string;
  readonly #root: string;
  readonly #program: string;
  readonly #starting = new Map<string, Promise<Provider>>();
  readonly #builtin: Provider;
  readonly #ready = new Map<string, ProviderInstance>();
  /** Packages that the program registered with parameters, by their own name. */
  readonly parameterized = new Map<string, PackageReference>();

  constructor(
    ports: ReadonlyMap<string, number>,
    builtin: Provider,
    engineAddress: string,
    root: string,
    program: string,
  ) {
    this.#builtin = builtin;
    this.#ports = ports;
    this.#engineAddress = engineAddress;
    this.#root = root;
    this.#program = program;
  }

  async check(urn: string, olds: Properties, news: Properties): Promise<Checked> {
    const client = await this.#start(urn);
    const { inputs, failures } = await client.checkConfig(urn, pluginInputs(olds), pluginInputs(news));
    // CheckConfig is sent without secret marks: they are put back by key.
    return { inputs: { ...remark(inputs, news), ...engineInputs(news) }, failures };
  }

  async diff(urn: string, oldInputs: Properties, oldOutputs: Properties, news: Properties): Promise<Difference> {
    const client = await this.#start(urn);
    return client.diffConfig(urn, pluginInputs(oldInputs), pluginInputs(oldOutputs), pluginInputs(news));
  }

  /** Makes the provider usable under `URN::ID`. With unknown inputs it stays unconfigured. */
  async configure(urn: string, id: string, inputs: Properties): Promise<void> {
    const client = await this.#start(urn);
    const configured = isFullyKnown(inputs);
    if (configured) await client.configure(urn, id, pluginInputs(inputs));
    const instance = { client, packageName: providerPackage(typeOf(urn)), configured };
    this.#ready.set(`${urn}::${id}`, instance);
  }

  /** `reference` is `URN::ID`; in preview the id of a new provider is unknown. */
  get(reference: string): ProviderInstance {
    const instance = this.#ready.get(reference) ?? this.#ready.get(withUnknownId(reference));
    if (instance === undefined) throw new ProviderError(`unknown provider ${reference}`);
    return instance;
  }

  has(reference: string): boolean {
    return this.#ready.has(reference) || this.#ready.has(withUnknownId(reference));
  }

  cancelAll(): void {
    for (const { client } of this.#ready.values()) void client.cancel().catch(() => undefined);
  }

  async close(): Promise<void> {
    const clients = await Promise.allSettled(this.#starting.values());
    for (const client of clients) if (client.status === "fulfilled") client.value.close();
  }

  #start(urn: string): Promise<Provider> {
    const known = this.#starting.get(urn);
    if (known !== undefined) return known;
    const starting = this.#connect(providerPackage(typeOf(urn)));
    this.#starting.set(urn, starting);
    return starting;
  }

  async #connect(packageName: string): Promise<Provider> {
    if (packageName === BUILTIN_PACKAGE) return this.#builtin;
    const parameters = this.parameterized.get(packageName);
    const plugin = parameters?.parameterization?.base ?? packageName;
    const port = this.#ports.get(plugin);
    if (port === undefined)
      throw new ProviderError(
        `no provider for package ${plugin}; known are ${[...this.#ports.keys()].sort().join(", ") || "none"}. ` +
          `Attach one with PULUMI_DEBUG_PROVIDERS=${plugin}:PORT`,
      );
    const client = new ProviderClient(packageName, port);
    await client.start(this.#engineAddress, this.#root, this.#program);
    if (parameters?.parameterization !== undefined)
      await client.parameterize(parameters.name, parameters.version, parameters.parameterization.value);
    return client;
  }
}

const withUnknownId = (reference: string): string =>
  `${reference.slice(0, reference.lastIndexOf("::"))}::${UNKNOWN_MARK}`;

const pluginInputs = (inputs: Properties): Properties =>
  Object.fromEntries(Object.entries(inputs).filter(([key]) => !ENGINE_INPUTS.has(key)));

const engineInputs = (inputs: Properties): Properties =>
  Object.fromEntries(Object.entries(inputs).filter(([key]) => ENGINE_INPUTS.has(key)));

/** The name of the default provider of a package and version, as Pulumi's engine forms it. */
export function defaultProviderName(version: string, downloadUrl: string): string {
  if (version === "" && downloadUrl === "") return "default";
  const parts = [
    "default",
    ...version.split(/[.\-+]/),
    ...(downloadUrl === "" ? [] : [downloadUrl.replaceAll(/[^A-Za-z0-9]/g, "_")]),
  ];
  return parts.filter((part) => part !== "").join("_");
}

/** A default provider's inputs: everything in the config under the package's name. */
export function defaultProviderInputs(
  packageName: string,
  config: StackConfig,
  version: string,
  downloadUrl: string,
): Properties {
  const inputs: Properties = {};
  for (const [key, value] of config.values) {
    const [namespace, ...rest] = key.split(":");
    if (namespace !== packageName) continue;
    inputs[rest.join(":")] = config.secretKeys.has(key) ? new Secret(value) : value;
  }
  if (version !== "") inputs["version"] = version;
  if (downloadUrl !== "") inputs["pluginDownloadURL"] = downloadUrl;
  return inputs;
}

const DISABLED_KEY = "pulumi:disable-default-providers";

/** `pulumi:disable-default-providers`: a JSON list of packages, or of "*". Throws where it is something else. */
export function defaultProvidersDisabled(packageName: string, config: StackConfig): boolean {
  if (packageName === BUILTIN_PACKAGE) return false;
  const text = config.values.get(DISABLED_KEY);
  if (text === undefined) return false;
  const list = parseList(text);
  if (list === undefined)
    throw new ProviderError(`${DISABLED_KEY} must be a list of package names, as in ["aws"] or ["*"]; found ${text}`);
  return list.includes("*") || list.includes(packageName);
}

function parseList(text: string): readonly unknown[] | undefined {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list : undefined;
  } catch {
    return undefined;
  }
}
