/** What a process can be told to do, by name. */
export type Commands = Record<string, (...parameters: never[]) => unknown>;

export interface Order {
  readonly id: number;
  readonly name: string;
  readonly parameters: readonly unknown[];
}

export type Answer =
  { readonly id: number; readonly result: unknown } | { readonly id: number; readonly error: string };

/** Something that a process says without having been asked. */
export interface Report<Notice> {
  readonly notice: Notice;
}

/** What the process was started with. */
export function settings<Settings>(): Settings {
  return JSON.parse(process.env.CHILD_SETTINGS ?? '{}') as Settings;
}

/** Makes this process do what its parent says, until the parent lets go of it. */
export function obey(commands: Commands, end: () => Promise<unknown> = () => Promise.resolve()): void {
  process.on('message', (order: Order) => {
    void answerTo(order, commands).then((answer) => process.connected && process.send!(answer));
  });
  process.once('disconnect', () => void end().finally(() => process.exit()));
  process.send!({ id: 0, result: 'ready' } satisfies Answer);
}

/** Tells the parent something; what is told right before the process dies may not arrive. */
export function report<Notice>(notice: Notice): void {
  const nobodyListens = () => undefined; // the parent has gone in this very moment
  if (process.connected) process.send!({ notice } satisfies Report<Notice>, undefined, undefined, nobodyListens);
}

async function answerTo({ id, name, parameters }: Order, commands: Commands): Promise<Answer> {
  try {
    return { id, result: await commands[name]!(...(parameters as never[])) };
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
