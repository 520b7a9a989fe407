/** Loaded before the API: its parent shifts its wall clock by messages of milliseconds. The monotonic clock goes on. */

const SystemDate = Date;
let shiftMs = 0;

class ShiftedDate extends SystemDate {
  constructor(...parts: readonly unknown[]) {
    super(...((parts.length === 0 ? [ShiftedDate.now()] : parts) as [number]));
  }

  static override now(): number {
    return SystemDate.now() + shiftMs;
  }
}

globalThis.Date = ShiftedDate as DateConstructor;

process.on("message", (message) => {
  if (typeof message !== "number") return;
  shiftMs = message;
  process.send?.(message);
});
// The channel alone keeps no process alive.
process.channel?.unref();
