import type { Registry } from 'prom-client';

/** One line of a scrape. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What Prometheus would read now. */
export async function scrape(register: Registry): Promise<Sample[]> {
  return samplesIn(await register.metrics());
}

/** The samples in Prometheus' text format. */
export function samplesIn(text: string): Sample[] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const [, name, labels, value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line)!;
    const pairs = [...(labels ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, label, text]) => [label!, text!]);
    return { name: name!, labels: Object.fromEntries(pairs) as Record<string, string>, value: Number(value) };
  });
}

/** The value of the sample with exactly these labels. */
export function sampleOf(
  samples: readonly Sample[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const sorted = (given: object) => JSON.stringify(Object.entries(given).sort());
  return samples.find((sample) => sample.name === name && sorted(sample.labels) === sorted(labels))?.value;
}
