import { DockerfileParser, type Instruction, ModifiableInstruction, PropertyInstruction } from "dockerfile-ast";

/** One instruction of a stage. */
export interface Step {
  /** In upper case: `COPY`. */
  readonly keyword: string;
  /** `--from=x` is `{ from: "x" }`; a flag without a value has an empty one. */
  readonly flags: Readonly<Record<string, string>>;
  /** Words with build arguments put in, as far as their defaults are known. */
  readonly words: readonly string[];
  /** All after the keyword and the flags, lines joined. */
  readonly text: string;
  /** Of ARG, ENV, and LABEL, without quotes and with variables as they stand; a value is null where there is none. */
  readonly pairs: Readonly<Record<string, string | null>>;
  /** From 1. */
  readonly line: number;
}

export interface Stage {
  readonly name: string | undefined;
  /** The image or the stage that it begins with. */
  readonly base: string;
  readonly platform: string | undefined;
  readonly line: number;
  readonly steps: readonly Step[];
}

export interface Dockerfile {
  /** What stands before the first FROM. */
  readonly global: readonly Step[];
  readonly stages: readonly Stage[];
}

function stepOf(instruction: Instruction): Step {
  return {
    keyword: instruction.getKeyword(),
    flags: instruction instanceof ModifiableInstruction ? valuesOf(instruction.getFlags(), "") : {},
    pairs: instruction instanceof PropertyInstruction ? valuesOf(instruction.getProperties(), null) : {},
    words: instruction.getExpandedArguments().map((word) => word.getValue()),
    text: instruction.getArgumentsContent() ?? "",
    line: instruction.getRange().start.line + 1,
  };
}

interface Named {
  getName(): string;
  getValue(): string | null;
}

const valuesOf = <Missing>(items: readonly Named[], missing: Missing): Record<string, string | Missing> =>
  Object.fromEntries(items.map((item) => [item.getName(), item.getValue() ?? missing]));

/** The stages in their order; the last is the image. Never throws: what is no instruction is a step all the same. */
export function readDockerfile(text: string): Dockerfile {
  const global: Step[] = [];
  const stages: (Stage & { steps: Step[] })[] = [];
  for (const step of DockerfileParser.parse(text).getInstructions().map(stepOf)) {
    if (step.keyword === "FROM") {
      const [base = "", as, name] = step.words;
      stages.push({
        name: as?.toUpperCase() === "AS" ? name : undefined,
        base,
        platform: step.flags["platform"],
        line: step.line,
        steps: [],
      });
    } else (stages.at(-1)?.steps ?? global).push(step);
  }
  return { global, stages };
}

/** The words of the exec form, `["node", "src/main.ts"]`; undefined where a shell would run the text. */
export function execForm(text: string): readonly string[] | undefined {
  try {
    const words: unknown = JSON.parse(text);
    return Array.isArray(words) && words.every((word) => typeof word === "string") ? words : undefined;
  } catch {
    return undefined;
  }
}
