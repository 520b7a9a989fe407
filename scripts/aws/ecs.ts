import type { z } from "zod";
import { UserError } from "../sandbox/user-error.ts";
import { AwsRequestError, type AwsSurroundings, signedRequest } from "./signed-request.ts";

// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/
const TARGET = "AmazonEC2ContainerServiceV20141113";

/** One operation of ECS. Throws a `UserError` with what AWS says no to, or where nobody is logged in. */
export type EcsCall = <T>(operation: string, body: object, answer: z.ZodType<T>) => Promise<T>;

export function ecsCall(region: string, around: AwsSurroundings): EcsCall {
  return async (operation, body, answer) => {
    try {
      const text = await signedRequest(
        {
          service: "ecs",
          region,
          headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": `${TARGET}.${operation}` },
          body: JSON.stringify(body),
        },
        around,
      );
      return answer.parse(JSON.parse(text));
    } catch (error) {
      if (error instanceof AwsRequestError) throw new UserError(`ECS ${operation}: ${error.message}`);
      if (error instanceof Error && error.name === "CredentialsProviderError")
        throw new UserError("there are no AWS credentials: log in, and name the profile with AWS_PROFILE=...");
      throw error;
    }
  };
}
