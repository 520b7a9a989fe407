import type callbacks from "@pulumi/pulumi/proto/callback_pb.js";
import callbackMessages from "@pulumi/pulumi/proto/callback_pb.js";
import callbackServices from "@pulumi/pulumi/proto/callback_grpc_pb.js";
import { CHANNEL_OPTIONS, INSECURE, unary } from "../protocol/grpc.ts";

/** Functions that live in the program: called by target and token. One connection per target. */
export class Callbacks {
  readonly #clients = new Map<string, callbackServices.CallbacksClient>();

  async invoke(callback: callbacks.Callback, request: Uint8Array): Promise<Uint8Array> {
    const message = new callbackMessages.CallbackInvokeRequest();
    message.setToken(callback.getToken());
    message.setRequest(request);
    const client = this.#client(callback.getTarget());
    const response = await unary(client, callbackServices.CallbacksService.invoke, message);
    return response.getResponse_asU8();
  }

  #client(target: string): callbackServices.CallbacksClient {
    const known = this.#clients.get(target);
    if (known !== undefined) return known;
    const client = new callbackServices.CallbacksClient(target, INSECURE, CHANNEL_OPTIONS);
    this.#clients.set(target, client);
    return client;
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
    this.#clients.clear();
  }
}
