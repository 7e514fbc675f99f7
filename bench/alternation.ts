export const ROUNDS = 3;

/**
 * Runs all contestants in turn, A B A B A B, so that whatever else the machine does meets all of them alike.
 * Answers one record per round.
 */
export async function alternate<Name extends string, Outcome>(
  contestants: Record<Name, () => Promise<Outcome>>,
  rounds = ROUNDS,
): Promise<Record<Name, Outcome>[]> {
  const names = Object.keys(contestants) as Name[];
  const outcomes: Record<Name, Outcome>[] = [];
  for (let round = 0; round < rounds; round++) {
    const outcome = {} as Record<Name, Outcome>;
    for (const name of names) outcome[name] = await contestants[name]();
    outcomes.push(outcome);
  }
  return outcomes;
}

/** The same for one contestant alone: figures that are exact, or have a target of their own. */
export async function repeat<Outcome>(run: () => Promise<Outcome>, rounds = ROUNDS): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let round = 0; round < rounds; round++) outcomes.push(await run());
  return outcomes;
}
