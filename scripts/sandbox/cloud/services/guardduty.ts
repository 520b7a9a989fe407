import { regionalArn } from "../arn.ts";
import { textAt } from "../fields.ts";
import { type Operation, Refusal, type ResourceRules, type Service } from "../service.ts";
import { here, reference } from "./lookup.ts";

const DETECTOR = "aws:guardduty/detector:Detector";
const FREQUENCIES = ["FIFTEEN_MINUTES", "ONE_HOUR", "SIX_HOURS"];

const rejected = (why: string): Refusal => new Refusal("BadRequestException", `The request is rejected because ${why}`);

function frequencyRefusal({ inputs }: Operation): Refusal | undefined {
  const frequency = textAt(inputs, "findingPublishingFrequency");
  return frequency === undefined || FREQUENCIES.includes(frequency)
    ? undefined
    : rejected(`the finding publishing frequency ${frequency} is none of ${FREQUENCIES.join(", ")}.`);
}

const detector: ResourceRules = {
  refuseCreate: (operation) =>
    here(operation, DETECTOR).length > 0
      ? rejected("a detector already exists for the current account.")
      : frequencyRefusal(operation),
  refuseUpdate: frequencyRefusal,
  id: (operation) => operation.hex("detector", 32),
  computed: ({ inputs, location }, id) => ({
    accountId: location.account,
    arn: regionalArn(location, "guardduty", `detector/${id}`),
    findingPublishingFrequency: textAt(inputs, "findingPublishingFrequency") ?? "SIX_HOURS",
  }),
};

export const guardduty: Service = {
  resources: {
    [DETECTOR]: detector,
    "aws:guardduty/detectorFeature:DetectorFeature": {
      references: [
        reference(
          "detectorId",
          [DETECTOR],
          "id",
          "BadRequestException",
          () => "The request is rejected because the input detectorId is not owned by the current account.",
        ),
      ],
      replaces: (olds, news) => ["detectorId", "name"].filter((property) => olds[property] !== news[property]),
      id: ({ inputs }) => `${textAt(inputs, "detectorId") ?? ""}/${textAt(inputs, "name") ?? ""}`,
    },
  },
};
