import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";

/** A file of the page at /docs. */
export interface PageFile {
  /** The operationId of its route. */
  readonly id: string;
  readonly path: string;
  readonly mediaType: string;
  readonly read: () => Promise<string | Buffer>;
}

const title = "Practice maps: the API";

const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/docs/page.css">
  </head>
  <body>
    <noscript><p>The same as a document: <a href="/openapi.json">openapi.json</a></p></noscript>
    <main id="page"></main>
    <script src="/docs/bundle.js" defer></script>
    <script src="/docs/start.js" defer></script>
  </body>
</html>
`;

/** A file of its own, since the page runs nothing inline. Without the validator the page asks no other host. */
const start = `SwaggerUIBundle({
  dom_id: "#page",
  url: "/openapi.json",
  validatorUrl: null,
  deepLinking: true,
  displayRequestDuration: true,
  persistAuthorization: false,
});
`;

const distribution = (file: string) => (): Promise<Buffer> => {
  const folder = join(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"), "..");
  return readFile(join(folder, file));
};
const own = (text: string) => (): Promise<string> => Promise.resolve(text);

const javascript = "text/javascript; charset=utf-8";

export const pageFiles = [
  { id: "getDocumentation", path: "/docs", mediaType: "text/html; charset=utf-8", read: own(html) },
  { id: "getDocumentationStart", path: "/docs/start.js", mediaType: javascript, read: own(start) },
  {
    id: "getDocumentationBundle",
    path: "/docs/bundle.js",
    mediaType: javascript,
    read: distribution("swagger-ui-bundle.js"),
  },
  {
    id: "getDocumentationStyle",
    path: "/docs/page.css",
    mediaType: "text/css; charset=utf-8",
    read: distribution("swagger-ui.css"),
  },
] as const satisfies readonly PageFile[];
