/** Who may do what: users, roles, and what is granted to them. */
const accessChanges = [
  "createUser",
  "updateUser",
  "dropUser",
  "dropAllUsersFromDatabase",
  "grantRolesToUser",
  "revokeRolesFromUser",
  "createRole",
  "updateRole",
  "dropRole",
  "dropAllRolesFromDatabase",
  "grantRolesToRole",
  "revokeRolesFromRole",
  "grantPrivilegesToRole",
  "revokePrivilegesFromRole",
] as const;

/** What exists: databases, collections, and indexes. */
const structureChanges = [
  "createDatabase",
  "dropDatabase",
  "createCollection",
  "dropCollection",
  "renameCollection",
  "createIndex",
  "dropIndex",
  "importCollection",
] as const;

/** Whether records are kept at all, and how the replica set is made. */
const serverChanges = ["auditConfigure", "replSetReconfig", "shutdown", "clientMetadataMismatch"] as const;

/**
 * Which events the database records, as a filter of MongoDB: changes of access, of structure, and of the server, and
 * whatever was refused (a result other than 0). Reads and writes that succeed are not recorded: that would cost each
 * of them time, and tell more about customers than about intruders.
 */
export const auditFilter: string = JSON.stringify({
  $or: [
    { atype: { $in: [...accessChanges, ...structureChanges, ...serverChanges] } },
    { atype: { $in: ["authenticate", "authCheck"] }, result: { $ne: 0 } },
  ],
});
