import type { Stage } from './stage';

/** A database with the tables as a host makes them, and nothing in them; answers its URL. */
export async function migratedDatabase(stage: Stage): Promise<string> {
  const { url } = await stage.database();
  await (await stage.host({ databaseUrl: url })).end();
  return url;
}
