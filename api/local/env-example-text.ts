import { variableFacts, variables } from "../src/environment.ts";

/** Above it a line is hard to read beside code. */
const WIDTH = 116;

function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`# ${word}`);
  }
  return lines;
}

/** As it stands in a variable: the value that the schema would read back. */
const written = (value: unknown): string => (Array.isArray(value) ? value.join(",") : String(value));

function entry(variable: string, schema: (typeof variables.shape)[keyof typeof variables.shape]): string {
  const facts = variableFacts.get(schema);
  if (facts === undefined) throw new Error(`api/src/environment.ts: ${variable} registers no facts`);
  const left = schema.safeParse(undefined);
  const value = left.success && left.data !== undefined ? written(left.data) : "";
  const notes = [
    facts.purpose,
    ...(value === "" ? ["No default."] : []),
    ...(facts.secret === true ? ["A secret: it is never committed."] : []),
  ];
  return [...wrapped(notes.join(" ")), `#${variable}=${value}`].join("\n");
}

/** Every variable of the API with its purpose and what counts without it. No line sets anything. */
export const envExample = (): string =>
  [
    [
      "# What the API reads. Written by `node api/local/env-example.ts --write` from api/src/environment.ts: change that,",
      "# not this. Each line shows the default; none is needed to begin. To change one, copy this file to api/.env and",
      "# take the # away: `npm run dev` and `docker compose up` read it.",
    ].join("\n"),
    ...Object.entries(variables.shape).map(([variable, schema]) => entry(variable, schema)),
    "",
  ]
    .join("\n\n")
    .replace(/\n\n$/, "\n");
