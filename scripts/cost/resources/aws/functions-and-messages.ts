import { mapRange, times } from "../../range.ts";
import { type CostResource, type Entries, free, notPriced, type Part, priced, type World } from "../entry.ts";
import { amountOf, flagOf, isUnknown, listOf, textOf } from "../read.ts";
import { shareAmong, shareOf } from "../share.ts";

/** AWS Lambda, SNS, SQS, and AppConfig. */
export const functionsAndMessages: Entries = {
  "aws:lambda/function:Function": priced(functionParts),
  "aws:lambda/alias:Alias": free("A name of the function."),
  "aws:lambda/eventSourceMapping:EventSourceMapping": free("The function is charged by its runs."),
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": free("A setting of the function."),
  "aws:lambda/layerVersion:LayerVersion": free("Stored free of charge within Lambda's limits."),
  "aws:lambda/permission:Permission": free("A permission of the function."),
  "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": notPriced(
    "Provisioned concurrency is not in prices.csv.",
  ),
  "aws:sns/topic:Topic": priced((topic, world) => [
    { price: "sns-requests", ...shareAmong(world.usage.notifications, topic, world, 1_000_000) },
  ]),
  "aws:sns/topicPolicy:TopicPolicy": free("A setting of the topic."),
  "aws:sns/topicSubscription:TopicSubscription": priced(subscriptionParts),
  "aws:sqs/queue:Queue": priced(queueParts),
  "aws:sqs/queuePolicy:QueuePolicy": free("A setting of the queue."),
  "aws:sqs/redrivePolicy:RedrivePolicy": free("A setting of the queue."),
  "aws:appconfig/application:Application": free("AppConfig charges for what is asked of it."),
  "aws:appconfig/configurationProfile:ConfigurationProfile": priced(configurationParts),
  "aws:appconfig/deployment:Deployment": free("Deployments are free; each task that receives one is counted."),
  "aws:appconfig/deploymentStrategy:DeploymentStrategy": free("A setting of deployments."),
  "aws:appconfig/environment:Environment": free("AppConfig charges for what is asked of it."),
  "aws:appconfig/hostedConfigurationVersion:HostedConfigurationVersion": free("Stored free of charge."),
};

const million = 1_000_000;
/** Lambda counts memory in MiB. */
const mibPerGib = 1024;

/** Without a size a function has 128 MB; without an architecture it runs on x86. */
function functionParts(one: CostResource, world: World): readonly Part[] {
  const memory = amountOf(one, "memorySize", 128);
  const chips = listOf(one, "architectures");
  const arm = !isUnknown(chips) && chips.includes("arm64");
  const runs = shareAmong(world.usage.functionRuns, one, world);
  const memoryMib = isUnknown(memory) ? 128 : memory;
  return [
    { price: "lambda-requests", ...shareAmong(world.usage.functionRuns, one, world, million) },
    {
      price: arm ? "lambda-arm-duration" : "lambda-x86-duration",
      quantity: mapRange(times(runs.quantity, memoryMib), (mibSeconds) => mibSeconds.dividedBy(mibPerGib)),
      property: "memorySize",
      assumption: isUnknown(memory) ? `${runs.assumption} Its memory is not known yet: 128 MB.` : runs.assumption,
    },
  ];
}

const freeDeliveries = ["lambda", "sqs"];

function subscriptionParts(subscription: CostResource, world: World): readonly Part[] {
  const protocol = textOf(subscription, "protocol", "");
  if (!isUnknown(protocol) && freeDeliveries.includes(protocol))
    return [{ free: "Deliveries to functions and queues are free; those charge for themselves." }];
  if (!isUnknown(protocol) && !protocol.startsWith("email"))
    return [{ notPriced: `Deliveries by ${protocol === "" ? "an unknown way" : protocol} are not in prices.csv.` }];
  const deliveries = shareOf(world.usage.notifications, 1, 100_000);
  return [
    {
      price: "sns-email",
      quantity: isUnknown(protocol)
        ? { ...deliveries.quantity, low: deliveries.quantity.low.times(0) }
        : deliveries.quantity,
      property: "protocol",
      assumption: isUnknown(protocol)
        ? `${deliveries.assumption} How they are delivered is not known yet: by e-mail, the dearest.`
        : deliveries.assumption,
    },
  ];
}

function queueParts(queue: CostResource, world: World): readonly Part[] {
  const fifo = flagOf(queue, "fifoQueue", false) === true;
  const requests = shareAmong(world.usage.queueRequests, queue, world, million);
  return [{ price: fifo ? "sqs-fifo-requests" : "sqs-standard-requests", property: "fifoQueue", ...requests }];
}

function configurationParts(profile: CostResource, world: World): readonly Part[] {
  const received = world.usage.configurationsReceived;
  return [
    {
      price: "appconfig-requests",
      ...shareAmong(world.usage.configurationRequests, profile, world, million),
      taggable: false,
    },
    { price: "appconfig-received", ...shareAmong(received, profile, world), taggable: false },
  ];
}
