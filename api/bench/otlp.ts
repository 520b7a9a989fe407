// As much of OTLP's protobuf as it takes to read one counter: opentelemetry/proto/metrics/v1/metrics.proto.

/** Field numbers on the way from a request to the points of its sums. */
const toMetrics = [1, 2, 2] as const;
const metric = { name: 1, sum: 7 } as const;
const sum = { points: 1 } as const;
const point = { asInt: 6, attributes: 7 } as const;
const attribute = { key: 1, value: 2 } as const;
const value = { text: 1 } as const;

export interface Lookups {
  readonly outcome: string;
  /** Since the last message: the API counts in differences. */
  readonly count: number;
}

/** What one message says of `cache.lookups`. */
export function cacheLookups(request: Buffer): readonly Lookups[] {
  const metrics = toMetrics.reduce<Buffer[]>(
    (messages, number) => messages.flatMap((message) => all(message, number)),
    [request],
  );
  return metrics
    .filter((message) => first(message, metric.name).toString() === "cache.lookups")
    .flatMap((message) => all(first(message, metric.sum), sum.points))
    .map((message) => ({
      outcome: outcomeOf(message),
      count: Number(first(message, point.asInt).readBigInt64LE()),
    }));
}

function outcomeOf(message: Buffer): string {
  const pair = all(message, point.attributes).find((each) => first(each, attribute.key).toString() === "outcome");
  return pair === undefined ? "" : first(first(pair, attribute.value), value.text).toString();
}

const first = (message: Buffer, wanted: number): Buffer => all(message, wanted)[0] ?? Buffer.alloc(0);

/** The bytes of each field with this number; of a field that is a varint, none. */
function all(message: Buffer, wanted: number): Buffer[] {
  const found: Buffer[] = [];
  let at = 0;
  const varint = (): number => {
    let result = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = message.readUInt8(at++);
      result += (byte & 127) * factor;
      if (byte < 128) return result;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const type = tag & 7;
    const length = type === 0 ? (varint(), 0) : type === 1 ? 8 : type === 5 ? 4 : varint();
    if (tag >>> 3 === wanted) found.push(message.subarray(at, at + length));
    at += length;
  }
  return found;
}
