import type { Properties } from "../../values/value.ts";
import { listAt, mapsAt, textsAt } from "../fields.ts";
import type { CheckFailure } from "../service.ts";

const fail = (property: string, code: string, message: string): CheckFailure => ({
  property,
  reason: `${code}: ${message}`,
});

const METHODS = ["GET", "PUT", "POST", "DELETE", "HEAD"];

/** What S3 refuses of CORS rules; `at` is the list's property. */
export function corsFailures(inputs: Properties, at: string): CheckFailure[] {
  return mapsAt(inputs, at).flatMap((rule, index) => {
    const path = `${at}[${index}]`;
    return [
      ...["allowedMethods", "allowedOrigins"]
        .filter((list) => Array.isArray(rule[list]) && listAt(rule, list).length === 0)
        .map((list) => fail(`${path}.${list}`, "MalformedXML", "must name at least one")),
      ...textsAt(rule, "allowedMethods")
        .filter((method) => !METHODS.includes(method))
        .map((method) =>
          fail(
            `${path}.allowedMethods`,
            "InvalidRequest",
            `Found unsupported HTTP method in CORS config. Unsupported method is ${method}`,
          ),
        ),
      ...textsAt(rule, "allowedOrigins")
        .filter((origin) => origin.split("*").length > 2)
        .map((origin) =>
          fail(
            `${path}.allowedOrigins`,
            "InvalidRequest",
            `AllowedOrigin "${origin}" can not have more than one wildcard.`,
          ),
        ),
      ...textsAt(rule, "allowedHeaders")
        .filter((header) => header.split("*").length > 2)
        .map((header) =>
          fail(
            `${path}.allowedHeaders`,
            "InvalidRequest",
            `AllowedHeader "${header}" can not have more than one wildcard.`,
          ),
        ),
      ...textsAt(rule, "exposeHeaders")
        .filter((header) => header.includes("*"))
        .map((header) =>
          fail(
            `${path}.exposeHeaders`,
            "InvalidRequest",
            `ExposeHeader "${header}" contains wildcard. We currently do not support wildcard for ExposeHeader.`,
          ),
        ),
    ];
  });
}
