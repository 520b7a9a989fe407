/**
 * A config key with its namespace: `region` of project `shop` is `shop:region`; the old form `aws:config:region` is
 * `aws:region`. Undefined where the text is no key.
 */
export function qualifiedKey(project: string, key: string): string | undefined {
  const parts = key.split(":");
  const [first = "", second = "", third = ""] = parts;
  if (parts.length === 1) return first === "" ? undefined : `${project}:${first}`;
  if (parts.length === 2) return first === "" || second === "" ? undefined : key;
  if (parts.length === 3 && second === "config" && first !== "" && third !== "") return `${first}:${third}`;
  return undefined;
}

/** The key as a person of this project writes it. */
export function shortKey(project: string, key: string): string {
  return key.startsWith(`${project}:`) ? key.slice(project.length + 1) : key;
}
