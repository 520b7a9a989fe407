import { isIP } from "node:net";

const countPattern = /^\d$/;
const widest = { 4: 32, 6: 128 } as const;

/** A count from 0 to 9, or CIDRs and addresses separated by commas. Trust in every address is refused. */
export const isProxyTrust = (text: string): boolean => countPattern.test(text) || text.split(",").every(isRange);

/** What Express takes for its setting `trust proxy`. */
export const proxyTrust = (text: string): number | string[] =>
  countPattern.test(text) ? Number(text) : text.split(",");

function isRange(text: string): boolean {
  const [address = "", bits, ...more] = text.split("/");
  const family = isIP(address);
  if (more.length > 0 || (family !== 4 && family !== 6)) return false;
  return bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= widest[family]);
}
