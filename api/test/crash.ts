/** Loaded before the API: a message from its parent is thrown where nothing catches it. */
process.on("message", (message) => {
  setImmediate(() => {
    throw new Error(String(message));
  });
});
process.channel?.unref();
