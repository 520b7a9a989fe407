import type { Json, Sent } from "../analyzer.ts";
import { TAGS as tags } from "../case.ts";

export type Fields = Record<string, Json>;

export const TYPE = "aws:ecs/taskDefinition:TaskDefinition";
export const GOOD: Fields = {
  name: "api",
  image: "444455556666.dkr.ecr.us-east-1.amazonaws.com/api:1.2.3",
  essential: true,
  user: "1000:1000",
  memory: 704,
  readonlyRootFilesystem: true,
  linuxParameters: { capabilities: { drop: ["ALL"] } },
  logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "/api", mode: "non-blocking" } },
};

export const task = (props: Fields): Sent => ({
  type: TYPE,
  props: {
    family: "api",
    containerDefinitions: JSON.stringify([GOOD]),
    requiresCompatibilities: ["FARGATE"],
    networkMode: "awsvpc",
    cpu: "512",
    memory: "1024",
    tags,
    ...props,
  },
});
export const containers = (...definitions: Fields[]): Sent =>
  task({ containerDefinitions: JSON.stringify(definitions.map((fields) => ({ ...GOOD, ...fields }))) });
export const without = (field: string): Sent => {
  const { [field]: _, ...rest } = GOOD;
  return task({ containerDefinitions: JSON.stringify([rest]) });
};
