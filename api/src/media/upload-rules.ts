/** The extension of each media type that may be uploaded. SVG and HTML can hold scripts, and are not among them. */
export const extensions = {
  "image/avif": "avif",
  "image/gif": "gif",
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/webp": "webp",
} as const;

export type UploadType = keyof typeof extensions;

export interface UploadRule {
  readonly maxBytes: number;
  /** The folder of a user's uploads, as the bucket's permissions and lifecycle know it. */
  readonly folderOf: (userId: string) => string;
}

const mebibyte = 1_048_576;

/** What an upload may be for. */
export const purposes = {
  /** Stays until it is overwritten or removed. */
  profile: { maxBytes: 5 * mebibyte, folderOf: (userId) => `users/${segmentOf(userId)}/profile/` },
  /** Expires after a day unless it is moved. */
  temporary: { maxBytes: 20 * mebibyte, folderOf: (userId) => `temp/${segmentOf(userId)}/` },
} as const satisfies Readonly<Record<string, UploadRule>>;

export type UploadPurpose = keyof typeof purposes;

/** From the answer until the form is sent. */
export const formSeconds = 300;

/** A user's id as one segment of a key. It begins with a letter or a digit, and so is never a dot or two. */
const segmentOf = (userId: string): string => encodeURIComponent(userId);

/** The key of a new upload. `name` is one that nobody can guess. */
export const uploadKey = (purpose: UploadPurpose, userId: string, type: UploadType, name: string): string =>
  `${purposes[purpose].folderOf(userId)}${name}.${extensions[type]}`;
