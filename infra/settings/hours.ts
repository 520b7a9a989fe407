/** From when to when, on weekdays: `HH:MM`, by the clock of a time zone in IANA's words. */
export interface Hours {
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
}

const minutesOfDay = 24 * 60;

/** `06:00` and 30 are `06:30`. */
export function minutesAfter(time: string, minutes: number): string {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  const total = (hour * 60 + minute + minutes) % minutesOfDay;
  return [Math.floor(total / 60), total % 60].map((part) => String(part).padStart(2, "0")).join(":");
}
