/** The run cannot go on with this resource; `message` says why. No step of it is begun. */
export class Bail extends Error {
  readonly urn: string;
  constructor(urn: string, message: string) {
    super(message);
    this.name = "Bail";
    this.urn = urn;
  }
}

/** A mandatory policy refused the resource. The finding is reported already. */
export class Violation extends Error {
  constructor(urn: string) {
    super(`a mandatory policy refuses ${urn}`);
    this.name = "Violation";
  }
}
