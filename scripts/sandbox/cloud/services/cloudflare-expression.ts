/** What the parser of rule expressions says; undefined where it has nothing to say. It knows words, not the grammar. */
export function expressionProblem(expression: string): string | undefined {
  const bare = withoutTexts(expression);
  if (bare === undefined) return "Filter parsing error: a text is not closed";
  if (!isBalanced(bare)) return "Filter parsing error: parentheses or braces do not match";
  if (bare.trim() === "") return "Filter parsing error: the expression is empty";
  const unknown = fieldsOf(bare).find((field) => !FIELDS.some((known) => known.test(field)));
  return unknown === undefined ? undefined : `Filter parsing error: unknown identifier ${unknown}`;
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
