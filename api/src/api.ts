import type { Express } from "express";
import { createAuthenticate } from "./auth/authenticate.ts";
import { createRuntimeConfigSource } from "./configuration/source.ts";
import type { DependencyOptions } from "./dependencies/guarded.ts";
import { createMongo } from "./dependencies/mongo.ts";
import { createRedis } from "./dependencies/redis.ts";
import { redisIdentity } from "./dependencies/redis-identity.ts";
import { documentationRoutes } from "./documentation/routes.ts";
import type { Environment } from "./environment.ts";
import { flagRoutes } from "./flags/routes.ts";
import { healthRoutes } from "./health/routes.ts";
import { heartbeatRoutes } from "./heartbeat/routes.ts";
import { createLoadShedding } from "./http/load-shedding.ts";
import { createRateLimiter } from "./http/rate-limit.ts";
import { createRequestCount } from "./http/request-count.ts";
import { createApp } from "./http/router.ts";
import type { Lifecycle } from "./lifecycle.ts";
import { mapRoutes } from "./maps/routes.ts";
import { mediaRoutes } from "./media/routes.ts";
import { createLog, type Logger } from "./telemetry/log.ts";
import { createTelemetry } from "./telemetry/telemetry.ts";
import { createUserHash } from "./telemetry/user-hash.ts";

/** The API without its socket. */
export interface Api {
  readonly app: Express;
  readonly log: Logger;
  /** Resolves once its connections stand, or have had their time. Never rejects. */
  warm(): Promise<void>;
  /** Closes what the routes used, after the last answer. Never rejects. */
  close(): Promise<void>;
}

export interface ApiOptions {
  readonly environment: Environment;
  readonly lifecycle: Lifecycle;
  /** Seconds since the process began. */
  readonly uptime: () => number;
  /** Where the log goes. Default: standard output. */
  readonly logDescriptor?: number | undefined;
}

/** Puts the parts together, top to bottom as they need each other. */
export async function createApi(options: ApiOptions): Promise<Api> {
  const { environment, lifecycle, uptime, logDescriptor } = options;
  const log = createLog({ environment, ...(logDescriptor !== undefined && { descriptor: logDescriptor }) });
  const { logger } = log;
  const config = await createRuntimeConfigSource({ environment, log: logger });
  log.follow(config);
  const telemetry = await createTelemetry({ environment, log: logger, config });
  const { metrics } = telemetry;
  const common: DependencyOptions = { log: logger, onCall: metrics.dependencyCall };
  const identity = redisIdentity(environment);
  const mongo = createMongo({ ...common, uri: environment.MONGODB_URI, database: environment.MONGODB_DATABASE });
  const redis = createRedis({ ...common, url: environment.REDIS_URL, ...(identity && { identity }) });
  const dependencies = { mongodb: mongo, redis };
  for (const dependency of Object.values(dependencies)) metrics.observeDependency(dependency);
  const authenticate = createAuthenticate({ environment, log: logger });
  const limiter = createRateLimiter({
    redis,
    config,
    keyPrefix: environment.REDIS_KEY_PREFIX,
    log: logger,
    onRefused: (limit) => metrics.limited(limit),
  });
  const requests = createRequestCount();
  const inFlight = (): number => requests.inFlight;
  const shedding = createLoadShedding({ inFlight, log: logger });
  metrics.observe("http.server.active_requests", {}, inFlight);

  const routes = [
    // Express looks at one path after another: those that are asked for most stand first.
    ...heartbeatRoutes({ environment, uptime }),
    ...mapRoutes({
      mongo,
      redis,
      keyPrefix: environment.REDIS_KEY_PREFIX,
      onLookup: (outcome) => metrics.cacheLookup("maps", outcome),
      onRedisError: (error) => logger.error({ error }, "redis refused a command"),
    }),
    ...flagRoutes({ config }),
    ...mediaRoutes({ environment }),
    ...healthRoutes({ lifecycle, dependencies }),
  ];
  const app = createApp([...routes, ...documentationRoutes(routes, { environment })], {
    log,
    lifecycle,
    config,
    authenticate,
    limiter,
    requests,
    shed: () => {
      const retryAfterSeconds = shedding();
      if (retryAfterSeconds !== undefined) metrics.shed();
      return retryAfterSeconds;
    },
    telemetry,
    hashUser: createUserHash({ secret: environment.COOKIE_SIGNING_KEY, environment: environment.ENVIRONMENT }),
    corsOrigins: environment.CORS_ORIGINS,
    trustProxy: environment.TRUST_PROXY,
  });
  return {
    app,
    log: logger,
    async warm() {
      await Promise.all([mongo.warm(), redis.warm(), authenticate.warm()]);
    },
    async close() {
      shedding.close();
      config.close();
      authenticate.close();
      limiter.close();
      await Promise.allSettled([mongo.close(), redis.close()]);
      await telemetry.shutdown();
      logger.info({}, "stopped");
      log.close();
    },
  };
}
