import type { Properties } from "../../values/value.ts";
import { listAt, mapsAt, textAt, textsAt } from "../fields.ts";
import { type Operation, Refusal } from "../service.ts";

/** What a basic selector can look at. Source: DataResource in CloudTrail's API reference. */
const DATA_TYPES = ["AWS::DynamoDB::Table", "AWS::Lambda::Function", "AWS::S3::Object"];

/** Source: AdvancedFieldSelector in CloudTrail's API reference. */
const FIELDS = [
  "errorCode",
  "eventCategory",
  "eventName",
  "eventSource",
  "eventType",
  "readOnly",
  "resources.ARN",
  "resources.type",
  "sessionCredentialFromConsole",
  "userIdentity.arn",
  "vpcEndpointId",
];

const CATEGORIES = ["Data", "Management", "NetworkActivity"];

function advancedProblem(selector: Properties): string | undefined {
  const fields = mapsAt(selector, "fieldSelectors");
  const strange = fields.map((field) => textAt(field, "field") ?? "").find((name) => !FIELDS.includes(name));
  if (strange !== undefined) return `Field ${strange} is none of ${FIELDS.join(", ")}`;
  const category = fields.find((field) => textAt(field, "field") === "eventCategory");
  const [named] = category === undefined ? [] : textsAt(category, "equals");
  if (named === undefined) return "Each advanced event selector must have the field eventCategory with an equals";
  if (!CATEGORIES.includes(named)) return `eventCategory ${named} is none of ${CATEGORIES.join(", ")}`;
  return named === "Data" && !fields.some((field) => textAt(field, "field") === "resources.type")
    ? "Advanced event selectors for data events must have the field resources.type"
    : undefined;
}

/** Event selectors that the service would not take; the provider puts them after the trail is made. */
export function selectorsRefusal({ inputs }: Operation): Refusal | undefined {
  const type = mapsAt(inputs, "eventSelectors")
    .flatMap((selector) => mapsAt(selector, "dataResources"))
    .map((resource) => textAt(resource, "type") ?? "")
    .find((name) => !DATA_TYPES.includes(name));
  const problem =
    type === undefined
      ? mapsAt(inputs, "advancedEventSelectors")
          .map(advancedProblem)
          .find((found) => found !== undefined)
      : `The data resource type ${type} is none of ${DATA_TYPES.join(", ")}: use advancedEventSelectors`;
  const empty = mapsAt(inputs, "eventSelectors").some((selector) =>
    mapsAt(selector, "dataResources").some((resource) => listAt(resource, "values").length === 0),
  );
  if (problem !== undefined) return new Refusal("InvalidEventSelectorsException", problem);
  return empty ? new Refusal("InvalidEventSelectorsException", "A data resource needs at least one value") : undefined;
}
