import { UNKNOWN, type Json, type Sent } from "./analyzer.ts";
import type { Case } from "./case.ts";

/** A rule about one property of one resource: the values that it lets pass, and those that it does not. */
export interface About {
  readonly rule: string;
  /** A resource in which nothing else is wrong for the rule. */
  readonly sound: Sent;
  /** Where the value stands: `clusterConfig.zoneAwarenessEnabled`, `parameters[0].value`. */
  readonly property: string;
  readonly passes?: readonly Json[];
  readonly fails?: readonly Json[];
  readonly absent: "passes" | "fails";
  readonly unknown: "waits" | "refused" | "passes" | "fails";
  /** What a finding says of the property; where it is left out, it shows the value. */
  readonly says?: RegExp;
  readonly config?: Case["config"];
}

/** The cases of one property, the block around it included. */
export function aboutProperty(about: About): readonly Case[] {
  const { rule, sound, property, absent, unknown } = about;
  const config = about.config === undefined ? {} : { config: about.config };
  const steps = property.split(/[.[\]]+/).filter((step) => step !== "");
  const given = (value: Json | undefined): Sent => ({
    ...sound,
    props: put(sound.props, steps, value) as Sent["props"],
  });
  const finding = (says: string): readonly RegExp[] => [new RegExp(`^[^\\n]*\\n${escaped(property)}: ${says}`)];
  const failing = (value: Json | undefined): readonly RegExp[] => finding(about.says?.source ?? escaped(shown(value)));
  const [block = ""] = steps;
  return [
    ...(about.passes ?? []).map((value) => ({
      rule,
      when: `${property} is ${JSON.stringify(value)}`,
      given: given(value),
      result: "passes" as const,
      ...config,
    })),
    ...(about.fails ?? []).map((value) => ({
      rule,
      when: `${property} is ${JSON.stringify(value)}`,
      given: given(value),
      result: failing(value),
      ...config,
    })),
    {
      rule,
      when: `${property} is absent`,
      given: given(undefined),
      result: absent === "passes" ? absent : failing(undefined),
      ...config,
    },
    ...(steps.length > 1 && !property.includes("[")
      ? [
          {
            rule,
            when: `${block} is absent, and ${property} with it`,
            given: { ...sound, props: put(sound.props, [block], undefined) as Sent["props"] },
            result: absent === "passes" ? absent : failing(undefined),
            ...config,
          },
        ]
      : []),
    {
      rule,
      when: `${property} is unknown`,
      given: given(UNKNOWN),
      result:
        unknown === "refused"
          ? finding("its value is not known at preview")
          : unknown === "fails"
            ? finding(about.says?.source ?? "")
            : unknown,
      ...config,
    },
  ];
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

const shown = (value: Json | undefined): string =>
  value === undefined || value === "" ? "it is not set" : `it is ${JSON.stringify(value)}`;

/** A copy with a value in one place, the blocks around it made where they are missing. */
function put(source: Json, [step = "", ...rest]: readonly string[], value: Json | undefined): Json {
  if (/^\d+$/.test(step)) {
    const list: Json[] = Array.isArray(source) ? [...source] : [];
    if (rest.length > 0) list[Number(step)] = put(list[Number(step)] ?? {}, rest, value);
    else list.splice(Number(step), 1, ...(value === undefined ? [] : [value]));
    return list;
  }
  const map: Record<string, Json> =
    typeof source === "object" && source !== null && !Array.isArray(source) ? { ...source } : {};
  if (rest.length > 0) map[step] = put(map[step] ?? (/^\d+$/.test(rest[0] ?? "") ? [] : {}), rest, value);
  else if (value === undefined) Reflect.deleteProperty(map, step);
  else map[step] = value;
  return map;
}
