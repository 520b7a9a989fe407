/** What the parser of rule expressions says; undefined where it has nothing to say. It knows words, not the grammar. */
export function expressionProblem(expression: string): string | undefined {
  const bare = withoutTexts(expression);
  if (bare === undefined) return "Filter parsing error: a text is not closed";
  if (!isBalanced(bare)) return "Filter parsing error: parentheses or braces do not match";
  if (bare.trim() === "") return "Filter parsing error: the expression is empty";
  const slip = SLIPS.find(({ pattern }) => pattern.test(bare));
  if (slip !== undefined) return `Filter parsing error: ${slip.problem}`;
  const called = functionsOf(bare).find((name) => !FUNCTIONS.includes(name));
  if (called !== undefined) return `Filter parsing error: unknown function ${called}`;
  const word = comparedWord(bare);
  if (word !== undefined) return `Filter parsing error: expected a literal, found ${word}: a text stands in quotes`;
  const unknown = fieldsOf(bare).find((field) => !FIELDS.some((known) => known.test(field)));
  return unknown === undefined ? undefined : `Filter parsing error: unknown identifier ${unknown}`;
}

/** What other languages write. */
const SLIPS: readonly { readonly pattern: RegExp; readonly problem: string }[] = [
  { pattern: /'/, problem: "unrecognised input ': a text stands in double quotes" },
  { pattern: /(?<![=!<>])=(?!=)/, problem: "unrecognised input =: equality is == or eq" },
  { pattern: /===|!==/, problem: "unrecognised input: equality is == or eq" },
  {
    pattern: /\b(?:AND|OR|NOT|XOR|IN|EQ|NE|CONTAINS|MATCHES)\b/,
    problem: "unrecognised input: operators are in lower case",
  },
  { pattern: /\b(?:and|or|eq|ne|contains|in|not|==|!=)\s*$/, problem: "the expression ends in an operator" },
  { pattern: /\{[^}]*,[^}]*\}/, problem: "unrecognised input ,: the items of a set stand apart by blanks" },
];

/** https://developers.cloudflare.com/ruleset-engine/rules-language/functions/ */
const FUNCTIONS = [
  ...["all", "any", "bit_slice", "cidr", "cidr6", "concat", "decode_base64", "encode_base64", "ends_with"],
  ...["has_key", "has_value", "is_timed_hmac_valid_v0", "join", "len", "lookup_json_integer", "lookup_json_string"],
  ...["lower", "regex_replace", "remove_bytes", "remove_query_args", "sha256", "split", "starts_with", "substring"],
  ...["to_string", "upper", "url_decode", "uuidv4", "wildcard_replace"],
];

const WORDS = ["and", "or", "xor", "not", "in", "eq", "ne", "lt", "le", "gt", "ge"];

const functionsOf = (bare: string): string[] =>
  [...bare.matchAll(/(?<![\w.])([A-Za-z_]\w*)\s*\(/g)].flatMap(([, name = ""]) => (WORDS.includes(name) ? [] : [name]));

/** A flag, a raw text's beginning, an address of IPv6, or another field. */
const LITERAL = /^(?:true|false|r|[0-9a-f]*:[0-9a-f:.]*|(?:http|ip|cf|raw)\..+)$/i;

/** A word without quotes behind a comparison, where a text, a number, an address, a set, or a list should be. */
function comparedWord(bare: string): string | undefined {
  const words = bare.matchAll(/(?:\b(?:eq|ne|contains|wildcard|matches)\s|==|!=)\s*([A-Za-z/][^\s(){}"]*)/g);
  return [...words].map(([, word = ""]) => word).find((word) => !FUNCTIONS.includes(word) && !LITERAL.test(word));
}

/** Fields that the expression reads. */
export function expressionFields(expression: string): string[] {
  return fieldsOf(withoutTexts(expression) ?? "");
}

/** Lists that the expression names, without the dollar sign; Cloudflare's own begin with `cf.`. */
export function expressionLists(expression: string): string[] {
  return [...(withoutTexts(expression) ?? "").matchAll(/\$([a-z0-9_.]+)/g)].flatMap(([, name = ""]) =>
    name.startsWith("cf.") ? [] : [name],
  );
}

/** Regular expressions are for the Business plan and above. */
export const usesRegularExpressions = (expression: string): boolean =>
  /\bmatches\b|~|\bregex_replace\b/.test(withoutTexts(expression) ?? "");

/** The expression with every quoted text emptied; undefined where one is not closed. */
function withoutTexts(expression: string): string | undefined {
  const bare = expression.replace(/"(?:[^"\\]|\\.)*"/gs, '""');
  return bare.replaceAll('""', "").includes('"') ? undefined : bare;
}

function isBalanced(bare: string): boolean {
  const open: string[] = [];
  const pairs: Readonly<Record<string, string>> = { ")": "(", "}": "{", "]": "[" };
  for (const character of bare) {
    if ("({[".includes(character)) open.push(character);
    else if (character in pairs && open.pop() !== pairs[character]) return false;
  }
  return open.length === 0;
}

const fieldsOf = (bare: string): string[] =>
  [...bare.matchAll(/(?<![$\w.])(?:http|ip|cf|ssl|raw|tcp|udp|icmp)(?:\.[a-z0-9_]+)+/g)].map(([field]) => field);

/** https://developers.cloudflare.com/ruleset-engine/rules-language/fields/reference/ */
const FIELDS = [
  /^(raw\.)?http\.request\.(full_uri|method|version|timestamp\.(sec|msec)|accepted_languages)$/,
  /^(raw\.)?http\.request\.uri(\.(path(\.extension)?|query|args(\.(names|values))?))?$/,
  /^(raw\.)?http\.request\.(headers|cookies)(\.(names|values|truncated))?$/,
  /^http\.request\.(body|jwt)(\.[a-z0-9_]+)+$/,
  /^(raw\.)?http\.response\.[a-z0-9_.]+$/,
  /^http\.(host|user_agent|cookie|referer|x_forwarded_for)$/,
  /^ip\.(src|dst|geoip|proto|len|hdr_len|opt|ttl|continent)(\.[a-z0-9_]+)*$/,
  /^(cf|tcp|udp|icmp)\.[a-z0-9_.]+$/,
];
