import messages from "@pulumi/pulumi/proto/resource_pb.js";
import type { Context } from "./context.ts";
import { plainGoal } from "./goal.ts";
import { defaultProviderInputs, defaultProviderName, defaultProvidersDisabled } from "./providers.ts";
import type { Registrations } from "./registrations.ts";
import { makeUrn, packageOf, parseProviderReference, providerPackage, providerType, typeOf } from "../protocol/urn.ts";

/** Which release of a package a call wants; "" leaves it open. */
export interface PackageSource {
  readonly version: string;
  readonly downloadUrl: string;
}

/** The stack's config forbids the default provider that would be used. */
export class NoDefaultProvider extends Error {
  constructor(message: string) {
    super(message);
    this.name = "NoDefaultProvider";
  }
}

/** Finds the provider of a resource or function: the given one, an inherited one, or the package's default. */
export class ProviderResolution {
  readonly #context: Context;
  readonly #registrations: Registrations;
  readonly #defaults = new Map<string, Promise<string>>();
  readonly #packages = new Map<string, PackageSource>();

  constructor(context: Context, registrations: Registrations) {
    this.#context = context;
    this.#registrations = registrations;
  }

  registerPackage(request: messages.RegisterPackageRequest): messages.RegisterPackageResponse {
    const parameters = request.getParameterization();
    const name = parameters?.getName() ?? request.getName();
    const version = parameters?.getVersion() ?? request.getVersion();
    const downloadUrl = request.getDownloadUrl();
    if (parameters !== undefined)
      this.#context.providers.parameterized.set(name, {
        name,
        version,
        downloadUrl,
        parameterization: { base: request.getName(), value: parameters.getValue_asU8() },
      });
    const reference = `${name}@${version}#${downloadUrl}`;
    this.#packages.set(reference, { version, downloadUrl });
    const response = new messages.RegisterPackageResponse();
    response.setRef(reference);
    return response;
  }

  /** What a call says of its package, directly or by the reference of a registered one. */
  source(reference: string, version: string, downloadUrl: string): PackageSource {
    if (reference === "") return { version, downloadUrl };
    const known = this.#packages.get(reference);
    if (known === undefined) throw new Error(`unknown provider package '${reference}'`);
    return known;
  }

  /** `URN::ID` of the provider of the token's package. `subject` is who asks, where it is not the token. */
  resolve(
    token: string,
    explicit: string,
    inherited: ReadonlyMap<string, string>,
    source: PackageSource,
    subject = token,
  ): Promise<string> {
    const packageName = packageOf(token);
    // A provider of another package is meant for children, not for the resource itself.
    const fits = explicit !== "" && providerPackage(typeOf(parseProviderReference(explicit).urn)) === packageName;
    const given = fits ? explicit : inherited.get(packageName);
    if (given !== undefined) return Promise.resolve(given);
    if (defaultProvidersDisabled(packageName, this.#context.options.config))
      return Promise.reject(
        new NoDefaultProvider(
          `Default provider for '${packageName}' disabled. '${subject}' must use an explicit provider.`,
        ),
      );
    return this.#default(packageName, source);
  }

  #default(packageName: string, { version, downloadUrl }: PackageSource): Promise<string> {
    const name = defaultProviderName(version, downloadUrl);
    const key = `${packageName}/${name}`;
    const known = this.#defaults.get(key);
    if (known !== undefined) return known;
    const { options } = this.#context;
    const type = providerType(packageName);
    const urn = makeUrn(options.stack, options.project.name, "", type, name);
    const inputs = defaultProviderInputs(packageName, options.config, version, downloadUrl);
    const registered = this.#registrations
      .register({ ...plainGoal(urn, type, name), inputs })
      .then((state) => `${urn}::${state.id}`);
    this.#defaults.set(key, registered);
    return registered;
  }
}
