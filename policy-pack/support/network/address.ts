import { BlockList, isIP, isIPv6 } from "node:net";

const internal = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
] as const)
  internal.addSubnet(network, prefix, "ipv4");
for (const [network, prefix] of [
  ["::", 127],
  ["fc00::", 7],
  ["fe80::", 10],
] as const)
  internal.addSubnet(network, prefix, "ipv6");

/** Whether an address means something only inside a network: private, shared, loopback, or link-local. */
export const isInternalAddress = (address: string): boolean =>
  isIP(address) !== 0 && internal.check(address, isIPv6(address) ? "ipv6" : "ipv4");
