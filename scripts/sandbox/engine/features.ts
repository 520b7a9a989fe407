import messages from "@pulumi/pulumi/proto/resource_pb.js";
import type { Context } from "./context.ts";

const Feature = messages.ResourceMonitorFeature;

/** What this engine honours, by number and by the name that older SDKs ask for. */
const FEATURES: readonly (readonly [messages.ResourceMonitorFeature, string])[] = [
  [Feature.RESOURCE_MONITOR_FEATURE_SECRETS, "secrets"],
  [Feature.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES, "resourceReferences"],
  [Feature.RESOURCE_MONITOR_FEATURE_OUTPUT_VALUES, "outputValues"],
  [Feature.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS, "aliasSpecs"],
  [Feature.RESOURCE_MONITOR_FEATURE_REPLACEMENT_TRIGGER, "replacementTrigger"],
  [Feature.RESOURCE_MONITOR_FEATURE_DELETED_WITH, "deletedWith"],
  [Feature.RESOURCE_MONITOR_FEATURE_REPLACE_WITH, "replaceWith"],
  [Feature.RESOURCE_MONITOR_FEATURE_TRANSFORMS, "transforms"],
  [Feature.RESOURCE_MONITOR_FEATURE_INVOKE_TRANSFORMS, "invokeTransforms"],
  [Feature.RESOURCE_MONITOR_FEATURE_PARAMETERIZATION, "parameterization"],
  [Feature.RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS, "resourceHooks"],
  [Feature.RESOURCE_MONITOR_FEATURE_ERROR_HOOKS, "errorHooks"],
];

export function supportsFeature(id: string): messages.SupportsFeatureResponse {
  const response = new messages.SupportsFeatureResponse();
  response.setHassupport(FEATURES.some(([, name]) => name === id));
  return response;
}

/** What the program is told of the run before anything else. */
export function deploymentInfo({ options, preview }: Context): messages.DeploymentInfo {
  const info = new messages.DeploymentInfo();
  info.setProject(options.project.name);
  info.setStack(options.stack);
  info.setOrganization(options.project.organization);
  for (const [key, value] of options.config.values) info.getConfigMap().set(key, value);
  info.setConfigsecretkeysList([...options.config.secretKeys]);
  info.setDryrun(preview);
  info.setParallel(options.parallel);
  info.setSupportedfeaturesList(FEATURES.map(([feature]) => feature));
  return info;
}
