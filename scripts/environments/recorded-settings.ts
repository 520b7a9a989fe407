import type { Settings } from "../../infra/settings/settings.ts";

type Group = Record<string, unknown>;

const isGroup = (value: unknown): value is Group =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Every setting by its path: `network.natGateways`, or `owner` where it stands alone. */
export function settingPaths(settings: Settings): string[] {
  return Object.entries(settings).flatMap(([key, value]) =>
    isGroup(value) ? Object.keys(value).map((inner) => `${key}.${inner}`) : [key],
  );
}

/** A copy of the settings that tells which of them is read. What lies inside a setting counts as the setting. */
export function recordedSettings(settings: Settings, read: (path: string) => void): Settings {
  const copy = structuredClone(settings) as Group;
  const recorded = (group: Group, prefix: string): Group =>
    new Proxy(group, {
      get(target, key, receiver) {
        const value: unknown = Reflect.get(target, key, receiver);
        if (typeof key === "string" && Object.hasOwn(target, key)) read(`${prefix}${key}`);
        return value;
      },
    });
  const groups = Object.entries(copy).map(([key, value]) => [key, isGroup(value) ? recorded(value, `${key}.`) : value]);
  return recorded(Object.fromEntries(groups) as Group, "") as Settings;
}
