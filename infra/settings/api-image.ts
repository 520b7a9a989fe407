/** The files of an image. `context` and `dockerfile` are relative to infra/, where Pulumi runs the program. */
export interface ImageSource {
  /** The folder that is sent to the builder. */
  readonly context: string;
  readonly dockerfile: string;
  /** Files and folders of the context that the image is made of. */
  readonly included: readonly string[];
  // What of these is not: a path, or **/* and how file names end.
  readonly excluded: readonly string[];
}

/** What the API's image is made of; api/Dockerfile.dockerignore says the same to Docker. */
export const apiImage: ImageSource = {
  // The lock file stands at the repository's root and pins what every workspace installs.
  context: "..",
  dockerfile: "../api/Dockerfile",
  included: ["package.json", "package-lock.json", "api/package.json", "api/src"],
  // Paging and rotation run on Lambda, with their own packaging.
  excluded: ["api/src/paging", "api/src/rotation", "**/*.test.ts"],
};
