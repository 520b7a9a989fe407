import type { Page } from "./page.ts";

export interface PagerDuty {
  /** Of the Events API v2: `https://events.pagerduty.com/v2/enqueue`. */
  readonly url: string;
  /** For the whole exchange. */
  readonly deadlineMilliseconds: number;
}

/** What an error may repeat of an answer, in characters. */
const longestAnswer = 300;

/** Throws an Error where PagerDuty does not take the page in time. The key is no part of it. */
export async function send(page: Page, routingKey: string, { url, deadlineMilliseconds }: PagerDuty): Promise<void> {
  const { status, text } = await post(url, JSON.stringify({ routing_key: routingKey, ...page }), deadlineMilliseconds);
  if (status === 202) return;
  const answer = text.replaceAll(routingKey, "(the routing key)").slice(0, longestAnswer);
  throw new Error(`PagerDuty did not take the page: ${status} ${answer}`.trim());
}

async function post(url: string, body: string, milliseconds: number): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
      // The key goes to nobody else.
      redirect: "error",
      signal: AbortSignal.timeout(milliseconds),
    });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    throw new Error(`PagerDuty was not reached: ${reasonOf(error)}`, { cause: error });
  }
}

/** Fetch says what happened in the cause of its error. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}
