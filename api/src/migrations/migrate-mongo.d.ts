/** What is used of migrate-mongo 14, which has no types of its own. */
declare module "migrate-mongo" {
  import type { Db } from "mongodb";

  export interface MigrateMongoConfig {
    readonly migrationsDir: string;
    readonly changelogCollectionName: string;
    readonly migrationFileExtension: string;
    readonly useFileHash: boolean;
    readonly moduleSystem: "esm" | "commonjs";
  }

  export interface MigrationStatus {
    readonly fileName: string;
    /** An ISO date, or `PENDING`. */
    readonly appliedAt: string;
  }

  export const config: { set(config: MigrateMongoConfig): void };
  export function status(db: Db): Promise<MigrationStatus[]>;
  /** Hands its second argument to each migration. Resolves to the files that it applied. */
  export function up(db: Db, client: unknown): Promise<string[]>;
  /** Undoes the last one. */
  export function down(db: Db, client: unknown): Promise<string[]>;
}
