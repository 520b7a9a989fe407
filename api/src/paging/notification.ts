/** A message of the alarms' topic. */
export interface Notification {
  readonly id: string;
  readonly topicArn: string;
  readonly subject: string | undefined;
  readonly text: string;
  /** When SNS took it: ISO 8601. */
  readonly sent: string;
}

/** What SNS calls the function with. Throws an Error where the event is none of SNS's. */
export function parseEvent(event: unknown): readonly Notification[] {
  const records = fieldsOf(event)["Records"];
  if (!Array.isArray(records) || records.length === 0) throw new Error("no event of SNS: it has no Records");
  return records.map((record: unknown) => {
    const sns = fieldsOf(fieldsOf(record)["Sns"]);
    return {
      id: textOf(sns, "MessageId"),
      topicArn: textOf(sns, "TopicArn"),
      subject: typeof sns["Subject"] === "string" ? sns["Subject"] : undefined,
      text: textOf(sns, "Message"),
      sent: textOf(sns, "Timestamp"),
    };
  });
}

/** The fields of an object, and none of anything else. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function textOf(sns: Readonly<Record<string, unknown>>, field: string): string {
  const text = sns[field];
  if (typeof text !== "string") throw new Error(`no event of SNS: a record has no Sns.${field}`);
  return text;
}
