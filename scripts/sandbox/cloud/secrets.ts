import { type Properties, Secret, type Value, hasSecret, isProperties } from "../values/value.ts";

/**
 * Marks again what was a secret when it came: values of the same name, inside objects too. A list that held one
 * is a secret as a whole, since its items may have moved.
 */
export function annotated(plain: Properties, like: Properties): Properties {
  return Object.fromEntries(Object.entries(plain).map(([key, value]) => [key, annotatedValue(value, like[key])]));
}

function annotatedValue(value: Value, like: Value | undefined): Value {
  if (like === undefined || value instanceof Secret || !hasSecret(like)) return value;
  return isProperties(like) && isProperties(value) ? annotated(value, like) : new Secret(value);
}

/** Marks the named properties. */
export function withSecrets(properties: Properties, names: readonly string[]): Properties {
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [
      key,
      names.includes(key) && !(value instanceof Secret) && value !== null ? new Secret(value) : value,
    ]),
  );
}
