import { createHash } from "node:crypto";
import type { Properties, Value } from "../values/value.ts";
import { flagAt, listAt, numberAt, textAt } from "./fields.ts";
import { type CheckFailure, type Operation, Refusal, type ResourceRules, type Service } from "./service.ts";

/** Bytes that are the same for the same resource and the same inputs, so that new keepers give new values. */
function bytes(operation: Operation, label: string, length: number): Buffer {
  const seed = `${operation.hex(label, 64)}/${JSON.stringify(operation.inputs["keepers"] ?? null)}`;
  const blocks: Buffer[] = [];
  for (let made = 0; made < length; made += 32) blocks.push(createHash("sha256").update(`${seed}/${made}`).digest());
  return Buffer.concat(blocks).subarray(0, length);
}

/** Numbers from 0 up to, and without, the bound given to each call. */
function dice(operation: Operation, label: string): (bound: number) => number {
  let at = 0;
  return (bound) => bytes(operation, `${label}/${at++}`, 6).readUIntBE(0, 6) % bound;
}

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = LOWER.toUpperCase();
const DIGITS = "0123456789";
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";

/** The character classes of a string or password: whether it is on, how many at least, and which characters. */
function classes(inputs: Properties): { readonly on: boolean; readonly least: number; readonly letters: string }[] {
  const on = (property: string): boolean => flagAt(inputs, property) ?? true;
  const least = (property: string): number => numberAt(inputs, property) ?? 0;
  return [
    { on: on("lower"), least: least("minLower"), letters: LOWER },
    { on: on("upper"), least: least("minUpper"), letters: UPPER },
    {
      on: (flagAt(inputs, "numeric") ?? flagAt(inputs, "number")) !== false,
      least: least("minNumeric"),
      letters: DIGITS,
    },
    { on: on("special"), least: least("minSpecial"), letters: textAt(inputs, "overrideSpecial") ?? SPECIAL },
  ];
}

function text(operation: Operation): string {
  const { inputs } = operation;
  const roll = dice(operation, "text");
  const kinds = classes(inputs);
  const all = kinds
    .filter(({ on }) => on)
    .map(({ letters }) => letters)
    .join("");
  const pick = (letters: string): string => letters.charAt(roll(letters.length));
  const letters = kinds.flatMap(({ least, letters }) => Array.from({ length: least }, () => pick(letters)));
  while (letters.length < (numberAt(inputs, "length") ?? 0)) letters.push(pick(all));
  return shuffled(letters, roll).join("");
}

function shuffled<T>(items: readonly T[], roll: (bound: number) => number): T[] {
  const result = [...items];
  for (let at = result.length - 1; at > 0; at--) {
    const other = roll(at + 1);
    [result[at], result[other]] = [result[other] as T, result[at] as T];
  }
  return result;
}

function checkText(inputs: Properties): CheckFailure[] {
  const length = numberAt(inputs, "length");
  const kinds = classes(inputs);
  const least = kinds.reduce((sum, { least }) => sum + least, 0);
  if (length !== undefined && least > length)
    return [
      {
        property: "length",
        reason: `length ${length} must be at least the sum of minLower, minUpper, minNumeric, minSpecial: ${least}`,
      },
    ];
  return kinds.some(({ on }) => on)
    ? []
    : [{ property: "length", reason: "at least one of lower, upper, numeric, special must be true" }];
}

// The form of a bcrypt hash, for nobody to check a password against.
const bcryptForm = (operation: Operation): string =>
  `$2a$10$${bytes(operation, "bcrypt", 40).toString("base64").replaceAll(/[+=]/g, ".").slice(0, 53)}`;

/** 8-4-4-4-12 of the given version. */
function uuid(operation: Operation, version: number): string {
  const data = bytes(operation, "uuid", 16);
  data.writeUInt8((data.readUInt8(6) & 0x0f) | (version << 4), 6);
  data.writeUInt8((data.readUInt8(8) & 0x3f) | 0x80, 8);
  const digits = data.toString("hex");
  return [0, 8, 12, 16, 20].map((from, at) => digits.slice(from, [8, 12, 16, 20, 32][at])).join("-");
}

const ADVERBS = ["calmly", "deeply", "fairly", "gently", "kindly", "mostly", "nicely", "openly", "partly", "safely"];
const ADJECTIVES = [
  "amber",
  "brave",
  "clear",
  "eager",
  "fresh",
  "grand",
  "jolly",
  "lucid",
  "noble",
  "quiet",
  "sunny",
  "vivid",
];
const ANIMALS = [
  "badger",
  "crane",
  "dingo",
  "ferret",
  "gecko",
  "heron",
  "ibex",
  "lemur",
  "marten",
  "otter",
  "puffin",
  "tapir",
];

function pet(operation: Operation): string {
  const { inputs } = operation;
  const roll = dice(operation, "pet");
  const length = numberAt(inputs, "length") ?? 2;
  const pick = (words: readonly string[]): string => words[roll(words.length)] ?? "";
  const words = Array.from({ length }, (_, at) =>
    pick(at === length - 1 ? ANIMALS : at === length - 2 ? ADJECTIVES : ADVERBS),
  );
  const separator = typeof inputs["separator"] === "string" ? inputs["separator"] : "-";
  const prefix = textAt(inputs, "prefix");
  return [...(prefix === undefined ? [] : [prefix]), ...words].join(separator);
}

function integer(operation: Operation): number {
  const min = numberAt(operation.inputs, "min") ?? 0;
  const max = numberAt(operation.inputs, "max") ?? 0;
  return min + dice(operation, "integer")(max - min + 1);
}

function randomId(operation: Operation): { readonly data: Buffer; readonly prefix: string } {
  return {
    data: bytes(operation, "id", numberAt(operation.inputs, "byteLength") ?? 0),
    prefix: textAt(operation.inputs, "prefix") ?? "",
  };
}

const ordered = ({ inputs }: Operation): Refusal | undefined =>
  (numberAt(inputs, "min") ?? 0) > (numberAt(inputs, "max") ?? 0)
    ? new Refusal("InvalidParameter", "the minimum (min) of a random integer must not be above its maximum (max)")
    : undefined;

const uuidRules = (version: number): ResourceRules => ({
  id: (operation) => uuid(operation, version),
  computed: (operation) => ({ result: uuid(operation, version) }),
});

const resources: Record<string, ResourceRules> = {
  "random:index/randomString:RandomString": {
    check: checkText,
    id: text,
    computed: (operation) => ({ result: text(operation) }),
  },
  "random:index/randomPassword:RandomPassword": {
    check: checkText,
    id: () => "none",
    computed: (operation) => ({ result: text(operation), bcryptHash: bcryptForm(operation) }),
  },
  "random:index/randomId:RandomId": {
    id: (operation) => randomId(operation).data.toString("base64url"),
    computed(operation) {
      const { data, prefix } = randomId(operation);
      return {
        b64Std: `${prefix}${data.toString("base64")}`,
        b64Url: `${prefix}${data.toString("base64url")}`,
        dec: `${prefix}${BigInt(`0x0${data.toString("hex")}`).toString()}`,
        hex: `${prefix}${data.toString("hex")}`,
      };
    },
  },
  "random:index/randomBytes:RandomBytes": {
    id: () => "none",
    computed(operation) {
      const data = bytes(operation, "bytes", numberAt(operation.inputs, "length") ?? 0);
      return { base64: data.toString("base64"), hex: data.toString("hex") };
    },
  },
  "random:index/randomInteger:RandomInteger": {
    refuseCreate: ordered,
    id: (operation) => String(integer(operation)),
    computed: (operation) => ({ result: integer(operation) }),
  },
  "random:index/randomPet:RandomPet": { id: pet },
  "random:index/randomShuffle:RandomShuffle": {
    id: () => "-",
    computed(operation) {
      const items = listAt(operation.inputs, "inputs");
      const count = numberAt(operation.inputs, "resultCount") ?? items.length;
      const roll = dice(operation, "shuffle");
      const results: Value[] = [];
      while (items.length > 0 && results.length < count) results.push(...shuffled(items, roll));
      return { results: results.slice(0, count) };
    },
  },
  "random:index/randomUuid:RandomUuid": uuidRules(4),
  "random:index/randomUuid4:RandomUuid4": uuidRules(4),
  "random:index/randomUuid7:RandomUuid7": uuidRules(7),
};

/** The `random` provider: values that look random and are the same in every run. */
export const random: Service = { resources };
