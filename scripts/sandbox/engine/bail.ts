/** The run cannot go on with this resource; `message` says why. No step of it is begun. */
export class Bail extends Error {
  readonly urn: string;
  constructor(urn: string, message: string) {
    super(message);
    this.name = "Bail";
    this.urn = urn;
  }
}

/** The run cannot go on with this resource, and the user has been told why already. */
export class Refused extends Error {
  constructor(urn: string) {
    super(`${urn} is refused`);
    this.name = "Refused";
  }
}
