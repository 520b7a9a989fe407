import structs from "google-protobuf/google/protobuf/struct_pb.js";

/**
 * Keeps what a message's properties were decoded to. Pulumi's SDK decodes a resource anew for every policy that asks
 * about it, hundreds of times; that was half of the pack's time. Nobody changes the result: the SDK copies what it
 * hands to a policy, and a request is never written to.
 */
export function decodeOnce(): void {
  const decode = Object.getOwnPropertyDescriptor(structs.Struct.prototype, "toJavaScript")?.value as Decode;
  const decoded = new WeakMap<structs.Struct, Decoded>();
  structs.Struct.prototype.toJavaScript = function (this: structs.Struct) {
    const result = decoded.get(this) ?? decode.call(this);
    decoded.set(this, result);
    return result;
  };
}

type Decoded = ReturnType<structs.Struct["toJavaScript"]>;
type Decode = (this: structs.Struct) => Decoded;
