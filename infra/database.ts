import * as mongodbatlas from "@pulumi/mongodbatlas";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { atlasRegion, clusterName, datadogSite, type InstanceSize, instanceSizes } from "./database/atlas.ts";
import { checked } from "./checked.ts";
import { alertOn } from "./database/alerts.ts";
import { auditFilter } from "./database/audit.ts";
import { backUp } from "./database/backup.ts";
import { connectPrivately } from "./database/network.ts";
import { physicalName } from "./naming.ts";

/** `restoreWindowDays`, `copySnapshots`, and `datadogApiKey` are plain where they decide which resources there are. */
export interface DatabaseArgs {
  readonly organizationId: pulumi.Input<string>;
  readonly region: pulumi.Input<string>;
  /** Another region, where copies of snapshots survive the loss of the first. */
  readonly recoveryRegion: pulumi.Input<string>;
  readonly vpcId: pulumi.Input<string>;
  /** Where the private endpoint gets its addresses: one private subnet for each zone that it is charged in. */
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** What the private endpoint lets in: the service's group on 1024-65535, where Atlas puts its nodes' ports. */
  readonly securityGroupId: pulumi.Input<string>;
  /** Size at first, and the smallest to scale down to. Default: M10, the smallest that is dedicated. */
  readonly instanceSize?: pulumi.Input<InstanceSize>;
  /** The largest size to scale up to: it bounds the bill. Default: M20. */
  readonly maxInstanceSize?: pulumi.Input<InstanceSize>;
  /** Major version. Default: 8.0. */
  readonly version?: pulumi.Input<string>;
  /** Days for which daily snapshots are kept, `restoreWindowDays` or more. Default: 30. */
  readonly snapshotRetentionDays?: pulumi.Input<number>;
  /** Days back to which any moment can be restored, to the minute; 0: daily snapshots alone. Default: 7. */
  readonly restoreWindowDays?: number;
  /** Copies snapshots, and what restores any moment, to the recovery region. Default: true. */
  readonly copySnapshots?: boolean;
  /** Hours for which the oplog reaches back at least: how long a node may be away and still catch up. Default: 24. */
  readonly oplogHours?: pulumi.Input<number>;
  /** Day of Atlas's maintenance, at 05:00 UTC: 1 is Sunday. Default: 3, Tuesday. */
  readonly maintenanceDay?: pulumi.Input<number>;
  /** Puts each maintenance off by a week. Default: false. */
  readonly deferMaintenance?: pulumi.Input<boolean>;
  /** Atlas refuses to delete the cluster. Default: true. */
  readonly terminationProtection?: pulumi.Input<boolean>;
  /** Pulumi refuses to delete project and cluster. Default: true. */
  readonly protect?: boolean;
  readonly alertEmail: pulumi.Input<string>;
  /**
   * A key of Datadog's API, by which metrics and alerts go there: the stack's secret config, set with
   * `pulumi config set --secret`. It stands in state as a secret, since Atlas is told it. Default: none, alerts go by
   * e-mail alone.
   */
  readonly datadogApiKey?: pulumi.Input<string>;
  /** Default: datadoghq.com. */
  readonly datadogSite?: pulumi.Input<string>;
  /** All tags: Atlas has no default ones. */
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** An electable node in each of three zones: one may be lost and a majority remains. */
const nodeCount = 3;

/** Two hours after the snapshots begin. */
const maintenanceHour = 5;

/** What people may do in Atlas's console: see how the database fares, and not what is in it. */
const consoleSettings = {
  isCollectDatabaseSpecificsStatisticsEnabled: true,
  isPerformanceAdvisorEnabled: true,
  isRealtimePerformancePanelEnabled: true,
  isSchemaAdvisorEnabled: true,
  isDataExplorerEnabled: false,
  isDataExplorerGenAiFeaturesEnabled: false,
  isDataExplorerGenAiSampleDocumentPassingEnabled: false,
  // Alerts stand in database-alerts.ts.
  withDefaultAlertsSettings: false,
} as const;

/**
 * A project of MongoDB Atlas with one replica set of three nodes, reachable through a private endpoint alone: no
 * address is on the access list. Compute scales between two sizes, the disk grows by itself. Backups, an audit log
 * (refusals, and changes of access and structure), a maintenance window, and alerts.
 *
 * There are no passwords: users come by IAM (DatabaseUser). `connectionString` carries no credentials, and is known
 * once the endpoint is attached; the component throws where Atlas then has none.
 * Throws where an id, a size, a number, or a site is none, where the range of sizes is empty, and where snapshots
 * would be kept for less than the restore window.
 */
export class Database extends pulumi.ComponentResource {
  readonly projectId: pulumi.Output<string>;
  readonly clusterName: pulumi.Output<string>;
  /** `mongodb+srv://HOST`, resolved to the private endpoint. */
  readonly connectionString: pulumi.Output<string>;

  constructor(name: string, args: DatabaseArgs, options?: pulumi.ComponentResourceOptions) {
    super("groundwork:data:Database", name, {}, options);
    const organizationId = checked(
      this,
      "organizationId",
      args.organizationId,
      z.string().regex(/^[0-9a-f]{24}$/, "must be 24 hexadecimal digits"),
    );
    const alertEmail = checked(this, "alertEmail", args.alertEmail, z.email("must be an e-mail address"));
    const site = checked(this, "datadogSite", args.datadogSite ?? "datadoghq.com", datadogSite);
    const datadogApiKey =
      args.datadogApiKey === undefined
        ? undefined
        : pulumi.secret(
            checked(
              this,
              "datadogApiKey",
              args.datadogApiKey,
              z.string().regex(/^[0-9a-f]{32}$/i, "must be the 32 hexadecimal digits of an API key"),
            ),
          );
    const restoreWindowDays = args.restoreWindowDays ?? 7;
    const copySnapshots = args.copySnapshots ?? true;
    const snapshotRetentionDays = this.#retention(args, restoreWindowDays);
    const protect = args.protect ?? true;
    const tags = args.tags && { tags: args.tags };

    const project = new mongodbatlas.Project(
      physicalName("mongodbatlas:index/project:Project", name, "project"),
      { orgId: organizationId, ...consoleSettings, ...tags },
      { parent: this, protect },
    );
    const projectId = project.id;
    this.#govern(name, projectId, args);

    const cluster = new mongodbatlas.AdvancedCluster(
      clusterName(name),
      {
        projectId,
        clusterType: "REPLICASET",
        mongoDbMajorVersion: args.version ?? "8.0",
        replicationSpecs: [{ regionConfigs: [this.#regionConfig(args)] }],
        // What Atlas scales is then no difference from the program.
        useEffectiveFields: true,
        backupEnabled: true,
        pitEnabled: restoreWindowDays > 0,
        // Backups outlive a cluster that is deleted after all.
        retainBackupsEnabled: protect,
        terminationProtectionEnabled: args.terminationProtection ?? true,
        // Logs keep the shape of a query and lose customers' values.
        redactClientLogData: true,
        advancedConfiguration: {
          minimumEnabledTlsProtocol: "TLS1_2",
          javascriptEnabled: false,
          oplogMinRetentionHours: checked(
            this,
            "oplogHours",
            args.oplogHours ?? 24,
            z.number().min(1, "must be 1 hour or more"),
          ),
        },
        ...tags,
      },
      { parent: this, protect },
    );

    const connectionString = connectPrivately(this, name, {
      projectId,
      cluster,
      region: args.region,
      vpcId: args.vpcId,
      subnetIds: args.subnetIds,
      securityGroupId: args.securityGroupId,
      tags: args.tags ?? {},
    });
    backUp(this, name, {
      projectId,
      cluster,
      snapshotRetentionDays,
      restoreWindowDays,
      copyRegion: copySnapshots ? args.recoveryRegion : undefined,
    });
    alertOn(this, name, {
      projectId,
      alertEmail,
      datadogApiKey,
      datadogSite: site,
      pointInTime: restoreWindowDays > 0,
      copies: copySnapshots,
    });

    this.projectId = projectId;
    this.clusterName = cluster.name;
    this.connectionString = connectionString;
    this.registerOutputs({
      projectId: this.projectId,
      clusterName: this.clusterName,
      connectionString: this.connectionString,
    });
  }

  #retention(args: DatabaseArgs, restoreWindowDays: number): pulumi.Output<number> {
    const wholeDays = z.number().int();
    checked(this, "restoreWindowDays", restoreWindowDays, wholeDays.min(0, "must be 0 or more"));
    const least = Math.max(1, restoreWindowDays);
    return checked(
      this,
      "snapshotRetentionDays",
      args.snapshotRetentionDays ?? 30,
      wholeDays.min(least, `must be ${least} or more: snapshots are kept for as long as the restore window`),
    );
  }

  #regionConfig({ region, instanceSize = "M10", maxInstanceSize = "M20" }: DatabaseArgs) {
    const size = z.enum(instanceSizes, `must be one of ${instanceSizes.join(", ")}`);
    const smallest = checked(this, "instanceSize", instanceSize, size);
    const largest = checked(this, "maxInstanceSize", maxInstanceSize, size);
    const range = z
      .tuple([size, size])
      .refine(([low, high]) => instanceSizes.indexOf(low) < instanceSizes.indexOf(high), "must be above instanceSize");
    const bounds = typeof instanceSize === "string" && typeof maxInstanceSize === "string";
    checked(this, "maxInstanceSize", bounds ? [instanceSize, maxInstanceSize] : pulumi.all([smallest, largest]), range);
    return {
      providerName: "AWS",
      regionName: pulumi.output(region).apply(atlasRegion),
      // The highest: the only region elects the primary.
      priority: 7,
      electableSpecs: { instanceSize: smallest, nodeCount },
      autoScaling: {
        computeEnabled: true,
        computeScaleDownEnabled: true,
        computeMinInstanceSize: smallest,
        computeMaxInstanceSize: largest,
        diskGbEnabled: true,
      },
    };
  }

  #govern(name: string, projectId: pulumi.Output<string>, args: DatabaseArgs): void {
    new mongodbatlas.Auditing(
      name,
      { projectId, enabled: true, auditAuthorizationSuccess: false, auditFilter },
      { parent: this },
    );
    new mongodbatlas.MaintenanceWindow(
      name,
      {
        projectId,
        dayOfWeek: checked(
          this,
          "maintenanceDay",
          args.maintenanceDay ?? 3,
          z.number().int().min(1, "must be 1 to 7").max(7, "must be 1 to 7"),
        ),
        hourOfDay: maintenanceHour,
        autoDeferOnceEnabled: args.deferMaintenance ?? false,
      },
      { parent: this },
    );
  }
}
