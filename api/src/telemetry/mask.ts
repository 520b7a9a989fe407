/** Stands where a secret stood. */
export const masked = "***";

/** Names whose values never leave the process. `k` is the key itself in a JSON Web Key. */
const secretWords =
  "passwords?|passwd|passphrase|pwd|secrets?|tokens?|api[-_ ]?keys?|access[-_ ]?keys?|private[-_ ]?keys?|signing[-_ ]?keys?|" +
  "credentials?|authorization|cookies?|session|signature|dsn";

const secretName = new RegExp(`${secretWords}|^(?:k|auth|sig)$`, "i");

/** Whether a field or variable of this name holds a secret. */
export const isSecretName = (name: string): boolean => secretName.test(name);

/** What every pattern below needs; most texts, such as ids, have none of it, and are done in a fraction of the time. */
const suspicious = /[:=]|-----BEGIN|eyJ|A[KS]IA|(?:bearer|basic|digest|negotiate)\s/i;

/** What is replaced in any text, in this order: what holds the rest comes first. */
const patterns: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}-----|$)/g, masked],
  // To the last @, since a password that was not encoded may hold one; quotes may be part of it as well.
  [/([a-z][a-z0-9+.-]{0,30}:\/\/)\S*@/gi, `$1${masked}@`],
  // Queries carry signatures and session tokens, and no error is clearer for them.
  [/([a-z][a-z0-9+.-]{0,30}:\/\/[^\s?]*)\?\S*/gi, `$1?${masked}`],
  [/\b(bearer|basic|digest|negotiate)(\s{1,8})[^\s"',;]+/gi, `$1$2${masked}`],
  [/\beyJ[\w-]*\.[\w-]*(?:\.[\w-]*)*/g, masked],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, masked],
  // A duplicate key is told with its value, which is somebody's.
  [/(dup key: ?)\{[^}]*\}?/gi, `$1{ ${masked} }`],
  [
    new RegExp(
      `((?:(?:${secretWords})[\\w-]{0,40}|\\b(?:k|auth|sig))\\\\?["']?\\s{0,8}(?:[:=]|=>)\\s{0,8})` +
        `(?:\\\\?"[^"]*\\\\?"?|'[^']*'?|[^\\s,;&}\\]]+)`,
      "gi",
    ),
    `$1${masked}`,
  ],
];

/** Longest text that is looked at, in characters: the patterns take time in proportion to it. */
const longest = 16_384;

/** What is certain to be whole: a secret that was cut in two would no longer be recognised. */
function wholeWords(text: string): string {
  if (text.length <= longest) return text;
  return text.slice(0, longest).replace(/\S*$/, "");
}

/** Text without URL credentials, queries, tokens, keys, and what stands after a password's name. Pure. */
export function maskText(text: string): string {
  if (!suspicious.test(text)) return text;
  return patterns.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), wholeWords(text));
}

/** Masks these values too, wherever they stand. Those below 8 characters are left out: they would mask words. */
export function maskOf(secrets: readonly string[]): (text: string) => string {
  const known = secrets
    .filter((secret) => secret.length >= 8)
    .flatMap((secret) => [secret, encodeURIComponent(secret)])
    .sort((a, b) => b.length - a.length);
  return (text) => maskText(known.reduce((rest, secret) => rest.replaceAll(secret, masked), text));
}
