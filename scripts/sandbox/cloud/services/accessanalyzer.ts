import { regionalArn } from "../arn.ts";
import { mapAt, textAt } from "../fields.ts";
import { Refusal, type ResourceRules, type Service } from "../service.ts";
import { here } from "./lookup.ts";

const ANALYZER = "aws:accessanalyzer/analyzer:Analyzer";

/** One analyser of external access per account and region. Source: the quotas of IAM Access Analyzer. */
const ONCE = "ACCOUNT";

/** Settings, and the type of analyser that has them. */
const BLOCKS: Readonly<Record<string, string>> = {
  internalAccess: "ACCOUNT_INTERNAL_ACCESS",
  unusedAccess: "ACCOUNT_UNUSED_ACCESS",
};

const invalid = (message: string): Refusal => new Refusal("ValidationException", message);

const analyzer: ResourceRules = {
  unique: [
    {
      property: "analyzerName",
      within: "region",
      refuse: (name) => new Refusal("ConflictException", `An analyzer with the name ${name} already exists.`),
    },
  ],
  refuseCreate(operation) {
    const type = textAt(operation.inputs, "type") ?? ONCE;
    if (type.startsWith("ORGANIZATION"))
      return invalid("You must create an organization before you create an organization analyzer.");
    const configuration = mapAt(operation.inputs, "configuration");
    const foreign = Object.keys(BLOCKS).find((block) => configuration[block] !== undefined && BLOCKS[block] !== type);
    if (foreign !== undefined)
      return invalid(`configuration.${foreign} is for analyzers of type ${BLOCKS[foreign] ?? ""}.`);
    const others = here(operation, ANALYZER).filter(({ inputs }) => (textAt(inputs, "type") ?? ONCE) === type);
    return type === ONCE && others.length > 0
      ? new Refusal(
          "ServiceQuotaExceededException",
          `You have reached the maximum number of analyzers of type ${type} in the region: ${others[0]?.id ?? ""}.`,
        )
      : undefined;
  },
  id: ({ inputs }) => textAt(inputs, "analyzerName") ?? "",
  computed: ({ location }, id) => ({ arn: regionalArn(location, "access-analyzer", `analyzer/${id}`) }),
};

export const accessanalyzer: Service = { resources: { [ANALYZER]: analyzer } };
