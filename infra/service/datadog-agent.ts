import * as pulumi from "@pulumi/pulumi";
import { datadogTags } from "../monitoring/datadog-tags.ts";
import { logConfiguration, type ContainerDefinition, type ContainerLogs } from "./container-definition.ts";

export interface DatadogAgentArgs {
  /** The secret that holds the API key. */
  readonly apiKeySecretArn: pulumi.Input<string>;
  /** `datadoghq.com`; decides where the data is kept. */
  readonly site: pulumi.Input<string>;
  /** The tag `env` of everything that is sent. */
  readonly environment: pulumi.Input<string>;
  /** The whole tag set, by which Datadog attributes what it bills. */
  readonly tags: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Default: the version that this program was written for. Pinned, so that a new one is a change to review. */
  readonly image?: pulumi.Input<string>;
}

/** Containers of a task share its network: nobody outside reaches the agent. Port 4318 is OTLP over HTTP. */
export const agentOtlpEndpoint = "http://127.0.0.1:4318";

const defaultImage = "public.ecr.aws/datadog/agent:7.77.2";

/** MB. Datadog asks for 256 for an agent that takes metrics and traces of one application. */
const agentMemory = 256;
/** MB, for a copy of a few files. */
const preparationMemory = 64;

/** What a task sets aside for the agent. */
export const agentReserve = { cpuUnits: 64, memoryMegabytes: agentMemory + preparationMemory } as const;

/** Where the agent writes; all else of its file system is read-only. Volume to path. */
const writable = {
  "datadog-config": "/etc/datadog-agent",
  "datadog-run": "/opt/datadog-agent/run",
  "datadog-sockets": "/var/run/datadog",
  "datadog-temporary": "/tmp",
} as const;

export const agentVolumes = Object.keys(writable).map((name) => ({ name }));

/** `dd-agent` of the agent's image, in the group that owns the files it prepares for running without root. */
const agentUser = "100:0";

/**
 * The Datadog Agent beside the API: takes traces and metrics by OTLP and sends them on.
 *
 * It is not essential: without it the API serves, unseen, so nothing waits for it either. A new volume belongs to root,
 * and the vendor's image declares none of its own, so a first container copies the agent's files into its volumes,
 * opens them to its group, and ends: the one container that is root, without a single capability.
 */
export function datadogAgent(args: DatadogAgentArgs, logs: ContainerLogs): ContainerDefinition[] {
  const image = args.image ?? defaultImage;
  const shared: Omit<ContainerDefinition, "name"> = {
    image,
    essential: false,
    privileged: false,
    readonlyRootFilesystem: true,
    linuxParameters: { capabilities: { drop: ["ALL"] } },
    logConfiguration: logConfiguration(logs, "datadog"),
  };
  return [
    {
      ...shared,
      name: "datadog-volumes",
      user: "0:0",
      cpu: 0,
      memory: preparationMemory,
      command: ["/bin/sh", "-c", "cp -R /etc/datadog-agent/. /volumes/datadog-config/ && chmod -R g+rwX /volumes"],
      mountPoints: Object.keys(writable).map((sourceVolume) => ({
        sourceVolume,
        containerPath: `/volumes/${sourceVolume}`,
        readOnly: false,
      })),
    },
    {
      ...shared,
      name: "datadog-agent",
      user: agentUser,
      cpu: agentReserve.cpuUnits,
      memory: agentMemory,
      dependsOn: [{ containerName: "datadog-volumes", condition: "SUCCESS" }],
      // By itself, at most once a minute: the task goes on meanwhile.
      restartPolicy: { enabled: true, restartAttemptPeriod: 60 },
      environment: environmentOf(args),
      secrets: [{ name: "DD_API_KEY", valueFrom: args.apiKeySecretArn }],
      healthCheck: { command: ["CMD", "agent", "health"], interval: 30, timeout: 5, retries: 3, startPeriod: 60 },
      mountPoints: Object.entries(writable).map(([sourceVolume, containerPath]) => ({
        sourceVolume,
        containerPath,
        readOnly: false,
      })),
    },
  ];
}

function environmentOf({ site, environment, tags }: DatadogAgentArgs) {
  const values: Readonly<Record<string, pulumi.Input<string>>> = {
    ECS_FARGATE: "true",
    DD_SITE: site,
    DD_ENV: environment,
    DD_TAGS: pulumi.output(tags).apply((all) => datadogTags(all).join(" ")),
    DD_APM_ENABLED: "true",
    // The monitors ask for spans by the names that this gives them.
    DD_APM_FEATURES: "enable_operation_and_resource_name_logic_v2",
    DD_OTLP_CONFIG_RECEIVER_PROTOCOLS_HTTP_ENDPOINT: agentOtlpEndpoint.replace("http://", ""),
    // Logs go to CloudWatch, where they are encrypted and expire.
    DD_LOGS_ENABLED: "false",
    // Nobody changes the agent of a running task from outside.
    DD_REMOTE_CONFIGURATION_ENABLED: "false",
    DD_LOG_FORMAT_JSON: "true",
    DD_LOG_LEVEL: "warn",
  };
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}
