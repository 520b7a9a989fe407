import { type DataStore, dataStores, type Recovery, statefulTypes } from "../../infra/settings/recovery.ts";
import { type EnvironmentName, identifyStack } from "../../infra/settings/stacks.ts";
import { nameOf, typeOf } from "../sandbox/protocol/urn.ts";

/** What goes with a resource, and what brings it back. */
export interface Worth {
  /** One sentence without a full stop. */
  readonly lost: string;
  /** The same: which backup covers it, and how far. */
  readonly backup: string;
}

/** No data, and yet nothing that is made again by itself: the program's stores of data do not list them. */
const alsoLost: Readonly<Record<string, Worth>> = {
  "cloudflare:index/zone:Zone": {
    lost: "The zone's records, and its name servers: the domain does not resolve until the registrar has new ones",
    backup: "the program: it writes its own records again; what was made by hand is gone",
  },
  "cloudflare:index/zoneDnssec:ZoneDnssec": {
    lost: "The key that the registrar's DS record names: the domain does not resolve where DNSSEC is checked",
    backup: "none: take the DS record off at the registrar first, wait for its TTL, and give it the new one afterwards",
  },
  "aws:route53/zone:Zone": {
    lost: "The zone's records, and its name servers: the domain does not resolve until the registrar has new ones",
    backup: "the program: it writes its own records again; what was made by hand is gone",
  },
  "mongodbatlas:index/project:Project": {
    lost: "Everything in the project of Atlas: clusters, their snapshots, users, private endpoints",
    backup: "snapshots go with their cluster; only what was exported is left",
  },
  "mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule": {
    lost: "The schedule of the database's snapshots, and the snapshots that it made",
    backup: "take a snapshot on demand first; the next scheduled one comes at 03:00 UTC",
  },
  "aws:backup/vaultLockConfiguration:VaultLockConfiguration": {
    lost: "The lock that keeps recovery points from being deleted",
    backup: "the program sets it again; until then a recovery point can be deleted",
  },
};

/** Of a type that holds data while no store of the program says what. */
const unknownStore: Worth = {
  lost: "Whatever it holds: no data store of infra/settings/recovery.ts says what that is",
  backup: "none that this project knows of",
};

const stores: readonly DataStore[] = Object.values(dataStores);

function storeOf(type: string, name: string): DataStore | undefined {
  return stores.find(({ resources }) =>
    resources.some((holder) => holder.type === type && (holder.ending === undefined || ends(name, holder.ending))),
  );
}

const ends = (name: string, ending: string): boolean => name.endsWith(`-${ending}`) || name.endsWith(`/${ending}`);

const farBack = ({ point, time, retention }: Recovery): string =>
  `lost at most: ${point}; back in: ${time}; kept: ${retention}`;

/** Of a resource that is not made again by itself; undefined for every other. */
export function worthOf(urn: string, stack: string): Worth | undefined {
  const type = typeOf(urn);
  if (Object.hasOwn(alsoLost, type)) return alsoLost[type];
  if (!statefulTypes.has(type)) return undefined;
  const store = storeOf(type, nameOf(urn));
  if (store === undefined) return unknownStore;
  const environment: EnvironmentName | undefined = identifyStack(stack)?.environment;
  const { holds: lost, coveredBy } = store;
  return {
    lost,
    backup: environment === undefined ? coveredBy : `${coveredBy}. ${farBack(store.recovery[environment])}`,
  };
}
