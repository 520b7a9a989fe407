/** One part of a form. */
export interface FormPart {
  readonly name: string;
  readonly content: Buffer;
}

/** The parts of a multipart/form-data body, in their order. Throws where the media type names no boundary. */
export function formParts(body: Buffer, mediaType: string): readonly FormPart[] {
  const boundary = /boundary="?([^";]+)/.exec(mediaType)?.[1];
  if (boundary === undefined) throw new TypeError(`not a form: ${mediaType}`);
  // One character for each byte, so that files stay as they are.
  const [, ...parts] = `\r\n${body.toString("latin1")}`.split(`\r\n--${boundary}`);
  return parts.slice(0, -1).map((part) => {
    const [head = "", ...rest] = part.split("\r\n\r\n");
    const name = /[;\s]name="([^"]*)"/.exec(head)?.[1] ?? "";
    return { name, content: Buffer.from(rest.join("\r\n\r\n"), "latin1") };
  });
}
