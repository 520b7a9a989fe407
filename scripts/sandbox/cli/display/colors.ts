import picocolors from "picocolors";

export type Colors = ReturnType<typeof picocolors.createColors>;

/** Honours NO_COLOR and FORCE_COLOR, and whether the stream is a terminal. */
export const colors: Colors = picocolors;
export const noColors: Colors = picocolors.createColors(false);
