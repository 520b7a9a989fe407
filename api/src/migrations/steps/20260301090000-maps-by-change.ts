import { migration } from "../migration.ts";

const name = "updatedAt_1";

export default migration({
  description: "index maps by the time of their last change",
  up: (db) => db.collection("maps").createIndex({ updatedAt: 1 }, { name }, {}),
  down: (db) => db.collection("maps").dropIndex(name),
});
