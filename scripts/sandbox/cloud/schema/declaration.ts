import type { Property, PropertyType } from "./type.ts";

/** Where the declaration stands, which decides what `inputs.x` and `outputs.x` mean. */
export interface Scope {
  readonly packageName: string;
  /** "input" or "output" inside types/, where a bare name is another type of the same file. */
  readonly file: "input" | "output" | "resource";
}

const COMMENT = /\/\*[\s\S]*?\*\//g;

export const withoutComments = (text: string): string => text.replace(COMMENT, "");

/** Reads the members of an interface or class body: `text` starts after its opening brace. Methods are left out. */
export function parseMembers(text: string, scope: Scope): Record<string, Property> {
  const reader = new Reader(withoutComments(text));
  const members: Record<string, Property> = {};
  while (!reader.take("}") && !reader.atEnd()) {
    reader.take("static");
    reader.take("readonly");
    const name = reader.word();
    const optional = reader.take("?");
    if (!reader.take(":")) {
      reader.skipStatement();
      continue;
    }
    const { type, nullable } = parseUnion(reader, scope);
    reader.skipStatement();
    members[name] = { type, required: !optional && !nullable };
  }
  return members;
}

interface Parsed {
  readonly type: PropertyType;
  /** The declaration allows `undefined`. */
  readonly nullable: boolean;
}

const ANY: PropertyType = { kind: "any" };
const WRAPPERS = new Set(["pulumi.Input", "pulumi.Output", "Promise"]);
const PRIMITIVES = new Set(["string", "number", "boolean", "any"]);

function parseUnion(reader: Reader, scope: Scope): Parsed {
  const options: PropertyType[] = [];
  let nullable = false;
  reader.take("|");
  do {
    const parsed = parsePostfix(reader, scope);
    nullable ||= parsed.nullable;
    if (parsed.type !== ABSENT) options.push(parsed.type);
  } while (reader.take("|"));
  return { type: united(options), nullable };
}

// Stands for `undefined` and `null` in a union, which only make a property optional.
const ABSENT: PropertyType = { kind: "union", of: [] };

function united(options: readonly PropertyType[]): PropertyType {
  const flat = options.flatMap((option) => (option.kind === "union" ? option.of : [option]));
  const distinct = flat.filter(
    (option, index) => flat.findIndex((other) => JSON.stringify(other) === JSON.stringify(option)) === index,
  );
  const [only] = distinct;
  if (only !== undefined && distinct.length === 1) return only;
  return distinct.length === 0 || distinct.some((option) => option.kind === "any")
    ? ANY
    : { kind: "union", of: distinct };
}

function parsePostfix(reader: Reader, scope: Scope): Parsed {
  let { type, nullable } = parsePrimary(reader, scope);
  while (reader.take("[")) {
    reader.take("]");
    type = { kind: "list", item: type };
    nullable = false;
  }
  return { type, nullable };
}

function parsePrimary(reader: Reader, scope: Scope): Parsed {
  if (reader.take("(")) {
    const inner = parseUnion(reader, scope);
    reader.take(")");
    return inner;
  }
  if (reader.take("{")) return { type: parseMap(reader, scope), nullable: false };
  const literal = reader.literal();
  if (literal !== undefined) return { type: { kind: literal }, nullable: false };
  const name = reader.word();
  if (reader.take("<")) {
    const inner = parseUnion(reader, scope);
    while (reader.take(",")) parseUnion(reader, scope);
    reader.take(">");
    return WRAPPERS.has(name) ? inner : { type: ANY, nullable: false };
  }
  return name === "undefined" || name === "null"
    ? { type: ABSENT, nullable: true }
    : { type: named(name, scope), nullable: false };
}

/** `{ [key: string]: T; }`; anything else between braces is not typed further. */
function parseMap(reader: Reader, scope: Scope): PropertyType {
  if (!reader.take("[")) {
    reader.skipBlock();
    return ANY;
  }
  while (!reader.take("]")) reader.word();
  reader.take(":");
  const item = parseUnion(reader, scope).type;
  reader.take(";");
  reader.take("}");
  return { kind: "map", item };
}

function named(name: string, scope: Scope): PropertyType {
  if (PRIMITIVES.has(name)) return { kind: name } as PropertyType;
  const [head = "", ...rest] = name.split(".");
  if (head === "inputs" || head === "outputs")
    return { kind: "object", name: `${scope.packageName}/${head.slice(0, -1)}/${rest.join(".")}` };
  if (head === "pulumi")
    return rest[0] === "asset" ? { kind: "asset" } : rest.join(".") === "ARN" ? { kind: "string" } : ANY;
  // An enum's members are strings, a few of them numbers; sets stay open, as the provider has them.
  if (head === "enums") return { kind: "union", of: [{ kind: "string" }, { kind: "number" }] };
  // A resource's class: its id or ARN is what arrives.
  return scope.file === "resource" && rest.length === 0 ? { kind: "string" } : ANY;
}

/** A cursor over declarations without comments. Tokens are words (with dots), literals, and single marks. */
class Reader {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  #skipSpace(): void {
    while (this.#position < this.#text.length && this.#text.charCodeAt(this.#position) <= 32) this.#position++;
  }

  atEnd(): boolean {
    this.#skipSpace();
    return this.#position >= this.#text.length;
  }

  /** Takes the mark or keyword if it is next. */
  take(token: string): boolean {
    this.#skipSpace();
    if (!this.#text.startsWith(token, this.#position)) return false;
    const end = this.#position + token.length;
    if (/\w/.test(token) && /[\w.]/.test(this.#text[end] ?? "")) return false;
    this.#position = end;
    return true;
  }

  /** A name such as `pulumi.Input`, `$type`, or `"quoted-name"`; a lone mark where there is none. */
  word(): string {
    this.#skipSpace();
    const pattern = /"((?:[^"\\]|\\.)*)"|[\w$.]+|./sy;
    pattern.lastIndex = this.#position;
    const match = pattern.exec(this.#text);
    if (match === null) {
      this.#position = this.#text.length;
      return "";
    }
    this.#position = pattern.lastIndex;
    return match[1] ?? match[0];
  }

  literal(): "string" | "number" | undefined {
    this.#skipSpace();
    const pattern = /("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|-?\d[\w.]*/y;
    pattern.lastIndex = this.#position;
    const match = pattern.exec(this.#text);
    if (match === null) return undefined;
    this.#position = pattern.lastIndex;
    return match[1] === undefined ? "number" : "string";
  }

  /** Moves behind the next `;` on this level. Stops before the end of the body. */
  skipStatement(): void {
    let depth = 0;
    for (; this.#position < this.#text.length; this.#position++) {
      const mark = this.#text[this.#position] ?? "";
      if (mark === ";" && depth === 0) {
        this.#position++;
        return;
      }
      if ("{([".includes(mark)) depth++;
      else if ("})]".includes(mark) && depth-- === 0) return;
    }
  }

  /** Moves behind the brace that closes the block whose opening was taken. */
  skipBlock(): void {
    for (let depth = 1; depth > 0 && this.#position < this.#text.length; this.#position++) {
      const mark = this.#text[this.#position];
      if (mark === "{") depth++;
      else if (mark === "}") depth--;
    }
  }
}
