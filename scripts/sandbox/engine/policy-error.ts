import { UserError } from "../user-error.ts";

/** A pack that fails to load or to answer. The message is for the user. */
export class PolicyError extends UserError {
  constructor(message: string) {
    super(message);
    this.name = "PolicyError";
  }
}
