/** One line of the API's log, as far as tests ask. */
export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

export const linesOf = (text: string): LogLine[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map(lineOf);

/** What is no JSON, such as a warning of Node's, is shown whole. */
function lineOf(text: string): LogLine {
  try {
    return JSON.parse(text) as LogLine;
  } catch (cause) {
    throw new Error(`it is no line of JSON: ${text}`, { cause });
  }
}
