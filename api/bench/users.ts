import type { Request } from "autocannon";
import { practiceData, type Surroundings } from "./surroundings.ts";

export interface User {
  readonly id: string;
  readonly authorization: string;
}

export const userIds = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `user-${index + 1}`);

export const usersOf = (ids: readonly string[], { bearer }: Surroundings): Promise<readonly User[]> =>
  Promise.all(ids.map(async (id) => ({ id, authorization: await bearer(id) })));

export const readOf = ({ id, authorization }: User): Request => ({
  method: "GET",
  path: `/map/${id}`,
  headers: { authorization },
});

/** Sets one entry of the user's map. */
export const writeOf = ({ id, authorization }: User, minutes: number): Request => ({
  method: "POST",
  path: "/map",
  headers: { authorization, "content-type": "application/json" },
  body: JSON.stringify({ userId: id, practiceData: { arpeggios: { ...practiceData["arpeggios"], minutes } } }),
});

/** What one connection of so many asks for: together they ask for all, and each for something. */
export function shareOf<Item>(items: readonly Item[], connection: number, connections: number): Item[] {
  const parts = Math.min(connections, items.length);
  return items.filter((_, index) => index % parts === connection % parts);
}
