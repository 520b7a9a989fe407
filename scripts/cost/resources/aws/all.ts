import type { Entries } from "../entry.ts";
import { account } from "./account.ts";
import { backups } from "./backups.ts";
import { cache } from "./cache.ts";
import { containerInsights } from "./container-insights.ts";
import { contentDelivery } from "./content-delivery.ts";
import { databases } from "./databases.ts";
import { edge } from "./edge.ts";
import { fargate } from "./fargate.ts";
import { functionsAndMessages } from "./functions-and-messages.ts";
import { keysAndSecrets } from "./keys-and-secrets.ts";
import { loadBalancing } from "./load-balancing.ts";
import { logs } from "./logs.ts";
import { monitoring } from "./monitoring.ts";
import { network } from "./network.ts";
import { registryAndCompute } from "./registry-and-compute.ts";
import { storage } from "./storage.ts";

/** The tables of AWS's services. No type stands in two of them. */
export const awsTables: readonly Entries[] = [
  account,
  backups,
  cache,
  containerInsights,
  contentDelivery,
  databases,
  edge,
  fargate,
  functionsAndMessages,
  keysAndSecrets,
  loadBalancing,
  logs,
  monitoring,
  network,
  registryAndCompute,
  storage,
];

/** Every AWS type that is known. */
export const aws: Entries = Object.assign({}, ...awsTables) as Entries;
