import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import messages from "@pulumi/pulumi/proto/resource_pb.js";
import { downgradedProperties, type Properties, Secret } from "../values/value.ts";
import { toStruct } from "../values/wire.ts";
import type { Context } from "./context.ts";
import { responseOptions } from "./response.ts";
import { outputDependencies, type Registration } from "./transforms.ts";

/** What the engine has worked out for a component before its provider makes it. */
interface Resolved {
  /** `URN::ID` of the provider that constructs it. */
  readonly provider: string;
  readonly providers: ReadonlyMap<string, string>;
  readonly protect: boolean | undefined;
  readonly retainOnDelete: boolean | undefined;
}

/** Has a remote component made by its provider, which registers it and its children itself. */
export async function construct(
  context: Context,
  monitorAddress: string,
  request: messages.RegisterResourceRequest,
  registration: Registration,
  resolved: Resolved,
): Promise<messages.RegisterResourceResponse> {
  const { options, preview, providers } = context;
  const instance = providers.get(resolved.provider);
  const construction = new providerMessages.ConstructRequest();
  construction.setProject(options.project.name);
  construction.setStack(options.stack);
  construction.setOrganization(options.project.organization);
  for (const [key, value] of options.config.values) construction.getConfigMap().set(key, value);
  construction.setConfigsecretkeysList([...options.config.secretKeys]);
  construction.setDryrun(preview);
  construction.setParallel(options.parallel);
  construction.setMonitorendpoint(monitorAddress);
  construction.setType(registration.type);
  construction.setName(registration.name);
  construction.setParent(registration.parent);
  construction.setAcceptsOutputValues(true);
  const inherited = new Map(resolved.providers);
  inherited.set(instance.packageName, resolved.provider);
  for (const [name, reference] of inherited) construction.getProvidersMap().set(name, reference);
  construction.setDependenciesList(registration.options.getDependsOnList());
  if (resolved.protect !== undefined) construction.setProtect(resolved.protect);
  if (resolved.retainOnDelete !== undefined) construction.setRetainondelete(resolved.retainOnDelete);
  construction.setAliasesList(registration.options.getAliasesList());
  construction.setAdditionalsecretoutputsList(registration.options.getAdditionalSecretOutputsList());
  construction.setIgnorechangesList(registration.options.getIgnoreChangesList());
  construction.setReplaceonchangesList(registration.options.getReplaceOnChangesList());
  construction.setDeletedwith(registration.options.getDeletedWith());
  const inputs = registration.inputs;
  for (const [key, value] of Object.entries(inputs)) {
    const urns = new Set([...(registration.propertyDependencies[key] ?? []), ...outputDependencies(value)]);
    const list = new providerMessages.ConstructRequest.PropertyDependencies();
    list.setUrnsList([...urns]);
    construction.getInputdependenciesMap().set(key, list);
  }
  const constructed = await instance.client.construct(construction, inputs);
  const response = new messages.RegisterResourceResponse();
  response.setUrn(constructed.urn);
  const dependencies: Record<string, Set<string>> = {};
  for (const [key, urns] of Object.entries(constructed.dependencies)) dependencies[key] = new Set(urns);
  for (const [key, value] of Object.entries(constructed.outputs))
    for (const urn of outputDependencies(value)) (dependencies[key] ??= new Set()).add(urn);
  for (const [key, urns] of Object.entries(dependencies)) {
    const list = new messages.RegisterResourceResponse.PropertyDependencies();
    list.setUrnsList([...urns]);
    response.getPropertydependenciesMap().set(key, list);
  }
  const outputs: Properties = {};
  for (const [key, value] of Object.entries(downgradedProperties(constructed.outputs)))
    outputs[key] =
      registration.options.getAdditionalSecretOutputsList().includes(key) && !(value instanceof Secret)
        ? new Secret(value)
        : value;
  response.setObject(toStruct(outputs, responseOptions(request)));
  return response;
}
