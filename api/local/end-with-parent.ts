// Loaded into the API before anything else of it: a process that was begun in the very moment when its parent was killed
// is known to nobody else.
process.on("disconnect", () => process.exit(1));
// It must not keep alive what has nothing left to do.
process.channel?.unref();
if (!process.connected) process.exit(1);
