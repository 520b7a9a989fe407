/** Node's own codes of a stream that is gone; the system's are all capitals: ECONNRESET, EPIPE, ENOTFOUND. */
const streamCodes: ReadonlySet<string> = new Set(["ERR_STREAM_DESTROYED", "ERR_STREAM_WRITE_AFTER_END"]);

/** Whether an error is what the system says of a socket, as a driver lets it through now and then. */
export function isSocketError(error: Error): boolean {
  const code: unknown = "code" in error ? error.code : undefined;
  return typeof code === "string" && (/^E[A-Z]+$/.test(code) || streamCodes.has(code));
}
