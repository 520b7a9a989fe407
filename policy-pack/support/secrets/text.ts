const SECRET_WORDS: ReadonlySet<string> = new Set(
  "secret secrets password passwords passwd passphrase pwd pass token tokens credential credentials authorization cookie bearer apikey".split(
    " ",
  ),
);
/** A key of these kinds is a secret; a key of a cache or a map is not. */
const SECRET_KEYS: ReadonlySet<string> = new Set(["api", "private", "access", "signing", "encryption", "auth", "app"]);
/** What ends so tells of a secret without being one: TOKEN_URL, SECRET_ARN, token-ttl-seconds. */
const ABOUT_SECRETS: ReadonlySet<string> = new Set([
  ..."arn arns url uri endpoint host id ids name names path file ttl seconds minutes hours days expiry".split(" "),
  ..."count limit length enabled type issuer audience algorithm header prefix version region".split(" "),
]);
const MEANT_FOR_ALL: ReadonlySet<string> = new Set(["publishable", "public"]);

/** Whether the name of a variable or header says that its value is a secret. */
export function soundsSecret(name: string): boolean {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  if (ABOUT_SECRETS.has(words.at(-1) ?? "")) return false;
  const isKey = words.some((word, index) => word === "key" && SECRET_KEYS.has(words[index - 1] ?? ""));
  // A browser's own key for a public API is called NEXT_PUBLIC_..._API_KEY; a password never is.
  if (words.some((word) => MEANT_FOR_ALL.has(word)))
    return words.some((word) => word === "secret" || word === "password" || word === "private");
  return isKey || words.some((word) => SECRET_WORDS.has(word));
}

const SECRET_VALUES: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\b(AKIA|ASIA)[A-Z0-9]{16}\b/,
  // The user may be empty, as in the URLs of Redis.
  /:\/\/[^\s/:@{]*:[^\s/@{]+@/,
  /(^|[?&;\s])(password|passwd|pwd)=[^&;\s{$]+/i,
  /^(Bearer|Basic) +(?!\{\{)\S{8,}/i,
  /\b(gh[oprsu]_|github_pat_|glpat-|npm_[A-Za-z0-9]{26}|xox[abeprs]-|xapp-|sk_live_|rk_live_|whsec_|ddapp_|AIza)[\w-]{10,}/,
  /\bSG\.[\w-]{16,}\.[\w-]{16,}/,
  /https:\/\/hooks\.slack\.com\/(services|workflows)\/\S+/,
  // A signed token: header, claims, signature.
  /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/,
];

/** Whether a text is a secret by its form: a private key, a URL with a password, a token of a known kind. */
export const looksSecret = (text: string): boolean => SECRET_VALUES.some((pattern) => pattern.test(text));

/** Bits per character; text that somebody wrote has fewer than 4.2, as long as it is not much longer than a key. */
const LEAST_ENTROPY = 4.25;
/** Digests, commits, and the like look random and tell nothing. */
const NO_SECRETS =
  /(^|_)(arns?|ids?|sha\d*|digest|hash|commit|revision|version|release|checksum|etag|fingerprint|thumbprint|image|tag|public|cert|certificate|nonce|integrity)(_|$)/i;

/** Whether a text is long and without pattern: keys of 128 bits and more, in hexadecimal or base64. */
export function looksRandom(text: string): boolean {
  if (/^([0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$/i.test(text)) return entropyOf(text) > 3;
  if (!/^[\w+/-]{32,}={0,2}$/.test(text)) return false;
  return [/[a-z]/, /[A-Z]/, /\d/].every((kind) => kind.test(text)) && entropyOf(text) >= LEAST_ENTROPY;
}

function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}

/** What a variable may hold whose name says secret: where the secret is, a switch, a number, or nothing. */
const HARMLESS = /^\s*(arn:[^\s]*|true|false|on|off|yes|no|none|null|-?\d{1,5}(\.\d+)?)?\s*$/i;

/** Why a variable in plain text is taken for a secret, without the value; undefined where it is not. */
export function secretReason(name: string, value: string): string | undefined {
  if (looksSecret(value)) return "its value has the form of a secret";
  if (HARMLESS.test(value)) return undefined;
  if (soundsSecret(name)) return "its name says that it is a secret";
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2").replaceAll(/[^A-Za-z0-9]+/g, "_");
  return looksRandom(value) && !NO_SECRETS.test(words) ? "its value is as random as a key" : undefined;
}
