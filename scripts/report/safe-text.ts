import { text } from "../markdown.ts";

const points: Readonly<Record<string, string>> = { ":": "&#58;", "/": "&#47;", ".": "&#46;" };

/** What GitHub would make a link of by itself: addresses with a scheme, with www, and of mail. */
const linked = /:\/\/|www\.|(?<=mailto|xmpp):/gi;

/** What somebody else wrote, as text on one line: no Markdown, no HTML, nobody notified, and no link to anywhere. */
export const safeText = (given: string): string =>
  text(given).replaceAll(linked, (match) => match.replaceAll(/[:/.]/g, (character) => points[character] ?? character));
