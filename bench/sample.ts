/** What happens in the bench: a payload whose delivery is a body of about 1 KB. */
export class Sample {
  readonly id!: string;
  readonly filling!: string;
}

const FILLING = 'The quick brown fox jumps over the lazy dog. '.repeat(20);

export function sample(index: number): Sample {
  return { id: `sample-${String(index).padStart(9, '0')}`, filling: FILLING };
}

/** The same as a peer sends it: what {@link sample} looks like in the body of our own deliveries. */
export function sampleBody(index: number): string {
  return JSON.stringify({ type: TOPIC, timestamp: new Date().toISOString(), data: sample(index) });
}

export const TOPIC = 'sample.happened';
