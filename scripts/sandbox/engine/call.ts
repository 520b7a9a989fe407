import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import type messages from "@pulumi/pulumi/proto/resource_pb.js";
import type { Properties } from "../values/value.ts";
import { FULL, toStruct } from "../values/wire.ts";
import type { Context } from "./context.ts";

/** A method's call as its provider gets it: with all that it needs to register resources by itself. */
export function callRequest(
  { options, preview }: Context,
  monitorAddress: string,
  request: messages.ResourceCallRequest,
  args: Properties,
): providerMessages.CallRequest {
  const call = new providerMessages.CallRequest();
  call.setTok(request.getTok());
  call.setArgs(toStruct(args, FULL));
  request.getArgdependenciesMap().forEach((urns, key) => {
    const list = new providerMessages.CallRequest.ArgumentDependencies();
    list.setUrnsList(urns.getUrnsList());
    call.getArgdependenciesMap().set(key, list);
  });
  call.setProject(options.project.name);
  call.setStack(options.stack);
  call.setOrganization(options.project.organization);
  for (const [key, value] of options.config.values) call.getConfigMap().set(key, value);
  call.setConfigsecretkeysList([...options.config.secretKeys]);
  call.setDryrun(preview);
  call.setParallel(options.parallel);
  call.setMonitorendpoint(monitorAddress);
  call.setAcceptsOutputValues(true);
  return call;
}
