/** HTML that is safe as it stands. */
export interface Markup {
  readonly markup: string;
}

type Part = string | number | Markup | readonly Markup[];

/** A template whose texts are escaped; markup stays markup. Lines lose the indent that they have in the program. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Markup => ({
  markup: withoutIndent(strings).reduce((whole, text, index) => `${whole}${shown(parts[index - 1] ?? "")}${text}`),
});

const known = new WeakMap<TemplateStringsArray, readonly string[]>();

function withoutIndent(strings: TemplateStringsArray): readonly string[] {
  const texts = known.get(strings) ?? strings.map((text) => text.replaceAll(/\s*\n\s*/g, "\n"));
  known.set(strings, texts);
  return texts;
}

function shown(part: Part): string {
  if (typeof part === "object") return "markup" in part ? part.markup : part.map(({ markup }) => markup).join("");
  return String(part).replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0) ?? 0};`);
}
