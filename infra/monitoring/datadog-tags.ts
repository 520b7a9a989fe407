const longest = 200;

/** As Datadog would make it: lower case, and an underscore for what it does not keep. */
const clean = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9_:./-]/g, "_");

/**
 * The tag set in Datadog's form, `key:value`, with the three that its pages group by: `env`, `service`, and `team`.
 * The other keys are those that Datadog gives to metrics of tagged AWS resources, so that one filter finds both.
 */
export function datadogTags(tags: Readonly<Record<string, string>>, service?: string): string[] {
  const own = service === undefined ? tags : { ...tags, Service: service };
  const grouping = { env: own["Environment"], team: own["Owner"] };
  return [...Object.entries(own), ...Object.entries(grouping)]
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([key, value]) => `${clean(key)}:${clean(value)}`.slice(0, longest))
    .sort();
}
